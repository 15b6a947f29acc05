import { setText } from '../call/dom';
import { fillChoice } from './choice';
import { openDevice } from './open-device';
import type { Outcome } from './result';
import { levelOf, SpeechWatch } from './sound';
import type { Step } from './step';

/** Milliseconds between two looks at the level. */
const pause = 50;

/** How long somebody may think of what to say. */
const patience = 10_000;

const recorded = 3_000;

/** Moves a bar with the voice, and records three seconds of it to be heard back. Nothing of it leaves the page. */
export class MicrophoneStep {
  #track: MediaStreamTrack | undefined;
  #recording: string | undefined;
  #player: HTMLAudioElement | undefined;
  /** Counts the tries, so that the end of an earlier one is ignored. */
  #try = 0;

  constructor(
    private readonly step: Step,
    /** Done when it was said aloud, if it is. */
    private readonly say: (text: string) => Promise<void>,
    private readonly finished: (outcome: Outcome) => void,
  ) {
    step.on('start', () => void this.run());
    step.on('skip', () => {
      this.close();
      finished('Skipped');
    });
    step.on('play', () => void this.#play());
    this.#devices.addEventListener('change', () => void this.run(this.#devices.value));
  }

  async run(deviceId?: string): Promise<void> {
    this.close();
    const attempt = ++this.#try;
    this.step.begin();
    this.#forget();
    const opened = await openDevice('microphone', deviceId);
    if (attempt !== this.#try) {
      if ('track' in opened) opened.track.stop();
      return;
    }
    if (!('track' in opened)) return this.finished(opened.outcome);
    this.#track = opened.track;
    this.step.part('meter', HTMLElement).hidden = false;
    await fillChoice(this.step.part('choice', HTMLElement), this.#devices, 'microphone', opened.track);
    await this.#hint('We are listening. Say something now.');
    if (attempt !== this.#try) return;
    const heard = await this.#listen(opened.track, attempt);
    if (attempt !== this.#try) return;
    const ended = opened.track.readyState === 'ended';
    this.#stop();
    this.step.part('meter', HTMLElement).hidden = true;
    this.step.offer('play', this.#recording !== undefined);
    this.finished(ended ? 'InUse' : heard ? 'Good' : 'Silent');
  }

  /** Turns the microphone off. */
  close(): void {
    this.#try++;
    this.#stop();
    this.step.part('meter', HTMLElement).hidden = true;
    this.step.part('choice', HTMLElement).hidden = true;
  }

  async #listen(track: MediaStreamTrack, attempt: number): Promise<boolean> {
    const context = new AudioContext();
    try {
      await context.resume();
      const stream = new MediaStream([track]);
      const analyser = new AnalyserNode(context, { fftSize: 2048 });
      context.createMediaStreamSource(stream).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      const watch = new SpeechWatch();
      const bar = this.step.part('level', HTMLProgressElement);
      let until = performance.now() + patience;
      let recorder: MediaRecorder | undefined;
      for (let now = performance.now(); now < until && attempt === this.#try && track.readyState === 'live'; now = performance.now()) {
        analyser.getFloatTimeDomainData(samples);
        const level = levelOf(samples);
        bar.value = level;
        watch.hear(level, now);
        if (watch.heard && !recorder) {
          // Written only: a voice now would be recorded too.
          setText(this.step.part('hint', HTMLElement), 'We hear you. Go on speaking for 3 seconds.');
          recorder = this.#record(stream);
          if (!recorder) break;
          until = now + recorded;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
      if (recorder) await this.#keep(recorder, attempt);
      return watch.heard;
    } finally {
      await context.close();
    }
  }

  /** Undefined in a browser that records nothing: hearing was the point. */
  #record(stream: MediaStream): MediaRecorder | undefined {
    if (typeof MediaRecorder !== 'function') return undefined;
    const recorder = new MediaRecorder(stream);
    recorder.start();
    return recorder;
  }

  async #keep(recorder: MediaRecorder, attempt: number): Promise<void> {
    const pieces: Blob[] = [];
    await new Promise<void>((resolve) => {
      recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
      recorder.addEventListener('stop', () => resolve(), { once: true });
      if (recorder.state === 'inactive') resolve();
      else recorder.stop();
    });
    if (attempt === this.#try && pieces.some((piece) => piece.size > 0)) this.#recording = URL.createObjectURL(new Blob(pieces, { type: recorder.mimeType }));
  }

  async #play(): Promise<void> {
    if (!this.#recording) return;
    this.#player?.pause();
    this.#player = new Audio(this.#recording);
    this.#player.addEventListener('ended', () => void this.say('The recording is over.'), { once: true });
    await this.#player.play().catch(() => this.say('The recording could not be played.'));
  }

  #forget(): void {
    this.#player?.pause();
    if (this.#recording) URL.revokeObjectURL(this.#recording);
    this.#recording = undefined;
    this.step.offer('play', false);
  }

  #stop(): void {
    this.#track?.stop();
    this.#track = undefined;
  }

  #hint(text: string): Promise<void> {
    setText(this.step.part('hint', HTMLElement), text);
    return this.say(text);
  }

  get #devices(): HTMLSelectElement {
    return this.step.part('devices', HTMLSelectElement);
  }
}
