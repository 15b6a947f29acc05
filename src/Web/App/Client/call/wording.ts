import type { LinkState } from '../realtime/hub-link';
import type { Refusal } from '../realtime/tickets';
import { patientHere, tiles, type CallState } from './call-state';
import type { DeviceKind, DeviceProblem } from './devices';
import type { MediaState } from './media/media';
import type { PictureFlow } from './picture-watch';
import type { Participant, Role } from './protocol';

export interface Advice {
  readonly heading: string;
  readonly text: string;
}

export function deviceAdvice(problem: DeviceProblem): Advice {
  switch (problem) {
    case 'denied':
      return {
        heading: 'Your camera and microphone are blocked',
        text: 'Select the camera or lock symbol next to the web address and choose “Allow”. Then try again.',
      };
    case 'notFound':
      return {
        heading: 'We cannot find a camera or microphone',
        text: 'Plug one in or turn it on. Then try again.',
      };
    case 'inUse':
      return {
        heading: 'Another app is using your camera or microphone',
        text: 'Close other apps or tabs that make video calls. Then try again.',
      };
    case 'insecure':
      return {
        heading: 'This page cannot use your camera or microphone',
        text: 'Video calls only work on a web address that begins with https.',
      };
    case 'other':
      return {
        heading: 'Your camera and microphone did not start',
        text: 'Try again. If that does not help, close your browser and open it again.',
      };
  }
}

/** Said when one of the two devices works: the call can go on with it. */
export function partialAdvice(missing: 'camera' | 'microphone', problem: DeviceProblem): Advice {
  const others = missing === 'camera' ? 'Others can hear you but not see you.' : 'Others can see you but not hear you. You can send messages.';
  const why: Record<DeviceProblem, string> = {
    denied: `Your ${missing} is blocked`,
    notFound: `We cannot find a ${missing}`,
    inUse: `Another app is using your ${missing}`,
    insecure: `This page cannot use your ${missing}`,
    other: `Your ${missing} did not start`,
  };
  return { heading: why[problem], text: others };
}

/** @param guest the person came by a link and has nothing to sign in with. */
export function refusalAdvice(refusal: Exclude<Refusal, 'over'>, guest: boolean): Advice & { readonly action: string } {
  if (refusal === 'removed') {
    return {
      heading: 'The clinician has removed you from this call',
      text: 'Others cannot see or hear you. You can only come back if the clinician lets you. If you think that this is wrong, phone the practice.',
      action: 'Check again',
    };
  }
  if (refusal === 'locked') {
    return {
      heading: 'The clinician has locked this call',
      text: 'Nobody new can join now. Try again later. If you think that you should be in the call, phone the practice.',
      action: 'Try again',
    };
  }
  if (guest && refusal !== 'pageTooOld') {
    return {
      heading: 'You are not in this call any more',
      text: 'Your link was taken back, or you opened the call on another device. Others cannot see or hear you here. If you think that this is wrong, phone the practice.',
      action: 'Check again',
    };
  }
  switch (refusal) {
    case 'signedOut':
      return { heading: 'You have been signed out', text: 'You left the call, because the account was signed out: here, from another device, or by the practice. Others cannot see or hear you. Sign in again to come back.', action: 'Sign in again' };
    case 'notAllowed':
      return { heading: 'You cannot join this call', text: 'The appointment may have been changed or cancelled.', action: 'Check again' };
    case 'pageTooOld':
      return { heading: 'This page is out of date', text: 'Load it again to come back to the call.', action: 'Load the page again' };
  }
}

export const unsupported: Advice = {
  heading: 'This browser cannot make video calls',
  text: 'Use an up-to-date version of Chrome, Edge, Firefox or Safari.',
};

export const screenFailed: Advice = {
  heading: 'Your screen was not shared',
  text: 'Try again. If that does not help, check that your computer lets this browser record the screen.',
};

export const mutedBy = (name: string): Advice => ({
  heading: 'Your microphone is off',
  text: `${name} turned it off. Turn it on when you want to speak.`,
});

export const muteFailed: Advice = {
  heading: 'Their microphone is still on',
  text: 'Try again in a moment.',
};

export const decisionFailed: Advice = {
  heading: 'That did not work',
  text: 'Nothing was changed. Try again in a moment.',
};

export const keptMessages =
  'The clinician keeps these messages in the record of this consultation, but not what is written while somebody is on hold. The patient can read them afterwards.';

export const keepFailed: Advice = {
  heading: 'The messages are not kept yet',
  text: 'Try again in a moment.',
};

export const showFailed: Advice = {
  heading: 'The photo is not shown to everybody',
  text: 'Try again in a moment.',
};

export const hideFailed: Advice = {
  heading: 'The photo is still shown',
  text: 'Try again in a moment.',
};

export const blurFailed: Advice = {
  heading: 'Your background cannot be blurred here',
  text: 'This device or browser is not fast enough, so we turned your camera off. Turn it on if others may see what is behind you.',
};

