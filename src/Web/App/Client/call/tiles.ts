import { element, setText } from './dom';
import type { RemoteTrack } from './media/receiver';
import type { Participant } from './protocol';

interface Tile {
  readonly root: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly audio: HTMLAudioElement;
  readonly note: HTMLElement;
  readonly label: HTMLElement;
}

/** The others' pictures, names and voices, one tile a session. */
export class Tiles {
  readonly #tiles = new Map<string, Tile>();

  constructor(
    private readonly container: HTMLElement,
    /** The browser does not play sound until the person presses something. */
    private readonly silenced: () => void,
  ) {}

  show(participants: readonly Participant[], tracks: readonly RemoteTrack[]): void {
    for (const [sessionId, tile] of this.#tiles) {
      if (participants.some((participant) => participant.sessionId === sessionId)) continue;
      tile.root.remove();
      this.#tiles.delete(sessionId);
    }
    for (const participant of participants) {
      const tile = this.#tile(participant);
      const own = tracks.filter((track) => track.sessionId === participant.sessionId);
      const camera = own.find((track) => track.source === 'camera');
      const picture = own.find((track) => track.source === 'screen') ?? camera;
      this.#attach(tile.audio, own.find((track) => track.source === 'microphone')?.track);
      this.#attach(tile.video, picture?.track);
      const away = participant.state === 'reconnecting';
      const starved = picture?.starved === true && !picture.paused;
      const visible = picture !== undefined && !picture.paused && !starved && !away;
      tile.video.hidden = !visible;
      setText(tile.note, visible ? '' : away ? 'Reconnecting…' : starved ? 'Picture paused' : picture || !participant.camera ? 'Camera off' : 'Picture is coming…');
      tile.note.hidden = visible;
      setText(tile.label, participant.microphone ? participant.name : `${participant.name}, microphone off`);
    }
    this.container.dataset['count'] = String(participants.length);
  }

  /** Plays what the browser held back. To be called when the person presses something. */
  playAll(): void {
    for (const { audio, video } of this.#tiles.values()) {
      this.#play(audio);
      this.#play(video);
    }
  }

  #tile(participant: Participant): Tile {
    const known = this.#tiles.get(participant.sessionId);
    if (known) return known;
    const video = element('video', { class: 'app-call__video', playsinline: '', autoplay: '', 'aria-label': `Video of ${participant.name}` });
    // The voice is in an element of its own, so that a browser which holds back sound still shows the picture.
    video.muted = true;
    const audio = element('audio', { autoplay: '' });
    const note = element('p', { class: 'app-call__tile-note' });
    const label = element('p', { class: 'app-call__tile-label' });
    const root = element(
      'div',
      { class: 'app-call__tile', 'data-participant-id': participant.participantId, 'data-session-id': participant.sessionId },
      video,
      audio,
      note,
      label,
    );
    this.container.append(root);
    const tile = { root, video, audio, note, label };
    this.#tiles.set(participant.sessionId, tile);
    return tile;
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
