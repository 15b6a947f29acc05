// Signs in to Web at oidc-provider, a certified OpenID provider that others wrote, in Chromium.
// Prints one line of JSON for each check: { name, problem }. The test beside it names the checks that must be there.
import { once } from 'node:events';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import puppeteer from 'puppeteer-core';

const { issuer, web, clientId, secret } = JSON.parse(process.env.WEB);

/** Milliseconds to wait for what must come: the machine may be slow and busy. */
const patience = 60_000;

const newKey = () => ({ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' });

const person = { display: 'Ines Newcomer', given_name: 'Ines', family_name: 'Newcomer', email: 'ines@example.org', email_verified: true, groups: ['everybody', 'people-we-care-for'] };

/** What went wrong at the provider. */
const failures = [];

/** The provider, with names of its own for claims and roles. Its sign-in pages are those that it brings along for development. */
function openProvider(keys) {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: clientId,
      client_secret: secret,
      redirect_uris: [`${web}/signin-oidc`],
      post_logout_redirect_uris: [`${web}/signout-callback-oidc`],
      backchannel_logout_uri: `${web}/signout-backchannel`,
      backchannel_logout_session_required: true,
    }],
    claims: { openid: ['sub', 'groups'], profile: ['display', 'given_name', 'family_name'], email: ['email', 'email_verified'] },
    cookies: { keys: [randomUUID()] },
    features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    // By itself it calls public addresses only.
    fetch: (address, { dispatcher, ...options }) => fetch(address, options),
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...person }) }),
    jwks: { keys },
    pkce: { required: () => true },
  });
  for (const failure of ['server_error', 'backchannel.error'])
    provider.on(failure, (_, error) => failures.push(`${failure}: ${error.stack} ${error.cause ?? ''}`));
  return provider.callback();
}

let answer = openProvider([newKey()]);
const server = createServer((request, response) => answer(request, response)).listen(new URL(issuer).port, 'localhost');
await once(server, 'listening');
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', timeout: patience, protocolTimeout: 2 * patience,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** A person with a browser of their own, who wants to see their appointments and signs in for it. */
async function signIn() {
  const page = await (await browser.createBrowserContext()).newPage();
  page.setDefaultTimeout(patience);
  await page.goto(`${web}/registration`);
  await page.type('[name=login]', 'subject-of-ines');
  await page.type('[name=password]', 'any');
  await press(page, 'Sign-in');
  await press(page, 'Continue');
  return page;
}

async function press(page, text) {
  const button = await page.waitForSelector(`::-p-xpath(//button[normalize-space()="${text}"])`);
  await Promise.all([page.waitForNavigation(), button.click()]);
}

/** Asks Web for a page that needs a sign-in, with the cookies of another browser: whoever copied them. */
const withCookies = (cookies) => fetch(`${web}/registration`, { redirect: 'manual', headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') } });
const cookiesOf = async (page) => (await page.browserContext().cookies()).filter(({ name }) => name.startsWith('telemedicine-web'));

function same(actual, expected) {
  if (actual !== expected)
    throw new Error(`Expected ${expected}, was ${actual}`);
}

let page;
const checks = {
  async 'sign in and reach the page that needed it'() {
    page = await signIn();
    same(page.url(), `${web}/registration`);
    same(await page.$eval('h1', (heading) => heading.textContent.trim()), 'Your details');
    same(await page.$eval('[name="GivenName"]', (field) => field.value), 'Ines');
  },
  async 'name and role under names of the provider\'s own'() {
    same((await page.$eval('header', (header) => header.textContent)).includes('Ines Newcomer'), true);
    same((await page.goto(`${web}/carers`)).status(), 200);
    same((await page.goto(`${web}/practice/diary`)).status(), 403);
  },
  async 'sign out here and at the provider'() {
    await page.goto(`${web}/accessibility`);
    await press(page, 'Sign out');
    await press(page, 'Yes, sign me out');
    same(new URL(page.url()).pathname, '/account/signed-out');
    await page.goto(`${web}/registration`);
    same(new URL(page.url()).origin, issuer);
  },
  async 'sign out at the provider reaches Web, and copied cookies'() {
    page = await signIn();
    const cookies = await cookiesOf(page);
    same((await withCookies(cookies)).status, 200);
    await page.goto(`${issuer}/session/end`);
    await press(page, 'Yes, sign me out');
    same((await withCookies(cookies)).status, 401);
    await page.goto(`${web}/registration`);
    same(new URL(page.url()).origin, issuer);
  },
  async 'keys are rolled over'() {
    // Without notice: Web has read the old keys only.
    answer = openProvider([newKey()]);
    same((await signIn()).url(), `${web}/registration`);
  },
};

for (const [name, check] of Object.entries(checks)) {
  let problem = null;
  try {
    await check();
  } catch (error) {
    problem = `${error.stack ?? error} at ${page?.url()} ${failures.join(' ')}`;
  }
  console.log(JSON.stringify({ name, problem }));
}
await browser.close();
server.closeAllConnections();
server.close();
