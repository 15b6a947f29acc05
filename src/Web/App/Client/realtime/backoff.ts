const delays = [0, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000];
const last = 30_000;

/** The waits between attempts to connect, in milliseconds, for ever. */
export class Backoff {
  #attempt = 0;

  next(): number {
    return delays[this.#attempt++] ?? last;
  }

  reset(): void {
    this.#attempt = 0;
  }
}
