/** The browser's own voice, where it has one. Nothing depends on it. */

/** Some browsers never say that they have ended. */
const longest = 15_000;

let last: Promise<void> = Promise.resolve();

/** Says this in place of what was being said. */
export function speak(text: string): Promise<void> {
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(text);
  said.lang = 'en-GB';
  last = new Promise((resolve) => {
    said.addEventListener('end', () => resolve());
    said.addEventListener('error', () => resolve());
    setTimeout(resolve, longest);
  });
  speechSynthesis.speak(said);
  return last;
}

/** Waits until what was said last has ended. */
export const spoken = (): Promise<void> => last;
