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

// A browser that runs module scripts supports all of nhsuk-frontend; its styles wait for these classes.
document.body.classList.add('js-enabled', 'nhsuk-frontend-supported');

for (const component of [ErrorSummary, NotificationBanner, SkipLink, Header, Checkboxes, Radios]) createAll(component);
createAll(Button, { preventDoubleClick: true });
createAll(CharacterCount);
createAll(PasswordInput);
