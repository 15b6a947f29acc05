import type { LinkState } from '../realtime/hub-link';
import type { Refusal } from '../realtime/tickets';
import { tiles, type CallState } from './call-state';
import type { DeviceProblem } from './devices';
import type { MediaState } from './media/media';
import type { PictureFlow } from './picture-watch';
import type { Role } from './protocol';

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

export function refusalAdvice(refusal: Exclude<Refusal, 'over'>): Advice & { readonly action: string } {
  switch (refusal) {
    case 'signedOut':
      return { heading: 'You have been signed out', text: 'Sign in again to come back to the call.', action: 'Sign in again' };
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
}

/** One calm sentence or two on how things stand, for the status line. */
export function status({ role, otherName, state, link, media, pictures, sharing, sharers }: Situation): string {
  if (state.phase === 'ended') return 'The call has ended.';
  if (link === 'offline') return 'You are offline. We will connect you again as soon as you have internet.';
  if (link === 'reconnecting') {
    if (state.phase === 'preview') return 'We cannot connect you yet. We are trying again.';
    return state.phase === 'waiting' && role === 'patient'
      ? 'The connection was lost. We are connecting you again. You keep your place.'
      : 'The connection was lost. We are connecting you again.';
  }
  if (link === 'connecting' || state.phase === 'preview') return 'Connecting…';
  const others = tiles(state);
  if (state.phase === 'waiting') {
    if (role === 'patient') return `You are in the waiting room. ${otherName} will let you in.`;
    return others.length > 0 ? `${otherName} is waiting.` : `${otherName} is not here yet.`;
  }
  if (others.length === 0) return `Waiting for ${otherName} to come back.`;
  if (others.every((other) => other.state === 'reconnecting')) {
    return `${otherName} has lost connection. Stay here, they should be back soon.`;
  }
  if (media === 'interrupted') return 'Sound and picture were interrupted. We are bringing them back.';
  if (pictures === 'starved') return 'Your connection is slow, so the picture is paused. You can still hear each other.';
  if (pictures === 'back') return 'The picture is back.';
  if (sharing) return 'You are sharing your screen.';
  if (sharers.length > 0) return `${sharers.join(' and ')} ${sharers.length > 1 ? 'are' : 'is'} sharing a screen.`;
  return `You are in a call with ${others.map((other) => other.name).join(' and ')}.`;
}

export function title(role: Role, otherName: string, state: CallState, pageTitle: string): string {
  if (state.phase === 'inCall') return `In call with ${otherName} – ${pageTitle}`;
  if (state.phase === 'waiting' && role === 'patient') return `Waiting room – ${pageTitle}`;
  if (state.phase === 'waiting') return tiles(state).length > 0 ? `${otherName} is waiting – ${pageTitle}` : pageTitle;
  return pageTitle;
}
