import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTold, timeLeft } from '../../src/Web/App/Client/app/hold';
import { readersTime } from '../../src/Web/App/Client/app/local-time';

test('a hold is told in minutes and seconds', () => {
  assert.equal(timeLeft(600), '10 minutes left');
  assert.equal(timeLeft(599), '9 minutes 59 seconds left');
  assert.equal(timeLeft(61), '1 minute 1 second left');
  assert.equal(timeLeft(7200), '2 hours left');
  assert.equal(timeLeft(3661), '1 hour 1 minute left');
  assert.equal(timeLeft(1), '1 second left');
  assert.match(timeLeft(0), /^The time is up/);
  assert.match(timeLeft(-5), /^The time is up/);
});

test('of ten minutes four moments are said aloud', () => {
  assert.equal(Array.from({ length: 601 }, (_, second) => second).filter(isTold).length, 4);
});

test('a reader whose clock agrees is told nothing', () => {
  assert.equal(readersTime('2026-03-02T09:15:00.0000000+00:00', 'Europe/London'), undefined);
  assert.equal(readersTime('2026-03-02T09:15:00+00:00', 'Africa/Abidjan'), undefined);
  assert.equal(readersTime('no time', 'Europe/London'), undefined);
});

test('a reader elsewhere is told their own clock, on either side of a clock change', () => {
  assert.equal(readersTime('2026-03-02T09:15:00+00:00', 'Europe/Paris'), '10:15am where you are');
  // London changes on 29 March 2026, New York had changed on 8 March.
  assert.equal(readersTime('2026-03-28T12:00:00+00:00', 'America/New_York'), '8am where you are');
  assert.equal(readersTime('2026-03-30T12:00:00+01:00', 'America/New_York'), '7am where you are');
  assert.equal(readersTime('2026-06-09T09:30:00+01:00', 'Asia/Kolkata'), '2pm where you are');
});

test('a reader for whom it is another day is told the day', () => {
  assert.equal(readersTime('2026-03-02T23:00:00+00:00', 'Australia/Sydney'), '10am on Tuesday 3 March where you are');
  assert.equal(readersTime('2026-03-02T00:00:00+00:00', 'America/New_York'), '7pm on Sunday 1 March where you are');
});
