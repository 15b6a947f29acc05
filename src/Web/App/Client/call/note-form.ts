/**
 * The clinician's note beside the call. Its form posts a whole page, which would drop the call: here the post goes by fetch, and the note's part of the
 * answer takes the old one's place. Finishing leaves the page anyway, and is left alone. What is typed is saved by itself too (app/autosave.ts).
 */
export class NoteForm {
  constructor(private readonly root: HTMLElement) {}

  run(): void {
    this.root.addEventListener('submit', (event) => void this.send(event));
  }

  private async send(event: SubmitEvent): Promise<void> {
    const { target: form, submitter } = event;
    if (!(form instanceof HTMLFormElement) || !(submitter instanceof HTMLButtonElement)) return;
    if (submitter.dataset.note === 'finish' && this.text()?.trim() !== '') return;
    event.preventDefault();
    if (submitter.dataset.note === 'finish') {
      this.tell('Write a note before you finish');
      this.root.querySelector('textarea')?.focus();
      return;
    }
    const typed = this.text();
    submitter.disabled = true;
    try {
      const answer = await fetch(submitter.formAction, { method: 'POST', body: new FormData(form, submitter) });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('[data-module="note"]');
      if (fresh === null) throw new Error('The answer is another page.');
      this.replace(fresh, typed);
    } catch {
      // Signed out, or no network: what was typed stays in the form, and the clinician is told.
      this.tell('The note could not be saved. It is still here: try again in a moment.');
    } finally {
      submitter.disabled = false;
    }
  }

  private replace(fresh: Element, sent: string | undefined): void {
    const typed = this.text();
    this.root.replaceChildren(...fresh.childNodes);
    const note = this.root.querySelector('textarea');
    // Whoever typed on while the post was under way keeps every letter.
    if (note !== null && typed !== undefined && typed !== sent) {
      note.value = typed;
      note.dispatchEvent(new Event('input', { bubbles: true }));
    }
    const next = this.root.querySelector<HTMLElement>('.nhsuk-error-message, [data-note="saved"]');
    next?.setAttribute('tabindex', '-1');
    next?.focus();
  }

  private text(): string | undefined {
    return this.root.querySelector('textarea')?.value;
  }

  private tell(words: string): void {
    let place = this.root.querySelector<HTMLElement>('[data-note="problem"]');
    if (place === null) {
      place = document.createElement('p');
      place.dataset.note = 'problem';
      place.className = 'nhsuk-error-message';
      place.setAttribute('role', 'alert');
      this.root.querySelector('form')?.prepend(place);
    }
    place.textContent = words;
  }
}
