// Calls between browsers through the whole product, all in a network namespace of their own: `unshare --net node interop.mjs FOLDER`, FOLDER for what a failure leaves.
// Firefox gathers no loopback candidate, so media is on an address of its own. Reads one call a line from standard input,
// {patient: {browser, email}, clinician: {browser, email, service}},
// and answers each with one line: {passed: [step …]}, with {failed, error} when a step did not come about.
//
// To run one by hand, after ./run --build-only:
//   echo '{"patient":{"browser":"firefox","email":"margaret.hughes@example.com"},"clinician":{"browser":"chromium","email":"amara.okafor@example.com","service":"GP consultation"}}' |
//     unshare --net node tests/EndToEnd/Interop/interop.mjs /tmp/failed
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, cpSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { createInterface } from 'node:readline';
import { open } from './browsers.mjs';
import * as journeys from './journeys.mjs';
import * as media from './media.mjs';

const root = new URL('../../..', import.meta.url).pathname;
const artifacts = process.argv[2];
const data = mkdtempSync(path(tmpdir(), 'interop-'));
// Nobody else is in this namespace.
const port = 5080;
const address = `http://localhost:${port}`;
const mediaAddress = '10.77.0.1';
const { password } = JSON.parse(readFileSync(path(root, 'infra/demonstration/people.json'), 'utf8'));

const ip = (...parameters) => execFileSync('ip', parameters, { stdio: ['ignore', 'ignore', 'inherit'] });

/** The media node's address is the loopback interface's, the browsers' are those of a cable that goes nowhere. */
function makeNetwork() {
  ip('link', 'set', 'lo', 'up');
  ip('address', 'add', `${mediaAddress}/32`, 'dev', 'lo');
  ip('link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'end');
  ip('link', 'set', 'end', 'up');
  ip('link', 'set', 'cable', 'up');
  plugIn('10.77.1.1');
}

/** As on the way from one network to another: the address of before is gone. */
function plugIn(own) {
  ip('address', 'flush', 'dev', 'cable');
  ip('address', 'add', `${own}/24`, 'dev', 'cable');
  ip('route', 'replace', 'default', 'dev', 'cable');
}

function startProduct() {
  const product = spawn(path(root, 'run'), ['--no-build', '--port', `${port}`, '--data', data, '--media-address', mediaAddress], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => product.once('exit', resolve));
  const ready = new Promise((resolve, reject) => {
    createInterface({ input: product.stdout }).on('line', (line) => line.includes(' is open, ready in ') && resolve());
    ended.then((code) => reject(new Error(`./run ended with ${code}.`)));
  });
  return { ready, stop: () => (product.kill('SIGINT'), ended) };
}

let networks = 1;

/** The steps of one call. */
function* steps(patient, clinician) {
  const both = (each) => Promise.all([each(patient.page), each(clinician.page)]);
  const ways = [[patient.page, clinician.page], [clinician.page, patient.page]];
  yield ['join', async () => {
    await Promise.all([
      journeys.signIn(clinician.page, address, clinician.email, password).then(() => journeys.startClinicNow(clinician.page, address)),
      journeys.signIn(patient.page, address, patient.email, password),
    ]);
    const appointment = await journeys.bookNow(patient.page, address, clinician.service);
    await journeys.join(patient.page, address, appointment);
    await journeys.inPhase(patient.page, 'waiting');
    await journeys.admit(clinician.page, appointment);
    await both((page) => journeys.inPhase(page, 'inCall'));
  }];
  yield ['picture', () => both((page) => media.sees(page))];
  yield ['sound', () => both(media.hears)];
  yield ['opus with FEC and DTX', async () => {
    for (const agreed of await both(media.opus))
      for (const wanted of ['useinbandfec=1', 'usedtx=1'])
        if (!agreed.includes(wanted)) throw new Error(`Opus was agreed on with ${agreed}.`);
  }];
  yield ['three layers', () => both((page) => media.sendsLayers(page, 3))];
  yield ['smaller picture for a smaller window', async () => {
    await both((page) => media.seesLines(page, 360, 720));
    await both((page) => page.setViewport({ width: 320, height: 640 }));
    await both((page) => media.seesLines(page, 1, 180));
    await both((page) => media.sees(page));
    await both((page) => page.setViewport({ width: 1280, height: 900 }));
    await both((page) => media.seesLines(page, 360, 720));
    await both((page) => media.sees(page));
  }];
  for (const [sender, receiver] of ways) {
    yield ['mute and unmute', async () => {
      await journeys.press(sender, 'Turn microphone off');
      await journeys.see(receiver, '…, microphone off', 'p');
      await media.receivesNone(receiver, 'audio');
      await journeys.press(sender, 'Turn microphone on');
      await media.hears(receiver);
    }];
    yield ['camera off and on', async () => {
      await journeys.press(sender, 'Turn camera off');
      await media.receivesNone(receiver, 'video');
      await journeys.press(sender, 'Turn camera on');
      await media.sees(receiver);
    }];
    yield ['screen', async () => {
      await journeys.press(sender, 'Share screen');
      await media.sees(receiver, 'Screen');
      await journeys.press(sender, 'Stop sharing');
      await media.sees(receiver, 'Video');
    }];
  }
  yield ['another network', async () => {
    const former = await Promise.all(ways.map(([page]) => media.iceNames(page)));
    plugIn(`10.77.${++networks}.1`);
    await Promise.all(ways.map(([page], index) => media.restarted(page, former[index])));
    await both((page) => media.sees(page));
    await both(media.hears);
  }];
}

async function keep(name, people) {
  const folder = path(artifacts, name);
  cpSync(path(data, 'logs'), path(folder, 'logs'), { recursive: true });
  for (const [who, { page, console }] of Object.entries(people)) {
    writeFileSync(path(folder, `${who}.console.txt`), [page.url(), ...console].join('\n'));
    writeFileSync(path(folder, `${who}.html`), await page.content());
    writeFileSync(path(folder, `${who}.connections.json`), await media.report(page));
    await page.screenshot({ path: path(folder, `${who}.png`) });
  }
}

async function call({ patient, clinician }) {
  const people = {};
  const passed = [];
  let step = 'browsers';
  try {
    people.patient = { ...patient, ...(await open(patient.browser)) };
    people.clinician = { ...clinician, ...(await open(clinician.browser)) };
    for (const [name, run] of steps(people.patient, people.clinician)) {
      step = name;
      const started = performance.now();
      await run();
      passed.push(name);
      process.stderr.write(`${patient.browser}–${clinician.browser}: ${name} (${Math.round(performance.now() - started)} ms)\n`);
    }
    return { passed };
  } catch (error) {
    await keep(`${patient.browser}-${clinician.browser}`, people).catch((other) => process.stderr.write(`Nothing could be kept: ${other}\n`));
    return { passed, failed: step, error: `${error.stack}` };
  } finally {
    await Promise.all(Object.values(people).map((person) => person.close()));
  }
}

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
makeNetwork();
const product = startProduct();
try {
  await product.ready;
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) say(await call(JSON.parse(line)));
} finally {
  await product.stop();
  rmSync(data, { recursive: true, force: true });
}
