/** Hands messages on once each and in the order of their sequence, whatever order or number of times they arrive in. */
export class MessageOrder<Message extends { readonly sequence: number }> {
  readonly #early = new Map<number, Message>();
  #last: number;

  constructor(last = 0) {
    this.#last = last;
  }

  /** The sequence of the last message handed on. */
  get last(): number {
    return this.#last;
  }

  /** True while a message is missing that later ones wait for. */
  get waiting(): boolean {
    return this.#early.size > 0;
  }

  /** The messages that are due now that this one has come: none, it alone, or it and those that waited for it. */
  accept(message: Message): Message[] {
    if (message.sequence > this.#last) this.#early.set(message.sequence, message);
    const due: Message[] = [];
    for (let next = this.#early.get(this.#last + 1); next; next = this.#early.get(this.#last + 1)) {
      this.#early.delete(next.sequence);
      this.#last = next.sequence;
      due.push(next);
    }
    return due;
  }
}
