// Drives the provider with openid-client, a certified relying party that others wrote, and a browser made of fetch.
// Prints one line of JSON for each check: { name, problem }. The test beside it names the checks that must be there.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import * as client from 'openid-client';

const { issuer, clientId, secret, redirectUri, postLogoutRedirectUri, email, password, otherId, otherSecret, otherRedirectUri, serviceId, serviceKey, serviceScope } = JSON.parse(process.env.PROVIDER);
const insecure = { execute: [client.allowInsecureRequests] };
const config = await client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(secret), insecure);

/** A browser without script that stops where an application begins. */
class Browser {
  #cookies = new Map();

  async open(address, form) {
    let response = await this.#send(new URL(address, issuer), form);
    for (;;) {
      const location = response.headers.get('location');
      if (location === null)
        return { response, page: await response.text(), address: response.url };
      const next = new URL(location, issuer);
      if (next.origin !== new URL(issuer).origin)
        return { left: next };
      response = await this.#send(next);
    }
  }

  async signIn(address) {
    const asked = await this.open(address);
    if (asked.left)
      return asked.left;
    const token = /name="__RequestVerificationToken" type="hidden" value="([^"]+)"/.exec(asked.page)[1];
    const done = await this.open(asked.address, { Email: email, Password: password, __RequestVerificationToken: token });
    if (!done.left)
      throw new Error(`Signing in stopped at ${done.address}`);
    return done.left;
  }

  async #send(address, form) {
    const response = await fetch(address, {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      this.#cookies.set(name, value);
    }
    return response;
  }
}

/** An authorization request, answered. */
async function authorize(more = {}, browser = new Browser()) {
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri, scope: 'openid profile email offline_access', code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state, nonce, ...more,
  });
  const answer = more.prompt === 'none' ? (await browser.open(address)).left : await browser.signIn(address);
  return { answer, browser, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } };
}

async function signIn(more) {
  const { answer, browser, checks } = await authorize(more);
  return { tokens: await client.authorizationCodeGrant(config, answer, checks), answer, browser, checks };
}

const service = (key) => client.discovery(new URL(issuer), serviceId, undefined, client.PrivateKeyJwt(key), insecure);
const ecKey = async (pem) => crypto.subtle.importKey('pkcs8', createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);

function same(actual, expected) {
  if (actual !== expected)
    throw new Error(`Expected ${expected}, was ${actual}`);
}

/** The call fails, and this is why. */
async function refused(call, expected) {
  let problem;
  try {
    await call();
  } catch (error) {
    problem = error;
  }
  if (!problem)
    throw new Error(`Was accepted, not refused with ${expected}`);
  same(problem.error ?? problem.cause?.error ?? problem.code, expected);
}

/** RFC 6749 section 5.2: 401 with a challenge, which openid-client tells instead of the body's invalid_client. */
const wrongClient = 'OAUTH_WWW_AUTHENTICATE_CHALLENGE';

const unauthorized = (accessToken, sub) => refused(async () => {
  try {
    await client.fetchUserInfo(config, accessToken, sub);
  } catch (error) {
    throw Object.assign(error, { code: error.cause?.[0]?.parameters?.error ?? error.code });
  }
}, 'invalid_token');

