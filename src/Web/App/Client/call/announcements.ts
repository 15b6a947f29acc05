import { tiles, type CallState } from './call-state';
import type { Participant } from './protocol';

/** What a person who does not see the screen should hear of the others, a sentence each. The status line says the rest. */
export function announcements(before: CallState, after: CallState): readonly string[] {
  if (before.phase !== 'inCall' || after.phase !== 'inCall') return [];
  const [were, are] = [tiles(before), tiles(after)];
  const said: string[] = [];
  for (const person of are) {
    const former = were.find((other) => other.participantId === person.participantId);
    // Of two people the status line says who is there.
    if (!former) {
      if (are.length > 1) said.push(`${person.name} joined.`);
    } else if (former.sessionId === person.sessionId) {
      said.push(...changes(former, person));
    }
  }
  for (const person of were) {
    if (are.length > 0 && !are.some((other) => other.participantId === person.participantId)) said.push(`${person.name} left.`);
  }
  return said;
}

function changes(before: Participant, after: Participant): readonly string[] {
  const said: string[] = [];
  if (before.microphone !== after.microphone) said.push(`${after.name} turned the microphone ${after.microphone ? 'on' : 'off'}.`);
  if (before.camera !== after.camera) said.push(`${after.name} turned the camera ${after.camera ? 'on' : 'off'}.`);
  if (before.hand !== after.hand) said.push(after.hand ? `${after.name} raised a hand.` : `${after.name} took the hand down.`);
  return said;
}
