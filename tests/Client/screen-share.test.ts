import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { ScreenShare } from '../../src/Web/App/Client/call/screen-share';
import { deferred, settle } from './fakes';

class FakeTrack extends EventTarget {
  stopped = false;
  contentHint = '';

  stop(): void {
    this.stopped = true;
  }
}

describe('sharing a screen', () => {
  let chosen: ReturnType<typeof deferred<MediaStream>>;
  let asked: number;
  let changes: number;
  let failures: number;
  let track: FakeTrack;
  let share: ScreenShare;
  const choose = async () => {
    chosen.resolve({ getVideoTracks: () => [track] } as unknown as MediaStream);
    await settle();
  };
  const refuse = async (name: string) => {
    chosen.reject(new DOMException('No.', name));
    await settle();
  };

  beforeEach(() => {
    [asked, changes, failures] = [0, 0, 0];
    chosen = deferred();
    track = new FakeTrack();
    const getDisplayMedia = () => {
      asked++;
      return chosen.promise;
    };
    Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices: { getDisplayMedia } }, configurable: true });
    share = new ScreenShare({ changed: () => changes++, failed: () => failures++ });
  });

  test('begins with what was chosen, sharp rather than smooth, and ends with the same button', async () => {
    void share.toggle();
    await choose();
    assert.equal(share.track, track);
    assert.equal(track.contentHint, 'detail');
    void share.toggle();
    assert.equal(share.track, undefined);
    assert.equal(track.stopped, true);
    assert.deepEqual([asked, changes, failures], [1, 2, 0]);
  });

  test('asks once, however often the button is pressed meanwhile', async () => {
    void share.toggle();
    void share.toggle();
    await choose();
    assert.equal(asked, 1);
    assert.equal(share.track, track);
  });

  test('ends in the browser’s own bar', async () => {
    void share.toggle();
    await choose();
    track.dispatchEvent(new Event('ended'));
    assert.equal(share.track, undefined);
    assert.equal(changes, 2);
  });

  test('says nothing of a choice that was not made, and something of one that failed', async () => {
    void share.toggle();
    await refuse('NotAllowedError');
    assert.deepEqual([changes, failures], [0, 0]);
    chosen = deferred();
    void share.toggle();
    await refuse('NotReadableError');
    assert.deepEqual([changes, failures], [0, 1]);
  });

  test('does not begin after the call is over', async () => {
    void share.toggle();
    share.close();
    await choose();
    assert.equal(track.stopped, true);
    assert.equal(share.track, undefined);
    assert.equal(changes, 0);
  });

  test('is offered only where the browser can', () => {
    assert.equal(ScreenShare.supported, true);
    Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices: {} }, configurable: true });
    assert.equal(ScreenShare.supported, false);
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
    assert.equal(ScreenShare.supported, false);
  });
});
