// Signs in to our provider with oidc-provider, a certified OpenID provider that others wrote, in a browser made of fetch.
// Prints one line of JSON for each check: { name, problem }. The test beside it names the checks that must be there.
import { once } from 'node:events';
import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { identity, issuer, clientId, privateKey, email } = JSON.parse(process.env.IDENTITY);
const redirectUri = `${identity}/federation/certified/callback`;
const people = {
  newcomer: { given_name: 'Ines', family_name: 'Newcomer', email, email_verified: true },
  unsure: { given_name: 'Uma', family_name: 'Unsure', email: 'unsure@example.org', email_verified: false },
};

const provider = new Provider(issuer, {
  clients: [{
    client_id: clientId,
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    jwks: { keys: [{ ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: 'ours', use: 'sig' }] },
  }],
  acrValues: ['gold', 'silver'],
  claims: { openid: ['sub'], acr: null, profile: ['given_name', 'family_name'], email: ['email', 'email_verified'] },
  cookies: { keys: [randomUUID()] },
  enabledJWA: { clientAuthSigningAlgValues: ['PS256'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig' }] },
  pkce: { required: () => true },
});
const failures = [];
provider.on('server_error', (_, error) => failures.push(error.stack));
provider.on('grant.error', (_, error) => failures.push(`${error.message}: ${error.error_description ?? ''} ${error.error_detail ?? ''}`));
const server = createServer(provider.callback()).listen(new URL(issuer).port, 'localhost');
await once(server, 'listening');

/** A browser without script: keeps cookies, follows redirects, sends the page's first form. */
class Browser {
  #cookies = new Map();

  async open(address, form) {
    let at = new URL(address, identity);
    let response = await this.#send(at, form);
    for (;;) {
      const location = response.headers.get('location');
      if (location === null) {
        this.address = at;
        this.page = await response.text();
        this.status = response.status;
        return this;
      }
      at = new URL(location, at);
      response = await this.#send(at);
    }
  }

  /** Sends the form that posts, with its hidden fields and these. */
  submit(fields = {}) {
    const form = [...this.page.matchAll(/<form[^>]*>.*?<\/form>/gs)].map(([text]) => text).find((text) => /method="post"/.test(text));
    const action = /action="([^"]*)"/.exec(form)?.[1].replaceAll('&amp;', '&') || this.address;
    const attribute = (input, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1];
    const values = [...form.matchAll(/<input[^>]*>/gs)].map(([input]) => [attribute(input, 'name'), attribute(input, 'value') ?? '']).filter(([name]) => name);
    return this.open(new URL(action, this.address), { ...Object.fromEntries(values), ...fields });
  }

  get heading() {
    return /<h1[^>]*>([^<]*)</.exec(this.page)?.[1].trim();
  }

  async #send(address, form) {
    const response = await fetch(address, {
      method: form ? 'POST' : 'GET', body: form && new URLSearchParams(form), redirect: 'manual',
      headers: { cookie: [...this.#cookies].filter(([key]) => key.startsWith(`${address.port} `)).map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(cookie))
        this.#cookies.delete(`${address.port} ${name}`);
      else
        this.#cookies.set(`${address.port} ${name}`, value);
    }
    return response;
  }
}

async function signIn(login, browser = new Browser(), begin = '/account/sign-in/with/certified') {
  await browser.open(begin);
  if (browser.address.origin === issuer)
    await browser.submit({ login, password: 'any' });
  if (browser.address.origin === issuer)
    await browser.submit();
  return browser;
}

function same(actual, expected) {
  if (actual !== expected)
    throw new Error(`Expected ${expected}, was ${actual}`);
}

const checks = {
  async 'code with PKCE, private_key_jwt and userinfo; an account for somebody new'() {
    const browser = await signIn('newcomer');
    same(browser.heading, 'You have not used Certified login here before');
    same(browser.page.includes('value="Ines"') && browser.page.includes(email), true);
    await browser.submit();
    same(browser.heading, 'Your account');
  },
  async 'the same person comes back, with the session there'() {
    const browser = await signIn('newcomer');
    same(browser.heading, 'Your account');
    await browser.open('/account/sign-out');
    await browser.submit();
    await browser.open('/account/sign-in/with/certified');
    same(browser.heading, 'Your account');
  },
  async 'who must prove again who they are is asked there again'() {
    const browser = await signIn('newcomer');
    await browser.open('/account/sign-in/with/certified');
    same(browser.address.origin, issuer);
    same(browser.page.includes('name="password"'), true);
    await browser.submit({ login: 'newcomer', password: 'any' });
    if (browser.address.origin === issuer)
      await browser.submit();
    same(browser.heading, 'Your account');
  },
  async 'an address that is not verified makes no account'() {
    const browser = await signIn('unsure');
    same(browser.page.includes('<form'), false);
    same(browser.page.includes('Create an account first'), true);
  },
  async 'who goes back there is told so here'() {
    const browser = await new Browser().open('/account/sign-in/with/certified');
    await browser.open(/href="([^"]*abort)"/.exec(browser.page)[1]);
    same(browser.heading, 'You are not signed in');
    same(browser.page.includes('You did not finish signing in with Certified login'), true);
  },
};

for (const [name, check] of Object.entries(checks)) {
  let problem = null;
  try {
    await check();
  } catch (error) {
    problem = `${error.stack ?? error} ${failures.join(' ')}`;
  }
  console.log(JSON.stringify({ name, problem }));
}
server.closeAllConnections();
server.close();
