const delays = [0, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000];
const last = 30_000;

/**
 * For a call: for some minutes somebody sits before a picture that stands still, and a server that starts again is there within seconds. Afterwards as patient as
 * any page, so that thousands of them do not wear down what is in trouble.
 */
export const eager: readonly number[] = [0, 1_000, 2_000, 3_000, ...Array.from({ length: 30 }, () => 4_000), 10_000, 20_000];

/** The waits between attempts to connect, in milliseconds, for ever. */
export class Backoff {
  #attempt = 0;

  constructor(private readonly waits: readonly number[] = delays) {}

  next(): number {
    return this.waits[this.#attempt++] ?? last;
  }

  reset(): void {
    this.#attempt = 0;
  }
}
