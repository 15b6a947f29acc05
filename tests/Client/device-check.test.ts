import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import type { types } from 'mediasoup-client';
import { appOf, describeDevice, judgeBrowser, type Surroundings } from '../../src/Web/App/Client/device-check/browser';
import { measureWith, type EchoOptions, type Measured } from '../../src/Web/App/Client/device-check/echo';
import { figuresOf, routeOf, type Sample, type Stat } from '../../src/Web/App/Client/device-check/figures';
import { judgePicture } from '../../src/Web/App/Client/device-check/picture';
import type { DeviceDescription, Outcome, Part } from '../../src/Web/App/Client/device-check/result';
import { levelOf, SpeechWatch } from '../../src/Web/App/Client/device-check/sound';
import { howToAllow, wordsOf } from '../../src/Web/App/Client/device-check/wording';
import { FakeHub, pass, settle } from './fakes';

const agents = {
  chromeAndroid: 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  androidTablet: 'Mozilla/5.0 (Linux; Android 14; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  samsung: 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
  safariPhone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  chromePhone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/99.0.0.0 Mobile/15E148 Safari/604.1',
  safariMac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Safari/605.1.15',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  facebook: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/460.0.0.35.107;FBBV/590]',
  instagram: 'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.0.0 Mobile Safari/537.36 Instagram 330.0.0.40.92 Android',
  webViewAndroid: 'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.0.0 Mobile Safari/537.36',
  webViewPhone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  whatsApp: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 WhatsApp/24.10.80',
};

const around = (userAgent: string, change: Partial<Surroundings> = {}): Surroundings => ({ userAgent, touchPoints: 0, secure: true, canOpenDevices: true, canCall: true, ...change });

describe('the browser', () => {
  test('is known by its family, number and kind of device, and no more', () => {
    const described = (agent: string, touchPoints = 0): unknown[] => {
      const { browserFamily, browserVersion, deviceKind } = describeDevice({ userAgent: agent, touchPoints });
      return [browserFamily, browserVersion, deviceKind];
    };
    assert.deepEqual(described(agents.chromeAndroid), ['Chrome', 140, 'AndroidPhone']);
    assert.deepEqual(described(agents.androidTablet), ['Chrome', 140, 'AndroidTablet']);
    assert.deepEqual(described(agents.samsung), ['Samsung', 27, 'AndroidPhone']);
    assert.deepEqual(described(agents.safariPhone), ['Safari', 17, 'IPhone']);
    assert.deepEqual(described(agents.edge), ['Edge', 140, 'Windows']);
    assert.deepEqual(described(agents.firefox), ['Firefox', 128, 'Other']);
    assert.deepEqual(described(agents.safariMac), ['Safari', 15, 'Mac']);
    assert.deepEqual(described(agents.safariMac, 5), ['Safari', 15, 'IPad']);
    assert.deepEqual(described('curl/8.0'), ['Other', undefined, 'Other']);
  });

  test('inside another app is told from one of its own', () => {
    assert.equal(appOf(agents.facebook), 'Facebook');
    assert.equal(appOf(agents.instagram), 'Instagram');
    assert.equal(appOf(agents.whatsApp), 'WhatsApp');
    assert.equal(appOf(agents.webViewAndroid), 'another app');
    assert.equal(appOf(agents.webViewPhone), 'another app');
    for (const own of [agents.chromeAndroid, agents.samsung, agents.safariPhone, agents.chromePhone, agents.safariMac, agents.edge, agents.firefox]) assert.equal(appOf(own), undefined);
  });

  test('is judged by what it can do, where the page is, and its age', () => {
    assert.equal(judgeBrowser(around(agents.chromeAndroid)), 'Good');
    assert.equal(judgeBrowser(around(agents.chromeAndroid, { secure: false, canOpenDevices: false })), 'Insecure');
    assert.equal(judgeBrowser(around(agents.facebook, { canOpenDevices: false })), 'InApp');
    assert.equal(judgeBrowser(around(agents.firefox, { canCall: false })), 'Unsupported');
    assert.equal(judgeBrowser(around(agents.firefox, { canOpenDevices: false })), 'Unsupported');
    assert.equal(judgeBrowser(around(agents.safariMac)), 'TooOld');
    // Its own number says nothing of the Safari inside.
    assert.equal(judgeBrowser(around(agents.chromePhone)), 'Good');
  });
});

