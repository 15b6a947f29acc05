import { people, waitingGuests, type CallState } from './call-state';
import { ConfirmDialog } from './confirm-dialog';
import { element, setText } from './dom';
import type { Participant } from './protocol';

/** The hub's methods by which a clinician decides of people. */
export type Decision = 'LetIn' | 'Hold' | 'Resume' | 'Remove' | 'Readmit' | 'Huddle' | 'EndHuddle' | 'Lock';

export type Decide = (decision: Decision, ...about: readonly (string | boolean)[]) => void;

interface Row {
  readonly root: HTMLLIElement;
  readonly name: HTMLElement;
  readonly tools: Readonly<Record<'LetIn' | 'Hold' | 'Resume' | 'Huddle' | 'Remove' | 'Readmit', HTMLButtonElement>>;
  person: Pick<Participant, 'participantId' | 'name'>;
}

const words: Readonly<Record<keyof Row['tools'], readonly [text: string, label: (name: string) => string]>> = {
  LetIn: ['Let in', (name) => `Let in ${name}`],
  Hold: ['Put on hold', (name) => `Put on hold: ${name}`],
  Resume: ['Bring back', (name) => `Bring back: ${name}`],
  Huddle: ['Talk in private', (name) => `Talk in private with ${name}`],
  Remove: ['Remove', (name) => `Remove ${name} from the call`],
  Readmit: ['Let back in', (name) => `Let back in: ${name}`],
};

