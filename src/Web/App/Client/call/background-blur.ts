import type { Blurred } from './blur-engine';

export interface BackgroundBlurEvents {
  /** There is another picture to send than before. */
  readonly changed: () => void;
  /** This device cannot, or not fast enough: it is off, before `changed` is called. */
  readonly failed: () => void;
}

/** Makes a blurred camera of a camera; `slow` is called when the device cannot keep up. */
export type MakeBlurred = (camera: MediaStreamTrack, slow: () => void) => Promise<Blurred>;

/** Whether this person's background is blurred. Off unless they want it; while it is on, no picture without it is sent. */
export class BackgroundBlur {
  #on = false;
  #source: MediaStreamTrack | undefined;
  #blurred: Blurred | undefined;

  constructor(
    private readonly make: MakeBlurred,
    private readonly events: BackgroundBlurEvents,
  ) {}

  static get supported(): boolean {
    return 'WebAssembly' in window && 'captureStream' in HTMLCanvasElement.prototype;
  }

  get on(): boolean {
    return this.#on;
  }

  set(on: boolean): void {
    if (this.#on === on) return;
    this.#on = on;
    this.events.changed();
  }

  /** What to send and show for this camera: itself, or blurred; undefined while that is being made ready. */
  track(camera: MediaStreamTrack | undefined): MediaStreamTrack | undefined {
    if (!this.#on || !camera) {
      this.#release();
      return camera;
    }
    if (this.#source !== camera) void this.#start(camera);
    return this.#blurred?.track;
  }

  close(): void {
    this.#on = false;
    this.#release();
  }

  async #start(camera: MediaStreamTrack): Promise<void> {
    this.#release();
    this.#source = camera;
    try {
      const blurred = await this.make(camera, () => this.#giveUp(camera));
      if (this.#source !== camera) {
        blurred.stop();
        return;
      }
      this.#blurred = blurred;
      this.events.changed();
    } catch {
      this.#giveUp(camera);
    }
  }

  #giveUp(camera: MediaStreamTrack): void {
    if (this.#source !== camera) return;
    this.#release();
    this.#on = false;
    this.events.failed();
    this.events.changed();
  }

  #release(): void {
    this.#source = undefined;
    this.#blurred?.stop();
    this.#blurred = undefined;
  }
}

/** Blurs by the camera's own means where the system has them, else by a program that is loaded now. */
export function blurBy(url: string): MakeBlurred {
  return async (camera, slow) => {
    if (await setOwn(camera, true)) return { track: camera, stop: () => void setOwn(camera, false) };
    const { blur } = (await import(url)) as typeof import('./blur-engine');
    return blur(camera, url.replace(/blur\.js.*$/, 'blur-'), slow);
  };
}

/** Media Capture and Streams Extensions, background blur: true if the camera does as told. */
async function setOwn(camera: MediaStreamTrack, on: boolean): Promise<boolean> {
  const able = (camera.getCapabilities?.() as { readonly backgroundBlur?: readonly boolean[] } | undefined)?.backgroundBlur;
  if (!able?.includes(on)) return false;
  const constraints = { backgroundBlur: on } as MediaTrackConstraints;
  return camera.applyConstraints({ ...camera.getConstraints(), ...constraints }).then(
    () => true,
    () => false,
  );
}
