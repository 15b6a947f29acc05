import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SavedSessionStore } from '../../src/Web/App/Client/call/saved-session';

class Memory implements Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

const session = { sessionId: 's', lastSequence: 7, microphone: false, camera: true, blur: true };

test('a refresh takes up the session, once', () => {
  const tab = new Memory();
  new SavedSessionStore('c1', tab).keep(session);
  const refreshed = new SavedSessionStore('c1', tab);
  assert.deepEqual(refreshed.take(), session);
  assert.equal(refreshed.take(), undefined);
});

test('a tab duplicated from a living page has no session', () => {
  const tab = new Memory();
  new SavedSessionStore('c1', tab).keep(session);
  new SavedSessionStore('c1', tab).take();
  const duplicate = new Memory();
  for (const [key, value] of tab.items) duplicate.setItem(key, value);
  assert.equal(new SavedSessionStore('c1', duplicate).take(), undefined);
});

test('another consultation has its own', () => {
  const tab = new Memory();
  new SavedSessionStore('c1', tab).keep(session);
  assert.equal(new SavedSessionStore('c2', tab).take(), undefined);
});