export const telephoneFailed: Advice = {
  heading: 'The other side was not told',
  text: 'The connection is lost. Phone all the same: the number is on this page.',
};

export const screenTwice: Advice = {
  heading: 'You are sharing a screen already',
  text: 'Stop sharing it in the other tab or window first.',
};

export interface Situation {
  readonly role: Role;
  readonly otherName: string;
  readonly state: CallState;
  readonly link: LinkState | 'offline';
  readonly media: MediaState;
  /** Whether this person's screen is shared. */
  readonly sharing: boolean;
  /** The names of those whose screens this page shows. */
  readonly sharers: readonly string[];
  readonly pictures: PictureFlow;
  /** How this person's own devices are switched. */
  readonly on: Readonly<Record<DeviceKind, boolean>>;
}

/** One calm sentence or two on how things stand, for the status line. */
export function status({ role, otherName, state, link, media, pictures, sharing, sharers, on }: Situation): string {
  if (state.phase === 'ended') return 'The call has ended.';
  if (link === 'offline') return 'You are offline. We will connect you again as soon as you have internet.';
  if (link === 'reconnecting') {
    if (state.phase === 'preview') return 'We cannot connect you yet. We are trying again.';
    return state.phase === 'waiting' && role === 'patient'
      ? 'The connection was lost. We are connecting you again. You keep your place.'
      : 'The connection was lost. We are connecting you again.';
  }
  if (link === 'connecting' || state.phase === 'preview') return 'Connecting…';
  if (state.phase === 'onHold') return `You are on hold. ${otherName} will bring you back.`;
  const others = tiles(state);
  if (state.phase === 'waiting') {
    if (role === 'patient') return `You are in the waiting room. ${otherName} will let you in.`;
    return patientHere(others) ? `${otherName} is waiting.` : `${otherName} is not here yet.`;
  }
  if (state.telephone === 'chosen') return 'You are talking by telephone. Camera and microphone are off on this page.';
  if (others.length === 0) return `Waiting for ${otherName} to come back.`;
  if (others.every((other) => other.state === 'reconnecting')) {
    return `${otherName} has lost connection. Stay here, they should be back soon.`;
  }
  const held = others.filter((other) => other.phase === 'onHold');
  if (held.length > 0) {
    const rest = others.filter((other) => other.phase !== 'onHold');
    return `${names(held)} ${held.length > 1 ? 'are' : 'is'} on hold.${rest.length > 0 ? ` You are talking with ${names(rest)}.` : ''}`;
  }
  if (media === 'interrupted') return 'Sound and picture were interrupted. We are bringing them back.';
  if (state.own.silentMicrophone && on.microphone) return 'We cannot hear you: your microphone may be muted on the device.';
  if (state.own.frozenCamera && on.camera) return 'We cannot see you: your camera has stopped. Turn it off and on again.';
  const unheard = others.filter((other) => other.link.silentMicrophone && other.microphone);
  if (unheard.length > 0) return `No sound comes from ${names(unheard)}: ${unheard.length > 1 ? 'their microphones' : 'the microphone'} may be muted on the device.`;
  const frozen = others.filter((other) => other.link.frozenCamera && other.camera);
  if (frozen.length > 0) return `No picture comes from ${names(frozen)}: the camera has stopped.`;
  if (pictures === 'starved') return 'Your connection is slow, so the picture is paused. You can still hear each other.';
  if (state.own.step === 'audio' && on.camera) return 'Your connection is poor, so your video is off. Others can still hear you.';
  if (pictures === 'back') return 'The picture is back.';
  if (state.own.step === 'lowVideo' && on.camera) return 'Your connection is poor, so others see a smaller picture of you.';
  if (sharing) return 'You are sharing your screen.';
  const unseen = others.filter((other) => state.unavailable.some((each) => each.sessionId === other.sessionId && each.source === 'screen'));
  if (unseen.length > 0) return `${names(unseen)} ${unseen.length > 1 ? 'are' : 'is'} sharing a screen, but this device cannot show it.`;
  if (sharers.length > 0) return `${sharers.join(' and ')} ${sharers.length > 1 ? 'are' : 'is'} sharing a screen.`;
  return `You are in a call with ${names(others)}.`;
}

function names(participants: readonly Participant[]): string {
  return participants.map((participant) => participant.name).join(' and ');
}

/** @param next nobody is before this patient any more. */
export function title(role: Role, otherName: string, state: CallState, pageTitle: string, next = false): string {
  if (state.phase === 'inCall') return `In call with ${otherName} – ${pageTitle}`;
  if (state.phase === 'onHold') return `On hold – ${pageTitle}`;
  if (state.phase === 'waiting' && role === 'patient') return `${next ? 'You are next' : 'Waiting room'} – ${pageTitle}`;
  if (state.phase === 'waiting') return patientHere(tiles(state)) ? `${otherName} is waiting – ${pageTitle}` : pageTitle;
  return pageTitle;
}
