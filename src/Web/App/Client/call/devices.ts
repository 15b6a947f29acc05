/** Why there is no sound or picture from this person's own devices. */
export type DeviceProblem = 'denied' | 'notFound' | 'inUse' | 'insecure' | 'other';
export type DeviceKind = 'microphone' | 'camera';
export const deviceKinds: readonly DeviceKind[] = ['microphone', 'camera'];

export interface Opened {
  readonly microphone?: MediaStreamTrack;
  readonly camera?: MediaStreamTrack;
  /** Why one of those asked for, or both, are missing. */
  readonly problem?: DeviceProblem;
}

const constraints: Record<DeviceKind, MediaTrackConstraints> = {
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  camera: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 }, facingMode: 'user' },
};

/** Opens the camera and microphone: as many of those asked for as there are and as the person allows. One that was chosen by its id, or another where that is gone. */
export async function openDevices(wanted: readonly DeviceKind[], chosen: Partial<Record<DeviceKind, string>> = {}): Promise<Opened> {
  if (!window.isSecureContext || !('mediaDevices' in navigator)) return { problem: 'insecure' };
  try {
    return await open(wanted, chosen);
  } catch (error) {
    const problem = problemOf(error);
    if (wanted.length > 1) {
      for (const kind of wanted) {
        // Asking again after a "no" would only prompt again, unless this device alone was allowed before.
        if (problem === 'denied' && !(await allowed(kind))) continue;
        const alone = await openDevices([kind], chosen);
        if (!alone.problem) return { ...alone, problem };
      }
    }
    return { problem };
  }
}

async function open(wanted: readonly DeviceKind[], chosen: Partial<Record<DeviceKind, string>>): Promise<Opened> {
  const { microphone: byMicrophone, camera: byCamera } = chosen;
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: wanted.includes('microphone') && { ...constraints.microphone, ...(byMicrophone !== undefined && { deviceId: byMicrophone }) },
    video: wanted.includes('camera') && { ...constraints.camera, ...(byCamera !== undefined && { deviceId: byCamera, facingMode: [] }) },
  });
  const [microphone] = stream.getAudioTracks();
  const [camera] = stream.getVideoTracks();
  return { ...(microphone && { microphone }), ...(camera && { camera }) };
}

async function allowed(kind: DeviceKind): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: kind as PermissionName });
    return status.state === 'granted';
  } catch (error) {
    // Firefox before 131 does not know these names.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

export function problemOf(error: unknown): DeviceProblem {
  switch (error instanceof DOMException || error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'notFound';
    case 'NotReadableError':
    case 'AbortError':
      return 'inUse';
    default:
      return 'other';
  }
}
