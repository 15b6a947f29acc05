import type { RemoteTrack } from './media/receiver';

/** How the others' pictures come through: `back` for a while after they stood still. */
export type PictureFlow = 'flowing' | 'starved' | 'back';

/** How long the page says that the picture is back, in milliseconds: long enough to be read out. */
export const backTime = 10_000;

/** Watches whether this page's connection carries the pictures of the others. */
export class PictureWatch {
  #flow: PictureFlow = 'flowing';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly changed: () => void) {}

  get flow(): PictureFlow {
    return this.#flow;
  }

  /** To be told of every change of the tracks. */
  see(tracks: readonly RemoteTrack[]): void {
    // Whoever turned the camera off has no picture that could stand still.
    const starved = tracks.some((track) => track.starved && !track.paused);
    if (starved === (this.#flow === 'starved')) return;
    clearTimeout(this.#timer);
    this.#flow = starved ? 'starved' : tracks.some((track) => track.source !== 'microphone' && !track.paused) ? 'back' : 'flowing';
    if (this.#flow !== 'back') return;
    this.#timer = setTimeout(() => {
      this.#flow = 'flowing';
      this.changed();
    }, backTime);
  }
}