describe('the picture', () => {
  const bright = (noise: number): number[] => Array.from({ length: 64 }, (_, at) => 100 + (at % 7) + noise * (at % 2));

  test('is good when it is bright and changes', () => assert.equal(judgePicture([bright(0), bright(1), bright(0)]), 'Good'));
  test('is dark when no point of it is bright', () => assert.equal(judgePicture([0, 1, 2].map((noise) => Array.from({ length: 64 }, (_, at) => 4 + ((at + noise) % 5)))), 'Black'));
  test('is not dark in a dark room with a lamp', () => assert.equal(judgePicture([0, 1].map((noise) => Array.from({ length: 64 }, (_, at) => (at < 4 ? 200 : 5 + noise)))), 'Good'));
  test('stands still when nothing changes, not even by noise', () => assert.equal(judgePicture([bright(0), bright(0), bright(0)]), 'Frozen'));
  test('that stood still for a moment only is good', () => assert.equal(judgePicture([bright(0), bright(0), bright(1)]), 'Good'));
  test('that never came stands still', () => assert.equal(judgePicture([]), 'Frozen'));
});

describe('the microphone', () => {
  const wave = (loudness: number): number[] => Array.from({ length: 480 }, (_, at) => loudness * Math.sqrt(2) * Math.sin(at));

  test('moves the bar from nothing to all of it', () => {
    assert.equal(levelOf(wave(0)), 0);
    assert.equal(levelOf(wave(0.001)), 0);
    assert.ok(levelOf(wave(0.03)) > 40 && levelOf(wave(0.03)) < 60, String(levelOf(wave(0.03))));
    assert.equal(levelOf(wave(1)), 100);
    assert.equal(levelOf([]), 0);
  });

  const hear = (levels: readonly number[]): boolean => {
    const watch = new SpeechWatch();
    levels.forEach((level, at) => watch.hear(level, at * 50));
    return watch.heard;
  };

  test('has heard words, also halting ones', () => {
    assert.equal(hear([0, ...Array<number>(8).fill(60)]), true);
    assert.equal(hear(Array.from({ length: 60 }, (_, at) => (at % 5 === 0 ? 60 : 0))), true);
  });

  test('has heard nothing in silence, in a hum, or by a click', () => {
    assert.equal(hear(Array<number>(200).fill(0)), false);
    assert.equal(hear(Array<number>(200).fill(15)), false);
    assert.equal(hear([0, 0, 90, 90, 0, 0]), false);
  });

  test('is not taken to have listened while the page was held back', () => {
    const watch = new SpeechWatch();
    watch.hear(90, 0);
    watch.hear(90, 10_000);
    assert.equal(watch.heard, false);
  });
});

describe('the words', () => {
  const phone: DeviceDescription = { browserFamily: 'Safari', browserVersion: 17, deviceKind: 'IPhone' };
  const all: Record<Part, readonly Outcome[]> = {
    browser: ['InApp', 'TooOld', 'Unsupported', 'Insecure'],
    camera: ['Failed', 'Denied', 'NotFound', 'InUse', 'Insecure', 'Black', 'Frozen'],
    microphone: ['Failed', 'Denied', 'NotFound', 'InUse', 'Insecure', 'Silent'],
    speaker: ['Failed', 'NotHeard'],
    network: ['Failed', 'Blocked', 'Busy'],
  };

  test('of every failure say what is wrong and what to do, each in its own words', () => {
    for (const [part, outcomes] of Object.entries(all)) {
      const said = outcomes.map((outcome) => {
        const words = wordsOf(part as Part, outcome, phone, agents.facebook);
        assert.ok(words.advice.length > 0, `${part} ${outcome}`);
        return words.result;
      });
      assert.equal(new Set(said).size, said.length, said.join('\n'));
    }
  });

  test('of what works, and of what somebody does without, ask for nothing', () => {
    for (const part of Object.keys(all) as Part[]) {
      assert.deepEqual(wordsOf(part, 'Good', phone, agents.safariPhone).advice, []);
      if (part !== 'browser') assert.deepEqual(wordsOf(part, 'Skipped', phone, agents.safariPhone).advice, []);
    }
  });

  test('say where each browser keeps its permissions', () => {
    assert.match(howToAllow('camera', phone)[0] ?? '', /Website Settings/);
    assert.match(howToAllow('camera', { browserFamily: 'Chrome', deviceKind: 'IPhone' })[0] ?? '', /Settings app, find Chrome/);
    assert.match(howToAllow('microphone', { browserFamily: 'Chrome', deviceKind: 'AndroidPhone' })[0] ?? '', /Permissions/);
    assert.match(howToAllow('camera', { browserFamily: 'Firefox', deviceKind: 'Windows' }).join(' '), /crossed-out camera.*In Windows/);
    assert.match(howToAllow('microphone', { browserFamily: 'Safari', deviceKind: 'Mac' }).join(' '), /Settings for this website.*On a Mac/);
  });

  test('name the app that the page is caught in, and the browser to open', () => {
    const words = wordsOf('browser', 'InApp', phone, agents.instagram);
    assert.match(words.result, /inside Instagram/);
    assert.match(words.advice[0] ?? '', /in Safari/);
  });

  test('of a network follow its figures', () => {
    const good = { route: 'Udp', roundTripMs: 30, lossUp: 0, lossDown: 0.001, jitterMs: 5, upBitrate: 1_400_000, downBitrate: 1_300_000 } as const;
    const say = (change: object) => wordsOf('network', 'Good', phone, '', { ...good, ...change });
    assert.match(say({}).result, /good enough.*Direct way \(UDP\).*30 milliseconds.*0\.1 %.*Up: 1\.4, down: 1\.3/);
    assert.deepEqual(say({}).advice, []);
    assert.match(say({ route: 'Tcp' }).result, /By TCP, because UDP is blocked/);
    assert.match(say({ lossUp: 0.05 }).result, /is poor/);
    assert.match(say({ downBitrate: 200_000 }).result, /is poor/);
    assert.match(say({ jitterMs: 80 }).result, /is poor/);
    assert.match(say({ roundTripMs: 400 }).result, /is poor/);
    assert.match(say({ lossDown: 0.3 }).result, /too poor/);
    assert.match(say({ upBitrate: 20_000 }).result, /too poor/);
  });
});

