import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply, initialState, joined, tiles, waitingGuests, type CallState } from '../../src/Web/App/Client/call/call-state';
import type { CallMessage, ChatMessage, JoinResult, Participant } from '../../src/Web/App/Client/call/protocol';
import { status } from '../../src/Web/App/Client/call/wording';

const doctor: Participant = {
  participantId: 'doctor',
  sessionId: 'doctor-1',
  role: 'clinician',
  name: 'Dr Amara Okafor',
  state: 'connected',
  microphone: true,
  camera: true,
  hand: false,
  phase: 'inCall',
  link: { step: 'video', silentMicrophone: false, frozenCamera: false },
};

const result: JoinResult = {
  sessionId: 'mine-1',
  participantId: 'me',
  resumed: false,
  sequence: 0,
  phase: 'waiting',
  waitingSince: '2026-11-01T10:00:00Z',
  participants: [],
  chat: [],
  chatKept: false,
  hand: false,
  link: doctor.link,
  keepsVideo: false,
  telephone: 'none',
  routerRtpCapabilities: {},
};

const chat: ChatMessage = { id: 'c1', clientId: 'x', participantId: 'doctor', name: 'Dr Amara Okafor', role: 'clinician', text: 'Hello', at: '2026-11-01T10:05:00Z' };

type Unnumbered<Message> = Message extends unknown ? Omit<Message, 'sequence'> : never;

const play = (state: CallState, ...messages: Unnumbered<CallMessage>[]) =>
  messages.reduce((before, message, index) => apply(before, { ...message, sequence: index + 1 } as CallMessage), state);

test('a patient waits alone, is admitted, and sees the clinician', () => {
  const waiting = joined(initialState, result, false);
  assert.equal(waiting.phase, 'waiting');
  assert.deepEqual(tiles(waiting), []);
  const admitted = play(
    waiting,
    { type: 'phaseChanged', phase: 'inCall', at: '2026-11-01T10:05:00Z' },
    { type: 'participantJoined', participant: doctor },
  );
  assert.equal(admitted.phase, 'inCall');
  assert.deepEqual(tiles(admitted), [doctor]);
});

test('a resumed session on the same page keeps what it knows, since what it missed follows', () => {
  const before = play(joined(initialState, result, false), { type: 'chat', message: chat });
  assert.equal(joined(before, { ...result, resumed: true, chat: [] }, true), before);
});

test('a refreshed page takes the state it is given, without its own session', () => {
  const own = { ...doctor, participantId: 'me', sessionId: 'mine-1' };
  const state = joined(initialState, { ...result, resumed: true, phase: 'inCall', participants: [own, doctor], chat: [chat] }, false);
  assert.deepEqual(state.others, [doctor]);
  assert.deepEqual(state.chat, [chat]);
});

test('a chat message is shown once', () => {
  const state = play(joined(initialState, { ...result, chat: [chat] }, false), { type: 'chat', message: chat });
  assert.equal(state.chat.length, 1);
});

test('of two tabs of one person, closing one leaves the other', () => {
  const second = { ...doctor, sessionId: 'doctor-2' };
  const both = play(joined(initialState, result, false), { type: 'participantJoined', participant: doctor }, { type: 'participantJoined', participant: second });
  assert.equal(tiles(both).length, 2);
  const one = play(both, { type: 'participantLeft', participantId: 'doctor', sessionId: 'doctor-1', reason: 'left' });
  assert.deepEqual(tiles(one), [second]);
});

test('someone back in a new session is not shown twice while the old one runs out', () => {
  const broken: Participant = { ...doctor, state: 'reconnecting' };
  const back = { ...doctor, sessionId: 'doctor-2' };
  const alone = play(joined(initialState, result, false), { type: 'participantJoined', participant: doctor }, { type: 'participantChanged', participant: broken });
  assert.deepEqual(tiles(alone), [broken]);
  assert.deepEqual(tiles(play(alone, { type: 'participantJoined', participant: back })), [back]);
});

test("one's own other tab has no tile", () => {
  const state = play(joined(initialState, result, false), { type: 'participantJoined', participant: { ...doctor, participantId: 'me', sessionId: 'mine-2' } });
  assert.deepEqual(tiles(state), []);
});

test('the end is the end', () => {
  assert.equal(play(joined(initialState, result, false), { type: 'ended', reason: 'finished' }).phase, 'ended');
});

