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
