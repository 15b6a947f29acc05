import { Call } from './call';
import { keepSignedIn } from './keep-signed-in';
import { NoteForm } from './note-form';

for (const root of document.querySelectorAll<HTMLElement>('[data-module="call"]')) {
  new Call(root).run();
  keepSignedIn(root);
}
for (const root of document.querySelectorAll<HTMLElement>('[data-module="note"]')) new NoteForm(root).run();
