import { connectivity, ConnectionLost, type LinkState } from '../realtime/hub-link';
import { openHubSocket } from '../realtime/hub-socket';
import { fetchTicket, type Refusal } from '../realtime/tickets';
import { BackgroundBlur, blurBy } from './background-blur';
import { apply, initialState, joined, type CallState } from './call-state';
import { CallConnection } from './connection';
import { Files, type SharedFile } from './files';
import type { DeviceKind } from './devices';
import { DeviceReporter } from './device-report';
import { LocalDevices } from './local-devices';
import { Media, type MediaState } from './media/media';
import type { RemoteTrack } from './media/receiver';
import { Outbox } from './outbox';
import { PictureWatch } from './picture-watch';
import type { CallMessage, JoinResult, Role } from './protocol';
import { SavedSessionStore } from './saved-session';
import { ScreenShare } from './screen-share';
import { runShortcut } from './shortcuts';
import { CallView } from './view';
import { WaitingRoom } from './waiting-room';
import { blurFailed, decisionFailed, deviceAdvice, hideFailed, keepFailed, mutedBy, muteFailed, partialAdvice, refusalAdvice, screenFailed, screenTwice, showFailed, telephoneFailed, unsupported } from './wording';

/** How long leaving waits for the hub to hear of it. */
const goodbyeTimeout = 2_000;

/** The call page: ties the connection, the media, the devices and the view together. */
export class Call {
  readonly #role: Role;
  readonly #guest: boolean;
  readonly #consultationId: string;
  readonly #addresses: { readonly ticket: string; readonly outcome: string; readonly leave: string };
  readonly #store: SavedSessionStore;
  readonly #files: Files;
  readonly #view: CallView;
  readonly #connection: CallConnection;
  readonly #media: Media;
  readonly #devices: LocalDevices;
  readonly #screen: ScreenShare;
  readonly #blur: BackgroundBlur;
  readonly #outbox: Outbox;
  readonly #reporter: DeviceReporter;
  /** The patient's; a clinician has none. */
  readonly #waiting: WaitingRoom | undefined;
  readonly #pictures = new PictureWatch(() => this.#update());
  #state: CallState = initialState;
  #link: LinkState = 'connecting';
  #mediaState: MediaState = 'none';
  #tracks: readonly RemoteTrack[] = [];
  #hand = false;
  #keepsVideo = false;
  #started = false;
  #admitting = false;
  #gone = false;
  /** The notice says why the page cannot join yet. */
  #hindered = false;
  /** Web or the hub let this page in no more. */
  #out = false;

