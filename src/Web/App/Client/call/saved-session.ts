/** What a refresh of the page carries over. */
export interface SavedSession {
  readonly sessionId: string;
  readonly lastSequence: number;
  readonly microphone: boolean;
  readonly camera: boolean;
  /** The background was blurred: it is before the first picture is sent. */
  readonly blur: boolean;
}

/**
 * Keeps the session over a refresh, and only over a refresh: it is in storage from `pagehide` until the next load of the
 * tab. A tab that someone duplicates copies the storage of a living page, finds nothing there, and starts its own session.
 */
export class SavedSessionStore {
  readonly #key: string;

  constructor(
    consultationId: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = sessionStorage,
  ) {
    this.#key = `call:${consultationId}`;
  }

  take(): SavedSession | undefined {
    const text = this.storage.getItem(this.#key);
    this.storage.removeItem(this.#key);
    return text === null ? undefined : (JSON.parse(text) as SavedSession);
  }

  keep(session: SavedSession): void {
    this.storage.setItem(this.#key, JSON.stringify(session));
  }
}
