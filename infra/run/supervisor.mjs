import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { published } from './build.mjs';
import { Problem } from './problem.mjs';

const startLimit = 60_000;
const stopLimit = 10_000;

/** Says which port is taken before anything is started. */
export async function checkPorts(services) {
  for (const { name, port, udpPort } of services) {
    await free(createServer(), (server, done) => server.listen(port, '127.0.0.1', done)).catch(() => taken(name, port));
    if (udpPort !== undefined) {
      await free(createSocket('udp4'), (socket, done) => socket.bind(udpPort, '0.0.0.0', done)).catch(() => taken(`${name} (media)`, udpPort));
      await free(createServer(), (server, done) => server.listen(udpPort, '0.0.0.0', done)).catch(() => taken(`${name} (media)`, udpPort));
    }
  }
}

function taken(name, port) {
  throw new Problem(`Port ${port} is already in use, so ${name} cannot start. Stop the program that uses it, or choose other ports with ./run --port 6080.`);
}

function free(endpoint, listen) {
  return new Promise((resolve, reject) => {
    endpoint.once('error', reject);
    listen(endpoint, () => endpoint.close(resolve));
  });
}

/** Starts the services, waits until each is healthy, and stops all when one dies. */
export class Supervisor {
  #children = [];
  #stopping = false;
  #died;
  /** Rejects with a Problem when a service dies by itself. */
  failure = new Promise((_, reject) => (this.#died = reject));

  constructor(data) {
    this.logs = join(data, 'logs');
    mkdirSync(this.logs, { recursive: true });
    this.failure.catch(() => {});
  }

  async start(services) {
    for (const service of services)
      this.#spawn(service);
    await Promise.race([Promise.all(services.map((service) => this.#healthy(service))), this.failure]);
  }

  #spawn({ name, assembly, environment }) {
    const file = join(this.logs, `${name.toLowerCase()}.log`);
    const log = openSync(file, 'w', 0o600);
    const program = published(name, assembly);
    // Its own folder, so that it finds its settings and pages; its own group, so that Ctrl-C reaches it through us, in order.
    const child = spawn('dotnet', [join(process.cwd(), program)], {
      cwd: dirname(program), env: { ...process.env, ...environment }, stdio: ['ignore', log, log], detached: true,
    });
    closeSync(log);
    const exited = new Promise((resolve) => child.once('close', resolve));
    child.once('error', (error) => this.#died(new Problem(`${name} could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => {
      if (!this.#stopping)
        this.#died(new Problem(`${name} stopped unexpectedly (${signal ?? `exit code ${code}`}). ${lastWords(file)}The whole log is ${relative('.', file)}.`));
    });
    this.#children.push({ child, exited });
  }

  async #healthy({ name, environment }) {
    const deadline = Date.now() + startLimit;
    while (Date.now() < deadline && !this.#stopping) {
      const answer = await fetch(`${environment.ASPNETCORE_URLS}/health`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
      if (answer?.ok)
        return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Problem(`${name} was not ready within ${startLimit / 1000} seconds. Its log is ${relative('.', join(this.logs, `${name.toLowerCase()}.log`))}.`);
  }

  /** Asks every service to stop, and ends those that do not within 10 s. */
  async stop() {
    this.#stopping = true;
    for (const { child } of this.#children)
      child.kill('SIGTERM');
    const all = Promise.all(this.#children.map(({ exited }) => exited));
    let timer;
    await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, stopLimit)))]);
    clearTimeout(timer);
    for (const { child } of this.#children)
      if (child.exitCode === null && child.signalCode === null)
        child.kill('SIGKILL');
    await all;
  }
}

function lastWords(file) {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const last = lines.at(-1)?.trim();
  return last ? `It said: ${last}\n` : '';
}