/** The clinician's: who is in the call, who waits, and what to do about each. */
export class PeoplePanel {
  readonly #toggle = element('button', { class: 'app-call__tool', type: 'button', 'data-call': 'people-toggle', 'aria-expanded': 'false', 'aria-controls': 'people' }, 'People');
  readonly #heading = element('h2', { class: 'nhsuk-heading-s', id: 'people-heading', tabindex: '-1' }, 'People in this call');
  readonly #list = element('ul', { class: 'app-call__people-list' });
  readonly #lock = tool('Lock the call');
  readonly #endHuddle = tool('End the private talk');
  readonly #panel = element(
    'section',
    { class: 'app-call__people', id: 'people', 'data-call': 'people', 'aria-labelledby': 'people-heading' },
    this.#heading,
    this.#list,
    this.#lock,
  );
  /** Always in sight: who waits at the door must not be overlooked, and a private talk must not be forgotten. */
  readonly #now = element('div', { class: 'app-call__now', 'data-call': 'now' });
  readonly #knocks = new Map<string, HTMLButtonElement>();
  readonly #rows = new Map<string, Row>();
  readonly #dialog: ConfirmDialog;
  #locked = false;

  constructor(
    root: HTMLElement,
    toolbar: HTMLElement,
    more: HTMLElement,
    private readonly decide: Decide,
  ) {
    this.#dialog = new ConfirmDialog(root);
    this.#panel.hidden = this.#endHuddle.hidden = true;
    this.#now.append(this.#endHuddle);
    toolbar.before(this.#now);
    toolbar.after(this.#panel);
    more.before(this.#toggle);
    this.#toggle.addEventListener('click', () => this.#open(this.#panel.hasAttribute('hidden')));
    this.#panel.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return;
      this.#open(false);
      this.#toggle.focus();
    });
    this.#lock.addEventListener('click', () => this.decide('Lock', !this.#locked));
    this.#endHuddle.addEventListener('click', () => this.decide('EndHuddle'));
  }

  show(state: CallState): void {
    const inCall = state.phase === 'inCall';
    const focused = document.activeElement;
    this.#toggle.hidden = !inCall;
    if (!inCall) this.#open(false);
    this.#now.hidden = !inCall;
    this.#locked = state.room?.locked ?? false;
    setText(this.#lock, this.#locked ? 'Unlock the call' : 'Lock the call');
    this.#lock.setAttribute('aria-description', this.#locked ? 'New people can join again' : 'Nobody new can join');
    const huddle = state.room?.huddle ?? false;
    this.#endHuddle.hidden = !huddle;
    this.#knock(waitingGuests(state));
    this.#showList(state, huddle);
    // What was pressed has done its work; the person it was about is still there to act on, or the list is.
    if (focused instanceof HTMLElement && this.#panel.contains(focused) && focused.getClientRects().length === 0 && !this.#panel.hidden) {
      const row = focused.closest('li');
      (row?.isConnected ? row : this.#heading).focus();
    }
  }

  #knock(guests: readonly Participant[]): void {
    for (const [id, button] of this.#knocks) {
      if (guests.some((guest) => guest.participantId === id)) continue;
      button.remove();
      this.#knocks.delete(id);
    }
    for (const guest of guests) {
      if (this.#knocks.has(guest.participantId)) continue;
      const button = element('button', { class: 'nhsuk-button nhsuk-button--small', type: 'button' }, `Let in ${guest.name}`);
      button.addEventListener('click', () => this.decide('LetIn', guest.participantId));
      this.#knocks.set(guest.participantId, button);
      this.#now.append(button);
    }
  }

  #showList(state: CallState, huddle: boolean): void {
    const present = people(state).filter((person) => person.role !== 'clinician');
    const removed = state.room?.removed ?? [];
    const known = new Set([...present, ...removed].map((person) => person.participantId));
    for (const [id, row] of this.#rows) {
      if (known.has(id)) continue;
      row.root.remove();
      this.#rows.delete(id);
    }
    for (const person of present) {
      const on = person.phase === 'onHold';
      const said = person.phase === 'waiting' ? ', waiting to be let in' : on ? ', on hold' : '';
      this.#row(person, `${person.name}${said}`, {
        LetIn: person.phase === 'waiting',
        Hold: person.phase === 'inCall' && !huddle,
        Resume: on && !huddle,
        Huddle: person.phase === 'onHold' || (person.phase === 'inCall' && !huddle && present.length > 1),
        Remove: true,
        Readmit: false,
      });
    }
    for (const person of removed) {
      this.#row(person, `${person.name}, removed`, { LetIn: false, Hold: false, Resume: false, Huddle: false, Remove: false, Readmit: true });
    }
  }

  #row(person: Row['person'], said: string, offered: Readonly<Record<keyof Row['tools'], boolean>>): void {
    const row = this.#rows.get(person.participantId) ?? this.#newRow(person);
    row.person = person;
    setText(row.name, said);
    for (const key of Object.keys(words) as (keyof Row['tools'])[]) {
      row.tools[key].hidden = !offered[key];
      row.tools[key].setAttribute('aria-label', words[key][1](person.name));
    }
  }

  #newRow(person: Row['person']): Row {
    const tools = {
      LetIn: tool(words.LetIn[0]),
      Hold: tool(words.Hold[0]),
      Resume: tool(words.Resume[0]),
      Huddle: tool(words.Huddle[0]),
      Remove: tool(words.Remove[0]),
      Readmit: tool(words.Readmit[0]),
    };
    const name = element('p', { class: 'app-call__people-name' });
    const root = element('li', { tabindex: '-1' }, name, element('div', { class: 'app-call__people-tools' }, ...Object.values(tools)));
    const row: Row = { root, name, tools, person };
    for (const key of ['LetIn', 'Hold', 'Resume', 'Huddle', 'Readmit'] as const) {
      tools[key].addEventListener('click', () => this.decide(key, row.person.participantId));
    }
    tools.Remove.addEventListener('click', () =>
      this.#dialog.ask(
        {
          heading: `Remove ${row.person.name}?`,
          text: 'They leave the call at once and cannot come back unless you let them back in.',
          yes: 'Remove from the call',
        },
        () => this.decide('Remove', row.person.participantId),
      ),
    );
    this.#rows.set(person.participantId, row);
    this.#list.append(root);
    return row;
  }

  #open(open: boolean): void {
    this.#panel.hidden = !open;
    this.#toggle.setAttribute('aria-expanded', String(open));
  }
}

function tool(text: string): HTMLButtonElement {
  return element('button', { class: 'nhsuk-button nhsuk-button--secondary nhsuk-button--small', type: 'button' }, text);
}
