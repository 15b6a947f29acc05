import { problemOf, type DeviceKind, type DeviceProblem } from '../call/devices';
import type { Outcome } from './result';

const outcomes: Record<DeviceProblem, Outcome> = { denied: 'Denied', notFound: 'NotFound', inUse: 'InUse', insecure: 'Insecure', other: 'Failed' };

/** Opens one device, the chosen one if any, as the call will. */
export async function openDevice(kind: DeviceKind, deviceId?: string): Promise<{ readonly track: MediaStreamTrack } | { readonly outcome: Outcome }> {
  if (!window.isSecureContext || !('mediaDevices' in navigator)) return { outcome: 'Insecure' };
  const chosen = deviceId ? { deviceId: { exact: deviceId } } : kind === 'camera' ? { facingMode: 'user' } : {};
  try {
    const stream = await navigator.mediaDevices.getUserMedia(
      kind === 'camera' ? { video: { ...chosen, width: { ideal: 1280 }, height: { ideal: 720 } } } : { audio: { ...chosen, echoCancellation: true, noiseSuppression: true, autoGainControl: true } },
    );
    const [track] = stream.getTracks();
    return track ? { track } : { outcome: 'NotFound' };
  } catch (error) {
    return { outcome: outcomes[problemOf(error)] };
  }
}

/** All there are of a kind; their names are known once one of them was allowed. */
export async function listDevices(kind: DeviceKind): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const wanted = kind === 'camera' ? 'videoinput' : 'audioinput';
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((device) => device.kind === wanted && device.deviceId !== '').map((device, index) => ({ id: device.deviceId, name: device.label || `${kind === 'camera' ? 'Camera' : 'Microphone'} ${index + 1}` }));
}
