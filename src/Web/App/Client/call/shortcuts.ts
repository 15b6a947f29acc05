import type { DeviceKind } from './devices';

export interface ShortcutActions {
  readonly toggle: (kind: DeviceKind) => void;
  readonly hand: () => void;
}

/** Each with a modifier, so that no slip while typing, and no voice command, sets one off (WCAG 2.1.4). Those of other video services, where there are. */
export const shortcuts: readonly { readonly keys: string; readonly what: string }[] = [
  { keys: 'Ctrl+D', what: 'Microphone on or off' },
  { keys: 'Ctrl+E', what: 'Camera on or off' },
  { keys: 'Ctrl+Alt+H', what: 'Raise or lower your hand' },
];

/** Runs what a key stands for. True if it stands for anything: the browser must not do what it does with the key. */
export function runShortcut({ key, code, ctrlKey, metaKey, altKey, shiftKey, repeat }: KeyboardEvent, actions: ShortcutActions): boolean {
  if (!(ctrlKey || metaKey) || shiftKey) return false;
  const run = altKey
    ? code === 'KeyH' && actions.hand
    : { d: () => actions.toggle('microphone'), e: () => actions.toggle('camera') }[key.toLowerCase()];
  if (!run) return false;
  // A key that is held down is pressed once.
  if (!repeat) run();
  return true;
}
