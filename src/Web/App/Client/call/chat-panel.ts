import { element, part, setText } from './dom';
import type { OutgoingMessage } from './outbox';
import type { ChatMessage } from './protocol';
import { keptMessages } from './wording';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** The messages beside the call: a panel that opens and closes, a list, a form. */
export class ChatPanel {
  readonly #panel: HTMLElement;
  readonly #toggle: HTMLButtonElement;
  readonly #list: HTMLElement;
  readonly #input: HTMLInputElement | HTMLTextAreaElement;
  readonly #keeping: HTMLElement;
  /** The clinician's alone. */
  readonly #keep: HTMLElement | undefined;
  readonly #announcer = element('p', { class: 'nhsuk-u-visually-hidden', role: 'status' });
  readonly #pending = new Map<string, HTMLLIElement>();
  #shown = new Set<string>();
  #unread = 0;
  #kept = false;

  /** @param keep keeps the conversation with the record; undefined for who may not. */
  constructor(root: HTMLElement, send: (text: string) => void, keep: (() => void) | undefined) {
    this.#panel = part(root, 'chat', HTMLElement);
    this.#toggle = part(root, 'chat-toggle', HTMLButtonElement);
    this.#list = part(root, 'messages', HTMLElement);
    const form = this.#panel.querySelector('form');
    const input = form?.querySelector<HTMLInputElement | HTMLTextAreaElement>('input:not([type="hidden"]), textarea');
    if (!form || !input) throw new Error('The chat panel has no form with a text field.');
    this.#input = input;
    this.#keeping = part(root, 'chat-keeping', HTMLElement);
    const button = keep && part(root, 'chat-keep', HTMLButtonElement);
    if (keep) button?.addEventListener('click', keep);
    this.#keep = button?.parentElement ?? undefined;

    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (text === '') return;
      send(text);
      input.value = '';
      input.focus();
    });
    this.#toggle.addEventListener('click', () => this.#open(this.#panel.hasAttribute('hidden')));
    this.#panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#open(false);
    });
    this.#panel.before(this.#announcer);
    this.#label();
  }

  /** The patient has nobody to write to in the waiting room. */
  set available(available: boolean) {
    this.#toggle.hidden = !available;
    if (!available) this.#panel.hidden = true;
  }

  /** Something else than a message came that this panel shows. */
  announce(sentence: string): void {
    if (!this.#panel.hidden) return;
    this.#unread++;
    setText(this.#announcer, sentence);
    this.#label();
  }

  /** Says in the conversation that it is kept, once. */
  showKept(kept: boolean, live: boolean): void {
    if (!kept || this.#kept) return;
    this.#kept = true;
    setText(this.#keeping, keptMessages);
    if (this.#keep?.contains(document.activeElement)) this.#input.focus();
    this.#keep?.remove();
    this.#list.append(element('li', { class: 'app-call__message app-call__message--notice' }, element('p', { class: 'app-call__message-text' }, keptMessages)));
    if (live && this.#panel.hidden) setText(this.#announcer, keptMessages);
  }

  /** @param ownId the participant whose messages are shown as one's own. */
  show(messages: readonly ChatMessage[], outgoing: readonly OutgoingMessage[], ownId: string | undefined, live: boolean): void {
    for (const [clientId, pending] of this.#pending) {
      if (outgoing.some((message) => message.clientId === clientId)) continue;
      pending.remove();
      this.#pending.delete(clientId);
    }
    const [firstPending] = this.#pending.values();
    for (const message of messages) {
      if (this.#shown.has(message.id)) continue;
      this.#shown.add(message.id);
      const own = message.participantId === ownId;
      const shown = entry(own ? 'You' : message.name, message.text, time.format(new Date(message.at)), own);
      this.#list.insertBefore(shown, firstPending ?? null);
      if (live && !own && this.#panel.hidden) {
        this.#unread++;
        setText(this.#announcer, `New message from ${message.name}`);
      }
    }
    for (const message of outgoing) {
      if (this.#pending.has(message.clientId)) continue;
      const pending = entry('You', message.text, 'Sending…', true);
      this.#pending.set(message.clientId, pending);
      this.#list.append(pending);
    }
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#label();
  }

  #open(open: boolean): void {
    this.#panel.hidden = !open;
    this.#unread = 0;
    setText(this.#announcer, '');
    this.#label();
    if (open) {
      this.#list.scrollTop = this.#list.scrollHeight;
      this.#input.focus();
    } else {
      this.#toggle.focus();
    }
  }

  #label(): void {
    this.#toggle.setAttribute('aria-expanded', String(!this.#panel.hidden));
    setText(this.#toggle, this.#unread === 0 ? 'Messages' : `Messages (${this.#unread} new)`);
    this.#toggle.toggleAttribute('data-unread', this.#unread > 0);
  }
}

function entry(name: string, text: string, when: string, own: boolean): HTMLLIElement {
  return element(
    'li',
    { class: own ? 'app-call__message app-call__message--own' : 'app-call__message' },
    element('p', { class: 'app-call__message-head' }, element('strong', {}, name), ` ${when}`),
    element('p', { class: 'app-call__message-text' }, text),
  );
}
