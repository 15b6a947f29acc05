import { ConnectionLost } from '../realtime/hub-link';
import { hubErrorCode } from '../realtime/hub-socket';
import type { ChatMessage, Invoke } from './protocol';

export interface OutgoingMessage {
  readonly clientId: string;
  readonly text: string;
}

const tooFastWait = 1_000;

/** Chat messages on their way, in order. Each is sent until the hub delivers it back; the hub ignores a repeat. */
export class Outbox {
  #messages: readonly OutgoingMessage[] = [];
  #sending = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly invoke: Invoke,
    /** The list changed; a refused message, if there is one, is off the list. */
    private readonly changed: (refused?: OutgoingMessage) => void,
  ) {}

  get messages(): readonly OutgoingMessage[] {
    return this.#messages;
  }

  add(text: string): void {
    this.#messages = [...this.#messages, { clientId: crypto.randomUUID(), text }];
    this.changed();
    void this.send();
  }

  delivered(message: ChatMessage): void {
    this.#remove(message.clientId);
    this.changed();
  }

  /** Sends everything that has not been delivered. To be called again after a reconnect. */
  async send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#retry);
    try {
      const tried = new Set<string>();
      const next = () => this.#messages.find((waiting) => !tried.has(waiting.clientId));
      for (let message = next(); message; message = next()) {
        tried.add(message.clientId);
        try {
          await this.invoke('SendChat', message);
        } catch (error) {
          if (error instanceof ConnectionLost) return;
          if (hubErrorCode(error) === 'too-many') {
            this.#retry = setTimeout(() => void this.send(), tooFastWait);
            return;
          }
          this.#remove(message.clientId);
          this.changed(message);
        }
      }
    } finally {
      this.#sending = false;
    }
  }

  #remove(clientId: string): void {
    this.#messages = this.#messages.filter((message) => message.clientId !== clientId);
  }
}
