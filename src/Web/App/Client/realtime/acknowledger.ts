const interval = 1_000;
const batch = 20;

/** Tells the server how far messages have arrived, at most once a second or every 20 messages. */
export class Acknowledger {
  #pending = 0;
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (sequence: number) => void) {}

  received(sequence: number): void {
    this.#last = sequence;
    this.#pending++;
    if (this.#pending >= batch) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), interval);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = 0;
  }

  #flush(): void {
    this.stop();
    this.send(this.#last);
  }
}
