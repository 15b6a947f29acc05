import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runShortcut } from '../../src/Web/App/Client/call/shortcuts';

function press(key: Partial<KeyboardEvent>): { taken: boolean; ran: string[] } {
  const ran: string[] = [];
  const pressed = { key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false, ...key } as KeyboardEvent;
  return { taken: runShortcut(pressed, { toggle: (kind) => ran.push(kind), hand: () => ran.push('hand') }), ran };
}

test('a key with its modifier does what it stands for, on a Mac too', () => {
  assert.deepEqual(press({ key: 'd', ctrlKey: true }), { taken: true, ran: ['microphone'] });
  assert.deepEqual(press({ key: 'E', metaKey: true }), { taken: true, ran: ['camera'] });
  assert.deepEqual(press({ key: '˙', code: 'KeyH', ctrlKey: true, altKey: true }), { taken: true, ran: ['hand'] });
});

test('no letter alone does anything, nor another combination', () => {
  for (const key of [{ key: 'd' }, { key: 'h' }, { key: 'd', ctrlKey: true, shiftKey: true }, { key: 'd', code: 'KeyD', ctrlKey: true, altKey: true }, { key: 'f', ctrlKey: true }])
    assert.deepEqual(press(key), { taken: false, ran: [] });
});

test('a key that is held down is pressed once', () => {
  assert.deepEqual(press({ key: 'd', ctrlKey: true, repeat: true }), { taken: true, ran: [] });
});
