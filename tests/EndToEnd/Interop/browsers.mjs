// Chromium and Firefox as this machine has them, each with a camera and a microphone that the browser itself makes up.
// So is Chromium's screen; Firefox shares what it finds, so it gets a display, which is then seen.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import puppeteer from 'puppeteer-core';

/** Milliseconds to wait for what must come: browsers, encoders and all services may share two slow cores. */
export const patience = 90_000;

const programs = {
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
  firefox: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
};

const settings = {
  chromium: {
    browser: 'chrome',
    headless: true,
    args: [
      '--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required', '--disable-gpu', '--disable-quic',
      '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows',
    ],
  },
  firefox: {
    browser: 'firefox',
    headless: false,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.navigator.video.default_width': 1280,
      'media.navigator.video.default_height': 720,
      'media.autoplay.default': 0,
      // It would look for updates, lists and a portal in a network that has none.
      'app.update.auto': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
    },
  },
};

// The page's connections that are open, so that their statistics can be read.
const keepConnections = () => {
  const made = [];
  Object.defineProperty(window, 'connectionsInTest', { get: () => made.filter((connection) => connection.signalingState !== 'closed') });
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...parameters) {
      super(...parameters);
      made.push(this);
    }
  };
};

/** An X server of one's own. */
async function openDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x1000x24'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const ended = once(server, 'exit');
  const [number] = await Promise.race([once(server.stdio[3], 'data'), ended.then(() => { throw new Error('Xvfb ended.'); })]);
  return { name: `:${`${number}`.trim()}`, close: () => (server.kill(), ended) };
}

/** @returns {Promise<{ page: import('puppeteer-core').Page, console: string[], close: () => Promise<void> }>} One person with a browser of their own. */
export async function open(kind) {
  const display = settings[kind].headless ? undefined : await openDisplay();
  const env = { ...process.env, ...(display && { DISPLAY: display.name }) };
  const browser = await puppeteer.launch({ executablePath: programs[kind], env, timeout: patience, protocolTimeout: 2 * patience, ...settings[kind] });
  const [page] = await browser.pages();
  page.setDefaultTimeout(patience);
  await page.setViewport({ width: 1280, height: 900 });
  await page.evaluateOnNewDocument(keepConnections);
  const lines = [];
  page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => lines.push(`page error: ${error}`));
  return { page, console: lines, close: () => browser.close().finally(() => display?.close()) };
}
