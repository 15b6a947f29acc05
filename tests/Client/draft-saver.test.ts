import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { type Answer, type DraftForm, DraftSaver, lost, pauses, signedOut } from '../../src/Web/App/Client/app/draft-saver';

interface Sent {
  content: string;
  number: number;
  last: boolean;
  answer: (status: number, answer?: Answer) => Promise<void>;
  fail: () => Promise<void>;
}

/** A form on a page and the server behind it, which answers when the test says so. */
class FakeForm implements DraftForm {
  isThere = true;
  paused = false;
  stored: string | undefined = '';
  text = '';
  number = 0;
  readonly sent: Sent[] = [];
  readonly kept: Answer[] = [];
  readonly told: string[] = [];

  content(): string {
    return this.text;
  }
  count(): void {
    this.number++;
  }
  keep(answer: Answer): void {
    this.kept.push(answer);
  }
  tell(words: string): void {
    this.told.push(words);
  }
  send(last: boolean): ReturnType<DraftForm['send']> {
    return new Promise((resolve, reject) => {
      this.sent.push({
        content: this.text,
        number: this.number,
        last,
        answer: (status, answer = { version: 7, words: 'Saved at 10:32am.' }) => {
          resolve({ ok: status >= 200 && status < 300, status, type: status === 0 ? 'opaqueredirect' : 'basic', json: () => Promise.resolve(answer) });
          return settled();
        },
        fail: () => {
          reject(new TypeError('Failed to fetch'));
          return settled();
        },
      });
    });
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

const write = (form: FakeForm, saver: DraftSaver, text: string): void => {
  form.text = text;
  saver.changed();
};

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

test('a change is saved after a short pause, once, and the answer is kept', async () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  write(form, saver, 'C');
  mock.timers.tick(pauses.change - 1);
  write(form, saver, 'Cough');
  mock.timers.tick(pauses.change - 1);
  assert.equal(form.sent.length, 0);
  mock.timers.tick(1);
  assert.equal(form.sent.length, 1);
  assert.deepEqual(form.sent.map(({ content, last }) => [content, last]), [['Cough', false]]);
  assert.equal(saver.unsaved, true);
  await form.sent[0]?.answer(200);
  assert.deepEqual(form.kept, [{ version: 7, words: 'Saved at 10:32am.' }]);
  assert.equal(saver.unsaved, false);
  mock.timers.tick(60_000);
  assert.equal(form.sent.length, 1);
});

test('who never stops typing is saved all the same', () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  for (let letters = 1; form.sent.length === 0 && letters < 100; letters++) {
    write(form, saver, 'x'.repeat(letters));
    mock.timers.tick(500);
  }
  assert.equal(Date.now(), pauses.longest);
});

test('saves go one after the other, each with a number of its own', async () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  write(form, saver, 'One');
  mock.timers.tick(pauses.change);
  write(form, saver, 'One two');
  mock.timers.tick(pauses.change);
  assert.equal(form.sent.length, 1);
  await form.sent[0]?.answer(200);
  mock.timers.tick(pauses.change);
  assert.deepEqual(form.sent.map(({ content, number }) => [content, number]), [['One', 1], ['One two', 2]]);
});

test('a lost connection is told and tried again until it works', async () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  write(form, saver, 'Cough');
  mock.timers.tick(pauses.change);
  await form.sent[0]?.fail();
  mock.timers.tick(pauses.failure);
  await form.sent[1]?.answer(503);
  assert.deepEqual(form.told, [lost, lost]);
  assert.equal(saver.unsaved, true);
  mock.timers.tick(pauses.failure);
  await form.sent[2]?.answer(200);
  assert.equal(saver.unsaved, false);
});

test('somebody who is signed out reads so, and is saved after signing in', async () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  write(form, saver, 'Cough');
  mock.timers.tick(pauses.change);
  await form.sent[0]?.answer(0);
  mock.timers.tick(pauses.failure);
  await form.sent[1]?.answer(401);
  assert.deepEqual(form.told, [signedOut, signedOut]);
  mock.timers.tick(pauses.failure);
  await form.sent[2]?.answer(200);
  assert.equal(saver.unsaved, false);
});

test('what another window changed is never overwritten by itself, and leaving asks first', async () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  write(form, saver, 'Mine');
  mock.timers.tick(pauses.change);
  await form.sent[0]?.answer(409, { version: null, words: 'Changed in another window.' });
  write(form, saver, 'Mine and more');
  mock.timers.tick(60_000);
  assert.deepEqual(form.told, ['Changed in another window.']);
  assert.equal(form.sent.length, 1);
  assert.equal(saver.unsaved, true);
});

test('while two texts are compared nothing is saved by itself', () => {
  const form = new FakeForm();
  Object.assign(form, { paused: true, stored: undefined, text: 'Mine' });
  const saver = new DraftSaver(form);
  mock.timers.tick(60_000);
  assert.equal(form.sent.length, 0);
  assert.equal(saver.unsaved, true);
});

test('what is refused is told, and the next change is saved', async () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  write(form, saver, 'far too long');
  mock.timers.tick(pauses.change);
  await form.sent[0]?.answer(400, { version: null, words: 'Too long.' });
  mock.timers.tick(60_000);
  assert.equal(form.sent.length, 1);
  write(form, saver, 'short');
  mock.timers.tick(pauses.change);
  assert.equal(form.sent.length, 2);
});

test('a page that is left saves at once, also beside a save under way', async () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  write(form, saver, 'One');
  mock.timers.tick(pauses.change);
  write(form, saver, 'One two');
  void saver.save(true);
  assert.deepEqual(form.sent.map(({ content, last, number }) => [content, last, number]), [['One', false, 1], ['One two', true, 2]]);
  // The late answer to the first does not make the second look unsaved for good.
  await form.sent[1]?.answer(200);
  await form.sent[0]?.answer(200);
  mock.timers.tick(pauses.change);
  await form.sent[2]?.answer(200);
  assert.equal(saver.unsaved, false);
});

test('posting the form takes over; if it comes to nothing, saving goes on', () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  write(form, saver, 'Cough');
  saver.posted();
  assert.equal(saver.unsaved, false);
  mock.timers.tick(pauses.posted - 1);
  assert.equal(form.sent.length, 0);
  mock.timers.tick(1);
  assert.equal(form.sent.length, 1);
  assert.equal(form.number, 2);
});

test('a form that has gone from the page is left alone', () => {
  const form = new FakeForm();
  const saver = new DraftSaver(form);
  write(form, saver, 'Cough');
  form.isThere = false;
  mock.timers.tick(60_000);
  assert.equal(form.sent.length, 0);
  assert.equal(saver.unsaved, false);
});

test('what the browser kept over a reload is saved', () => {
  const form = new FakeForm();
  form.text = 'Typed before the reload';
  new DraftSaver(form);
  mock.timers.tick(pauses.change);
  assert.equal(form.sent.length, 1);
});