test('the status line says how things stand', () => {
  const waiting = joined(initialState, result, false);
  const call = play(waiting, { type: 'phaseChanged', phase: 'inCall', at: '' }, { type: 'participantJoined', participant: doctor });
  const situation = {
    role: 'patient',
    otherName: 'Dr Amara Okafor',
    link: 'connected',
    on: { microphone: true, camera: true },
    media: 'connected',
    pictures: 'flowing',
    sharing: false,
    sharers: [],
  } as const;
  assert.equal(status({ ...situation, state: waiting }), 'You are in the waiting room. Dr Amara Okafor will let you in.');
  assert.equal(status({ ...situation, state: waiting, link: 'reconnecting' }), 'The connection was lost. We are connecting you again. You keep your place.');
  assert.equal(status({ ...situation, state: call }), 'You are in a call with Dr Amara Okafor.');
  assert.equal(status({ ...situation, state: call, sharing: true }), 'You are sharing your screen.');
  assert.equal(status({ ...situation, state: call, sharers: ['Dr Amara Okafor'] }), 'Dr Amara Okafor is sharing a screen.');
  assert.match(status({ ...situation, state: call, link: 'offline' }), /offline/);
  assert.match(status({ ...situation, state: call, media: 'interrupted' }), /interrupted/);
  assert.equal(
    status({ ...situation, state: call, pictures: 'starved' }),
    'Your connection is slow, so the picture is paused. You can still hear each other.',
  );
  assert.equal(status({ ...situation, state: call, pictures: 'back' }), 'The picture is back.');
  assert.match(status({ ...situation, state: call, pictures: 'starved', link: 'reconnecting' }), /connection was lost/);
  const away = play(call, { type: 'participantChanged', participant: { ...doctor, state: 'reconnecting' } });
  assert.match(status({ ...situation, state: away }), /has lost connection/);
  const clinician = { ...situation, role: 'clinician', otherName: 'Sam Patel', state: waiting } as const;
  assert.equal(status(clinician), 'Sam Patel is not here yet.');
});

test('who speaks is known until another does or nobody', () => {
  const state = play(joined(initialState, result, false), { type: 'speakerChanged', sessionId: 'doctor-1' });
  assert.equal(state.speaker, 'doctor-1');
  assert.equal(play(state, { type: 'speakerChanged' }).speaker, undefined);
});

test('who speaks is known at once to a page that joins in the middle of it', () => {
  assert.equal(joined(initialState, { ...result, speaker: 'doctor-1' }, false).speaker, 'doctor-1');
});

test('a picture that this device cannot show is known until a showable one comes or its sender leaves', () => {
  const about = { participantId: 'doctor', sessionId: 'doctor-1', kind: 'video', source: 'camera' } as const;
  const state = play(joined(initialState, result, false), { type: 'consumerUnavailable', ...about }, { type: 'consumerUnavailable', ...about });
  assert.deepEqual(state.unavailable, [{ sessionId: 'doctor-1', source: 'camera' }]);
  const added = { type: 'consumerAdded' as const, ...about, consumerId: 'k1', producerPaused: false, rtpParameters: { codecs: [] } };
  assert.deepEqual(play(state, added).unavailable, []);
  assert.deepEqual(play(state, { ...added, source: 'screen' }).unavailable, state.unavailable);
  assert.deepEqual(play(state, { type: 'participantLeft', participantId: 'doctor', sessionId: 'doctor-1', reason: 'left' }).unavailable, []);
});

test('a screen that this device cannot show is told until it is shared no more', () => {
  const about = { participantId: 'doctor', sessionId: 'doctor-1', kind: 'video', source: 'screen' } as const;
  const inCall = joined(initialState, { ...result, phase: 'inCall', participants: [doctor] }, false);
  const state = play(inCall, { type: 'consumerUnavailable', ...about });
  const situation = { role: 'patient', otherName: doctor.name, link: 'connected', media: 'connected', pictures: 'flowing', sharing: false, sharers: [], on: { microphone: true, camera: true } } as const;
  const said = (at: CallState) => status({ ...situation, state: at });
  assert.equal(said(state), `${doctor.name} is sharing a screen, but this device cannot show it.`);
  assert.equal(said(play(state, { type: 'consumerUnavailableEnded', sessionId: 'doctor-1', source: 'screen' })), said(inCall));
});

