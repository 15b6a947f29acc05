export interface ScreenShareEvents {
  /** Sharing began or ended. */
  readonly changed: () => void;
  /** The browser or the system did not let it begin. */
  readonly failed: () => void;
}

/** As much as a small machine can encode; text stays readable. */
const limits: MediaTrackConstraints = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 15 } };

/** This person's screen, while they share it. */
export class ScreenShare {
  #track: MediaStreamTrack | undefined;
  #choosing = false;
  #closed = false;

  constructor(private readonly events: ScreenShareEvents) {}

  /** Browsers on phones cannot. */
  static get supported(): boolean {
    return 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;
  }

  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  async toggle(): Promise<void> {
    if (this.#track) this.stop();
    else await this.#start();
  }

  stop(): void {
    if (!this.#track) return;
    this.#track.stop();
    this.#track = undefined;
    this.events.changed();
  }

  close(): void {
    this.#closed = true;
    this.#track?.stop();
    this.#track = undefined;
  }

  async #start(): Promise<void> {
    if (this.#choosing) return;
    this.#choosing = true;
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: limits, audio: false });
      const [track] = stream.getVideoTracks();
      if (track) this.#take(track);
    } catch (error) {
      // The person closed the browser's question without choosing: they know.
      if (!(error instanceof DOMException && error.name === 'NotAllowedError')) this.events.failed();
    } finally {
      this.#choosing = false;
    }
  }

  #take(track: MediaStreamTrack): void {
    if (this.#closed) {
      track.stop();
      return;
    }
    // Text must stay sharp; it may jerk.
    track.contentHint = 'detail';
    this.#track = track;
    // Stopped in the browser's own bar, or the window is gone.
    track.addEventListener('ended', () => {
      if (this.#track !== track) return;
      this.#track = undefined;
      this.events.changed();
    });
    this.events.changed();
  }
}