const checks = {
  async 'discovery'() {
    same(config.serverMetadata().issuer, issuer);
    same(config.serverMetadata().supportsPKCE(), true);
  },
  async 'code with PKCE, ID token, userinfo'() {
    const { tokens } = await signIn();
    const claims = tokens.claims();
    const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    same(person.email, email);
    same(claims.email, email);
  },
  async 'max_age is kept and auth_time told'() {
    const { answer, checks } = await authorize({ max_age: '3600' });
    const tokens = await client.authorizationCodeGrant(config, answer, { ...checks, maxAge: 3600 });
    same(typeof tokens.claims().auth_time, 'number');
  },
  async 'client_secret_post'() {
    const posting = await client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretPost(secret), insecure);
    const { answer, checks } = await authorize();
    same((await client.authorizationCodeGrant(posting, answer, checks)).token_type, 'bearer');
  },
  async 'refresh with rotation, and reuse ends the family'() {
    const { tokens } = await signIn();
    const next = await client.refreshTokenGrant(config, tokens.refresh_token);
    same(next.refresh_token === tokens.refresh_token, false);
    same(next.claims().sub, tokens.claims().sub);
    await refused(() => client.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant');
    await refused(() => client.refreshTokenGrant(config, next.refresh_token), 'invalid_grant');
    await unauthorized(next.access_token, tokens.claims().sub);
  },
  async 'revocation'() {
    const { tokens } = await signIn();
    await client.tokenRevocation(config, tokens.refresh_token);
    await refused(() => client.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant');
    await client.tokenRevocation(config, 'no token of anybody');
  },
  async 'private_key_jwt, client_credentials, introspection'() {
    const own = await service(await ecKey(serviceKey));
    const mine = await client.clientCredentialsGrant(own, { scope: serviceScope });
    same((await client.tokenIntrospection(own, mine.access_token)).active, true);
    const { tokens } = await signIn();
    same((await client.tokenIntrospection(own, tokens.access_token)).sub, tokens.claims().sub);
    await client.tokenRevocation(config, tokens.access_token);
    same((await client.tokenIntrospection(own, tokens.access_token)).active, false);
  },
  async 'a key that is not registered'() {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const stranger = await service(await ecKey(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    await refused(() => client.clientCredentialsGrant(stranger, { scope: serviceScope }), wrongClient);
  },
  async 'a wrong secret'() {
    const wrong = await client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(`${secret}x`), insecure);
    const { answer, checks } = await authorize();
    await refused(() => client.authorizationCodeGrant(wrong, answer, checks), wrongClient);
  },
  async 'a code works once, and a replay takes back what it gave'() {
    const { tokens, answer, checks } = await signIn();
    await refused(() => client.authorizationCodeGrant(config, answer, checks), 'invalid_grant');
    await unauthorized(tokens.access_token, tokens.claims().sub);
  },
  async 'a verifier of another request'() {
    const { answer, checks } = await authorize();
    await refused(() => client.authorizationCodeGrant(config, answer, { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() }), 'invalid_grant');
  },
  async 'an answer to another request'() {
    const [one, other] = [await authorize(), await authorize()];
    await refused(() => client.authorizationCodeGrant(config, one.answer, other.checks), 'OAUTH_INVALID_RESPONSE');
  },
  async 'a nonce of another request'() {
    const { answer, checks } = await authorize();
    await refused(() => client.authorizationCodeGrant(config, answer, { ...checks, expectedNonce: client.randomNonce() }), 'OAUTH_JWT_CLAIM_COMPARISON_FAILED');
  },
  async 'an answer in the name of another provider'() {
    const { answer, checks } = await authorize();
    answer.searchParams.set('iss', 'https://attacker.example');
    await refused(() => client.authorizationCodeGrant(config, answer, checks), 'OAUTH_INVALID_RESPONSE');
  },
  async 'prompt=none without a session'() {
    const { answer, checks } = await authorize({ prompt: 'none' });
    await refused(() => client.authorizationCodeGrant(config, answer, checks), 'login_required');
  },
  async 'prompt=none with one'() {
    const { browser } = await signIn();
    const { answer, checks } = await authorize({ prompt: 'none' }, browser);
    await client.authorizationCodeGrant(config, answer, checks);
  },
  async 'RS256 and a subject of its own'() {
    const other = await client.discovery(new URL(issuer), otherId, { id_token_signed_response_alg: 'RS256' }, client.ClientSecretBasic(otherSecret), insecure);
    const verifier = client.randomPKCECodeVerifier();
    const { tokens, browser } = await signIn();
    const { left } = await browser.open(client.buildAuthorizationUrl(other, {
      redirect_uri: otherRedirectUri, scope: 'openid email', code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    }));
    const theirs = await client.authorizationCodeGrant(other, left, { pkceCodeVerifier: verifier, idTokenExpected: true });
    same(theirs.claims().email, email);
    same(theirs.claims().sub === tokens.claims().sub, false);
    same((await client.fetchUserInfo(other, theirs.access_token, theirs.claims().sub)).sub, theirs.claims().sub);
  },
  async 'logout'() {
    const { tokens, browser } = await signIn();
    const address = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: postLogoutRedirectUri, state: 'of this logout' });
    const { left } = await browser.open(address);
    same(`${left.origin}${left.pathname}`, postLogoutRedirectUri);
    same(left.searchParams.get('state'), 'of this logout');
    await unauthorized(tokens.access_token, tokens.claims().sub);
    const { answer, checks } = await authorize({ prompt: 'none' }, browser);
    await refused(() => client.authorizationCodeGrant(config, answer, checks), 'login_required');
  },
};

for (const [name, check] of Object.entries(checks)) {
  let problem = null;
  try {
    await check();
  } catch (error) {
    problem = `${error.stack ?? error} ${JSON.stringify(error.cause ?? '')}`;
  }
  console.log(JSON.stringify({ name, problem }));
}
