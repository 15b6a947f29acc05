import type { CallMessage, ChatMessage, JoinResult, LinkInfo, Participant, Phase, RoomStanding, ShownImage, Source, TelephoneState } from './protocol';

/** What the hub has told this page. Each change makes a new state; `apply` and `joined` are the only ways to one. */
export interface CallState {
  /** `preview` until the hub has let this page join. */
  readonly phase: 'preview' | Phase;
  readonly self: { readonly participantId: string; readonly sessionId: string } | undefined;
  /** Everyone else, in the order they came. */
  readonly others: readonly Participant[];
  readonly chat: readonly ChatMessage[];
  /** The conversation is kept with the record. */
  readonly chatKept: boolean;
  /** The image that everybody looks at. */
  readonly image: ShownImage | undefined;
  readonly waitingSince: string | undefined;
  /** The session whose voice is heard now. */
  readonly speaker: string | undefined;
  /** What the server sees of this page's part in the call. */
  readonly own: LinkInfo;
  readonly telephone: TelephoneState;
  /** What others send and this browser cannot show or play. */
  readonly unavailable: readonly Unavailable[];
  /** What a clinician decided of the room; undefined for everybody else. */
  readonly room: RoomStanding | undefined;
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
  chatKept: false,
  image: undefined,
  waitingSince: undefined,
  speaker: undefined,
  own: { step: 'video', silentMicrophone: false, frozenCamera: false },
  telephone: 'none',
  unavailable: [],
  room: undefined,
};

/** The state a join answers with. On the same page's resumed session the state is kept: the missed messages bring it up to date. */
export function joined(state: CallState, result: JoinResult, samePage: boolean): CallState {
  if (samePage) return state;
  return {
    phase: result.phase,
    self: { participantId: result.participantId, sessionId: result.sessionId },
    others: result.participants.filter((other) => other.sessionId !== result.sessionId),
    chat: result.chat,
    chatKept: result.chatKept,
    image: result.image,
    waitingSince: result.waitingSince,
    speaker: result.speaker,
    own: result.link,
    telephone: result.telephone,
    unavailable: [],
    room: result.room,
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
      // Whoever is on hold sees nobody; who is there then, they are told when they are back.
      return message.phase === 'onHold'
        ? { ...state, phase: message.phase, others: [], speaker: undefined, unavailable: [] }
        : { ...state, phase: message.phase, waitingSince: message.waitingSince };
    case 'roomChanged':
      return { ...state, room: message.room };
    case 'chat':
      return state.chat.some((known) => known.id === message.message.id) ? state : { ...state, chat: [...state.chat, message.message] };
    case 'chatKept':
      return { ...state, chatKept: true };
    case 'imageShown':
      return { ...state, image: { fileId: message.fileId, name: message.name, by: message.by } };
    case 'imageHidden':
      return { ...state, image: undefined };
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
    case 'filesChanged':
    case 'pointed':
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

/** Guests who wait for the clinician to let them in; everybody else sees none. */
export function waitingGuests(state: CallState): readonly Participant[] {
  return state.phase === 'inCall' ? people(state).filter((other) => other.role === 'guest' && other.phase === 'waiting') : [];
}

/** Those who have a tile: in a call, not who still waits at the door. */
export function tiles(state: CallState): readonly Participant[] {
  return state.phase === 'inCall' ? people(state).filter((other) => other.phase !== 'waiting') : people(state);
}

/** Everybody else, each once: not this person's own other tabs, and not the broken session of someone who is back in a new one. */
export function people(state: CallState): readonly Participant[] {
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
