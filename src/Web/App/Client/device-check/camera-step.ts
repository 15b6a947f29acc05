import { fillChoice } from './choice';
import { openDevice } from './open-device';
import { judgePicture, watchPicture } from './picture';
import type { Outcome } from './result';
import type { Step } from './step';

const looks = 8;
const pause = 250;

/** Shows the person to themself and looks whether the picture is one. */
export class CameraStep {
  #track: MediaStreamTrack | undefined;
  /** Counts the tries, so that the end of an earlier one is ignored. */
  #try = 0;

  constructor(
    private readonly step: Step,
    private readonly finished: (outcome: Outcome) => void,
  ) {
    step.on('start', () => void this.run());
    step.on('skip', () => {
      this.close();
      finished('Skipped');
    });
    this.#devices.addEventListener('change', () => void this.run(this.#devices.value));
  }

  async run(deviceId?: string): Promise<void> {
    this.close();
    const attempt = ++this.#try;
    this.step.begin();
    const opened = await openDevice('camera', deviceId);
    if (attempt !== this.#try) {
      if ('track' in opened) opened.track.stop();
      return;
    }
    if (!('track' in opened)) return this.finished(opened.outcome);
    this.#track = opened.track;
    const picture = this.step.part('picture', HTMLVideoElement);
    picture.srcObject = new MediaStream([opened.track]);
    picture.hidden = false;
    await fillChoice(this.step.part('choice', HTMLElement), this.#devices, 'camera', opened.track);
    await picture.play().catch(() => undefined);
    const seen = judgePicture(await watchPicture(picture, looks, pause));
    if (attempt === this.#try) this.finished(opened.track.readyState === 'ended' ? 'InUse' : seen);
  }

  /** Turns the camera off. */
  close(): void {
    this.#try++;
    this.#track?.stop();
    this.#track = undefined;
    const picture = this.step.part('picture', HTMLVideoElement);
    picture.srcObject = null;
    picture.hidden = true;
    this.step.part('choice', HTMLElement).hidden = true;
  }

  get #devices(): HTMLSelectElement {
    return this.step.part('devices', HTMLSelectElement);
  }
}
