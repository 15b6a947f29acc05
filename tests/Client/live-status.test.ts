import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivals, changed, liveStatus } from '../../src/Web/App/Client/clinic-board/live-status';
import type { BoardRow } from '../../src/Web/App/Client/clinic-board/protocol';

const since = '2026-11-01T10:00:00Z';
const row = (changes: Partial<BoardRow> = {}): BoardRow => ({
  consultationId: 'c1',
  state: 'waiting',
  since,
  patientPresent: true,
  clinicianPresent: false,
  ...changes,
});
const after = (minutes: number) => Date.parse(since) + minutes * 60_000;

test('waiting is told in whole minutes', () => {
  const text = (minutes: number) => liveStatus(row(), after(minutes))?.text;
  assert.equal(text(0.5), 'Waiting less than a minute');
  assert.equal(text(1), 'Waiting 1 minute');
  assert.equal(text(3.9), 'Waiting 3 minutes');
  assert.equal(text(60), 'Waiting more than an hour');
  assert.equal(text(150), 'Waiting more than 2 hours');
});

test('a clock that is behind the server waits no negative time', () => {
  assert.equal(liveStatus(row(), after(-2))?.text, 'Waiting less than a minute');
});

test('calls and lost connections are told, the end is left to the table', () => {
  assert.equal(liveStatus(row({ state: 'inCall', clinicianPresent: true }), after(1))?.text, 'In call');
  assert.equal(liveStatus(row({ state: 'inCall' }), after(1))?.text, 'In call, clinician away');
  assert.equal(liveStatus(row({ state: 'disconnected' }), after(1))?.text, 'Patient disconnected');
  assert.equal(liveStatus(row({ state: 'ended' }), after(1)), undefined);
});

test('only those who newly wait have arrived', () => {
  const before = [row(), row({ consultationId: 'c2', state: 'inCall' })];
  const now = [row(), row({ consultationId: 'c2' }), row({ consultationId: 'c3' }), row({ consultationId: 'c4', state: 'ended' })];
  assert.deepEqual(arrivals(before, now), ['c2', 'c3']);
});

test('a change replaces its row where it stands and adds what is new', () => {
  const before = [row(), row({ consultationId: 'c2' })];
  const now = changed(before, [row({ state: 'inCall' }), row({ consultationId: 'c3' })]);
  assert.deepEqual(
    now.map(({ consultationId, state }) => [consultationId, state]),
    [
      ['c1', 'inCall'],
      ['c2', 'waiting'],
      ['c3', 'waiting'],
    ],
  );
});

test('who waits is shown as ready or with what is missing', () => {
  const shown = (devices: BoardRow['devices']) => liveStatus({ ...row(), ...(devices && { devices }) }, after(1));
  assert.deepEqual(shown(undefined), { text: 'Waiting 1 minute', colour: 'yellow' });
  assert.deepEqual(shown('ready'), { text: 'Waiting 1 minute, ready', colour: 'yellow' });
  assert.deepEqual(shown('noMicrophone'), { text: 'Waiting 1 minute, no microphone', colour: 'orange' });
  assert.deepEqual(shown('neither'), { text: 'Waiting 1 minute, no camera or microphone', colour: 'orange' });
});
