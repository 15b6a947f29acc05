import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { CpuWatch, lookInterval, readLoad } from '../../src/Web/App/Client/call/media/cpu-watch';
import { cameraEncodings } from '../../src/Web/App/Client/call/media/encodings';
import { ShownSizes } from '../../src/Web/App/Client/call/media/shown-sizes';
import type { Invoke } from '../../src/Web/App/Client/call/protocol';
import { ConnectionLost } from '../../src/Web/App/Client/realtime/hub-link';
import { pass } from './fakes';

describe('a camera', () => {
  const scales = (width?: number, height?: number) =>
    cameraEncodings({ ...(width !== undefined && { width }), ...(height !== undefined && { height }) }).map((each) => each.scaleResolutionDownBy);

  test('is sent in three layers, in fewer when it is small', () => {
    assert.deepEqual(scales(1280, 720), [4, 2, 1]);
    assert.deepEqual(scales(720, 1280), [4, 2, 1]);
    assert.deepEqual(scales(640, 480), [2, 1]);
    assert.deepEqual(scales(320, 240), [1]);
  });

  test('of unknown size counts as a large one', () => assert.deepEqual(scales(), [4, 2, 1]));

  test('gets more bits the larger the layer', () => {
    const bitrates = cameraEncodings({ width: 1280, height: 720 }).map((each) => each.maxBitrate ?? 0);
    assert.deepEqual(bitrates, [...bitrates].sort((a, b) => a - b));
  });
});

describe('the sizes shown', () => {
  let calls: unknown[][];
  let failure: Error | undefined;
  let sizes: ShownSizes;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    [calls, failure] = [[], undefined];
    sizes = new ShownSizes((async (...call: unknown[]) => {
      calls.push(call);
      await Promise.resolve();
      if (failure) throw failure;
    }) as Invoke);
  });

  afterEach(() => mock.timers.reset());

  test('are told once they stand still, and once', async () => {
    sizes.set('one', { width: 100, height: 50 });
    await pass(200);
    sizes.set('one', { width: 640, height: 360 });
    await pass(200);
    assert.deepEqual(calls, []);
    await pass(100);
    sizes.set('one', { width: 640, height: 360 });
    await pass(300);
    assert.deepEqual(calls, [['SetShownSize', 'one', 640, 360]]);
  });

  test('are nothing while the page is hidden', async () => {
    sizes.set('one', { width: 640, height: 360 });
    sizes.hidden = true;
    await pass(300);
    sizes.hidden = false;
    await pass(300);
    assert.deepEqual(calls, [
      ['SetShownSize', 'one', 0, 0],
      ['SetShownSize', 'one', 640, 360],
    ]);
  });

  test('are halved for a machine that does not keep up', async () => {
    sizes.set('one', { width: 641, height: 360 });
    sizes.halvings = 1;
    await pass(300);
    assert.deepEqual(calls, [['SetShownSize', 'one', 321, 180]]);
  });

  test('that a lost connection swallowed are told after the reconnect; those that were refused are not', async () => {
    failure = new ConnectionLost();
    sizes.set('one', { width: 640, height: 360 });
    await pass(300);
    failure = new Error('HubException: not-found: This page has no such consumer.');
    sizes.sync();
    await pass(300);
    sizes.sync();
    await pass(300);
    assert.equal(calls.length, 2);
  });

  test('of a consumer that is gone are forgotten', async () => {
    sizes.set('one', { width: 640, height: 360 });
    sizes.keep(['two']);
    await pass(300);
    assert.deepEqual(calls, []);
  });

  test('no screen has are not told as they are', async () => {
    sizes.set('one', { width: 40_000, height: 360 });
    await pass(300);
    assert.deepEqual(calls, [['SetShownSize', 'one', 16_384, 360]]);
  });
});

describe('a machine', () => {
  let watch: CpuWatch;
  let now: number;
  let received: number;
  let dropped: number;

  /** So many looks, each with 60 frames of which this share was dropped. */
  const look = (times: number, share: number, encoderLimited = false): number => {
    let halvings = 0;
    for (let time = 0; time < times; time++) {
      now += lookInterval;
      received += 60;
      dropped += 60 * share;
      halvings = watch.look(now, { framesReceived: received, framesDropped: dropped, encoderLimited });
    }
    return halvings;
  };
  const looksIn = (milliseconds: number) => milliseconds / lookInterval;

  beforeEach(() => {
    watch = new CpuWatch();
    [now, received, dropped] = [0, 0, 0];
    look(1, 0);
  });

  test('that keeps up gets full pictures, and a stumble changes nothing', () => {
    assert.equal(look(2, 0.5), 0);
    assert.equal(look(1, 0), 0);
    assert.equal(look(2, 0.5), 0);
    assert.equal(look(50, 0.05), 0);
  });

  test('that drops frames gets smaller pictures, step by step, and no smaller than two steps', () => {
    assert.equal(look(3, 0.3), 1);
    assert.equal(look(3, 0.3), 2);
    assert.equal(look(30, 0.3), 2);
  });

  test('that encodes less by itself is helped by one step, for as long as it does', () => {
    assert.equal(look(3, 0, true), 1);
    assert.equal(look(100, 0, true), 1);
    assert.equal(look(looksIn(30_000) + 1, 0), 0);
  });

  test('that recovers gets more after half a minute, and after longer when that was too much', () => {
    look(3, 0.3);
    assert.equal(look(looksIn(30_000), 0), 1);
    assert.equal(look(1, 0), 0);
    assert.equal(look(3, 0.3), 1);
    assert.equal(look(looksIn(60_000), 0), 1);
    assert.equal(look(1, 0), 0);
  });

  test('that receives next to nothing is not judged by it', () => {
    for (let time = 0; time < 10; time++) {
      now += lookInterval;
      received += 4;
      dropped += 4;
      assert.equal(watch.look(now, { framesReceived: received, framesDropped: dropped, encoderLimited: false }), 0);
    }
  });

  test('is judged by all its connections together', () => {
    const report = (...entries: object[]) => new Map(entries.map((entry, index) => [String(index), entry])) as unknown as RTCStatsReport;
    const load = readLoad([
      report({ type: 'inbound-rtp', framesReceived: 10, framesDropped: 1 }, { type: 'inbound-rtp' }, { type: 'candidate-pair' }),
      report({ type: 'outbound-rtp', qualityLimitationReason: 'cpu' }, { type: 'outbound-rtp', qualityLimitationReason: 'none' }),
    ]);
    assert.deepEqual(load, { framesReceived: 10, framesDropped: 1, encoderLimited: true });
  });
});
