import { element } from '../call/dom';
import type { DeviceKind } from '../call/devices';
import { listDevices } from './open-device';

/** Offers all devices of a kind, if there are several, with the open one chosen. */
export async function fillChoice(group: HTMLElement, select: HTMLSelectElement, kind: DeviceKind, track: MediaStreamTrack): Promise<void> {
  const devices = await listDevices(kind);
  select.replaceChildren(...devices.map(({ id, name }) => element('option', { value: id }, name)));
  select.value = track.getSettings().deviceId ?? '';
  group.hidden = devices.length < 2;
}
