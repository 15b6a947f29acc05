import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import type { types } from 'mediasoup-client';
import { Receiver, type RemoteTrack } from '../../src/Web/App/Client/call/media/receiver';
import { Sender } from '../../src/Web/App/Client/call/media/sender';
import { TransportKeeper } from '../../src/Web/App/Client/call/media/transport-keeper';
import type { ConsumerAdded, Invoke } from '../../src/Web/App/Client/call/protocol';
import { ConnectionLost } from '../../src/Web/App/Client/realtime/hub-link';
import { deferred, pass, settle } from './fakes';

/** A transport of mediasoup-client as far as the page uses it; a produce or consume goes through without a browser. */
class FakeTransport extends EventEmitter {
  connectionState: types.ConnectionState = 'new';
  closed = false;
  readonly restarts: unknown[] = [];
  iceServers: unknown = [];
  readonly producers: FakeProducer[] = [];
  consumed: string[] = [];
  failConsume = false;

  constructor(readonly id: string) {
    super();
  }

  become(state: types.ConnectionState): void {
    this.connectionState = state;
    this.emit('connectionstatechange', state);
  }

  updateIceServers({ iceServers }: { iceServers: unknown }): Promise<void> {
    this.iceServers = iceServers;
    return Promise.resolve();
  }

  restartIce({ iceParameters }: { iceParameters: unknown }): Promise<void> {
    this.restarts.push(iceParameters);
    return Promise.resolve();
  }

  async produce({ track, appData }: { track: FakeTrack; appData: object }): Promise<FakeProducer> {
    const { id } = await new Promise<{ id: string }>((done, failed) =>
      this.emit('produce', { kind: track.kind, rtpParameters: {}, appData }, done, failed),
    );
    const producer = new FakeProducer(id, track);
    this.producers.push(producer);
    return producer;
  }

  consume({ id }: { id: string }): Promise<{ track: { id: string }; close: () => void }> {
    if (this.failConsume) return Promise.reject(new Error('Duplicate a=mid value'));
    this.consumed.push(id);
    return Promise.resolve({ track: { id: `track of ${id}` }, close: () => undefined });
  }

  close(): void {
    this.closed = true;
  }
}

class FakeProducer {
  closed = false;
  constructor(
    readonly id: string,
    public track: FakeTrack | null,
  ) {}

  readonly layers: number[] = [];

  setMaxSpatialLayer(layer: number): Promise<void> {
    this.layers.push(layer);
    return Promise.resolve();
  }

  replaceTrack({ track }: { track: FakeTrack | null }): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }
}

interface FakeTrack {
  readonly kind: 'audio' | 'video';
  readonly readyState: 'live';
  enabled: boolean;
  getSettings: () => MediaTrackSettings;
}

const track = (kind: 'audio' | 'video') => ({ kind, readyState: 'live', enabled: true, getSettings: () => ({ width: 1280, height: 720 }) }) as const as unknown as MediaStreamTrack;
const transportOf = (fake: FakeTransport) => fake as unknown as types.Transport;

let calls: [string, ...unknown[]][];
let answers: Record<string, () => unknown>;
const invoke = (async (method: string, ...parameters: unknown[]) => {
  calls.push([method, ...parameters]);
  await Promise.resolve();
  return answers[method]?.();
}) as Invoke;
const asked = (method: string) => calls.filter(([name]) => name === method);

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  calls = [];
  answers = {};
});

afterEach(() => mock.timers.reset());

