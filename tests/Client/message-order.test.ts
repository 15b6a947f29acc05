import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageOrder } from '../../src/Web/App/Client/realtime/message-order';

const sequences = (messages: readonly { sequence: number }[]) => messages.map((message) => message.sequence);

test('messages in order are handed on at once', () => {
  const order = new MessageOrder(4);
  assert.deepEqual(sequences(order.accept({ sequence: 5 })), [5]);
  assert.deepEqual(sequences(order.accept({ sequence: 6 })), [6]);
  assert.equal(order.last, 6);
});

test('a message that comes again is handed on once', () => {
  const order = new MessageOrder();
  order.accept({ sequence: 1 });
  assert.deepEqual(order.accept({ sequence: 1 }), []);
  assert.equal(order.waiting, false, 'a repeat leaves nothing behind');
  order.accept({ sequence: 3 });
  order.accept({ sequence: 3 });
  assert.deepEqual(sequences(order.accept({ sequence: 2 })), [2, 3]);
  assert.deepEqual(order.accept({ sequence: 3 }), []);
});

test('messages that come too early wait for the missing one', () => {
  const order = new MessageOrder();
  assert.deepEqual(order.accept({ sequence: 3 }), []);
  assert.deepEqual(order.accept({ sequence: 2 }), []);
  assert.equal(order.waiting, true);
  assert.deepEqual(sequences(order.accept({ sequence: 1 })), [1, 2, 3]);
  assert.equal(order.waiting, false);
});

test('any shuffle with repeats is handed on once and in order', () => {
  let seed = 20_261_101;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 200; round++) {
    const wire = Array.from({ length: 40 }, (_, index) => ({ sequence: index + 1 })).flatMap((message) =>
      Array.from({ length: 1 + random(3) }, () => message),
    );
    for (let index = wire.length - 1; index > 0; index--) {
      const other = random(index + 1);
      [wire[index], wire[other]] = [wire[other] ?? { sequence: 0 }, wire[index] ?? { sequence: 0 }];
    }
    const order = new MessageOrder();
    const handed = wire.flatMap((message) => order.accept(message));
    assert.deepEqual(sequences(handed), Array.from({ length: 40 }, (_, index) => index + 1));
  }
});
