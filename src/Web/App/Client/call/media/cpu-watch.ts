/** What the statistics of the call's media say at one moment. Counts are since the start. */
export interface MediaLoad {
  readonly framesReceived: number;
  /** Of those, not shown: the machine did not get round to it. */
  readonly framesDropped: number;
  /** The browser sends a smaller picture than it would, for want of CPU. */
  readonly encoderLimited: boolean;
}

/** How often to look. */
export const lookInterval = 2_000;

/** So many strained looks in a row are not chance. */
const strainedLooks = 3;
const droppedShare = 0.1;
const fewFrames = 10;
const mostHalvings = 2;
/** How long all must be well before more is tried; doubles each time that more was too much. */
const shortestPatience = 30_000;
const longestPatience = 300_000;

/** Judges whether this machine keeps up, and by how many halvings of the pictures it receives it is helped when it does not. */
export class CpuWatch {
  #before: MediaLoad | undefined;
  #strained = 0;
  #calmSince: number | undefined;
  #raisedAt: number | undefined;
  #patience = shortestPatience;
  #halvings = 0;

  /** @returns how often the pictures' sides are to be halved from now on. */
  look(now: number, load: MediaLoad): number {
    const before = this.#before;
    this.#before = load;
    const received = load.framesReceived - (before?.framesReceived ?? load.framesReceived);
    const dropped = load.framesDropped - (before?.framesDropped ?? load.framesDropped);
    const decoderStrained = received >= fewFrames && dropped > received * droppedShare;
    // The browser has helped itself by encoding less; one step less to decode is enough to go with it.
    const strained = decoderStrained || (load.encoderLimited && this.#halvings === 0);
    if (strained) this.#strain(now);
    else if (!load.encoderLimited) this.#calm(now);
    else this.#strained = 0;
    return this.#halvings;
  }

  #strain(now: number): void {
    this.#calmSince = undefined;
    if (++this.#strained < strainedLooks || this.#halvings === mostHalvings) return;
    this.#strained = 0;
    this.#halvings++;
    if (this.#raisedAt !== undefined && now - this.#raisedAt < this.#patience) this.#patience = Math.min(this.#patience * 2, longestPatience);
    this.#raisedAt = undefined;
  }

  #calm(now: number): void {
    this.#strained = 0;
    this.#calmSince ??= now;
    if (now - this.#calmSince < this.#patience) return;
    this.#calmSince = now;
    if (this.#halvings > 0) {
      this.#halvings--;
      this.#raisedAt = now;
    } else {
      this.#patience = shortestPatience;
    }
  }
}

/** Adds up what concerns the CPU in the statistics of the call's connections. */
export function readLoad(reports: readonly RTCStatsReport[]): MediaLoad {
  let [framesReceived, framesDropped, encoderLimited] = [0, 0, false];
  for (const report of reports) {
    report.forEach((entry: { type: string; framesReceived?: number; framesDropped?: number; qualityLimitationReason?: string }) => {
      if (entry.type === 'inbound-rtp') {
        framesReceived += entry.framesReceived ?? 0;
        framesDropped += entry.framesDropped ?? 0;
      } else if (entry.type === 'outbound-rtp') {
        encoderLimited ||= entry.qualityLimitationReason === 'cpu';
      }
    });
  }
  return { framesReceived, framesDropped, encoderLimited };
}
