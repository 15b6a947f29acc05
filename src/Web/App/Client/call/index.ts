import { Call } from './call';
import { NoteForm } from './note-form';

for (const root of document.querySelectorAll<HTMLElement>('[data-module="call"]')) new Call(root).run();
for (const root of document.querySelectorAll<HTMLElement>('[data-module="note"]')) new NoteForm(root).run();