test('on hold nobody is seen, and whoever is there afterwards is told anew', () => {
  const inCall = joined(initialState, { ...result, phase: 'inCall', participants: [doctor], chat: [chat], speaker: 'doctor-1' }, false);
  const held = play(inCall, { type: 'phaseChanged', phase: 'onHold', at: '' });
  assert.deepEqual([held.phase, held.others, held.speaker], ['onHold', [], undefined]);
  const situation = { role: 'patient', otherName: doctor.name, link: 'connected', media: 'connected', pictures: 'flowing', sharing: false, sharers: [], on: { microphone: true, camera: true } } as const;
  assert.equal(status({ ...situation, state: held }), 'You are on hold. Dr Amara Okafor will bring you back.');
  const back = play(held, { type: 'phaseChanged', phase: 'inCall', at: '' }, { type: 'participantJoined', participant: doctor }, { type: 'chat', message: chat });
  assert.deepEqual([tiles(back), back.chat], [[doctor], [chat]]);
});

test('a guest at the door has no tile, and the clinician is told who is on hold', () => {
  const patient: Participant = { ...doctor, participantId: 'sam', sessionId: 'sam-1', role: 'patient', name: 'Sam Patel', phase: 'onHold' };
  const guest: Participant = { ...doctor, participantId: 'ana', sessionId: 'ana-1', role: 'guest', name: 'Ana Costa (interpreter)', phase: 'waiting' };
  const room = { locked: false, huddle: false, removed: [] };
  const state = joined(initialState, { ...result, phase: 'inCall', participants: [patient, guest], room }, false);
  assert.deepEqual(tiles(state), [patient]);
  assert.deepEqual(waitingGuests(state), [guest]);
  const situation = { role: 'clinician', otherName: 'Sam Patel', link: 'connected', media: 'connected', pictures: 'flowing', sharing: false, sharers: [], on: { microphone: true, camera: true } } as const;
  assert.equal(status({ ...situation, state }), 'Sam Patel is on hold.');
  const letIn = play(state, { type: 'participantChanged', participant: { ...guest, phase: 'inCall' } }, { type: 'roomChanged', room: { ...room, huddle: true } });
  assert.equal(status({ ...situation, state: letIn }), 'Sam Patel is on hold. You are talking with Ana Costa (interpreter).');
  assert.equal(letIn.room?.huddle, true);
});

test('the conversation is kept from the message on, or from the join', () => {
  assert.equal(initialState.chatKept, false);
  assert.equal(apply(initialState, { type: 'chatKept', sequence: 1 }).chatKept, true);
  assert.equal(joined(initialState, { ...result, chatKept: true }, false).chatKept, true);
});

test('the ladder is told in words: what one sends, what is silent, and the telephone', () => {
  const inCall = joined(initialState, { ...result, phase: 'inCall', participants: [doctor] }, false);
  const good = doctor.link;
  const situation = { role: 'patient', otherName: doctor.name, link: 'connected', media: 'connected', pictures: 'flowing', sharing: false, sharers: [], on: { microphone: true, camera: true } } as const;
  const own = (link: Partial<typeof good>, change: object = {}) => status({ ...situation, ...change, state: play(inCall, { type: 'linkChanged', link: { ...good, ...link } }) });
  const theirs = (link: Partial<typeof good>, change: Partial<Participant> = {}) =>
    status({ ...situation, state: play(inCall, { type: 'participantChanged', participant: { ...doctor, ...change, link: { ...good, ...link } } }) });
  assert.match(own({ step: 'lowVideo' }), /smaller picture of you/);
  assert.match(own({ step: 'audio' }), /your video is off. Others can still hear you/);
  assert.match(own({ step: 'audio' }, { on: { microphone: true, camera: false } }), /You are in a call/);
  assert.equal(own({ silentMicrophone: true }), 'We cannot hear you: your microphone may be muted on the device.');
  assert.match(own({ silentMicrophone: true }, { on: { microphone: false, camera: true } }), /You are in a call/);
  assert.match(own({ frozenCamera: true }), /We cannot see you/);
  assert.match(theirs({ silentMicrophone: true }), /No sound comes from Dr Amara Okafor/);
  assert.match(theirs({ silentMicrophone: true }, { microphone: false }), /You are in a call/);
  assert.match(theirs({ frozenCamera: true }), /No picture comes from Dr Amara Okafor/);
  assert.match(status({ ...situation, state: play(inCall, { type: 'telephoneChanged', telephone: 'chosen' }) }), /by telephone/);
});
