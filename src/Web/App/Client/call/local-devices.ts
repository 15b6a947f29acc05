import { deviceKinds, openDevices, type DeviceKind, type DeviceProblem, type Opened } from './devices';

export interface LocalDevicesEvents {
  /** A track came, went, or was switched on or off. */
  readonly changed: () => void;
  /** A device that should be on is not there; others may be. */
  readonly missing: (kind: DeviceKind, problem: DeviceProblem) => void;
  readonly found: () => void;
}

/** This person's microphone and camera, and whether each is switched on. */
export class LocalDevices {
  readonly #tracks: Partial<Record<DeviceKind, MediaStreamTrack>> = {};
  readonly #on: Record<DeviceKind, boolean> = { microphone: true, camera: true };
  readonly #chosen: Partial<Record<DeviceKind, string>> = {};
  /** Questions to the browser, and to the person, that are not answered. */
  #opening = 0;
  #opened = false;
  #closed = false;

  constructor(private readonly events: LocalDevicesEvents) {}

  track(kind: DeviceKind): MediaStreamTrack | undefined {
    return this.#tracks[kind];
  }

  on(kind: DeviceKind): boolean {
    return this.#on[kind] && this.#tracks[kind] !== undefined;
  }

  /** Whether it is switched on, open or not. */
  wants(kind: DeviceKind): boolean {
    return this.#on[kind];
  }

  /** False when it should be on and is not there: nobody would see or hear this person. */
  works(kind: DeviceKind): boolean {
    return !this.#on[kind] || this.#tracks[kind] !== undefined;
  }

  /** It is known which of them work. */
  get settled(): boolean {
    return this.#opened && this.#opening === 0;
  }

  /** The device that is open. */
  deviceId(kind: DeviceKind): string | undefined {
    return this.#tracks[kind]?.getSettings().deviceId;
  }

  /** Goes over to another device while what is sent goes on: the old one is let go once the new one is open. */
  async use(kind: DeviceKind, deviceId: string): Promise<void> {
    this.#chosen[kind] = deviceId;
    if (this.#on[kind] || kind === 'microphone') await this.#openOne(kind, true);
  }

  /** Lets both go while people talk by telephone, and keeps how they were switched. */
  rest(): void {
    this.#opened = false;
    for (const kind of deviceKinds) this.#release(kind);
    this.events.changed();
  }

  /** Takes over how they were switched before a refresh. */
  restore(on: Readonly<Record<DeviceKind, boolean>>): void {
    this.#on.microphone = on.microphone;
    this.#on.camera = on.camera;
  }

  /** Opens what is switched on. A muted microphone is opened too, so that unmuting is immediate; a camera that is off stays dark. */
  async open(): Promise<{ readonly any: boolean; readonly problem?: DeviceProblem }> {
    const wanted: DeviceKind[] = this.#on.camera ? ['microphone', 'camera'] : ['microphone'];
    const opened = await this.#ask(wanted);
    this.#opened = true;
    this.#take(opened);
    const any = wanted.some((kind) => opened[kind]);
    if (any) {
      this.events.found();
      if (opened.problem) this.events.missing(opened.camera ? 'microphone' : 'camera', opened.problem);
    }
    return opened.problem ? { any, problem: opened.problem } : { any };
  }

  async toggle(kind: DeviceKind): Promise<void> {
    const on = !this.on(kind);
    this.#on[kind] = on;
    if (!on && kind === 'camera') this.#release('camera');
    this.events.changed();
    if (on && !this.#tracks[kind]) await this.#openOne(kind);
  }

  close(): void {
    this.#closed = true;
    this.#release('microphone');
    this.#release('camera');
  }

  async #openOne(kind: DeviceKind, instead = false): Promise<void> {
    const opened = await this.#ask([kind]);
    if (instead ? kind === 'camera' && !this.#on.camera : !this.#on[kind] || this.#tracks[kind]) {
      opened[kind]?.stop();
      return;
    }
    this.#take(opened);
    if (opened.problem) this.events.missing(kind, opened.problem);
    else this.events.found();
  }

  async #ask(wanted: readonly DeviceKind[]): Promise<Opened> {
    this.#opening++;
    try {
      return await openDevices(wanted, this.#chosen);
    } finally {
      this.#opening--;
    }
  }

  #take(opened: Opened): void {
    for (const kind of ['microphone', 'camera'] as const) {
      const track = opened[kind];
      if (!track) continue;
      if (this.#closed) {
        track.stop();
        continue;
      }
      this.#release(kind);
      this.#tracks[kind] = track;
      // The device was unplugged or taken away: another of its kind may be there.
      track.addEventListener('ended', () => {
        if (this.#tracks[kind] !== track) return;
        delete this.#tracks[kind];
        this.events.changed();
        if (this.#on[kind]) void this.#openOne(kind);
      });
    }
    this.events.changed();
  }

  #release(kind: DeviceKind): void {
    this.#tracks[kind]?.stop();
    delete this.#tracks[kind];
  }
}
