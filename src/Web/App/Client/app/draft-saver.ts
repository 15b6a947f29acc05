/** What the server says to a save. Version: to be sent with the next one; null if nothing was saved. */
export interface Answer {
  version: number | null;
  words: string;
}

/** A form of a draft, as the saver sees it. */
export interface DraftForm {
  /** It is on the page still: another may have taken its place. */
  readonly isThere: boolean;
  /** What the server has, as far as the page knows; undefined if it has something else. */
  readonly stored: string | undefined;
  /** Only its own button saves it: somebody is to compare two texts first. */
  readonly paused: boolean;
  /** What somebody typed and chose. */
  content(): string;
  /** Gives the next save of this window its number. */
  count(): void;
  /** @param last The page may be gone in a moment. */
  send(last: boolean): Promise<Pick<Response, 'ok' | 'status' | 'type' | 'json'>>;
  keep(answer: Answer): void;
  /** Says what is wrong. */
  tell(words: string): void;
}

/** Milliseconds: after the last change, at the latest after the first one, after a failure, after the form was posted. */
export const pauses = { change: 2_000, longest: 8_000, failure: 5_000, posted: 10_000 };

export const lost = 'Not saved yet: there is no connection. What you wrote is still here. We keep trying.';
export const signedOut = 'Not saved yet: you are signed out. What you wrote is still here. Sign in again in another tab, and it is saved.';

/** Saves one form by itself, one save at a time: after a change, after a failure again, and when the page is left. */
export class DraftSaver {
  #saved: string | undefined;
  #stopped: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstChange: number | undefined;
  #running: Promise<void> | undefined;
  #posted = false;

  constructor(private readonly form: DraftForm) {
    this.#saved = form.stored;
    this.#stopped = form.paused;
    // The browser kept what was typed before the page was loaded again.
    if (this.unsaved) this.changed();
  }

  /** There is something here that the server does not have. */
  get unsaved(): boolean {
    return !this.#posted && this.form.isThere && this.form.content() !== this.#saved;
  }

  /** The save under way. */
  get running(): Promise<void> | undefined {
    return this.#running;
  }

  changed(): void {
    const now = Date.now();
    this.#posted = false;
    this.#firstChange ??= now;
    this.#wait(Math.max(0, Math.min(pauses.change, this.#firstChange + pauses.longest - now)));
  }

  /** The form itself is posted now. If that comes to nothing, saving goes on. */
  posted(): void {
    this.form.count();
    this.#posted = true;
    this.#wait(pauses.posted);
  }

  /** Saves now, if there is anything to save. */
  save(last = false): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#running && !last) return this.#running;
    this.#posted = false;
    if (this.#stopped || !this.unsaved) return Promise.resolve();
    this.#firstChange = undefined;
    const running = this.#save(last).finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #save(last: boolean): Promise<void> {
    const content = this.form.content();
    this.form.count();
    try {
      const response = await this.form.send(last);
      if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) return this.#tryAgain(signedOut);
      if (response.status >= 500) return this.#tryAgain(lost);
      const answer = (await response.json()) as Answer;
      if (response.ok) {
        this.#saved = content;
        this.form.keep(answer);
        if (this.unsaved) this.changed();
      } else {
        this.#stopped = response.status === 409;
        this.form.tell(answer.words);
      }
    } catch {
      // No network, or an answer that is none: nothing is lost as long as the page is open.
      this.#tryAgain(lost);
    }
  }

  #tryAgain(words: string): void {
    this.form.tell(words);
    this.#wait(pauses.failure);
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), milliseconds);
  }
}
