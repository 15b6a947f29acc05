import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  Header,
  NotificationBanner,
  PasswordInput,
  Radios,
  SkipLink,
  createAll,
} from 'nhsuk-frontend';
import { startAutosave } from './autosave';
import { startGrid } from './grid';
import { startHold } from './hold';
import { showReadersTime } from './local-time';
import { startPasskey } from './passkey';

// A browser that runs module scripts supports all of nhsuk-frontend; its styles wait for these classes.
document.body.classList.add('js-enabled', 'nhsuk-frontend-supported');

for (const component of [ErrorSummary, NotificationBanner, SkipLink, Header, Checkboxes, Radios]) createAll(component);
createAll(Button, { preventDoubleClick: true });
createAll(CharacterCount);
createAll(PasswordInput);

for (const element of document.querySelectorAll<HTMLElement>('[data-module="hold"]')) startHold(element);
for (const element of document.querySelectorAll<HTMLTableElement>('table[data-module="diary"]')) startGrid(element);
for (const element of document.querySelectorAll<HTMLElement>('time[data-module="local-time"]')) showReadersTime(element);
for (const element of document.querySelectorAll<HTMLFormElement>('form[data-module="passkey"]')) startPasskey(element);
startAutosave();
