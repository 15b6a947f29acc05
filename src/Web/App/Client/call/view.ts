import type { LinkState } from '../realtime/hub-link';
import { patientHere, tiles, type CallState } from './call-state';
import { announcements } from './announcements';
import { ChatPanel } from './chat-panel';
import { DeviceMenu } from './device-menu';
import type { DeviceKind } from './devices';
import { element, part, setText } from './dom';
import type { Files, SharedFile } from './files';
import { FilesPanel } from './files-panel';
import { LeaveDialog } from './leave-dialog';
import { MoreMenu } from './more-menu';
import type { MediaState } from './media/media';
import type { RemoteTrack } from './media/receiver';
import type { Size } from './media/shown-sizes';
import { Notice } from './notice';
import { PeoplePanel, type Decide } from './people-panel';
import type { OutgoingMessage } from './outbox';
import type { PictureFlow } from './picture-watch';
import type { Place } from './pointing';
import type { Role } from './protocol';
import { ScreenShare } from './screen-share';
import { SharedImage } from './shared-image';
import { Telephone } from './telephone';
import { Tiles } from './tiles';
import { status, title } from './wording';

export interface CallPicture {
  readonly state: CallState;
  readonly link: LinkState | 'offline';
  readonly media: MediaState;
  /** The person has begun to join: the start button has done its work. */
  readonly started: boolean;
  /** The person may not be in the call any more, and the notice says why. */
  readonly out: boolean;
  readonly admitting: boolean;
  readonly camera: MediaStreamTrack | undefined;
  readonly on: Readonly<Record<DeviceKind, boolean>>;
  readonly tracks: readonly RemoteTrack[];
  /** This person's screen is shared. */
  readonly sharing: boolean;
  /** This person's hand is up. */
  readonly hand: boolean;
  /** This person's background is blurred, or is about to be. */
  readonly blur: boolean;
  readonly pictures: PictureFlow;
  readonly outgoing: readonly OutgoingMessage[];
  readonly keepsVideo: boolean;
  /** Nobody is before this patient any more. */
  readonly next: boolean;
}

export interface CallActions {
  readonly start: () => void;
  readonly admit: () => void;
  readonly toggle: (kind: DeviceKind) => void;
  readonly share: () => void;
  readonly hand: () => void;
  readonly blur: () => void;
  readonly mute: (sessionId: string) => void;
  readonly decide: Decide;
  readonly say: (text: string) => void;
  readonly keepChat: () => void;
  /** Shows an image to everybody. */
  readonly showImage: (file: SharedFile) => void;
  readonly hideImage: () => void;
  readonly point: (place: Place) => void;
  readonly leave: () => void;
  /** Whether the person wants to be seen whatever the connection is like. */
  readonly keepVideo: (keep: boolean) => void;
  readonly telephone: (use: boolean) => void;
  readonly device: (kind: DeviceKind, deviceId: string) => void;
  /** The device that is in use. */
  readonly deviceId: (kind: DeviceKind) => string | undefined;
  /** A picture is shown at another size than before. */
  readonly resized: (consumerId: string, size: Size) => void;
}

/** Brings the page into line with a picture of the call. Everything it shows follows from that picture. */
export class CallView {
  readonly notice: Notice;
  readonly files: FilesPanel;
  readonly image: SharedImage;
  readonly #role: Role;
  readonly #otherName: string;
  readonly #pageTitle = document.title;
  readonly #status: HTMLElement;
  readonly #start: HTMLButtonElement;
  readonly #admit: HTMLButtonElement | undefined;
  readonly #self: HTMLVideoElement;
  readonly #selfNote = element('p', { class: 'app-call__tile-note' });
  readonly #sections: Readonly<Record<'waiting' | 'stage' | 'toolbar', HTMLElement>>;
  /** What somebody on hold reads; a clinician never is. */
  readonly #hold: HTMLElement | undefined;
  /** The clinician's alone. */
  readonly #people: PeoplePanel | undefined;
  readonly #tools: Readonly<Record<DeviceKind, HTMLButtonElement>>;
  readonly #screen: HTMLButtonElement;
  readonly #tiles: Tiles;
  readonly #chat: ChatPanel;
  readonly #more: MoreMenu;
  readonly #heard: HTMLElement;
  readonly #telephone: Telephone | undefined;
  readonly #keep = element('button', { class: 'nhsuk-button nhsuk-button--secondary nhsuk-button--small', type: 'button', 'data-call': 'keep-video' });
  #keepsVideo = false;
  #former: CallState | undefined;
  readonly #hear = element('button', { class: 'nhsuk-button app-call__hear', type: 'button', 'data-call': 'hear' }, 'Tap to hear');
  #phase: CallState['phase'] = 'preview';
  #focusLost = false;

