import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64url, bytes } from '../../src/Web/App/Client/app/passkey';

test('bytes survive the way to the service and back', () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  for (let length = 0; length < 5; length++) assert.deepEqual(bytes(base64url(all.slice(0, length).buffer)), all.slice(0, length));
  assert.deepEqual(bytes(base64url(all.buffer)), all);
});

test('base64url has no padding and no characters that forms change', () => {
  assert.equal(base64url(Uint8Array.of(0xfb, 0xff, 0xfe, 0xff).buffer), '-__-_w');
});
