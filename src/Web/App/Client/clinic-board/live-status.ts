import type { BoardRow } from './protocol';

/** Live words for a row's status cell, and the nhsuk-tag colour they are shown in. */
export interface LiveStatus {
  readonly text: string;
  readonly colour: 'yellow' | 'green' | 'orange';
}

/** Undefined when the table's own words say it better: how a consultation ended is Web's to tell. */
export function liveStatus(row: BoardRow, now: number): LiveStatus | undefined {
  switch (row.state) {
    case 'waiting':
      return { text: `Waiting ${duration(now - Date.parse(row.since))}${trouble(row)}`, colour: row.devices === undefined || row.devices === 'ready' ? 'yellow' : 'orange' };
    case 'inCall':
      return { text: row.clinicianPresent ? 'In call' : 'In call, clinician away', colour: 'green' };
    case 'disconnected':
      return { text: 'Patient disconnected', colour: 'orange' };
    case 'ended':
      return undefined;
  }
}

/** The board after a change, which names only the rows that are other than before. */
export function changed(before: readonly BoardRow[], rows: readonly BoardRow[]): readonly BoardRow[] {
  const news = new Map(rows.map((row) => [row.consultationId, row]));
  const kept = before.map((row) => {
    const other = news.get(row.consultationId);
    news.delete(row.consultationId);
    return other ?? row;
  });
  return [...kept, ...news.values()];
}

/** Those who wait now and did not before. */
export function arrivals(before: readonly BoardRow[], now: readonly BoardRow[]): readonly string[] {
  const waited = new Set(before.filter((row) => row.state === 'waiting').map((row) => row.consultationId));
  return now.filter((row) => row.state === 'waiting' && !waited.has(row.consultationId)).map((row) => row.consultationId);
}

function trouble({ devices }: BoardRow): string {
  switch (devices) {
    case 'ready':
      return ', ready';
    case 'noCamera':
      return ', no camera';
    case 'noMicrophone':
      return ', no microphone';
    case 'neither':
      return ', no camera or microphone';
    default:
      return '';
  }
}

function duration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours === 1 ? 'more than an hour' : `more than ${hours} hours`;
}
