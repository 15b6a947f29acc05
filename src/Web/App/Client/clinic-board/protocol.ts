/** One consultation's live state on the clinic's board. */
export interface BoardRow {
  readonly consultationId: string;
  readonly state: 'waiting' | 'inCall' | 'disconnected' | 'ended';
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly patientPresent: boolean;
  readonly clinicianPresent: boolean;
  /** What the page of somebody who waits says; missing until it has. */
  readonly devices?: 'ready' | 'noCamera' | 'noMicrophone' | 'neither';
}

export interface BoardState {
  readonly rows: readonly BoardRow[];
}

export type BoardMessage =
  /** The rows that are new or other than before. */
  | { readonly sequence: number; readonly type: 'board'; readonly rows: readonly BoardRow[] }
  | { readonly sequence: number; readonly type: 'clinicChanged' };
