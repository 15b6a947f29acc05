import { appOf } from './browser';
import type { DeviceDescription, Figures, Outcome, Part } from './result';

/** What one step says: how it went, and what to do about it. */
export interface Words {
  readonly result: string;
  /** One thing to try a line; none when all is well. */
  readonly advice: readonly string[];
}

const phoneYou = 'If nothing helps, we can phone you instead. Go on with the check: at its end you see how.';

/** In plain words, for the person whose device it is. */
export function wordsOf(part: Part, outcome: Outcome, device: DeviceDescription, userAgent: string, figures?: Figures): Words {
  switch (part) {
    case 'browser':
      return browserWords(outcome, device, userAgent);
    case 'camera':
      return cameraWords(outcome, device);
    case 'microphone':
      return microphoneWords(outcome, device);
    case 'speaker':
      return speakerWords(outcome);
    case 'network':
      return networkWords(outcome, figures);
  }
}

function browserWords(outcome: Outcome, device: DeviceDescription, userAgent: string): Words {
  switch (outcome) {
    case 'Good':
      return { result: 'Your browser can make video calls.', advice: [] };
    case 'InApp': {
      const better = device.deviceKind === 'IPhone' || device.deviceKind === 'IPad' ? 'Safari' : 'Chrome';
      return {
        result: `This page is open inside ${appOf(userAgent) ?? 'another app'}. Calls often fail there.`,
        advice: [`Open this page in ${better}: choose “Open in browser” in the menu of the page, often three dots or a square with an arrow.`, 'You can go on here and see how far it gets.'],
      };
    }
    case 'TooOld':
      return { result: 'Your browser is old. Calls may fail.', advice: ['Update it, or use another one: Chrome, Edge, Firefox or Safari.', 'You can go on here and see how far it gets.'] };
    case 'Insecure':
      return { result: 'This page was not opened in a secure way, so it may not use a camera.', advice: ['Open it with an address that begins with https.'] };
    default:
      return { result: 'This browser cannot make video calls.', advice: ['Use an up-to-date Chrome, Edge, Firefox or Safari, or another device.', phoneYou] };
  }
}

function cameraWords(outcome: Outcome, device: DeviceDescription): Words {
  switch (outcome) {
    case 'Good':
      return { result: 'Your camera works: the picture is bright and moves.', advice: [] };
    case 'Skipped':
      return { result: 'You go on without a camera. The clinician will not see you.', advice: [] };
    case 'Black':
      return { result: 'The picture is dark.', advice: ['Look for a cover over the camera, or a switch or key that turns it off.', 'Turn on a light.', 'If you have another camera, choose it.'] };
    case 'Frozen':
      return { result: 'The picture stands still.', advice: ['Close other programs that use the camera.', 'Unplug the camera and plug it in again, or start the device again.', 'If you have another camera, choose it.'] };
    default:
      return brokenDevice('camera', outcome, device);
  }
}

function microphoneWords(outcome: Outcome, device: DeviceDescription): Words {
  switch (outcome) {
    case 'Good':
      return { result: 'Your microphone works: we heard you.', advice: [] };
    case 'Skipped':
      return { result: 'You go on without a microphone. In the call you can write messages.', advice: [] };
    case 'Silent':
      return {
        result: 'We did not hear you.',
        advice: ['Look for a mute switch or key on the device or headset.', 'Speak louder, or come nearer.', 'If you have another microphone, choose it. A headset that is connected by Bluetooth may be the one that listens.'],
      };
    default:
      return brokenDevice('microphone', outcome, device);
  }
}

function speakerWords(outcome: Outcome): Words {
  switch (outcome) {
    case 'Good':
      return { result: 'You heard the notes, so you will hear the call.', advice: [] };
    case 'Skipped':
      return { result: 'You go on without sound. In the call you can read and write messages. Tell us before if you need an interpreter.', advice: [] };
    case 'NotHeard':
      return {
        result: 'You did not hear the notes.',
        advice: ['Turn the volume up, and see that the device is not muted.', 'If headphones or a Bluetooth speaker are connected, the sound may go there: put them on, or turn them off.'],
      };
    default:
      return { result: 'The sound did not play.', advice: ['Close other programs that play sound. Then try again.'] };
  }
}

function networkWords(outcome: Outcome, figures: Figures | undefined): Words {
  switch (outcome) {
    case 'Good':
      return figures ? measuredWords(figures) : { result: 'Your connection works.', advice: [] };
    case 'Skipped':
      return { result: 'The connection was not tested.', advice: [] };
    case 'Blocked':
      return {
        result: 'Your network does not let calls through.',
        advice: ['Turn off Wi-Fi and use mobile data, or another Wi-Fi.', 'Turn off a VPN, if you use one.', 'At work, ask if video calls (WebRTC) may go out by UDP or TCP.', phoneYou],
      };
    case 'Busy':
      return { result: 'Our service is busy with calls now, so we cannot test your connection. This is not your fault.', advice: ['Try again in a few minutes, or later today.'] };
    default:
      return { result: 'The test of the connection did not work.', advice: ['Check that you are online. Then try again.'] };
  }
}

