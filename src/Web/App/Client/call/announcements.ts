import { tiles, waitingGuests, type CallState } from './call-state';
import type { Participant } from './protocol';

/** What a person who does not see the screen should hear of the others, a sentence each. The status line says the rest. */
export function announcements(before: CallState, after: CallState): readonly string[] {
  if (before.phase !== 'inCall' || after.phase !== 'inCall') return [];
  const [were, are] = [tiles(before), tiles(after)];
  const said: string[] = [];
  const waited = waitingGuests(before);
  for (const guest of waitingGuests(after)) {
    if (!waited.some((other) => other.participantId === guest.participantId)) said.push(`${guest.name} is waiting to be let in.`);
  }
  said.push(...decisions(before, after));
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

/** Of the room. */
function decisions({ room: before }: CallState, { room: after }: CallState): readonly string[] {
  if (!before || !after) return [];
  const said: string[] = [];
  if (before.locked !== after.locked) said.push(after.locked ? 'The call is locked. Nobody new can join.' : 'The call is unlocked.');
  if (before.huddle !== after.huddle) said.push(after.huddle ? 'You are talking in private. The others are on hold.' : 'The private talk is over.');
  for (const person of after.removed) {
    if (!before.removed.some((other) => other.participantId === person.participantId)) said.push(`${person.name} was removed.`);
  }
  return said;
}

function changes(before: Participant, after: Participant): readonly string[] {
  const said: string[] = [];
  if (before.phase !== after.phase) said.push(after.phase === 'onHold' ? `${after.name} is on hold.` : `${after.name} is back in the call.`);
  if (before.microphone !== after.microphone) said.push(`${after.name} turned the microphone ${after.microphone ? 'on' : 'off'}.`);
  if (before.camera !== after.camera) said.push(`${after.name} turned the camera ${after.camera ? 'on' : 'off'}.`);
  if (before.hand !== after.hand) said.push(after.hand ? `${after.name} raised a hand.` : `${after.name} took the hand down.`);
  return said;
}