  constructor(root: HTMLElement) {
    this.#role = setting(root, 'role') === 'clinician' ? 'clinician' : 'patient';
    this.#guest = setting(root, 'guest') === 'true';
    this.#consultationId = setting(root, 'consultationId');
    this.#addresses = { ticket: setting(root, 'ticketUrl'), outcome: setting(root, 'outcomeUrl'), leave: setting(root, 'leaveUrl') };
    this.#store = new SavedSessionStore(this.#consultationId);
    this.#files = new Files(setting(root, 'filesUrl'));
    this.#view = new CallView(root, this.#role, setting(root, 'otherName'), this.#files, {
      start: () => void this.#start(),
      admit: () => void this.#admit(),
      toggle: (kind) => this.#toggle(kind),
      share: () => void this.#screen.toggle(),
      hand: () => void this.#raiseHand(),
      blur: () => this.#blur.set(!this.#blur.on),
      mute: (sessionId) => void this.#connection.invoke('Mute', sessionId).catch(() => this.#view.notice.show(muteFailed)),
      decide: (decision, ...about) => void this.#connection.invoke(decision, ...about).catch(() => this.#view.notice.show(decisionFailed)),
      say: (text) => this.#outbox.add(text),
      keepChat: () => void this.#connection.invoke('KeepChat').catch(() => this.#view.notice.show(keepFailed)),
      showImage: (file) => void this.#showImage(file),
      hideImage: () => void this.#connection.invoke('HideImage').catch(() => this.#view.notice.show(hideFailed)),
      // A pointer that was lost on its way is followed by the next.
      point: ({ x, y }) => void this.#connection.invoke('Point', x, y).catch(() => undefined),
      leave: () => void this.#leave(),
      keepVideo: (keep) => void this.#keepVideo(keep),
      telephone: (use) => void this.#connection.invoke('UseTelephone', use).catch(() => this.#view.notice.show(telephoneFailed)),
      device: (kind, deviceId) => void this.#devices.use(kind, deviceId),
      deviceId: (kind) => this.#devices.deviceId(kind),
      resized: (consumerId, size) => this.#media.shown(consumerId, size),
    });
    this.#connection = new CallConnection({
      ticket: () => fetchTicket(this.#addresses.ticket),
      open: openHubSocket,
      joined: (result, samePage) => this.#joined(result, samePage),
      received: (message) => this.#received(message),
      changed: (state) => this.#update(() => (this.#link = state)),
      refused: (refusal) => this.#refused(refusal),
      hindered: (sentence) => {
        this.#hindered = true;
        this.#view.notice.show({ heading: 'We cannot connect you yet', text: sentence });
      },
    });
    this.#media = new Media(this.#connection.invoke, {
      tracks: (tracks) => {
        this.#pictures.see(tracks);
        this.#update(() => (this.#tracks = tracks));
      },
      state: (state) => this.#update(() => (this.#mediaState = state)),
      unwanted: (source) => {
        if (source !== 'screen') return;
        this.#screen.stop();
        this.#view.notice.show(screenTwice);
      },
    });
    this.#devices = new LocalDevices({
      changed: () => this.#update(() => this.#send()),
      // A camera that starts after this page was refused must not take away what says so.
      missing: (kind, problem) => {
        if (!this.#out) this.#view.notice.show(partialAdvice(kind, problem));
      },
      found: () => {
        if (!this.#out) this.#view.notice.clear();
      },
    });
    this.#blur = new BackgroundBlur(blurBy(setting(root, 'blurUrl')), {
      changed: () => this.#update(() => this.#send()),
      failed: () => {
        // Whoever wanted it must not be seen without it all of a sudden.
        if (this.#devices.on('camera')) void this.#devices.toggle('camera');
        this.#view.notice.show(blurFailed);
      },
    });
    this.#screen = new ScreenShare({
      changed: () => this.#update(() => this.#send()),
      failed: () => this.#view.notice.show(screenFailed),
    });
    this.#waiting = WaitingRoom.in(root, {
      changed: () => this.#update(),
    });
    this.#reporter = new DeviceReporter((devices) => this.#connection.invoke('ReportDevices', devices));
    this.#outbox = new Outbox(this.#connection.invoke, (refused) => {
      if (refused) this.#view.notice.show({ heading: 'Your message was not sent', text: refused.text });
      this.#update();
    });
  }

  run(): void {
    this.#watchPage();
    const saved = this.#store.take();
    if (saved) this.#devices.restore(saved);
    if (saved?.blur) this.#blur.set(true);
    // A clinician who opens the page, or anyone who refreshes it, has nothing to press.
    if (saved || this.#role === 'clinician') {
      this.#connect(saved);
      void this.#openDevices();
    }
    this.#update();
  }

  async #start(): Promise<void> {
    this.#started = true;
    this.#update();
    const any = await this.#openDevices();
    if (any) this.#connect();
    else if (!this.#connection.running) this.#started = false;
    this.#update();
  }

  /** Opens what is switched on. False when nothing did open. */
  async #openDevices(): Promise<boolean> {
    const { any, problem } = await this.#devices.open();
    if (this.#state.telephone === 'chosen') this.#devices.rest();
    if (any || !problem) return true;
    const again = { text: 'Try again', run: () => void this.#start() };
    const without = {
      text: 'Continue without camera and microphone',
      run: () => {
        this.#view.notice.clear();
        this.#connect();
      },
    };
    this.#view.notice.show(deviceAdvice(problem), ...(this.#connection.running ? [again] : [again, without]));
    return false;
  }

  #connect(resume?: { readonly sessionId: string; readonly lastSequence: number }): void {
    if (this.#connection.running) return;
    this.#started = true;
    this.#connection.start(resume);
    this.#update();
  }

  #joined(result: JoinResult, samePage: boolean): void {
    if (this.#hindered) this.#view.notice.clear();
    this.#hindered = false;
    this.#hand = result.hand;
    this.#keepsVideo = result.keepsVideo;
    const { telephone } = this.#state;
    this.#update(() => (this.#state = joined(this.#state, result, samePage)));
    this.#telephoned(telephone);
    this.#send();
    if (samePage) this.#media.hubReturned();
    else this.#media.start(result).catch((error: unknown) => this.#mediaFailed(error));
    void this.#outbox.send();
    void this.#view.files.refresh();
    this.#waiting?.joined();
    this.#reporter.joined();
    if (this.#state.phase === 'ended') this.#finish(this.#addresses.outcome);
  }

  #received(message: CallMessage): void {
    this.#media.received(message);
    if (message.type === 'muted') this.#muted(message.by);
    if (message.type === 'chat') this.#outbox.delivered(message.message);
    if (message.type === 'filesChanged') void this.#view.files.refresh();
    if (message.type === 'pointed') this.#view.image.pointed(message);
    if (message.type === 'clinicChanged') this.#waiting?.refresh();
    const { telephone } = this.#state;
    this.#update(() => (this.#state = apply(this.#state, message)));
    this.#telephoned(telephone);
    if (message.type === 'phaseChanged' || message.type === 'linkChanged') this.#send();
    if (this.#state.phase === 'ended') this.#finish(this.#addresses.outcome);
  }

  /** Nothing leaves this machine before the patient is admitted. */
  #send(): void {
    const talking = this.#state.phase === 'inCall' && this.#state.telephone !== 'chosen';
    this.#media.step = this.#state.own.step;
    this.#media.send('microphone', this.#devices.track('microphone'), talking && this.#devices.on('microphone'));
    this.#media.send('camera', this.#camera, talking && this.#devices.on('camera'));
    this.#media.send('screen', talking ? this.#screen.track : undefined, talking);
  }

  /** As others see it. */
  get #camera(): MediaStreamTrack | undefined {
    return this.#blur.track(this.#devices.track('camera'));
  }

  async #admit(): Promise<void> {
    this.#update(() => (this.#admitting = true));
    try {
      await this.#connection.invoke('Admit', this.#consultationId);
      this.#view.notice.clear();
    } catch (error) {
      const text = error instanceof ConnectionLost ? 'The connection was lost. Try again in a moment.' : 'Try again. If it does not help, load the page again.';
      this.#view.notice.show({ heading: 'The patient was not let in', text });
    } finally {
      this.#update(() => (this.#admitting = false));
    }
  }

  /** Web first, which lets everybody open it; then the hub, which tells them to. */
  async #showImage({ id, name }: SharedFile): Promise<void> {
    try {
      await this.#files.show(id);
      await this.#connection.invoke('ShowImage', { fileId: id, name });
    } catch {
      this.#view.notice.show(showFailed);
    }
  }

  /** Whoever talks by telephone is neither seen nor heard here, and the light of the camera goes off. */
  #telephoned(before: CallState['telephone']): void {
    const { telephone } = this.#state;
    if (telephone === before || (telephone !== 'chosen' && before !== 'chosen')) return;
    if (telephone === 'chosen') {
      this.#screen.stop();
      this.#devices.rest();
    } else {
      void this.#openDevices();
    }
    this.#update(() => this.#send());
  }

  #toggle(kind: DeviceKind): void {
    if (this.#state.telephone !== 'chosen') void this.#devices.toggle(kind);
  }

  async #keepVideo(keep: boolean): Promise<void> {
    this.#update(() => (this.#keepsVideo = keep));
    await this.#connection.invoke('KeepVideo', keep).catch(() => this.#update(() => (this.#keepsVideo = !keep)));
  }

  async #raiseHand(): Promise<void> {
    const up = !this.#hand;
    this.#update(() => (this.#hand = up));
    // Whoever lost the connection is told so already; the hub says how the hand is when it is back.
    await this.#connection.invoke('RaiseHand', up).catch(() => this.#update(() => (this.#hand = !up)));
  }

  /** The clinician turned the microphone off; only this person turns it on again. */
  #muted(by: string): void {
    if (this.#devices.on('microphone')) void this.#devices.toggle('microphone');
    const on = () => {
      this.#view.notice.clear();
      if (!this.#devices.on('microphone')) void this.#devices.toggle('microphone');
    };
    this.#view.notice.show(mutedBy(by), { text: 'Turn microphone on', run: on });
  }

  async #leave(): Promise<void> {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, goodbyeTimeout));
    // Whoever cannot say goodbye leaves all the same: the hub notices by itself.
    await Promise.race([this.#connection.invoke('Leave').catch(() => undefined), patience]);
    this.#finish(this.#addresses.leave);
  }

  #finish(address: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#connection.stop();
    this.#media.close();
    this.#blur.close();
    this.#devices.close();
    this.#screen.close();
    location.assign(address);
  }

  #refused(refusal: Refusal): void {
    if (refusal === 'over') {
      this.#finish(this.#addresses.outcome);
      return;
    }
    // Out of the call: nothing is sent any more, and the light of the camera goes off.
    this.#media.close();
    this.#blur.close();
    this.#devices.close();
    this.#screen.close();
    this.#update(() => {
      this.#state = initialState;
      this.#out = true;
    });
    const { action, ...advice } = refusalAdvice(refusal, this.#guest);
    this.#view.notice.show(advice, { text: action, run: () => location.reload() });
  }

  #mediaFailed(error: unknown): void {
    if (!(error instanceof Error) || error.name !== 'UnsupportedError') throw error;
    this.#view.notice.show(unsupported);
  }

  #watchPage(): void {
    addEventListener('keydown', (event) => {
      if (this.#state.phase !== 'inCall') return;
      if (runShortcut(event, { toggle: (kind) => this.#toggle(kind), hand: () => void this.#raiseHand() })) event.preventDefault();
    });
    addEventListener('pagehide', () => {
      const { session } = this.#connection;
      // Devices that rest while people talk by telephone are open again after it.
      const on = (kind: DeviceKind) => (this.#state.telephone === 'chosen' ? this.#devices.wants(kind) : this.#devices.on(kind));
      if (session && !this.#gone) this.#store.keep({ ...session, microphone: on('microphone'), camera: on('camera'), blur: this.#blur.on });
    });
    addEventListener('pageshow', ({ persisted }) => {
      if (!persisted) return;
      this.#store.take();
      this.#connection.wake();
    });
    const seen = () => (this.#media.hidden = document.visibilityState === 'hidden');
    seen();
    document.addEventListener('visibilitychange', () => {
      seen();
      if (document.visibilityState === 'visible') this.#connection.wake();
    });
    const networkChanged = () => {
      this.#connection.wake();
      this.#media.networkChanged();
      this.#update();
    };
    addEventListener('online', networkChanged);
    addEventListener('offline', () => {
      this.#connection.wake();
      this.#update();
    });
    if ('connection' in navigator && navigator.connection instanceof EventTarget) navigator.connection.addEventListener('change', networkChanged);
  }

  #update(change?: () => void): void {
    change?.();
    const { phase, telephone } = this.#state;
    this.#waiting?.see(phase);
    const known = this.#devices.settled && (phase === 'waiting' || phase === 'inCall') && telephone !== 'chosen';
    this.#reporter.see(known ? { microphone: this.#devices.works('microphone'), camera: this.#devices.works('camera') } : undefined);
    this.#view.show({
      state: this.#state,
      link: connectivity(this.#link),
      media: this.#mediaState,
      started: this.#started,
      out: this.#out,
      admitting: this.#admitting,
      camera: this.#camera,
      on: { microphone: this.#devices.on('microphone'), camera: this.#devices.on('camera') },
      tracks: this.#tracks,
      sharing: this.#screen.track !== undefined,
      hand: this.#hand,
      blur: this.#blur.on,
      pictures: this.#pictures.flow,
      outgoing: this.#outbox.messages,
      keepsVideo: this.#keepsVideo,
      next: this.#waiting?.next ?? false,
    });
  }
}

function setting(root: HTMLElement, name: string): string {
  const value = root.dataset[name];
  if (value === undefined) throw new Error(`The call page has no ${name}.`);
  return value;
}
