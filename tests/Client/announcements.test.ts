import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announcements } from '../../src/Web/App/Client/call/announcements';
import { initialState, type CallState } from '../../src/Web/App/Client/call/call-state';
import type { Participant } from '../../src/Web/App/Client/call/protocol';

const person = (name: string, changes: Partial<Participant> = {}): Participant => ({
  participantId: name,
  sessionId: `${name}-1`,
  role: 'patient',
  name,
  state: 'connected',
  microphone: true,
  camera: true,
  hand: false,
  phase: 'inCall',
  link: { step: 'video', silentMicrophone: false, frozenCamera: false },
  ...changes,
});

const call = (...others: Participant[]): CallState => ({ ...initialState, phase: 'inCall', self: { participantId: 'me', sessionId: 'me-1' }, others });

test('who comes and goes is said among three, and left to the status line between two', () => {
  assert.deepEqual(announcements(call(), call(person('Amara'))), []);
  assert.deepEqual(announcements(call(person('Amara')), call(person('Amara'), person('Grace'))), ['Grace joined.']);
  assert.deepEqual(announcements(call(person('Amara'), person('Grace')), call(person('Amara'))), ['Grace left.']);
  assert.deepEqual(announcements(call(person('Amara')), call()), []);
});

test('what somebody turns on or off, and hands, are said', () => {
  const before = call(person('Amara'), person('Grace'));
  assert.deepEqual(announcements(before, call(person('Amara', { microphone: false }), person('Grace', { hand: true, camera: false }))), [
    'Amara turned the microphone off.',
    'Grace turned the camera off.',
    'Grace raised a hand.',
  ]);
  assert.deepEqual(announcements(call(person('Grace', { hand: true })), call(person('Grace'))), ['Grace took the hand down.']);
});

test('a page that was loaded again, one’s own other tab, and the beginning of the call say nothing', () => {
  assert.deepEqual(announcements(call(person('Amara')), call(person('Amara', { sessionId: 'Amara-2', microphone: false }))), []);
  assert.deepEqual(announcements(call(person('Amara')), call(person('Amara'), person('me', { sessionId: 'me-2' }))), []);
  assert.deepEqual(announcements({ ...call(), phase: 'waiting' }, call(person('Amara'), person('Grace'))), []);
});

test('a clinician hears of each guest who waits, of holds, and of what was decided of the room', () => {
  const guest = (phase: 'waiting' | 'inCall') => person('Ana', { role: 'guest', phase });
  const room = { locked: false, huddle: false, removed: [] };
  const before: CallState = { ...call(person('Grace')), room };
  assert.deepEqual(announcements(before, { ...call(person('Grace'), guest('waiting')), room }), ['Ana is waiting to be let in.']);
  assert.deepEqual(announcements({ ...call(person('Grace'), guest('waiting')), room }, { ...call(person('Grace'), guest('inCall')), room }), ['Ana joined.']);
  assert.deepEqual(announcements(call(person('Grace')), call(person('Grace', { phase: 'onHold' }))), ['Grace is on hold.']);
  assert.deepEqual(announcements(call(person('Grace', { phase: 'onHold' })), call(person('Grace'))), ['Grace is back in the call.']);
  assert.deepEqual(announcements(before, { ...before, room: { ...room, locked: true } }), ['The call is locked. Nobody new can join.']);
  assert.deepEqual(announcements(before, { ...before, room: { ...room, huddle: true } }), ['You are talking in private. The others are on hold.']);
  assert.deepEqual(announcements(before, { ...before, room: { ...room, removed: [{ participantId: 'Ana', role: 'guest', name: 'Ana' }] } }), ['Ana was removed.']);
});
