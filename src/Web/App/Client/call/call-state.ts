import type { CallMessage, ChatMessage, JoinResult, LinkInfo, Participant, Phase, Source, TelephoneState } from './protocol';

/** What the hub has told this page. Each change makes a new state; `apply` and `joined` are the only ways to one. */
export interface CallState {
  /** `preview` until the hub has let this page join. */
  readonly phase: 'preview' | Phase;
  readonly self: { readonly participantId: string; readonly sessionId: string } | undefined;
  /** Everyone else, in the order they came. */
  readonly others: readonly Participant[];
  readonly chat: readonly ChatMessage[];
  readonly waitingSince: string | undefined;
  /** The session whose voice is heard now. */
  readonly speaker: string | undefined;
  /** What the server sees of this page's part in the call. */
  readonly own: LinkInfo;
  readonly telephone: TelephoneState;
  /** What others send and this browser cannot show or play. */
  readonly unavailable: readonly Unavailable[];
}

export interface Unavailable {
  readonly sessionId: string;
  readonly source: Source;
}

/** The patient, or a carer who waits in their place, is here: a guest alone is nobody to let in. */
export function patientHere(others: readonly Participant[]): boolean {
  return others.some((other) => other.role === 'patient' || other.role === 'carer');
}

export const initialState: CallState = {
  phase: 'preview',
  self: undefined,
  others: [],
  chat: [],
  waitingSince: undefined,
  speaker: undefined,
  own: { step: 'video', silentMicrophone: false, frozenCamera: false },
  telephone: 'none',
  unavailable: [],
};

/** The state a join answers with. On the same page's resumed session the state is kept: the missed messages bring it up to date. */
export function joined(state: CallState, result: JoinResult, samePage: boolean): CallState {
  if (samePage) return state;
  return {
    phase: result.phase,
    self: { participantId: result.participantId, sessionId: result.sessionId },
    others: result.participants.filter((other) => other.sessionId !== result.sessionId),
    chat: result.chat,
    waitingSince: result.waitingSince,
    speaker: result.speaker,
    own: result.link,
    telephone: result.telephone,
    unavailable: [],
  };
}

export function apply(state: CallState, message: CallMessage): CallState {
  switch (message.type) {
    case 'participantJoined':
    case 'participantChanged':
      return message.participant.sessionId === state.self?.sessionId
        ? state
        : { ...state, others: upsert(state.others, message.participant) };
    case 'participantLeft':
      return {
        ...state,
        others: state.others.filter((other) => other.sessionId !== message.sessionId),
        unavailable: state.unavailable.filter((each) => each.sessionId !== message.sessionId),
      };
    case 'phaseChanged':
      return { ...state, phase: message.phase, waitingSince: message.waitingSince };
    case 'chat':
      return state.chat.some((known) => known.id === message.message.id) ? state : { ...state, chat: [...state.chat, message.message] };
    case 'ended':
      return { ...state, phase: 'ended' };
    case 'linkChanged':
      return { ...state, own: message.link };
    case 'telephoneChanged':
      return { ...state, telephone: message.telephone };
    case 'speakerChanged':
      return { ...state, speaker: message.sessionId };
    case 'consumerUnavailable':
      return { ...state, unavailable: [...without(state.unavailable, message), { sessionId: message.sessionId, source: message.source }] };
    case 'consumerAdded':
    case 'consumerUnavailableEnded':
      return { ...state, unavailable: without(state.unavailable, message) };
    case 'muted':
    case 'consumerRemoved':
    case 'consumerPaused':
    case 'consumerResumed':
    case 'consumerStarved':
    case 'consumerFed':
    case 'clinicChanged':
      return state;
  }
}

/** Those who have a tile: not this person's own other tabs, and not the broken session of someone who is back in a new one. */
export function tiles(state: CallState): readonly Participant[] {
  const present = new Set(state.others.filter((other) => other.state === 'connected').map((other) => other.participantId));
  return state.others.filter(
    (other) => other.participantId !== state.self?.participantId && (other.state === 'connected' || !present.has(other.participantId)),
  );
}

function without(unavailable: readonly Unavailable[], { sessionId, source }: Unavailable): readonly Unavailable[] {
  return unavailable.filter((each) => each.sessionId !== sessionId || each.source !== source);
}

function upsert(others: readonly Participant[], changed: Participant): readonly Participant[] {
  return others.some((other) => other.sessionId === changed.sessionId)
    ? others.map((other) => (other.sessionId === changed.sessionId ? changed : other))
    : [...others, changed];
}