  constructor(
    private readonly root: HTMLElement,
    role: Role,
    otherName: string,
    files: Files,
    actions: CallActions,
  ) {
    this.#role = role;
    this.#otherName = otherName;
    this.notice = new Notice(part(root, 'error', HTMLElement));
    this.#status = part(root, 'status', HTMLElement);
    this.#start = part(root, 'start', HTMLButtonElement);
    this.#admit = role === 'clinician' ? part(root, 'admit', HTMLButtonElement) : undefined;
    this.#self = part(root, 'self', HTMLVideoElement);
    this.#self.after(this.#selfNote);
    this.#sections = {
      waiting: part(root, 'waiting', HTMLElement),
      stage: part(root, 'stage', HTMLElement),
      toolbar: part(root, 'toolbar', HTMLElement),
    };
    this.#tools = { microphone: part(root, 'microphone', HTMLButtonElement), camera: part(root, 'camera', HTMLButtonElement) };
    this.#screen = part(root, 'screen', HTMLButtonElement);
    this.#tiles = new Tiles(part(root, 'remotes', HTMLElement), {
      silenced: () => (this.#hear.hidden = false),
      resized: actions.resized,
      mute: role === 'clinician' ? actions.mute : undefined,
    });
    this.#hold = role === 'clinician' ? undefined : part(root, 'hold', HTMLElement);
    this.#people = role === 'clinician' ? new PeoplePanel(root, this.#sections.toolbar, part(root, 'more', HTMLButtonElement), actions.decide) : undefined;
    const devices = new DeviceMenu({ use: actions.device, current: actions.deviceId, listen: (deviceId) => void this.#tiles.listen(deviceId) });
    this.#more = new MoreMenu(root, part(root, 'more', HTMLButtonElement), { hand: actions.hand, blur: actions.blur, picture: () => this.#tiles.main }, devices);
    this.#telephone = Telephone.in(root, actions.telephone);
    this.#keep.hidden = true;
    this.#keep.addEventListener('click', () => actions.keepVideo(!this.#keepsVideo));
    this.#status.after(this.#keep);
    this.#heard = part(root, 'heard', HTMLElement);
    this.#chat = new ChatPanel(root, actions.say, role === 'clinician' ? actions.keepChat : undefined);
    const clinician = role === 'clinician';
    this.files = new FilesPanel(root, files, {
      arrived: (sentence) => (this.#phase === 'inCall' ? this.#chat.announce(`${sentence} Open the messages to see it.`) : undefined),
      show: clinician ? actions.showImage : undefined,
    });
    this.image = new SharedImage(root, files, { point: actions.point, hide: clinician ? actions.hideImage : undefined });
    const dialog = new LeaveDialog(root, actions.leave);

    this.#hear.hidden = true;
    this.#sections.stage.append(this.#hear);
    this.#sections.stage.tabIndex = this.#sections.waiting.tabIndex = -1;
    if (this.#hold) this.#hold.tabIndex = -1;
    this.#hear.addEventListener('click', () => {
      this.#hear.hidden = true;
      this.#sections.stage.focus();
      this.#tiles.playAll();
    });
    this.#start.addEventListener('click', actions.start);
    this.#admit?.addEventListener('click', actions.admit);
    this.#screen.addEventListener('click', actions.share);
    part(root, 'leave', HTMLButtonElement).addEventListener('click', () => dialog.open());
    for (const kind of ['microphone', 'camera'] as const) {
      this.#tools[kind].addEventListener('click', () => actions.toggle(kind));
    }
  }

  show(picture: CallPicture): void {
    const { state, link, media } = picture;
    const others = tiles(state);
    const focused = document.activeElement;

    this.root.dataset['phase'] = state.phase;
    this.root.dataset['connection'] = link;
    this.root.dataset['media'] = media;
    this.#sections.waiting.hidden = state.phase !== 'waiting';
    this.#sections.stage.hidden = state.phase !== 'inCall';
    if (this.#hold) this.#hold.hidden = state.phase !== 'onHold';
    this.#sections.toolbar.hidden = state.phase === 'preview' || state.phase === 'ended';
    this.#start.hidden = picture.started;
    if (this.#admit) {
      this.#admit.hidden = state.phase !== 'waiting' || !patientHere(others);
      this.#admit.disabled = picture.admitting || link !== 'connected';
      setText(this.#admit, `Admit ${this.#otherName}`);
    }

    this.#showSelf(picture);
    for (const kind of ['microphone', 'camera'] as const) {
      const on = picture.on[kind];
      setText(this.#tools[kind], `Turn ${kind} ${on ? 'off' : 'on'}`);
      this.#tools[kind].dataset['state'] = on ? 'on' : 'off';
      this.#tools[kind].disabled = state.telephone === 'chosen';
    }
    this.#screen.hidden = state.phase !== 'inCall' || state.telephone === 'chosen' || !ScreenShare.supported;
    this.#screen.disabled = link !== 'connected' && !picture.sharing;
    setText(this.#screen, picture.sharing ? 'Stop sharing' : 'Share screen');
    this.#screen.dataset['state'] = picture.sharing ? 'sharing' : '';
    this.#chat.available = state.phase === 'inCall' || (state.phase === 'waiting' && this.#role === 'clinician');
    this.#tiles.show(state.phase === 'inCall' ? others : [], picture.tracks, state.speaker, state.unavailable);
    this.#more.show({ available: state.phase === 'inCall', hand: picture.hand, blur: picture.blur });
    this.#people?.show(state);
    this.image.show(state.phase === 'inCall' ? state.image : undefined);
    this.#announce(state);
    this.#chat.show(state.chat, picture.outgoing, state.self?.participantId, this.#phase === 'inCall');
    this.#chat.showKept(state.chatKept, this.#phase === 'inCall');

    const { pictures, sharing } = picture;
    const situation = { role: this.#role, otherName: this.#otherName, state, link, media, pictures, sharing, sharers: sharersOf(picture), on: picture.on };
    setText(this.#status, picture.started && !picture.out ? status(situation) : '');
    const inCall = state.phase === 'inCall';
    this.#keepsVideo = picture.keepsVideo;
    this.#keep.hidden = !inCall || state.telephone === 'chosen' || state.own.step === 'video' || !picture.on.camera;
    setText(this.#keep, picture.keepsVideo ? 'Turn my video off when the connection is poor' : 'Keep my video on');
    this.#telephone?.show({ inCall, state: state.telephone, wellConnected: link === 'connected' && media === 'connected' });
    document.title = title(this.#role, this.#otherName, state, this.#pageTitle, picture.next);
    if (state.phase === 'inCall' && this.#phase !== 'inCall') this.#fillWindow();
    this.#phase = state.phase;
    this.#keepFocus(focused);
  }

  /** For a screen reader: it reads what is new here, in its own time. */
  #announce(state: CallState): void {
    const said = this.#former ? announcements(this.#former, state) : [];
    this.#former = state;
    if (said.length > 0) this.#heard.replaceChildren(...said.map((sentence) => element('p', {}, sentence)));
  }

  #showSelf({ camera, on }: CallPicture): void {
    const present = this.#self.srcObject instanceof MediaStream ? this.#self.srcObject.getTracks()[0] : undefined;
    const shown = on.camera ? camera : undefined;
    if (present !== shown) this.#self.srcObject = shown ? new MediaStream([shown]) : null;
    this.#self.hidden = !shown;
    this.#selfNote.hidden = shown !== undefined;
    setText(this.#selfNote, on.camera ? 'Your picture is coming…' : 'Your camera is off');
  }

  /** On a phone the call takes the window; the page's heading is a swipe away. */
  #fillWindow(): void {
    if (this.root.getBoundingClientRect().bottom > innerHeight) this.root.scrollIntoView({ block: 'start' });
  }

  /**
   * What had the focus may be gone; what took its place gets it, at once or when it appears, so that a keyboard or a screen reader
   * is not sent to the top.
   */
  #keepFocus(focused: Element | null): void {
    if (focused instanceof HTMLElement && this.root.contains(focused)) {
      this.#focusLost = focused.getClientRects().length === 0 || focused.matches(':disabled');
    } else if (focused !== document.body) {
      this.#focusLost = false;
    }
    if (!this.#focusLost) return;
    const { stage, waiting } = this.#sections;
    const next = [stage, waiting, this.#hold].find((section) => section && !section.hidden && !section.contains(focused));
    if (!next) return;
    next.focus();
    this.#focusLost = false;
  }
}

/** The names of those whose screens are shown. */
function sharersOf({ state, tracks }: CallPicture): readonly string[] {
  const sessions = new Set(tracks.filter((track) => track.source === 'screen').map((track) => track.sessionId));
  return tiles(state)
    .filter((other) => sessions.has(other.sessionId))
    .map((other) => other.name);
}