describe('a transport', () => {
  let made: FakeTransport[];
  let lost: number;
  let keeper: TransportKeeper;
  const current = () => made.at(-1) ?? assert.fail('No transport was made.');

  beforeEach(() => {
    [made, lost] = [[], 0];
    answers['CreateTransport'] = () => ({ id: `transport-${made.length + 1}` });
    answers['RestartIce'] = () => ({ iceParameters: { usernameFragment: 'new', password: 'new' }, iceServers: ['turn'] });
    keeper = new TransportKeeper({
      invoke,
      request: () => ({ direction: 'send' }),
      build: ({ id }) => {
        made.push(new FakeTransport(id));
        return transportOf(current());
      },
      opened: () => undefined,
      lost: () => lost++,
      changed: () => undefined,
    });
  });

  afterEach(() => keeper.close());

  test('that loses its path restarts ICE, and stays', async () => {
    await keeper.open();
    current().become('connected');
    current().become('disconnected');
    await settle();
    assert.deepEqual(current().restarts, [{ usernameFragment: 'new', password: 'new' }]);
    assert.deepEqual(current().iceServers, ['turn']);
    current().become('connected');
    await pass(60_000);
    assert.equal(made.length, 1);
  });

  test('that a restart does not repair is replaced', async () => {
    await keeper.open();
    current().become('connected');
    current().become('disconnected');
    await settle();
    await pass(10_000);
    await pass(0);
    assert.equal(made.length, 2);
    assert.equal(made[0]?.closed, true);
  });

  test('that never connects is replaced', async () => {
    await keeper.open();
    current().emit('connect', { dtlsParameters: {} }, () => undefined, () => undefined);
    current().become('connecting');
    await pass(10_000);
    await pass(0);
    assert.equal(made.length, 2);
  });

  test('that fails after its restart is replaced at once', async () => {
    await keeper.open();
    current().become('connected');
    current().become('disconnected');
    await settle();
    current().become('failed');
    await pass(0);
    assert.equal(made.length, 2);
  });

  test('that the server no longer knows is replaced', async () => {
    await keeper.open();
    current().become('connected');
    answers['RestartIce'] = () => Promise.reject(new Error('HubException: not-found: This page has no such transport.'));
    current().become('disconnected');
    await settle();
    await pass(0);
    assert.equal(made.length, 2);
  });

  test('restarts when the hub is back if the hub was lost too', async () => {
    await keeper.open();
    current().become('connected');
    answers['RestartIce'] = () => Promise.reject(new ConnectionLost());
    current().become('disconnected');
    await settle();
    await pass(60_000);
    assert.equal(current().restarts.length, 0);
    assert.equal(made.length, 1);
    answers['RestartIce'] = () => ({ iceParameters: { usernameFragment: 'new', password: 'new' }, iceServers: ['turn'] });
    keeper.hubReturned();
    await settle();
    assert.equal(current().restarts.length, 1);
  });

  test('that could not be made is made when the hub is back', async () => {
    answers['CreateTransport'] = () => Promise.reject(new ConnectionLost());
    await keeper.open();
    answers['CreateTransport'] = () => ({ id: 'late' });
    keeper.hubReturned();
    await settle();
    assert.equal(current().id, 'late');
  });

  test('restarts on a change of network, but not before it was ever used', async () => {
    await keeper.open();
    keeper.networkChanged();
    await settle();
    assert.equal(asked('RestartIce').length, 0);
    current().become('connected');
    keeper.networkChanged();
    await settle();
    assert.equal(current().restarts.length, 1);
    await pass(60_000);
    assert.equal(made.length, 1);
  });

  test('whose answer comes after it was given up is not used', async () => {
    const answer = deferred<{ id: string }>();
    answers['CreateTransport'] = () => answer.promise;
    const opening = keeper.open();
    keeper.close();
    answer.resolve({ id: 'stale' });
    await opening;
    assert.equal(made.length, 0);
  });
});

