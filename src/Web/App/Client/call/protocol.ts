// The hub's messages, version 1. Ids are UUIDs, times ISO 8601 in UTC.
import type { types } from 'mediasoup-client';

export type Role = 'patient' | 'clinician' | 'carer' | 'guest';
export type Phase = 'waiting' | 'inCall' | 'onHold' | 'ended';
export type Source = 'microphone' | 'camera' | 'screen';
export type Kind = 'audio' | 'video';

/** What a connection carries, from the top down. */
export type CallStep = 'video' | 'lowVideo' | 'audio';
export type TelephoneState = 'none' | 'offered' | 'chosen';

/** What the server sees of a page's part in the call. */
export interface LinkInfo {
  /** The most that it sends. */
  readonly step: CallStep;
  /** Its microphone is on, and nothing but digital silence comes from it. */
  readonly silentMicrophone: boolean;
  /** Its camera is on, and no picture comes from it. */
  readonly frozenCamera: boolean;
}

export interface Participant {
  readonly participantId: string;
  readonly sessionId: string;
  readonly role: Role;
  readonly name: string;
  readonly state: 'connected' | 'reconnecting';
  readonly microphone: boolean;
  readonly camera: boolean;
  /** They would like to speak. */
  readonly hand: boolean;
  /** Only a clinician sees those who wait. */
  readonly phase: Phase;
  readonly link: LinkInfo;
}

/** What the clinician decided of the room. */
export interface RoomStanding {
  readonly locked: boolean;
  /** They talk with some people alone. */
  readonly huddle: boolean;
  readonly removed: readonly { readonly participantId: string; readonly role: Role; readonly name: string }[];
}

export interface ChatMessage {
  readonly id: string;
  /** Made by the sender's page, so that a message sent twice is one message. */
  readonly clientId: string;
  readonly participantId: string;
  readonly name: string;
  readonly role: Role;
  readonly text: string;
  readonly at: string;
}

export interface ShownImage {
  readonly fileId: string;
  readonly name: string;
  /** The name of who shows it. */
  readonly by: string;
}

/** Somebody else's pointer on the image: 0 to 1 from its left and from its top. */
export interface Pointed {
  readonly participantId: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export interface JoinRequest {
  readonly resume?: { readonly sessionId: string; readonly lastSequence: number };
}

export interface JoinResult {
  readonly sessionId: string;
  readonly participantId: string;
  /** The same session goes on: what it missed follows. */
  readonly resumed: boolean;
  /** The last message that this result already contains. */
  readonly sequence: number;
  readonly phase: Phase;
  readonly waitingSince?: string;
  readonly startedAt?: string;
  readonly participants: readonly Participant[];
  readonly chat: readonly ChatMessage[];
  /** The conversation is kept with the record. */
  readonly chatKept: boolean;
  /** The image that everybody looks at. */
  readonly image?: ShownImage;
  /** The session whose voice is heard now. */
  readonly speaker?: string;
  /** This session's own hand is up. */
  readonly hand: boolean;
  /** For clinicians alone. */
  readonly room?: RoomStanding;
  /** What is seen of this session. */
  readonly link: LinkInfo;
  /** The person said that they want to be seen whatever the connection is like. */
  readonly keepsVideo: boolean;
  readonly telephone: TelephoneState;
  readonly routerRtpCapabilities: types.RtpCapabilities;
}

export interface ConsumerAdded {
  readonly sequence: number;
  readonly type: 'consumerAdded';
  readonly consumerId: string;
  readonly participantId: string;
  readonly sessionId: string;
  readonly kind: Kind;
  readonly source: Source;
  readonly producerPaused: boolean;
  readonly rtpParameters: types.RtpParameters;
}

/** Somebody sends a track that this browser cannot decode. It is not sent here, until `consumerUnavailableEnded`. */
export interface ConsumerUnavailable {
  readonly sequence: number;
  readonly type: 'consumerUnavailable';
  readonly participantId: string;
  readonly sessionId: string;
  readonly kind: Kind;
  readonly source: Source;
}

interface About<Type extends string> {
  readonly sequence: number;
  readonly type: Type;
}

export type ConsumerChanged = About<'consumerRemoved' | 'consumerPaused' | 'consumerResumed' | 'consumerStarved' | 'consumerFed'> & { readonly consumerId: string };

export type CallMessage =
  | (About<'participantJoined' | 'participantChanged'> & { readonly participant: Participant })
  | (About<'participantLeft'> & { readonly participantId: string; readonly sessionId: string; readonly reason: 'left' | 'lost' })
  | (About<'phaseChanged'> & { readonly phase: Phase; readonly at: string; readonly waitingSince?: string })
  | (About<'roomChanged'> & { readonly room: RoomStanding })
  | ConsumerAdded
  | ConsumerChanged
  | ConsumerUnavailable
  | (About<'consumerUnavailableEnded'> & { readonly sessionId: string; readonly source: Source })
  /** The clinician turned this session's microphone off. */
  | (About<'muted'> & { readonly by: string })
  | (About<'linkChanged'> & { readonly link: LinkInfo })
  | (About<'telephoneChanged'> & { readonly telephone: TelephoneState })
  | (About<'speakerChanged'> & { readonly sessionId?: string })
  /** From now on, and from its first message, the conversation is kept with the record. */
  | About<'chatKept'>
  /** A photo or document came or went. */
  | About<'filesChanged'>
  | (About<'imageShown'> & ShownImage)
  | About<'imageHidden'>
  | (About<'pointed'> & Pointed)
  | (About<'chat'> & { readonly message: ChatMessage })
  /** Something changed at Web that concerns whoever waits. */
  | About<'clinicChanged'>
  | (About<'ended'> & { readonly reason: 'finished' | 'cancelled' });

export interface ProduceRequest {
  readonly transportId: string;
  readonly kind: Kind;
  readonly source: Source;
  readonly rtpParameters: types.RtpParameters;
  readonly paused: boolean;
}

/** What the server says of a transport it made. */
export type TransportParameters = Pick<
  types.TransportOptions,
  'id' | 'iceParameters' | 'iceCandidates' | 'dtlsParameters' | 'iceServers' | 'iceTransportPolicy'
>;

/** What the server says to a restart. */
export interface RestartParameters {
  readonly iceParameters: types.IceParameters;
  /** With fresh credentials. */
  readonly iceServers: RTCIceServer[];
}

/** Calls a method of the hub. Fails while there is no connection, and with the hub's own error. */
export type Invoke = <Result = void>(method: string, ...parameters: unknown[]) => Promise<Result>;