/** The same limits as Web's CheckRules, which decides; here they only choose the words of the step. */
function measuredWords(figures: Figures): Words {
  const loss = Math.max(figures.lossUp, figures.lossDown);
  const bitrate = Math.min(figures.upBitrate, figures.downBitrate);
  const trip = figures.roundTripMs ?? 0;
  const better = ['Come nearer to your Wi-Fi, or use a cable or mobile data.', 'Stop downloads and films on other devices.'];
  const how = facts(figures);
  if (loss > 0.2 || trip > 1_500 || bitrate < 50_000) return { result: `Your connection is too poor for a call. ${how}`, advice: [...better, phoneYou] };
  if (loss > 0.03 || trip > 300 || figures.jitterMs > 50 || bitrate < 300_000) return { result: `Your connection is poor: the call may break up. ${how}`, advice: better };
  return { result: `Your connection is good enough for a video call. ${how}`, advice: [] };
}

/** The figures for those who want them: short enough to be listened to. */
export function facts({ route, roundTripMs, lossUp, lossDown, jitterMs, upBitrate, downBitrate }: Figures): string {
  const ways = { Udp: 'Direct way (UDP)', Tcp: 'By TCP, because UDP is blocked', Relay: 'Through a relay' };
  const trip = roundTripMs === undefined ? '' : ` There and back: ${roundTripMs} milliseconds.`;
  const lost = `${(Math.max(lossUp, lossDown) * 100).toFixed(1)} %`;
  return `${ways[route]}.${trip} Lost: ${lost}. Jitter: ${jitterMs} milliseconds. Up: ${megabits(upBitrate)}, down: ${megabits(downBitrate)} megabits a second.`;
}

const megabits = (bits: number): string => (bits / 1_000_000).toFixed(1);

function brokenDevice(device: 'camera' | 'microphone', outcome: Outcome, description: DeviceDescription): Words {
  switch (outcome) {
    case 'Denied':
      return { result: `Your browser is not allowed to use the ${device}.`, advice: [...howToAllow(device, description), 'Then try again.'] };
    case 'NotFound':
      return { result: `We cannot find a ${device}.`, advice: ['Plug one in or turn it on, or use a phone or tablet.', 'Then try again.'] };
    case 'InUse':
      return { result: `Another program uses your ${device}.`, advice: ['Close other programs and tabs that make calls, such as Zoom, Teams or WhatsApp.', 'Then try again. If that does not help, start the device again.'] };
    case 'Insecure':
      return { result: `This page cannot use the ${device}, because it was not opened in a secure way.`, advice: ['Open it with an address that begins with https.'] };
    default:
      return { result: `Your ${device} did not start.`, advice: ['Try again. If that does not help, close the browser and open it again.'] };
  }
}

/** Where each browser keeps what a page may use. */
export function howToAllow(device: 'camera' | 'microphone', { browserFamily, deviceKind }: DeviceDescription): string[] {
  const named = device === 'camera' ? 'Camera' : 'Microphone';
  if (deviceKind === 'IPhone' || deviceKind === 'IPad') {
    return browserFamily === 'Safari'
      ? [`Tap the symbol beside the web address, then “Website Settings”, and set ${named} to “Allow”.`]
      : [`Open the Settings app, find ${browserFamily === 'Other' ? 'your browser' : browserFamily} in the list, and turn ${named} on.`];
  }
  if (deviceKind === 'AndroidPhone' || deviceKind === 'AndroidTablet') {
    return [`Tap the symbol left of the web address, then “Permissions”, and allow the ${device}.`, `If there is none: in the device's Settings choose Apps, your browser, Permissions, ${named}, and allow it.`];
  }
  const system =
    deviceKind === 'Mac'
      ? `On a Mac also look in System Settings, Privacy & Security, ${named}: your browser must be turned on there.`
      : deviceKind === 'Windows'
        ? `In Windows also look in Settings, Privacy & security, ${named}: access must be turned on there.`
        : undefined;
  const own =
    browserFamily === 'Firefox'
      ? `Select the crossed-out ${device} left of the web address, and remove the block with the ×.`
      : browserFamily === 'Safari'
        ? `In the menu choose Safari, then “Settings for this website”, and set ${named} to “Allow”.`
        : `Select the symbol left of the web address, and turn ${named} on.`;
  return system === undefined ? [own] : [own, system];
}
