import { element, setText } from '../call/dom';
import { describeDevice, judgeBrowser, surroundings } from './browser';
import { CameraStep } from './camera-step';
import type { Measured } from './echo';
import { MicrophoneStep } from './microphone-step';
import type { CheckAnswer, CheckResult, Figures, Outcome, Part } from './result';
import { playNotes } from './sound';
import { speak, spoken } from './speech';
import { Step } from './step';
import { wordsOf } from './wording';

const parts: readonly Part[] = ['browser', 'camera', 'microphone', 'speaker', 'network'];

interface EchoModule {
  measure(ticketUrl: string, progress: (done: number) => void): Promise<Measured>;
}

/** Goes through the steps of a check one after another, says each result, and has Web keep them. */
export class DeviceCheck {
  readonly #steps: Record<Part | 'result', Step>;
  readonly #outcomes: Partial<Record<Part, Outcome>> = {};
  readonly #around = surroundings();
  readonly #device = describeDevice(this.#around);
  readonly #camera: CameraStep;
  readonly #microphone: MicrophoneStep;
  #figures: Figures | undefined;

  constructor(private readonly root: HTMLElement) {
    const step = (name: Part | 'result'): Step => {
      const section = root.querySelector<HTMLElement>(`[data-step="${name}"]`);
      if (!section) throw new Error(`The page has no step ${name}.`);
      return new Step(section, { again: () => this.#again(name), next: () => this.#next(name) });
    };
    this.#steps = { browser: step('browser'), camera: step('camera'), microphone: step('microphone'), speaker: step('speaker'), network: step('network'), result: step('result') };
    this.#camera = new CameraStep(this.#steps.camera, (outcome) => this.#finished('camera', outcome));
    this.#microphone = new MicrophoneStep(
      this.#steps.microphone,
      async (text) => {
        this.#announce(text);
        // A microphone must not take the page's voice for its person's.
        if (this.#speaks) await spoken();
      },
      (outcome) => this.#finished('microphone', outcome),
    );
  }

  run(): void {
    const { browser, speaker, network } = this.#steps;
    browser.on('start', () => this.#checkBrowser());
    speaker.on('start', () => void this.#checkSpeaker());
    speaker.on('skip', () => this.#finished('speaker', 'Skipped'));
    speaker.on('yes', () => this.#heard(true));
    speaker.on('no', () => this.#heard(false));
    network.on('start', () => void this.#checkNetwork());
    network.on('skip', () => this.#finished('network', 'Skipped'));
    window.addEventListener('pagehide', () => this.#release());
    const speech = this.root.querySelector<HTMLElement>('[data-check="speech"]');
    if (speech) speech.hidden = !('speechSynthesis' in window);
    this.root.hidden = false;
  }

  #checkBrowser(): void {
    const outcome = judgeBrowser(this.#around);
    if (outcome === 'Unsupported' || outcome === 'Insecure') {
      // Nothing else can be tried.
      const rest = outcome === 'Insecure' ? 'Insecure' : 'Skipped';
      Object.assign(this.#outcomes, { camera: rest, microphone: rest, speaker: 'Skipped', network: 'Skipped' } satisfies Partial<Record<Part, Outcome>>);
    }
    this.#finished('browser', outcome);
  }

  async #checkSpeaker(): Promise<void> {
    const step = this.#steps.speaker;
    step.begin();
    const bar = step.part('level', HTMLProgressElement);
    bar.hidden = false;
    const played = await playNotes((done) => (bar.value = done)).then(
      () => true,
      () => false,
    );
    bar.hidden = true;
    if (!played) return this.#finished('speaker', 'Failed');
    step.part('question', HTMLElement).hidden = false;
    this.#announce('The notes are over. Did you hear them?');
    step.focus('yes');
  }

  #heard(heard: boolean): void {
    this.#steps.speaker.part('question', HTMLElement).hidden = true;
    this.#finished('speaker', heard ? 'Good' : 'NotHeard');
  }

  async #checkNetwork(): Promise<void> {
    const step = this.#steps.network;
    step.begin();
    const bar = step.part('level', HTMLProgressElement);
    bar.hidden = false;
    bar.value = 0;
    this.#announce('We test your connection. This takes about 15 seconds. Stay on this page.');
    this.#figures = undefined;
    // A script that does not load is a connection that fails; what goes wrong while it measures, it tells by itself.
    const echo = await (import(this.#data('echoUrl')) as Promise<EchoModule>).catch(() => undefined);
    const measured: Measured = (await echo?.measure(this.#data('ticketUrl'), (done) => (bar.value = done))) ?? { outcome: 'Failed' };
    bar.hidden = true;
    this.#figures = measured.figures;
    this.#finished('network', measured.outcome);
  }

  #finished(part: Part, outcome: Outcome): void {
    this.#outcomes[part] = outcome;
    const words = wordsOf(part, outcome, this.#device, this.#around.userAgent, part === 'network' ? this.#figures : undefined);
    this.#steps[part].finish(words, words.advice.length === 0);
    this.#announce([words.result, ...words.advice].join(' '));
  }

  #again(name: Part | 'result'): void {
    if (name === 'result') {
      void this.#save();
      return;
    }
    delete this.#outcomes[name];
    this.#steps[name].open();
  }

  #next(name: Part | 'result'): void {
    if (name === 'result') return;
    this.#steps[name].leave();
    if (name === 'camera') this.#camera.close();
    if (name === 'microphone') this.#microphone.close();
    const next = parts.find((part) => this.#outcomes[part] === undefined);
    if (next) this.#steps[next].open();
    else void this.#save();
  }

  async #save(): Promise<void> {
    const step = this.#steps.result;
    step.open();
    const verdict = step.part('verdict', HTMLElement);
    setText(verdict, 'Your result');
    const outlook = step.part('outlook', HTMLElement);
    setText(outlook, 'We are saving your result.');
    step.part('problems', HTMLElement).replaceChildren();
    const answer = await this.#send();
    if (typeof answer === 'string') {
      setText(outlook, '');
      step.part('instead', HTMLElement).hidden = false;
      step.finish({ result: answer, advice: [] }, false);
      step.leave();
      this.#announce(answer);
      return;
    }
    setText(verdict, answer.heading);
    step.part('problems', HTMLElement).replaceChildren(...answer.problems.map((problem) => element('li', {}, problem)));
    setText(outlook, answer.outlook);
    step.part('instead', HTMLElement).hidden = answer.score === 'Ready';
    verdict.focus();
    this.#announce([answer.heading, ...answer.problems, answer.outlook].join('. '));
  }

  /** Web's answer, or why there is none. */
  async #send(): Promise<CheckAnswer | string> {
    const result: CheckResult = { ...this.#outcome, ...this.#device, ...(this.#figures && this.#outcomes.network === 'Good' ? { figures: this.#figures } : {}) };
    const token = document.querySelector<HTMLInputElement>('input[name="__RequestVerificationToken"]');
    try {
      const response = await fetch(this.#data('resultUrl'), {
        method: 'POST',
        headers: { Accept: 'application/json', 'Content-Type': 'application/json', RequestVerificationToken: token?.value ?? '' },
        body: JSON.stringify(result),
        redirect: 'manual',
        cache: 'no-store',
        signal: AbortSignal.timeout(15_000),
      });
      if (response.ok) return (await response.json()) as CheckAnswer;
      if (response.type === 'opaqueredirect' || response.status === 401) return 'You have been signed out, so your result was not saved. Sign in again and check again.';
      if (response.status === 404) return 'Your result was not saved, because the appointment was changed or cancelled.';
      if (response.status === 429) return 'Your result was not saved: you have checked very often for this appointment.';
      return 'Your result was not saved, because this page is out of date. Load it again.';
    } catch (error) {
      // No network, no answer in time, or an answer of something in between.
      if (!(error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)) throw error;
      return 'Your result was not saved, because we could not reach the service. Check that you are online. Then try again.';
    }
  }

  get #outcome(): Record<Part, Outcome> {
    const { browser = 'Good', camera = 'Skipped', microphone = 'Skipped', speaker = 'Skipped', network = 'Skipped' } = this.#outcomes;
    return { browser, camera, microphone, speaker, network };
  }

  #release(): void {
    this.#camera.close();
    this.#microphone.close();
  }

  /** Every result is written on the page; this is for who listens. */
  #announce(text: string): void {
    const status = this.root.querySelector<HTMLElement>('[data-check="status"]');
    if (status) setText(status, text);
    if (this.#speaks) void speak(text);
  }

  get #speaks(): boolean {
    return this.root.querySelector<HTMLInputElement>('[data-check="speak"]')?.checked === true && 'speechSynthesis' in window;
  }

  #data(name: string): string {
    const value = this.root.dataset[name];
    if (!value) throw new Error(`The page does not say its ${name}.`);
    return value;
  }
}
