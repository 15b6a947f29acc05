import { element, setText } from './dom';
import type { RemoteTrack } from './media/receiver';
import type { Size } from './media/shown-sizes';
import type { Unavailable } from './call-state';
import type { Participant } from './protocol';

interface Tile {
  readonly root: HTMLElement;
  /** The screen of who shares one, else the camera. */
  readonly video: HTMLVideoElement;
  /** The camera of who shares a screen. */
  readonly inset: HTMLVideoElement;
  readonly audio: HTMLAudioElement;
  readonly note: HTMLElement;
  readonly label: HTMLElement;
  readonly pin: HTMLButtonElement;
  /** The clinician's alone. */
  readonly mute: HTMLButtonElement | undefined;
}

export interface TileEvents {
  /** The browser does not play sound until the person presses something. */
  readonly silenced: () => void;
  /** A picture is shown at another size than before. */
  readonly resized: (consumerId: string, size: Size) => void;
  /** Turns somebody's microphone off; undefined for who may not. */
  readonly mute: ((sessionId: string) => void) | undefined;
}

type Shown = [participants: readonly Participant[], tracks: readonly RemoteTrack[], speaker: string | undefined, unavailable: readonly Unavailable[]];

/** The others' pictures, names and voices, one tile a session. */
export class Tiles {
  readonly #tiles = new Map<string, Tile>();
  /** The consumer whose picture a video shows. */
  readonly #consumers = new WeakMap<Element, string>();
  readonly #sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) if (target instanceof HTMLVideoElement) this.#measure(target);
  });

  /** The participant whose picture is large because this person wants it so. */
  #pinned: string | undefined;
  #speaker: string | undefined;
  #speakerDevice: string | undefined;
  #shown: Shown | undefined;

  constructor(
    private readonly container: HTMLElement,
    private readonly events: TileEvents,
  ) {}

  /** The picture to look at: the pinned one's, else of who speaks, else the first. */
  get main(): HTMLVideoElement | undefined {
    const shown = [...this.#tiles.values()].filter((tile) => !tile.video.hidden);
    return (shown.find((tile) => tile.root.dataset['participantId'] === this.#pinned) ?? shown.find((tile) => tile.root.dataset['sessionId'] === this.#speaker) ?? shown[0])?.video;
  }

  show(...shown: Shown): void {
    this.#shown = shown;
    const [participants, tracks, speaker, unavailable] = shown;
    this.#speaker = speaker;
    if (!participants.some((participant) => participant.participantId === this.#pinned)) this.#pinned = undefined;
    for (const [sessionId, tile] of this.#tiles) {
      if (participants.some((participant) => participant.sessionId === sessionId)) continue;
      tile.root.remove();
      for (const video of [tile.video, tile.inset]) this.#sizes.unobserve(video);
      this.#tiles.delete(sessionId);
    }
    for (const participant of participants) {
      const tile = this.#tile(participant);
      const own = tracks.filter((track) => track.sessionId === participant.sessionId);
      const camera = own.find((track) => track.source === 'camera');
      const screen = own.find((track) => track.source === 'screen');
      const picture = screen ?? camera;
      this.#attach(tile.audio, own.find((track) => track.source === 'microphone')?.track);
      this.#showPicture(tile.video, picture);
      this.#showPicture(tile.inset, screen && camera);
      tile.root.classList.toggle('app-call__tile--screen', screen !== undefined);
      const away = participant.state === 'reconnecting';
      const starved = picture?.starved === true && !picture.paused;
      const frozen = !screen && participant.link.frozenCamera && participant.camera;
      const visible = picture !== undefined && !picture.paused && !starved && !away && !frozen;
      tile.video.hidden = !visible;
      tile.video.setAttribute('aria-label', `${screen ? 'Screen' : 'Video'} of ${participant.name}`);
      tile.inset.hidden = !visible || !screen || !camera || camera.paused;
      const undecodable = unavailable.some((each) => each.sessionId === participant.sessionId && each.source === 'camera');
      setText(tile.note, visible ? '' : participant.phase === 'onHold' ? 'On hold' : away ? 'Reconnecting…' : starved ? 'Picture paused' : frozen ? 'The camera has stopped' : missingPicture(participant, picture !== undefined, undecodable));
      tile.note.hidden = visible;
      const speaks = participant.sessionId === speaker && participant.microphone && !away;
      tile.root.classList.toggle('app-call__tile--speaking', speaks);
      setText(tile.label, `${participant.name}${participant.microphone ? (speaks ? ', speaking' : '') : ', microphone off'}${participant.hand ? ', hand raised' : ''}`);
      const pinned = participant.participantId === this.#pinned;
      tile.root.classList.toggle('app-call__tile--pinned', pinned);
      tile.pin.hidden = participants.length < 2;
      setText(tile.pin, pinned ? 'Unpin' : 'Pin');
      tile.pin.setAttribute('aria-label', `${pinned ? 'Unpin' : 'Pin'} ${participant.name}`);
      if (tile.mute) tile.mute.hidden = participants.length < 2 || !participant.microphone || away;
      tile.mute?.setAttribute('aria-label', `Mute ${participant.name}`);
    }
    this.container.toggleAttribute('data-pinned', this.#pinned !== undefined);
    this.container.dataset['count'] = String(participants.length);
  }

  /** Plays what the browser held back. To be called when the person presses something. */
  playAll(): void {
    for (const { audio, video, inset } of this.#tiles.values()) {
      for (const each of [audio, video, inset]) this.#play(each);
    }
  }

  /** Through which speaker the others are heard. */
  async listen(deviceId: string): Promise<void> {
    this.#speakerDevice = deviceId;
    await Promise.all([...this.#tiles.values()].map(({ audio }) => speakThrough(audio, deviceId)));
  }

  #tile(participant: Participant): Tile {
    const known = this.#tiles.get(participant.sessionId);
    if (known) return known;
    const video = element('video', { class: 'app-call__video', playsinline: '', autoplay: '' });
    const inset = element('video', { class: 'app-call__inset', playsinline: '', autoplay: '', 'aria-label': `Video of ${participant.name}` });
    // The voice is in an element of its own, so that a browser which holds back sound still shows the picture.
    video.muted = inset.muted = true;
    const audio = element('audio', { autoplay: '' });
    const note = element('p', { class: 'app-call__tile-note' });
    const label = element('p', { class: 'app-call__tile-label' });
    const pin = element('button', { class: 'app-call__tile-tool', type: 'button' });
    pin.addEventListener('click', () => this.#pin(participant.participantId));
    const mute = this.events.mute && element('button', { class: 'app-call__tile-tool', type: 'button' }, 'Mute');
    mute?.addEventListener('click', () => this.events.mute?.(participant.sessionId));
    const tools = element('div', { class: 'app-call__tile-tools' }, pin, ...(mute ? [mute] : []));
    const root = element(
      'div',
      { class: 'app-call__tile', 'data-participant-id': participant.participantId, 'data-session-id': participant.sessionId },
      video,
      inset,
      audio,
      note,
      label,
      tools,
    );
    this.container.append(root);
    const tile = { root, video, inset, audio, note, label, pin, mute };
    if (this.#speakerDevice !== undefined) void speakThrough(audio, this.#speakerDevice);
    this.#tiles.set(participant.sessionId, tile);
    for (const each of [video, inset]) {
      this.#sizes.observe(each);
      each.addEventListener('resize', () => this.#measure(each));
    }
    return tile;
  }

  #pin(participantId: string): void {
    this.#pinned = this.#pinned === participantId ? undefined : participantId;
    if (this.#shown) this.show(...this.#shown);
  }

  #showPicture(video: HTMLVideoElement, picture: RemoteTrack | undefined): void {
    this.#attach(video, picture?.track);
    if (this.#consumers.get(video) === picture?.consumerId) return;
    if (!picture) {
      this.#consumers.delete(video);
      return;
    }
    this.#consumers.set(video, picture.consumerId);
    this.#measure(video);
  }

  #measure(video: HTMLVideoElement): void {
    const consumerId = this.#consumers.get(video);
    if (consumerId !== undefined) this.events.resized(consumerId, sizeOf(video));
  }

  #attach(target: HTMLMediaElement, track: MediaStreamTrack | undefined): void {
    const present = target.srcObject instanceof MediaStream ? target.srcObject.getTracks()[0] : undefined;
    if (present === track) return;
    target.srcObject = track ? new MediaStream([track]) : null;
    if (track) this.#play(target);
  }

  #play(target: HTMLMediaElement): void {
    if (!target.srcObject || !target.paused) return;
    target.play().catch((error: unknown) => {
      // AbortError: a newer stream took this one's place.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.events.silenced();
    });
  }
}

async function speakThrough(audio: HTMLAudioElement, deviceId: string): Promise<void> {
  try {
    await audio.setSinkId(deviceId);
  } catch (error) {
    // Unplugged meanwhile, or not allowed: what was heard before goes on being heard.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** The size of the picture on the screen: it fits into its box as a whole. */
function sizeOf({ clientWidth, clientHeight, videoWidth, videoHeight }: HTMLVideoElement): Size {
  // Phones have far finer pixels than anyone can tell apart in a moving picture.
  const density = Math.min(devicePixelRatio, 1.5);
  if (videoWidth === 0 || videoHeight === 0) return { width: Math.round(clientWidth * density), height: Math.round(clientHeight * density) };
  const scale = Math.min(clientWidth / videoWidth, clientHeight / videoHeight) * density;
  return { width: Math.round(videoWidth * scale), height: Math.round(videoHeight * scale) };
}

function missingPicture(participant: Participant, known: boolean, undecodable: boolean): string {
  if (participant.link.step === 'audio') return 'Sound only: poor connection';
  if (known || !participant.camera) return 'Camera off';
  return undecodable ? 'This device cannot show the picture' : 'Picture is coming…';
}
