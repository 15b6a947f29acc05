/** How loud a microphone is, and whether anybody has spoken. */

/** Loudness as the bar shows it, 0 to 100, from samples of -1 to 1: the quietest speech is a tenth, a shout the whole. */
export function levelOf(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at++) sum += (samples[at] ?? 0) ** 2;
  const loudness = Math.sqrt(sum / Math.max(1, samples.length));
  if (loudness <= quietest) return 0;
  return Math.min(100, Math.round((100 * Math.log(loudness / quietest)) / Math.log(loudest / quietest)));
}

/** Root mean square, 1 for the loudest there can be: what a room without a voice stays under, and a shout near the microphone. */
const quietest = 0.003;
const loudest = 0.3;

/** Of the bar: speech across a table. */
const speech = 25;

/** Milliseconds of speech, all together: a click or a bump is shorter, and halting speech is speech. */
const enough = 300;

/** Listens for speech. */
export class SpeechWatch {
  #loud = 0;
  #last: number | undefined;

  get heard(): boolean {
    return this.#loud >= enough;
  }

  /** To be told of the level every few milliseconds. */
  hear(level: number, now: number): void {
    // A page that was held back for a while has not listened meanwhile.
    if (level >= speech && this.#last !== undefined) this.#loud += Math.min(100, now - this.#last);
    this.#last = now;
  }
}

/** Plays three rising notes, and tells how far it is, 0 to 100. Done when the last one has ended. */
export async function playNotes(progress: (done: number) => void): Promise<void> {
  const context = new AudioContext();
  try {
    await context.resume();
    const notes = [523.25, 659.25, 783.99];
    const length = 0.6;
    const start = context.currentTime + 0.05;
    notes.forEach((frequency, index) => {
      const oscillator = new OscillatorNode(context, { frequency });
      const gain = new GainNode(context, { gain: 0 });
      const begin = start + index * length;
      gain.gain.setValueAtTime(0, begin);
      gain.gain.linearRampToValueAtTime(0.3, begin + 0.05);
      gain.gain.setValueAtTime(0.3, begin + length - 0.15);
      gain.gain.linearRampToValueAtTime(0, begin + length - 0.02);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(begin);
      oscillator.stop(begin + length);
    });
    const end = start + notes.length * length;
    const began = performance.now();
    // By the page's clock too: a context that a browser holds back would stand still for ever.
    while (context.currentTime < end && performance.now() - began < 5_000) {
      progress(Math.min(100, Math.round((100 * (context.currentTime - start)) / (end - start))));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    progress(100);
    if (context.currentTime < end) throw new Error('The sound did not play.');
  } finally {
    await context.close();
  }
}