describe('sending', () => {
  let transport: FakeTransport;
  let broken: unknown[];
  let unwanted: string[];
  let sender: Sender;

  beforeEach(() => {
    [broken, unwanted] = [[], []];
    let produced = 0;
    answers['Produce'] = () => ({ id: `producer-${++produced}` });
    transport = new FakeTransport('send');
    sender = new Sender(
      invoke,
      (reason) => broken.push(reason),
      (source) => unwanted.push(source),
    );
  });

  test('prepares while waiting, but nothing leaves the machine', async () => {
    const [microphone, camera] = [track('audio'), track('video')];
    sender.set('microphone', microphone, false);
    sender.set('camera', camera, false);
    sender.opened(transportOf(transport));
    await settle();
    assert.deepEqual(
      asked('Produce').map(([, request]) => (request as { paused: boolean }).paused),
      [true, true],
    );
    assert.equal(microphone.enabled, false);
    assert.equal(transport.producers[1]?.track, null);
  });

  test('begins at admission', async () => {
    const [microphone, camera] = [track('audio'), track('video')];
    sender.opened(transportOf(transport));
    sender.set('microphone', microphone, false);
    sender.set('camera', camera, false);
    await settle();
    sender.set('microphone', microphone, true);
    sender.set('camera', camera, true);
    await settle();
    assert.equal(microphone.enabled, true);
    assert.equal(transport.producers[1]?.track, camera);
    assert.deepEqual(asked('ResumeProducer'), [
      ['ResumeProducer', 'producer-1'],
      ['ResumeProducer', 'producer-2'],
    ]);
  });

  test('mutes at once, even without the hub, and tells it when it is back', async () => {
    const microphone = track('audio');
    sender.opened(transportOf(transport));
    sender.set('microphone', microphone, true);
    await settle();
    answers['PauseProducer'] = () => Promise.reject(new ConnectionLost());
    sender.set('microphone', microphone, false);
    assert.equal(microphone.enabled, false);
    await settle();
    delete answers['PauseProducer'];
    await sender.sync();
    assert.equal(asked('PauseProducer').length, 2);
    assert.deepEqual(broken, []);
    await sender.sync();
    assert.equal(asked('PauseProducer').length, 2);
  });

  test('another camera takes the place of the first in the same producer', async () => {
    const another = track('video');
    sender.opened(transportOf(transport));
    sender.set('camera', track('video'), true);
    await settle();
    sender.set('camera', another, true);
    await settle();
    assert.equal(transport.producers[0]?.track, another);
    assert.equal(asked('Produce').length, 1);
    assert.equal(asked('PauseProducer').length, 0);
  });

  test('a producer whose making was cut off makes the transport useless', async () => {
    answers['Produce'] = () => Promise.reject(new ConnectionLost());
    sender.opened(transportOf(transport));
    sender.set('microphone', track('audio'), true);
    await settle();
    assert.equal(broken.length, 1);
  });

  test('a screen is produced for each time it is shared, and closed after', async () => {
    sender.opened(transportOf(transport));
    sender.set('screen', undefined, true);
    await settle();
    assert.equal(transport.producers.length, 0);
    sender.set('screen', track('video'), true);
    await settle();
    sender.set('screen', undefined, true);
    await settle();
    assert.equal(transport.producers[0]?.closed, true);
    assert.deepEqual(asked('CloseProducer'), [['CloseProducer', 'producer-1']]);
    sender.set('screen', track('video'), true);
    await settle();
    assert.equal(transport.producers.length, 2);
    assert.deepEqual(broken, []);
  });

  test('the end of a screen that the hub did not hear of is told when it is back', async () => {
    sender.opened(transportOf(transport));
    sender.set('screen', track('video'), true);
    await settle();
    answers['CloseProducer'] = () => Promise.reject(new ConnectionLost());
    sender.set('screen', undefined, true);
    await settle();
    delete answers['CloseProducer'];
    await sender.sync();
    await sender.sync();
    assert.equal(asked('CloseProducer').length, 2);
    assert.deepEqual(broken, []);
  });

  test('a second screen is given up when the server refuses it, and the rest goes on', async () => {
    answers['Produce'] = () => Promise.reject(new Error('HubException: conflict: You are sharing a screen already.'));
    sender.opened(transportOf(transport));
    sender.set('screen', track('video'), true);
    await settle();
    await sender.sync();
    assert.deepEqual(unwanted, ['screen']);
    assert.deepEqual(broken, []);
    assert.equal(asked('Produce').length, 1);
  });

  test('a new transport gets what the old one sent', async () => {
    sender.opened(transportOf(transport));
    sender.set('camera', track('video'), true);
    await settle();
    sender.lost();
    const next = new FakeTransport('next');
    sender.opened(transportOf(next));
    await settle();
    assert.equal(next.producers.length, 1);
  });

  test('below video the camera sends its smallest picture, then none, and all of it again; the screen stays', async () => {
    sender.set('camera', track('video'), true);
    sender.set('screen', track('video'), true);
    sender.opened(transportOf(transport));
    await settle();
    const [camera, screen] = transport.producers;
    assert.ok(camera && screen);
    sender.step = 'lowVideo';
    await settle();
    assert.deepEqual([camera.layers, screen.layers], [[0], []]);
    sender.step = 'audio';
    await settle();
    assert.equal(camera.track, null);
    assert.deepEqual(asked('PauseProducer').at(-1), ['PauseProducer', camera.id]);
    sender.step = 'lowVideo';
    await settle();
    assert.deepEqual(asked('ResumeProducer').at(-1), ['ResumeProducer', camera.id]);
    sender.step = 'video';
    await settle();
    assert.deepEqual(camera.layers, [0, 2]);
    assert.equal(asked('PauseProducer').length, 1);
  });
});

