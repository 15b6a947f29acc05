import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { backTime, PictureWatch } from '../../src/Web/App/Client/call/picture-watch';
import type { RemoteTrack } from '../../src/Web/App/Client/call/media/receiver';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

function camera(change: Partial<RemoteTrack> = {}): RemoteTrack {
  // The watch looks at what is said of a track, never at the track.
  const track = {} as unknown as MediaStreamTrack;
  return { consumerId: 'c', participantId: 'p', sessionId: 's', source: 'camera', track, paused: false, starved: false, ...change };
}

test('a picture that stands still is said to, then that it is back, then nothing more', () => {
  let changes = 0;
  const watch = new PictureWatch(() => changes++);
  watch.see([camera()]);
  assert.equal(watch.flow, 'flowing');
  watch.see([camera({ starved: true })]);
  assert.equal(watch.flow, 'starved');
  watch.see([camera()]);
  assert.equal(watch.flow, 'back');
  mock.timers.tick(backTime - 1);
  assert.deepEqual([watch.flow, changes], ['back', 0]);
  mock.timers.tick(1);
  assert.deepEqual([watch.flow, changes], ['flowing', 1]);
});

test('a picture that stands still again meanwhile stays paused', () => {
  const watch = new PictureWatch(() => assert.fail('The earlier return is over.'));
  watch.see([camera({ starved: true })]);
  watch.see([camera()]);
  watch.see([camera({ starved: true })]);
  mock.timers.tick(backTime * 2);
  assert.equal(watch.flow, 'starved');
});

test('a camera that is turned off meanwhile has no picture to come back', () => {
  const watch = new PictureWatch(() => undefined);
  watch.see([camera({ starved: true })]);
  watch.see([camera({ starved: true, paused: true })]);
  assert.equal(watch.flow, 'flowing');
  watch.see([camera({ starved: true })]);
  assert.equal(watch.flow, 'starved');
  watch.see([]);
  assert.equal(watch.flow, 'flowing');
});

test('of several pictures one that stands still is enough', () => {
  const watch = new PictureWatch(() => undefined);
  watch.see([camera(), camera({ consumerId: 'd', source: 'screen', starved: true })]);
  assert.equal(watch.flow, 'starved');
});
