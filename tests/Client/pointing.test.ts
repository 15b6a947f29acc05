import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moved, placeIn, throttled, words } from '../../src/Web/App/Client/call/pointing';

const key = (name: string, shiftKey = false) => ({ key: name, shiftKey });

test('arrow keys move the pointer from the middle, in larger steps with shift, and never out of the image', () => {
  assert.deepEqual(moved(undefined, key('ArrowRight')), { x: 0.52, y: 0.5 });
  assert.deepEqual(moved({ x: 0.5, y: 0.5 }, key('ArrowUp', true)), { x: 0.5, y: 0.4 });
  assert.deepEqual(moved({ x: 0, y: 1 }, key('ArrowLeft')), { x: 0, y: 1 });
  assert.deepEqual(moved({ x: 0.95, y: 0.99 }, key('ArrowDown', true)), { x: 0.95, y: 1 });
  assert.equal(moved({ x: 0, y: 0 }, key('Tab')), undefined);
});

test('a place is where the image is, however large it is shown', () => {
  const box = { left: 100, top: 50, width: 400, height: 200 };
  assert.deepEqual(placeIn(box, 300, 150), { x: 0.5, y: 0.5 });
  assert.deepEqual(placeIn(box, 100, 250), { x: 0, y: 1 });
  assert.equal(placeIn(box, 99, 100), undefined);
  assert.equal(placeIn(box, 300, 251), undefined);
});

test('a place is told in words', () => {
  assert.equal(words({ x: 0.1, y: 0.1 }), 'top left');
  assert.equal(words({ x: 0.5, y: 0.5 }), 'middle');
  assert.equal(words({ x: 0.9, y: 0.5 }), 'right');
  assert.equal(words({ x: 0.5, y: 0.9 }), 'bottom');
});

test('a burst runs at its pace and its last call is not lost', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const ran: number[] = [];
  const run = throttled<number>(100, (value) => ran.push(value));
  for (let value = 1; value <= 5; value++) run(value);
  assert.deepEqual(ran, [1]);
  mock.timers.tick(100);
  assert.deepEqual(ran, [1, 5]);
  mock.timers.tick(300);
  run(6);
  assert.deepEqual(ran, [1, 5, 6]);
});