/** What a browser says of the receiving connection after so many seconds of an even echo. */
function stats(seconds: number, change: { readonly protocol?: string; readonly type?: string; readonly lost?: number } = {}): Stat[] {
  return [
    { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
    { id: 'Q', type: 'candidate-pair', localCandidateId: 'M', state: 'waiting' },
    { id: 'P', type: 'candidate-pair', localCandidateId: 'L', state: 'succeeded', nominated: true, currentRoundTripTime: 0.04 },
    { id: 'M', type: 'local-candidate', candidateType: 'host', protocol: 'udp' },
    { id: 'L', type: 'local-candidate', candidateType: change.type ?? 'host', protocol: change.protocol ?? 'udp' },
    { id: 'A', type: 'inbound-rtp', kind: 'audio', packetsReceived: 50 * seconds, packetsLost: 0, bytesReceived: 5_000 * seconds, jitter: 0.012 },
    { id: 'V', type: 'inbound-rtp', kind: 'video', packetsReceived: 50 * seconds, packetsLost: change.lost ?? 0, bytesReceived: 120_000 * seconds, jitter: 0.9 },
  ];
}

const server = (seconds: number, bitrate = 1_000_000): Sample['server'] => ({
  roundTripMs: 55,
  received: [
    { kind: 'audio', packets: 50 * seconds, packetsLost: seconds, jitterMs: 8, bitrate: 40_000 },
    { kind: 'video', packets: 50 * seconds, packetsLost: 0, jitterMs: 60, bitrate },
  ],
});

const tenSeconds = (make: (second: number) => Partial<Sample> = () => ({})): Sample[] =>
  Array.from({ length: 11 }, (_, second) => ({ at: second * 1_000, server: server(second), received: stats(second), ...make(second) }));

describe('the figures', () => {
  test('put together what both ends saw', () => {
    assert.deepEqual(figuresOf(tenSeconds()), { route: 'Udp', roundTripMs: 40, lossUp: 0.0099, lossDown: 0, jitterMs: 12, upBitrate: 1_040_000, downBitrate: 1_000_000 });
  });

  test('leave the first seconds, in which the sender feels its way, out of the bitrate', () => {
    const slow = figuresOf(tenSeconds((second) => ({ server: server(second, second < 4 ? 100_000 : 1_000_000) })));
    assert.equal(slow?.upBitrate, 1_040_000);
  });

  test('count what was lost on the way back', () => {
    assert.equal(figuresOf(tenSeconds((second) => ({ received: stats(second, { lost: 10 * second }) })))?.lossDown, 0.0909);
  });

  test('take the round trip of the service when the browser has none', () => {
    const without = tenSeconds((second) => ({ received: stats(second).map((stat) => (stat.id === 'P' ? { ...stat, currentRoundTripTime: undefined } : stat)) }));
    assert.equal(figuresOf(without)?.roundTripMs, 55);
  });

  test('are none when nothing came through', () => {
    assert.equal(figuresOf([]), undefined);
    assert.equal(figuresOf(tenSeconds(() => ({ received: stats(0) }))), undefined);
    assert.equal(figuresOf(tenSeconds(() => ({ server: { received: [] } }))), undefined);
  });

  test('say which way was taken', () => {
    assert.equal(routeOf(stats(1)), 'Udp');
    assert.equal(routeOf(stats(1, { protocol: 'tcp' })), 'Tcp');
    assert.equal(routeOf(stats(1, { type: 'relay', protocol: 'udp' })), 'Relay');
    // Firefox has no transport statistics: it marks the pair.
    assert.equal(routeOf(stats(1, { protocol: 'tcp' }).filter((stat) => stat.type !== 'transport')), 'Tcp');
  });
});

/** A transport of mediasoup-client as far as the echo uses it. */
class FakeTransport extends EventEmitter {
  connectionState: types.ConnectionState = 'new';
  readonly consumed: string[] = [];
  closed = false;
  looks = 0;

  constructor(readonly id: string) {
    super();
  }

  become(state: types.ConnectionState): void {
    this.connectionState = state;
    this.emit('connectionstatechange', state);
  }

  async produce({ track }: { track: { kind: string } }): Promise<void> {
    await new Promise((done, failed) => this.emit('produce', { kind: track.kind, rtpParameters: {} }, done, failed));
  }

  consume({ id }: { id: string }): Promise<void> {
    this.consumed.push(id);
    return Promise.resolve();
  }

  getStats(): Promise<Map<string, Stat>> {
    return Promise.resolve(new Map(stats(this.looks++).map((stat) => [stat.id, stat])));
  }

  close(): void {
    this.closed = true;
  }
}

describe('the echo', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  function world(): { hub: FakeHub; send: FakeTransport; receive: FakeTransport; options: EchoOptions; stopped: () => boolean; progress: number[] } {
    const hub = new FakeHub();
    const [send, receive] = [new FakeTransport('send'), new FakeTransport('receive')];
    let stopped = false;
    let made = 0;
    let looked = 0;
    const progress: number[] = [];
    hub.answers['Begin'] = () => ({ routerRtpCapabilities: {}, seconds: 60 });
    hub.answers['CreateTransport'] = () => ({});
    hub.answers['Produce'] = ({ kind }: { kind: string }) => ({ id: `producer ${++made}`, consumerId: `consumer ${made}`, kind, rtpParameters: {} });
    hub.answers['Statistics'] = () => server(looked++);
    const options: EchoOptions = {
      ticket: hub.ticket,
      open: hub.open,
      device: () =>
        Promise.resolve({
          load: () => Promise.resolve(),
          recvRtpCapabilities: {},
          createSendTransport: () => send,
          createRecvTransport: () => receive,
        } as unknown as Awaited<ReturnType<EchoOptions['device']>>),
      source: () => ({ picture: { kind: 'video' } as MediaStreamTrack, sound: { kind: 'audio' } as MediaStreamTrack, stop: () => (stopped = true) }),
      progress: (done) => progress.push(done),
    };
    return { hub, send, receive, options, stopped: () => stopped, progress };
  }

  async function settleAll(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await settle();
  }

  test('sends, takes back and measures for ten seconds, and leaves nothing open', async () => {
    const { hub, send, receive, options, stopped, progress } = world();
    const measuring = measureWith(options);
    await settleAll();
    send.become('connected');
    receive.become('connected');
    for (let second = 0; second < 10; second++) {
      await settleAll();
      await pass(1_000);
    }
    const { outcome, figures } = await measuring;
    assert.equal(outcome, 'Good');
    assert.equal(figures?.roundTripMs, 40);
    assert.deepEqual(receive.consumed, ['consumer 1', 'consumer 2']);
    assert.equal(hub.calls('Resume').length, 1);
    assert.equal(hub.calls('Statistics').length, 11);
    assert.equal(progress.at(-1), 100);
    assert.deepEqual([send.closed, receive.closed, stopped(), hub.socket.closedByPage], [true, true, true, true]);
  });

  test('says that the network blocks calls when media never connect', async () => {
    const { send, hub, options, stopped } = world();
    const measuring = measureWith(options);
    await settleAll();
    send.become('connected');
    await pass(20_000);
    assert.deepEqual(await measuring, { outcome: 'Blocked' } satisfies Measured);
    assert.deepEqual([send.closed, stopped(), hub.socket.closedByPage], [true, true, true]);
  });

  test('says that the network blocks calls when Web is there and the call service is not', async () => {
    const { hub, options } = world();
    hub.up = false;
    assert.deepEqual(await measureWith(options), { outcome: 'Blocked' });
  });

  test('says that the service is busy when it is', async () => {
    const { hub, options } = world();
    hub.answers['Begin'] = () => Promise.reject(new Error('An unexpected error occurred invoking Begin. HubException: full: The call service is too busy.'));
    assert.deepEqual(await measureWith(options), { outcome: 'Busy' });
  });

  test('fails when there is no ticket, and when the connection breaks on the way', async () => {
    const { hub, options, stopped } = world();
    assert.deepEqual(await measureWith({ ...options, ticket: () => Promise.reject(new Error('No ticket')) }), { outcome: 'Failed' });
    const measuring = measureWith(options);
    await settleAll();
    hub.socket.cut();
    assert.deepEqual(await measuring, { outcome: 'Failed' });
    // What was open is closed when its time is up, whoever waits for it.
    await pass(20_000);
    await settleAll();
    assert.equal(stopped(), true);
  });
});
