import type { Figures, Route } from './result';

/** What the service says of the tracks that came to it. */
export interface ServerStatistics {
  readonly roundTripMs?: number;
  readonly availableBitrate?: number;
  readonly received: readonly {
    readonly kind: 'audio' | 'video';
    readonly packets: number;
    readonly packetsLost: number;
    readonly jitterMs: number;
    /** Bits a second, over about the last second. */
    readonly bitrate: number;
  }[];
}

/** What the browser says, by type (webrtc-stats). */
export interface Stat {
  readonly id: string;
  readonly type: string;
  readonly [name: string]: unknown;
}

/** One look at both ends, at a time in milliseconds. */
export interface Sample {
  readonly at: number;
  readonly server: ServerStatistics;
  /** Of the receiving connection. */
  readonly received: readonly Stat[];
}

/** The first seconds, in which the sender feels its way up, say nothing of what the network carries. */
const warmUp = 4_000;

/** Puts both ends together; undefined when too little came through to say anything. */
export function figuresOf(samples: readonly Sample[]): Figures | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) return undefined;
  const up = counts(last.server.received.map((track) => ({ packets: track.packets, lost: track.packetsLost })));
  const down = counts(inbound(last).map((stat) => ({ packets: number(stat['packetsReceived']), lost: Math.max(0, number(stat['packetsLost'])) })));
  if (up.packets === 0 || down.packets === 0) return undefined;
  const warm = samples.filter((sample) => sample.at - first.at >= warmUp);
  const settled = warm.length > 1 ? warm : samples;
  const trips = samples.flatMap((sample) => roundTrip(sample) ?? []);
  return {
    route: routeOf(last.received),
    ...(trips.length > 0 ? { roundTripMs: Math.round(median(trips)) } : {}),
    lossUp: share(up),
    lossDown: share(down),
    jitterMs: Math.round(Math.max(jitterUp(settled), jitterDown(settled))),
    upBitrate: Math.round(mean(settled.map((sample) => sum(sample.server.received.map((track) => track.bitrate))))),
    downBitrate: Math.round(downBitrate(settled)),
  };
}

/** How the chosen pair of addresses reaches the service. */
export function routeOf(stats: readonly Stat[]): Route {
  const transport = stats.find((stat) => stat.type === 'transport' && typeof stat['selectedCandidatePairId'] === 'string');
  const pair =
    stats.find((stat) => stat.type === 'candidate-pair' && stat.id === transport?.['selectedCandidatePairId']) ??
    stats.find((stat) => stat.type === 'candidate-pair' && (stat['selected'] === true || (stat['nominated'] === true && stat['state'] === 'succeeded')));
  const local = stats.find((stat) => stat.type === 'local-candidate' && stat.id === pair?.['localCandidateId']);
  if (local?.['candidateType'] === 'relay') return 'Relay';
  return local?.['protocol'] === 'tcp' ? 'Tcp' : 'Udp';
}

const inbound = (sample: Sample): readonly Stat[] => sample.received.filter((stat) => stat.type === 'inbound-rtp');

/** Milliseconds; the connection's own measure first, as the service has one only where media flow. */
function roundTrip(sample: Sample): number | undefined {
  const pairs = sample.received.filter((stat) => stat.type === 'candidate-pair' && stat['state'] === 'succeeded' && typeof stat['currentRoundTripTime'] === 'number');
  return pairs.length > 0 ? Math.min(...pairs.map((pair) => number(pair['currentRoundTripTime']))) * 1_000 : sample.server.roundTripMs;
}

/** Of sound, whose packets go out evenly; those of a picture come in bursts on the best of networks. */
function jitterUp(samples: readonly Sample[]): number {
  return mean(samples.flatMap((sample) => sample.server.received.filter((track) => track.kind === 'audio').map((track) => track.jitterMs)));
}

function jitterDown(samples: readonly Sample[]): number {
  return mean(samples.flatMap((sample) => inbound(sample).filter((stat) => stat['kind'] === 'audio').map((stat) => number(stat['jitter']) * 1_000)));
}

function downBitrate(samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.at <= first.at) return 0;
  const bytes = (sample: Sample): number => sum(inbound(sample).map((stat) => number(stat['bytesReceived'])));
  return Math.max(0, ((bytes(last) - bytes(first)) * 8_000) / (last.at - first.at));
}

interface Counts {
  readonly packets: number;
  readonly lost: number;
}

const counts = (all: readonly Counts[]): Counts => ({ packets: sum(all.map(({ packets }) => packets)), lost: sum(all.map(({ lost }) => lost)) });
const share = ({ packets, lost }: Counts): number => Math.min(1, Math.round((10_000 * lost) / (packets + lost)) / 10_000);
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const mean = (numbers: readonly number[]): number => (numbers.length === 0 ? 0 : sum(numbers) / numbers.length);

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
