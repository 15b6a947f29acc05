import { deviceKinds, type DeviceKind } from './devices';

export type DeviceReport = Readonly<Record<DeviceKind, boolean>>;

/** Tells the hub which devices work, once for each change: the board and the practice's rescue desk show what is missing. */
export class DeviceReporter {
  #wanted: DeviceReport | undefined;
  #reported: DeviceReport | undefined;

  constructor(private readonly report: (devices: DeviceReport) => Promise<void>) {}

  /** A new connection: the hub knows nothing of the devices. */
  joined(): void {
    this.#reported = undefined;
    this.#tell();
  }

  /** @param devices undefined while it is not known: before they are opened, while the browser asks, or outside of a waiting room and call. */
  see(devices: DeviceReport | undefined): void {
    this.#wanted = devices;
    this.#tell();
  }

  #tell(): void {
    const devices = this.#wanted;
    if (!devices || deviceKinds.every((kind) => this.#reported?.[kind] === devices[kind])) return;
    this.#reported = devices;
    this.report(devices).catch(() => (this.#reported = undefined));
  }
}
