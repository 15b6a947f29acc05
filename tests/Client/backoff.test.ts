import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff, eager } from '../../src/Web/App/Client/realtime/backoff';

test('a call tries at least every four seconds for two minutes, then as patiently as any page', () => {
  const backoff = new Backoff(eager);
  let elapsed = 0;
  for (let wait = backoff.next(); wait <= 4_000; wait = backoff.next()) elapsed += wait;
  assert.ok(elapsed >= 120_000, `${elapsed} ms`);
  for (let attempt = 0; attempt < 10; attempt++) backoff.next();
  assert.equal(backoff.next(), 30_000);
  backoff.reset();
  assert.equal(backoff.next(), 0);
});
