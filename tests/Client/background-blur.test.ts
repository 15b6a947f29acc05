import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackgroundBlur, type MakeBlurred } from '../../src/Web/App/Client/call/background-blur';

const camera = { id: 'camera' } as MediaStreamTrack;
const another = { id: 'another' } as MediaStreamTrack;

function blurOf(make: MakeBlurred) {
  const said: string[] = [];
  return { blur: new BackgroundBlur(make, { changed: () => said.push('changed'), failed: () => said.push('failed') }), said };
}

/** An engine that a test makes ready, and sees stopped. */
function engine() {
  const made: { camera: MediaStreamTrack; ready: () => void; fail: () => void; slow: () => void; stopped: boolean }[] = [];
  const make: MakeBlurred = (source, slow) =>
    new Promise((resolve, reject) => {
      const one = { camera: source, ready: () => {}, fail: () => reject(new Error('cannot')), slow, stopped: false };
      one.ready = () => resolve({ track: { id: `blurred ${source.id}` } as MediaStreamTrack, stop: () => (one.stopped = true) });
      made.push(one);
    });
  return { made, make };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('it is off unless wanted, and the camera is sent as it is', () => {
  const { made, make } = engine();
  const { blur } = blurOf(make);
  assert.equal(blur.track(camera), camera);
  assert.equal(made.length, 0);
});

test('once wanted, no picture without it is sent', async () => {
  const { made, make } = engine();
  const { blur, said } = blurOf(make);
  blur.set(true);
  assert.equal(blur.track(camera), undefined);
  assert.equal(blur.track(camera), undefined);
  assert.equal(made.length, 1);
  made[0]?.ready();
  await settled();
  assert.equal(blur.track(camera)?.id, 'blurred camera');
  assert.equal(blur.track(another), undefined);
  assert.equal(made[0]?.stopped, true);
  made[1]?.ready();
  await settled();
  assert.equal(blur.track(another)?.id, 'blurred another');
  blur.set(false);
  assert.equal(blur.track(another), another);
  assert.equal(made[1]?.stopped, true);
  assert.deepEqual(said, ['changed', 'changed', 'changed', 'changed']);
});

test('a camera that is turned off while it is made ready leaves nothing running', async () => {
  const { made, make } = engine();
  const { blur } = blurOf(make);
  blur.set(true);
  blur.track(camera);
  assert.equal(blur.track(undefined), undefined);
  made[0]?.ready();
  await settled();
  assert.equal(made[0]?.stopped, true);
});

test('a device that cannot, or is too slow, sends its camera as before and says so', async () => {
  const { made, make } = engine();
  const { blur, said } = blurOf(make);
  blur.set(true);
  blur.track(camera);
  made[0]?.fail();
  await settled();
  assert.equal(blur.on, false);
  assert.equal(blur.track(camera), camera);
  blur.set(true);
  blur.track(camera);
  made[1]?.ready();
  await settled();
  made[1]?.slow();
  assert.equal(made[1]?.stopped, true);
  assert.equal(blur.track(camera), camera);
  assert.deepEqual(said.filter((what) => what === 'failed'), ['failed', 'failed']);
});
