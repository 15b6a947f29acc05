import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { LocalDevices } from '../../src/Web/App/Client/call/local-devices';
import type { DeviceKind } from '../../src/Web/App/Client/call/devices';
import { settle } from './fakes';

/** A track as far as the page uses it, which somebody can unplug. */
class FakeTrack extends EventTarget {
  readyState = 'live';
  constructor(
    readonly kind: 'audio' | 'video',
    readonly deviceId: string,
  ) {
    super();
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId };
  }

  stop(): void {
    this.readyState = 'ended';
  }

  unplug(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

let plugged: Record<'audio' | 'video', string[]>;
let asked: MediaStreamConstraints[];
let opened: FakeTrack[];
let missing: DeviceKind[];
let devices: LocalDevices;

function open(kind: 'audio' | 'video', constraints: boolean | MediaTrackConstraints | undefined): FakeTrack[] {
  if (constraints === undefined || typeof constraints === 'boolean') return [];
  const wish = constraints.deviceId as string | undefined;
  const found = plugged[kind].find((id) => id === wish) ?? plugged[kind][0];
  if (found === undefined) throw new DOMException('None.', 'NotFoundError');
  const track = new FakeTrack(kind, found);
  opened.push(track);
  return [track];
}

beforeEach(() => {
  plugged = { audio: ['headset', 'built in'], video: ['webcam', 'built in camera'] };
  [asked, opened, missing] = [[], [], []];
  const getUserMedia = (constraints: MediaStreamConstraints) => {
    asked.push(constraints);
    return Promise.resolve().then(() => {
      const [audio, video] = [open('audio', constraints.audio), open('video', constraints.video)];
      return { getAudioTracks: () => audio, getVideoTracks: () => video };
    });
  };
  Object.defineProperty(globalThis, 'window', { value: { isSecureContext: true }, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices: { getUserMedia } }, configurable: true });
  devices = new LocalDevices({ changed: () => undefined, missing: (kind) => missing.push(kind), found: () => undefined });
});

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'window');
  Reflect.deleteProperty(globalThis, 'navigator');
});

const id = (kind: DeviceKind) => devices.deviceId(kind);

test('another device takes over while the old one is still open, and keeps its place after it was off', async () => {
  await devices.open();
  assert.deepEqual([id('microphone'), id('camera'), devices.settled], ['headset', 'webcam', true]);
  const before = opened.at(-1);
  const changing = devices.use('camera', 'built in camera');
  assert.equal(before?.readyState, 'live');
  await changing;
  assert.deepEqual([id('camera'), before?.readyState], ['built in camera', 'ended']);
  await devices.toggle('camera');
  await devices.toggle('camera');
  assert.equal(id('camera'), 'built in camera');
});

test('a device that is unplugged is followed by another, and by none where there is none', async () => {
  await devices.open();
  plugged.audio = ['built in'];
  opened.find((track) => track.kind === 'audio')?.unplug();
  await settle();
  assert.equal(id('microphone'), 'built in');
  plugged.audio = [];
  opened.filter((track) => track.kind === 'audio').at(-1)?.unplug();
  await settle();
  assert.deepEqual([id('microphone'), missing, devices.works('microphone'), devices.settled], [undefined, ['microphone'], false, true]);
});

test('a muted microphone changes too, a camera that is off stays dark until it is on', async () => {
  await devices.open();
  await devices.toggle('microphone');
  await devices.use('microphone', 'built in');
  assert.deepEqual([id('microphone'), devices.on('microphone')], ['built in', false]);
  await devices.toggle('camera');
  const questions = asked.length;
  await devices.use('camera', 'built in camera');
  assert.equal(asked.length, questions);
  await devices.toggle('camera');
  assert.equal(id('camera'), 'built in camera');
});

test('nothing is known of the devices while the browser asks, and they rest with what they were switched to', async () => {
  assert.equal(devices.settled, false);
  const opening = devices.open();
  assert.equal(devices.settled, false);
  await opening;
  await devices.toggle('camera');
  devices.rest();
  assert.deepEqual([devices.settled, id('microphone'), devices.wants('microphone'), devices.wants('camera')], [false, undefined, true, false]);
  assert.ok(opened.every((track) => track.readyState === 'ended'));
  await devices.open();
  assert.deepEqual([devices.on('microphone'), devices.on('camera')], [true, false]);
});
