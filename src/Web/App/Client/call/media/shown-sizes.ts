import { ConnectionLost } from '../../realtime/hub-link';
import type { Invoke } from '../protocol';

/** In the pixels of the screen. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How long a size must have stood before the server hears of it: a window is dragged through many. */
const settleTime = 300;
/** The server takes no more. */
const largest = 16_384;

/** Tells the server how large each of the others' pictures is shown, so that it sends none larger than that. */
export class ShownSizes {
  readonly #sizes = new Map<string, Size>();
  /** What the server knows, by consumer. */
  readonly #told = new Map<string, string>();
  #hidden = false;
  #halvings = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly invoke: Invoke) {}

  set(consumerId: string, size: Size): void {
    this.#sizes.set(consumerId, size);
    this.#later();
  }

  /** Forgets the consumers that are no longer there. */
  keep(consumerIds: readonly string[]): void {
    for (const known of [...this.#sizes.keys()]) {
      if (consumerIds.includes(known)) continue;
      this.#sizes.delete(known);
      this.#told.delete(known);
    }
  }

  /** Nobody looks at the page: the smallest pictures will do until somebody does. */
  set hidden(hidden: boolean) {
    if (hidden === this.#hidden) return;
    this.#hidden = hidden;
    this.#later();
  }

  /** The machine does not keep up with pictures of the size shown. */
  set halvings(halvings: number) {
    if (halvings === this.#halvings) return;
    this.#halvings = halvings;
    this.#later();
  }

  /** Tells what a lost connection left untold. */
  sync(): void {
    this.#later();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sizes.clear();
    this.#told.clear();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const [consumerId, size] of this.#sizes) void this.#tell(consumerId, this.#wanted(size));
    }, settleTime);
  }

  async #tell(consumerId: string, { width, height }: Size): Promise<void> {
    const telling = `${width}×${height}`;
    if (this.#told.get(consumerId) === telling) return;
    this.#told.set(consumerId, telling);
    try {
      await this.invoke('SetShownSize', consumerId, width, height);
    } catch (error) {
      // Any other refusal is about a consumer that is going: it would be refused again.
      if (error instanceof ConnectionLost && this.#told.get(consumerId) === telling) this.#told.delete(consumerId);
    }
  }

  #wanted({ width, height }: Size): Size {
    const scaled = (side: number) => (this.#hidden ? 0 : Math.min(Math.round(side / 2 ** this.#halvings), largest));
    return { width: scaled(width), height: scaled(height) };
  }
}
