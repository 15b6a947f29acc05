import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Acknowledger } from '../../src/Web/App/Client/realtime/acknowledger';

let sent: number[];
let acknowledger: Acknowledger;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  sent = [];
  acknowledger = new Acknowledger((sequence) => sent.push(sequence));
});

afterEach(() => mock.timers.reset());

test('messages of one second are acknowledged together', () => {
  for (const sequence of [1, 2, 3]) acknowledger.received(sequence);
  mock.timers.tick(999);
  assert.deepEqual(sent, []);
  mock.timers.tick(1);
  assert.deepEqual(sent, [3]);
  mock.timers.tick(5_000);
  assert.deepEqual(sent, [3]);
});

test('twenty messages are acknowledged without waiting', () => {
  for (let sequence = 1; sequence <= 45; sequence++) acknowledger.received(sequence);
  assert.deepEqual(sent, [20, 40]);
  mock.timers.tick(1_000);
  assert.deepEqual(sent, [20, 40, 45]);
});

test('nothing is acknowledged after a stop', () => {
  acknowledger.received(1);
  acknowledger.stop();
  mock.timers.tick(5_000);
  assert.deepEqual(sent, []);
});
