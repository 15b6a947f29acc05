import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { CallConnection } from '../../src/Web/App/Client/call/connection';
import type { CallMessage, JoinRequest, JoinResult } from '../../src/Web/App/Client/call/protocol';
import { FakeHub, deferred, pass, settle } from './fakes';

let hub: FakeHub;
let connection: CallConnection;
let joins: { result: JoinResult; samePage: boolean }[];
let received: number[];
let refusals: string[];
let hindrances: string[];

const result = (changes: Partial<JoinResult> = {}): JoinResult => ({
  sessionId: 'session-1',
  participantId: 'me',
  resumed: false,
  sequence: 0,
  phase: 'waiting',
  participants: [],
  chat: [],
  chatKept: false,
  hand: false,
  link: { step: 'video', silentMicrophone: false, frozenCamera: false },
  keepsVideo: false,
  telephone: 'none',
  routerRtpCapabilities: {},
  ...changes,
});

const message = (sequence: number): CallMessage => ({ sequence, type: 'participantLeft', participantId: 'p', sessionId: 's', reason: 'left' });

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  hub = new FakeHub();
  hub.answers['Join'] = () => result();
  [joins, received, refusals, hindrances] = [[], [], [], []];
  connection = new CallConnection({
    ticket: hub.ticket,
    open: hub.open,
    joined: (joined, samePage) => joins.push({ result: joined, samePage }),
    received: ({ sequence }) => received.push(sequence),
    changed: () => undefined,
    refused: (refusal) => refusals.push(refusal),
    hindered: (sentence) => hindrances.push(sentence),
  });
});

afterEach(() => {
  connection.stop();
  mock.timers.reset();
});

const lastJoin = () => hub.calls('Join').at(-1)?.[0] as JoinRequest;

test('the first join asks for no session', async () => {
  connection.start();
  await pass(0);
  assert.deepEqual(lastJoin(), {});
  assert.equal(joins[0]?.samePage, false);
});

test('a lost connection resumes after the last message that was handled, and goes on on the same page', async () => {
  connection.start();
  await pass(0);
  hub.socket.receive(message(1), message(2));
  hub.answers['Join'] = () => result({ resumed: true, sequence: 4 });
  hub.socket.cut();
  await pass(0);
  assert.deepEqual(lastJoin(), { resume: { sessionId: 'session-1', lastSequence: 2 } });
  assert.equal(joins[1]?.samePage, true);
  hub.socket.receive(message(2), message(3), message(4));
  assert.deepEqual(received, [1, 2, 3, 4]);
});

test('messages that overtake the answer to Join wait for it', async () => {
  const answer = deferred<JoinResult>();
  hub.answers['Join'] = () => answer.promise;
  connection.start();
  await pass(0);
  hub.socket.receive(message(7), message(6));
  assert.deepEqual(received, []);
  answer.resolve(result({ sequence: 5 }));
  await settle();
  assert.equal(joins.length, 1);
  assert.deepEqual(received, [6, 7]);
});

test('a refreshed page resumes its session and starts from the state in the answer', async () => {
  hub.answers['Join'] = () => result({ resumed: true, sequence: 9 });
  connection.start({ sessionId: 'session-1', lastSequence: 6 });
  await pass(0);
  assert.deepEqual(lastJoin(), { resume: { sessionId: 'session-1', lastSequence: 6 } });
  assert.equal(joins[0]?.samePage, false);
  hub.socket.receive(message(7), message(8), message(9), message(10));
  assert.deepEqual(received, [10]);
});

test('a session that could not be resumed is begun anew', async () => {
  connection.start();
  await pass(0);
  hub.socket.receive(message(1));
  hub.answers['Join'] = () => result({ sessionId: 'session-2', sequence: 0 });
  hub.socket.cut();
  await pass(0);
  assert.equal(joins[1]?.samePage, false);
  hub.socket.receive(message(1));
  assert.deepEqual(received, [1, 1]);
  assert.deepEqual(connection.session, { sessionId: 'session-2', lastSequence: 1 });
});

test('a message that stays away is fetched by resuming', async () => {
  connection.start();
  await pass(0);
  hub.socket.receive(message(1), message(3));
  await pass(4_999);
  assert.equal(hub.sockets.length, 1);
  hub.answers['Join'] = () => result({ resumed: true, sequence: 3 });
  await pass(1);
  await pass(0);
  assert.deepEqual(lastJoin(), { resume: { sessionId: 'session-1', lastSequence: 1 } });
  hub.socket.receive(message(2), message(3));
  assert.deepEqual(received, [1, 2, 3]);
});

test('a gap that closes by itself costs nothing', async () => {
  connection.start();
  await pass(0);
  hub.socket.receive(message(2), message(1));
  await pass(20_000);
  assert.equal(hub.sockets.length, 1);
  assert.deepEqual(received, [1, 2]);
});

test('what was handled is acknowledged', async () => {
  connection.start();
  await pass(0);
  hub.socket.receive(message(1), message(2), message(5));
  await pass(1_000);
  assert.deepEqual(hub.calls('Acknowledge'), [[2]]);
});

test('a consultation that has ended is not joined again', async () => {
  hub.answers['Join'] = () => Promise.reject(new Error("An unexpected error occurred invoking 'Join' on the server. HubException: ended: It is over."));
  connection.start();
  await pass(0);
  await pass(60_000);
  assert.deepEqual(refusals, ['over']);
  assert.equal(hub.calls('Join').length, 1);
});

test('a hub that is full says so and is asked again', async () => {
  hub.answers['Join'] = () => Promise.reject(new Error('HubException: full: All call rooms are in use.'));
  connection.start();
  await pass(0);
  assert.deepEqual(hindrances, ['All call rooms are in use.']);
  hub.answers['Join'] = () => result();
  await pass(0);
  assert.equal(joins.length, 1);
});
