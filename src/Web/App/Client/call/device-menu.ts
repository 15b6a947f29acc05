import { element } from './dom';
import type { DeviceKind } from './devices';

export interface DeviceMenuEvents {
  /** The person chose another device; the call goes on meanwhile. */
  readonly use: (kind: DeviceKind, deviceId: string) => void;
  readonly listen: (deviceId: string) => void;
  /** The device that is in use; undefined while there is none. */
  readonly current: (kind: DeviceKind) => string | undefined;
}

type Choice = DeviceKind | 'speaker';

const kinds: Readonly<Record<Choice, MediaDeviceKind>> = { camera: 'videoinput', microphone: 'audioinput', speaker: 'audiooutput' };
const labels: Readonly<Record<Choice, string>> = { camera: 'Camera', microphone: 'Microphone', speaker: 'Speaker' };

/** Lists cameras, microphones and, where the browser lets a page choose, speakers: to change one in the middle of a call. */
export class DeviceMenu {
  readonly root = element('div', { class: 'app-call__devices' });
  readonly #selects = new Map<Choice, HTMLSelectElement>();
  #speaker = '';

  constructor(private readonly events: DeviceMenuEvents) {
    const choices: Choice[] = 'setSinkId' in HTMLMediaElement.prototype ? ['camera', 'microphone', 'speaker'] : ['camera', 'microphone'];
    for (const choice of choices) {
      const select = element('select', { class: 'nhsuk-select', id: `device-${choice}` });
      select.addEventListener('change', () => this.#chosen(choice, select.value));
      this.#selects.set(choice, select);
      this.root.append(element('div', { class: 'nhsuk-form-group' }, element('label', { class: 'nhsuk-label', for: select.id }, labels[choice]), select));
    }
    if ('mediaDevices' in navigator) navigator.mediaDevices.addEventListener('devicechange', () => void this.refresh());
  }

  /** To be called when the menu is opened, and when a device came or went. */
  async refresh(): Promise<void> {
    if (!('mediaDevices' in navigator)) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    for (const [choice, select] of this.#selects) {
      // Without a label the browser tells nothing of them before the person has let the page use one.
      const found = devices.filter((device) => device.kind === kinds[choice] && device.label !== '');
      const current = choice === 'speaker' ? this.#speaker : (this.events.current(choice) ?? '');
      select.replaceChildren(...found.map(({ deviceId, label }) => element('option', { value: deviceId }, label)));
      if (!found.some((device) => device.deviceId === current)) {
        select.prepend(element('option', { value: current }, found.length === 0 ? `No ${labels[choice].toLowerCase()} found` : choice === 'speaker' ? 'The usual one' : 'None in use'));
      }
      select.value = current;
      select.disabled = found.length === 0;
    }
  }

  #chosen(choice: Choice, deviceId: string): void {
    if (deviceId === '') return;
    if (choice === 'speaker') {
      this.#speaker = deviceId;
      this.events.listen(deviceId);
    } else {
      this.events.use(choice, deviceId);
    }
  }
}
