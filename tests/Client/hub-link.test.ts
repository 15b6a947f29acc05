import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { ConnectionLost, HubLink, type LinkState } from '../../src/Web/App/Client/realtime/hub-link';
import { TicketRefused, type Refusal } from '../../src/Web/App/Client/realtime/tickets';
import { FakeHub, deferred, pass, settle } from './fakes';

let hub: FakeHub;
let states: LinkState[];
let refusals: Refusal[];
let link: HubLink;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  hub = new FakeHub();
  states = [];
  refusals = [];
  link = new HubLink({
    ticket: hub.ticket,
    open: hub.open,
    greet: async (socket) => socket.invoke('Join'),
    received: () => undefined,
    changed: (state) => states.push(state),
    refused: (refusal) => refusals.push(refusal),
  });
});

afterEach(() => {
  link.stop();
  mock.timers.reset();
});

test('every connection has a ticket of its own', async () => {
  link.start();
  await pass(0);
  hub.socket.cut();
  await pass(0);
  assert.deepEqual(
    hub.sockets.map((socket) => socket.ticket.ticket),
    ['ticket 1', 'ticket 2'],
  );
  assert.deepEqual(states, ['connecting', 'connected', 'reconnecting', 'connected']);
});

test('attempts follow the agreed delays and never end', async () => {
  hub.up = false;
  link.start();
  await settle();
  assert.equal(hub.tickets, 1, 'the first attempt is made at once');
  for (const delay of [0, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000, 30_000, 30_000]) {
    const before: number = hub.tickets;
    if (delay > 0) {
      await pass(delay - 1);
      assert.equal(hub.tickets, before, `nothing is tried before ${delay} ms are over`);
      await pass(1);
    } else {
      await pass(0);
    }
    assert.equal(hub.tickets, before + 1, `after ${delay} ms`);
  }
});

test('a connection that lasted starts the delays anew, one that breaks at once does not', async () => {
  link.start();
  await pass(0);
  await pass(10_000);
  hub.socket.cut();
  await pass(0);
  assert.equal(hub.sockets.length, 2);
  hub.socket.cut();
  await pass(1_999);
  assert.equal(hub.sockets.length, 2);
  await pass(1);
  assert.equal(hub.sockets.length, 3);
});

test('the network coming back cuts a wait short', async () => {
  hub.up = false;
  link.start();
  await pass(0);
  await pass(2_000);
  hub.up = true;
  await link.wake(() => Promise.resolve());
  await settle();
  assert.equal(states.at(-1), 'connected');
});

test('a connection that gives no sign of life after waking is replaced', async () => {
  link.start();
  await pass(0);
  const dead = hub.socket;
  const woken = link.wake(() => new Promise(() => undefined));
  await pass(4_000);
  await woken;
  await pass(0);
  assert.equal(dead.closedByPage, true);
  assert.equal(hub.sockets.length, 2);
  assert.equal(states.at(-1), 'connected');
});

test('a hub that answers with an error is alive', async () => {
  link.start();
  await pass(0);
  await link.wake(() => Promise.reject(new Error('HubException: too-many: Slow down.')));
  await pass(0);
  assert.equal(hub.sockets.length, 1);
});

test('a call that the connection does not survive fails as a lost connection', async () => {
  await assert.rejects(link.invoke('SendChat'), ConnectionLost);
  hub.answers['SendChat'] = () => new Promise(() => undefined);
  link.start();
  await pass(0);
  const call = assert.rejects(link.invoke('SendChat'), ConnectionLost);
  hub.socket.cut();
  await call;
});

test("the hub's own error reaches the caller", async () => {
  hub.answers['Admit'] = () => Promise.reject(new Error('HubException: not-found: The patient is not in the waiting room.'));
  link.start();
  await pass(0);
  await assert.rejects(link.invoke('Admit'), /not-found/);
});

test('a refused ticket ends the attempts and says why', async () => {
  hub.answers['Join'] = () => Promise.reject(new TicketRefused('over'));
  link.start();
  await pass(0);
  await pass(60_000);
  assert.deepEqual(refusals, ['over']);
  assert.equal(hub.tickets, 1);
});

test('a greeting without answer is given up', async () => {
  hub.answers['Join'] = () => new Promise(() => undefined);
  link.start();
  await pass(0);
  await pass(15_000);
  assert.equal(hub.socket.closedByPage, true);
  hub.answers['Join'] = () => undefined;
  await pass(0);
  assert.equal(states.at(-1), 'connected');
});

test('nothing is opened after the page has stopped', async () => {
  const ticket = deferred<{ ticket: string; hubUrl: string }>();
  const late = new HubLink({
    ticket: () => ticket.promise,
    open: hub.open,
    greet: () => Promise.resolve(),
    received: () => undefined,
    changed: () => undefined,
    refused: () => undefined,
  });
  late.start();
  await pass(0);
  late.stop();
  ticket.resolve({ ticket: 'late', hubUrl: '' });
  await settle();
  assert.equal(hub.sockets.length, 0);
});
