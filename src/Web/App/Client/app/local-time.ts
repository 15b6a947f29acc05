/** Says beside a time of the practice what the clock shows where the reader is, if that differs. */

/**
 * The reader's own clock for a time written with the practice's offset, such as "2026-03-02T09:15:00+00:00": "3:15am where you are", with the day if it
 * is another one. Undefined if the clocks agree at that instant, or the text is no such time.
 */
export function readersTime(written: string, timeZone?: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(written);
  const instant = new Date(written);
  if (!match || Number.isNaN(instant.getTime())) return undefined;
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);
  const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? '';
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  const clock = `${part('hour')}:${part('minute')}`;
  if (day === match[1] && clock === match[2]) return undefined;
  const hour = Number(part('hour'));
  const said = `${hour % 12 === 0 ? 12 : hour % 12}${part('minute') === '00' ? '' : `:${part('minute')}`}${hour < 12 ? 'am' : 'pm'}`;
  if (day === match[1]) return `${said} where you are`;
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'long', day: 'numeric', month: 'long' }).format(instant);
  return `${said} on ${weekday} where you are`;
}

export function showReadersTime(element: HTMLElement): void {
  const said = readersTime(element.getAttribute('datetime') ?? '');
  if (said !== undefined) element.append(` (${said})`);
}
