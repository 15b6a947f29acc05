import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem.mjs';

const inputs = ['src', 'infra', 'Directory.Build.props', 'Directory.Build.targets', 'Directory.Packages.props', 'global.json', 'package.json', 'package-lock.json'];
const notInputs = new Set(['bin', 'obj', 'node_modules', 'assets']);
const stampFile = 'src/Web/App/obj/run.stamp';

/** Where `dotnet publish` leaves a service, e.g. published('Web', 'Telemedicine.Web'). */
export const published = (service, assembly) => `src/${service}/App/bin/Release/net10.0/publish/${assembly}.dll`;

/** Checks that the .NET 10 SDK and Node 20 are there. */
export async function checkTools() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new Problem(`Node.js 20 or later is needed; this is ${process.versions.node}.`);
  const sdks = await output('dotnet', ['--list-sdks']).catch(() => undefined);
  if (sdks === undefined)
    throw new Problem('The .NET 10 SDK is needed and was not found. Install it, then start again.');
  if (!/^10\./m.test(sdks))
    throw new Problem('The .NET 10 SDK is needed; only other versions were found.');
}

/** Installs packages, builds the browser's files and publishes the three services, unless nothing changed since the last time. */
export async function build(say) {
  const stamp = fingerprint();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && existsSync(published('Web', 'Telemedicine.Web')))
    return;
  say('Building (the first time takes a few minutes) …');
  const installed = 'node_modules/.package-lock.json';
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync('package-lock.json').mtimeMs)
    await step(say, 'Installing what the pages need', npm, ['ci', '--no-audit', '--no-fund']);
  await step(say, "Building the pages' styles and scripts", npm, ['run', 'build']);
  await step(say, 'Building the services', 'dotnet', ['build', 'infra/publish.proj', '-nologo', '-v:q', '-clp:NoSummary', '--tl:off']);
  mkdirSync('src/Web/App/obj', { recursive: true });
  writeFileSync(stampFile, fingerprint());
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Names, sizes and times of everything that the build reads: cheap, and changes whenever a file is edited. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined)
      return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort())
        if (!notInputs.has(name))
          visit(join(path, name));
    } else {
      hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
    }
  };
  inputs.forEach(visit);
  return hash.digest('hex');
}

async function step(say, title, command, args) {
  const started = performance.now();
  await output(command, args).catch((error) => {
    throw new Problem(`${title} failed (${command} ${args.join(' ')}):\n${error.message.trim().split('\n').slice(0, 20).join('\n')}`);
  });
  say(`  ${title}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

function output(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (data) => (text += data));
    child.stderr.on('data', (data) => (text += data));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(text))));
  });
}
