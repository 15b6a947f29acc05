/** Counts down how long a time is still kept. What must be heard is said a few times only, not each second. */

/** "9 minutes 5 seconds left", or that the time is up. */
export function timeLeft(seconds: number): string {
  if (seconds <= 0) return 'The time is up. You can still confirm it if nobody else has taken it.';
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  // Hours are not counted in seconds.
  const parts = [hours > 0 ? counted(hours, 'hour') : '', minutes > 0 ? counted(minutes, 'minute') : '', hours === 0 && rest > 0 ? counted(rest, 'second') : ''];
  return `${parts.filter((part) => part !== '').join(' ')} left`;
}

/** When it is worth interrupting somebody who listens. */
export const isTold = (seconds: number): boolean => [300, 120, 60, 0].includes(seconds);

const counted = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'}`;

export function startHold(root: HTMLElement): void {
  const left = root.querySelector<HTMLElement>('[data-hold="left"]');
  const told = root.querySelector<HTMLElement>('[data-hold="told"]');
  const seconds = Number(root.dataset.seconds);
  if (!left || !told || !Number.isFinite(seconds)) return;
  const end = Date.now() + seconds * 1000;
  let shown = -1;
  const show = (): void => {
    const now = Math.max(0, Math.round((end - Date.now()) / 1000));
    if (now === shown) return;
    shown = now;
    left.hidden = false;
    left.textContent = timeLeft(now);
    if (isTold(now)) told.textContent = timeLeft(now);
    if (now === 0) clearInterval(timer);
  };
  const timer = setInterval(show, 1000);
  show();
}
