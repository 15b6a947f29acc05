// ./run: sets up, builds, starts Identity, Signalling and Web with demonstration data, and waits for Ctrl-C.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, checkTools, published } from './build.mjs';
import { readOptions, usage } from './options.mjs';
import { Problem } from './problem.mjs';
import { demonstration, services } from './settings.mjs';
import { Supervisor, checkPorts } from './supervisor.mjs';

const say = (text) => console.log(text);

async function main() {
  const started = performance.now();
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(usage);
    return;
  }
  if (options.build || options.buildOnly) {
    await checkTools();
    await build(say);
    if (options.buildOnly)
      return;
  }
  if (!existsSync(published('Web', 'Telemedicine.Web')))
    throw new Problem('Nothing has been built yet. Start without --no-build.');
  const ports = [0, 1, 2].map((n) => ({ name: ['Web', 'Identity', 'Signalling'][n], port: options.port + n, udpPort: n === 2 ? options.port + 3 : undefined }));
  await checkPorts(ports);
  if (options.reset)
    forget(options.data);

  const all = services(options);
  const supervisor = new Supervisor(options.data);
  const interrupted = new Promise((resolve) => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, resolve)));
  try {
    const ready = supervisor.start(all).then(() => say(welcome(options, performance.now() - started)));
    await Promise.race([Promise.all([ready, interrupted]), interrupted, supervisor.failure]);
  } finally {
    await supervisor.stop();
  }
  say('\nStopped.');
}

/** Removes what ./run makes in the data folder, and nothing else that may lie there. */
function forget(data) {
  const made = ['secrets.json', 'events', 'logs', ...['clinical.db', 'identity.db'].flatMap((name) => [name, `${name}-wal`, `${name}-shm`])];
  for (const name of made)
    rmSync(join(data, name), { recursive: true, force: true });
}

function welcome({ port }, milliseconds) {
  const { practice, password, people } = demonstration();
  const row = (person) => `    ${person.email.padEnd(34)} ${person.givenName} ${person.familyName}${person.profession ? `, ${person.profession.toLowerCase()}` : ''}`;
  const group = (title, role, most = 99) => {
    const all = people.filter((person) => (person.carerOf ? 'carer' : person.role) === role);
    return `  ${title}\n${all.slice(0, most).map(row).join('\n')}${all.length > most ? `\n    … and ${all.length - most} more: infra/demonstration/people.json` : ''}`;
  };
  return `
────────────────────────────────────────────────────────────────────────
  ${practice.name} is open, ready in ${(milliseconds / 1000).toFixed(1)} s:  http://localhost:${port}

  Everybody's password is  ${password}
  Who works for the practice also needs a code: the page after the password shows it.

${group('Patients', 'patient', 3)}
${group('Carer of Margaret Hughes', 'carer')}
${group('Clinicians', 'clinician')}
${group('Practice staff', 'staff')}
${group('Administrator', 'administrator')}

  To try a call now: sign in as a clinician, press "Start a clinic now";
  in another browser sign in as a patient and book one of its times.
  This is a demonstration. Put no real person's details into it.
  Ctrl-C stops everything.
────────────────────────────────────────────────────────────────────────`;
}

main().catch((error) => {
  console.error(error instanceof Problem ? error.message : error);
  process.exitCode = 1;
});
