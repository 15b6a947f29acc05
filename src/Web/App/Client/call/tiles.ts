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
}

/** The others' pictures, names and voices, one tile a session. */
export class Tiles {
  readonly #tiles = new Map<string, Tile>();
  /** The consumer whose picture a video shows. */
  readonly #consumers = new WeakMap<Element, string>();
  readonly #sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) if (target instanceof HTMLVideoElement) this.#measure(target);
  });

  constructor(
    private readonly container: HTMLElement,
    /** The browser does not play sound until the person presses something. */
    private readonly silenced: () => void,
    /** A picture is shown at another size than before. */
    private readonly resized: (consumerId: string, size: Size) => void,
  ) {}

  show(participants: readonly Participant[], tracks: readonly RemoteTrack[], speaker: string | undefined, unavailable: readonly Unavailable[]): void {
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
      const visible = picture !== undefined && !picture.paused && !starved && !away;
      tile.video.hidden = !visible;
      tile.video.setAttribute('aria-label', `${screen ? 'Screen' : 'Video'} of ${participant.name}`);
      tile.inset.hidden = !visible || !screen || !camera || camera.paused;
      const undecodable = unavailable.some((each) => each.sessionId === participant.sessionId && each.source !== 'microphone');
      setText(tile.note, visible ? '' : away ? 'Reconnecting…' : starved ? 'Picture paused' : missingPicture(participant, picture !== undefined, undecodable));
      tile.note.hidden = visible;
      const speaks = participant.sessionId === speaker && participant.microphone && !away;
      tile.root.classList.toggle('app-call__tile--speaking', speaks);
      setText(tile.label, `${participant.name}${participant.microphone ? (speaks ? ', speaking' : '') : ', microphone off'}`);
    }
    this.container.dataset['count'] = String(participants.length);
  }

  /** Plays what the browser held back. To be called when the person presses something. */
  playAll(): void {
    for (const { audio, video, inset } of this.#tiles.values()) {
      for (const each of [audio, video, inset]) this.#play(each);
    }
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
    const root = element(
      'div',
      { class: 'app-call__tile', 'data-participant-id': participant.participantId, 'data-session-id': participant.sessionId },
      video,
      inset,
      audio,
      note,
      label,
    );
    this.container.append(root);
    const tile = { root, video, inset, audio, note, label };
    this.#tiles.set(participant.sessionId, tile);
    for (const each of [video, inset]) {
      this.#sizes.observe(each);
      each.addEventListener('resize', () => this.#measure(each));
    }
    return tile;
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
    if (consumerId !== undefined) this.resized(consumerId, sizeOf(video));
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
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.silenced();
    });
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
  if (known || !participant.camera) return 'Camera off';
  return undecodable ? 'This device cannot show the picture' : 'Picture is coming…';
}