describe('receiving', () => {
  let transport: FakeTransport;
  let broken: unknown[];
  let tracks: readonly RemoteTrack[];
  let receiver: Receiver;

  const added = (consumerId: string, changes: Partial<ConsumerAdded> = {}): ConsumerAdded => ({
    sequence: 1,
    type: 'consumerAdded',
    consumerId,
    participantId: 'doctor',
    sessionId: 'doctor-1',
    kind: 'video',
    source: 'camera',
    producerPaused: false,
    rtpParameters: { codecs: [], headerExtensions: [], encodings: [], rtcp: {} },
    ...changes,
  });

  beforeEach(() => {
    [broken, tracks] = [[], []];
    transport = new FakeTransport('receive');
    receiver = new Receiver(
      invoke,
      (reason) => broken.push(reason),
      (now) => (tracks = now),
    );
  });

  test('takes up consumers in order and lets them flow once connected', async () => {
    receiver.opened(transportOf(transport));
    receiver.added(added('one', { kind: 'audio', source: 'microphone' }));
    receiver.added(added('two'));
    await settle();
    assert.deepEqual(transport.consumed, ['one', 'two']);
    assert.equal(asked('ResumeConsumer').length, 0);
    transport.connectionState = 'connected';
    receiver.sync();
    await settle();
    assert.deepEqual(asked('ResumeConsumer'), [
      ['ResumeConsumer', 'one'],
      ['ResumeConsumer', 'two'],
    ]);
    assert.deepEqual(
      tracks.map((each) => each.source),
      ['microphone', 'camera'],
    );
  });

  test('keeps what is offered before the transport is there', async () => {
    receiver.added(added('early'));
    receiver.opened(transportOf(transport));
    await settle();
    assert.deepEqual(transport.consumed, ['early']);
  });

  test('asks again for what a lost connection left paused', async () => {
    transport.connectionState = 'connected';
    answers['ResumeConsumer'] = () => Promise.reject(new ConnectionLost());
    receiver.opened(transportOf(transport));
    receiver.added(added('one'));
    await settle();
    delete answers['ResumeConsumer'];
    receiver.sync();
    await settle();
    receiver.sync();
    await settle();
    assert.equal(asked('ResumeConsumer').length, 2);
  });

  test('lets go of a consumer the server no longer has', async () => {
    transport.connectionState = 'connected';
    answers['ResumeConsumer'] = () => Promise.reject(new Error('HubException: not-found: This page has no such consumer.'));
    receiver.opened(transportOf(transport));
    receiver.added(added('stale'));
    await settle();
    assert.deepEqual(tracks, []);
    assert.deepEqual(broken, []);
  });

  test('shows pauses and removals', async () => {
    receiver.opened(transportOf(transport));
    receiver.added(added('one'));
    await settle();
    receiver.updated({ sequence: 2, type: 'consumerPaused', consumerId: 'one' });
    assert.equal(tracks[0]?.paused, true);
    receiver.updated({ sequence: 3, type: 'consumerResumed', consumerId: 'one' });
    assert.equal(tracks[0]?.paused, false);
    receiver.updated({ sequence: 4, type: 'consumerStarved', consumerId: 'one' });
    assert.deepEqual([tracks[0]?.paused, tracks[0]?.starved], [false, true]);
    receiver.updated({ sequence: 5, type: 'consumerFed', consumerId: 'one' });
    assert.equal(tracks[0]?.starved, false);
    receiver.updated({ sequence: 6, type: 'consumerRemoved', consumerId: 'one' });
    assert.deepEqual(tracks, []);
  });

  test('asks for a new transport when a consumer does not fit into this one', async () => {
    transport.failConsume = true;
    receiver.opened(transportOf(transport));
    receiver.added(added('one'));
    await settle();
    assert.equal(broken.length, 1);
  });
});
