import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Outbox, type OutgoingMessage } from '../../src/Web/App/Client/call/outbox';
import type { ChatMessage, Invoke } from '../../src/Web/App/Client/call/protocol';
import { ConnectionLost } from '../../src/Web/App/Client/realtime/hub-link';
import { pass, settle } from './fakes';

let sent: string[];
let refused: string[];
let answer: (text: string) => Promise<void>;
let outbox: Outbox;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  [sent, refused] = [[], []];
  answer = () => Promise.resolve();
  const invoke = (_: string, message: unknown) => {
    const { text } = message as OutgoingMessage;
    sent.push(text);
    return answer(text);
  };
  outbox = new Outbox(invoke as Invoke, (message) => {
    if (message) refused.push(message.text);
  });
});

afterEach(() => mock.timers.reset());

const receipt = (text: string): ChatMessage => {
  const waiting = outbox.messages.find((message) => message.text === text);
  return { id: text, clientId: waiting ? waiting.clientId : '', participantId: 'me', name: 'Me', role: 'patient', text, at: '' };
};

test('a message is on its way until it is delivered back', async () => {
  outbox.add('Hello');
  await settle();
  assert.equal(outbox.messages.length, 1);
  outbox.delivered(receipt('Hello'));
  assert.equal(outbox.messages.length, 0);
});

test('messages written while one is being sent go out too, in order', async () => {
  for (const text of ['one', 'two', 'three']) outbox.add(text);
  await settle();
  assert.deepEqual(sent, ['one', 'two', 'three']);
});

test('what a lost connection swallowed is sent again with the same id', async () => {
  answer = () => Promise.reject(new ConnectionLost());
  outbox.add('Hello');
  await settle();
  const [before] = outbox.messages;
  answer = () => Promise.resolve();
  await outbox.send();
  assert.deepEqual(sent, ['Hello', 'Hello']);
  assert.equal(outbox.messages[0]?.clientId, before?.clientId);
});

test('messages that come too fast are held back, not lost', async () => {
  answer = () => Promise.reject(new Error('HubException: too-many: Slow down.'));
  outbox.add('one');
  outbox.add('two');
  await settle();
  answer = () => Promise.resolve();
  await pass(1_000);
  assert.deepEqual(sent, ['one', 'one', 'two']);
});

test('a message the hub refuses is taken off the list and told', async () => {
  answer = (text) => (text === 'bad' ? Promise.reject(new Error('HubException: invalid: Too long.')) : Promise.resolve());
  outbox.add('bad');
  outbox.add('good');
  await settle();
  assert.deepEqual(refused, ['bad']);
  assert.deepEqual(
    outbox.messages.map((message) => message.text),
    ['good'],
  );
});
