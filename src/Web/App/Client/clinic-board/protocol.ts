/** One consultation's live state on the clinic's board. */
export interface BoardRow {
  readonly consultationId: string;
  readonly state: 'waiting' | 'inCall' | 'disconnected' | 'ended';
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly patientPresent: boolean;
  readonly clinicianPresent: boolean;
}

export interface BoardState {
  readonly rows: readonly BoardRow[];
}

export type BoardMessage =
  | { readonly sequence: number; readonly type: 'board'; readonly rows: readonly BoardRow[] }
  | { readonly sequence: number; readonly type: 'clinicChanged' };
