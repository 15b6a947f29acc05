/**
 * Asks the browser for a passkey and sends its answer with the form around it. Both are JSON as WebAuthn level 3 defines it; the browsers'
 * own conversions are newer than those that are served here.
 */

interface Descriptor {
  readonly type: 'public-key';
  readonly id: string;
  readonly transports?: AuthenticatorTransport[];
}

/** What the service asks for: bytes are base64url. */
type Asked = Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> &
  Omit<PublicKeyCredentialRequestOptions, 'challenge' | 'allowCredentials'> & {
    readonly challenge: string;
    readonly user: Omit<PublicKeyCredentialUserEntity, 'id'> & { readonly id: string };
    readonly excludeCredentials?: Descriptor[];
    readonly allowCredentials?: Descriptor[];
  };

const problems = {
  create: 'No passkey was added. Try again, or try another device.',
  get: 'You were not signed in. Try again, or use your password.',
  exists: 'This device already has a passkey for your account.',
};

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

export function base64url(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The browser's answer as JSON. */
export function written(credential: PublicKeyCredential): string {
  const response = credential.response;
  const rest =
    response instanceof AuthenticatorAttestationResponse
      ? { attestationObject: base64url(response.attestationObject), transports: response.getTransports() }
      : assertionOf(response as AuthenticatorAssertionResponse);
  return JSON.stringify({
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: base64url(response.clientDataJSON), ...rest },
  });
}

const assertionOf = (response: AuthenticatorAssertionResponse) => ({
  authenticatorData: base64url(response.authenticatorData),
  signature: base64url(response.signature),
  userHandle: response.userHandle === null ? null : base64url(response.userHandle),
});

const descriptors = (list: Descriptor[] = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

export function startPasskey(form: HTMLFormElement): void {
  const answer = form.elements.namedItem('Credential');
  const told = form.querySelector<HTMLElement>('[data-passkey-problem]');
  const { options, passkey: kind } = form.dataset;
  if (!(answer instanceof HTMLInputElement) || !told || options === undefined || !window.PublicKeyCredential) return;
  form.hidden = false;
  /** Ends the wait for a passkey that is chosen in the field for the email address. */
  let waiting: AbortController | undefined;

  const ask = async (mediation: CredentialMediationRequirement = 'optional'): Promise<void> => {
    waiting?.abort();
    const control = new AbortController();
    waiting = control;
    const reply = await fetch(options, { signal: control.signal });
    if (reply.redirected || !reply.ok) {
      // The sign-in is too old by now: the page says so itself.
      if (mediation === 'optional') location.reload();
      return;
    }
    const { challenge, user, excludeCredentials, allowCredentials, ...rest } = (await reply.json()) as Asked;
    const credential =
      kind === 'create'
        ? await navigator.credentials.create({
            publicKey: { ...rest, challenge: bytes(challenge), user: { ...user, id: bytes(user.id) }, excludeCredentials: descriptors(excludeCredentials) },
            signal: control.signal,
          })
        : await navigator.credentials.get({
            publicKey: { ...rest, challenge: bytes(challenge), allowCredentials: descriptors(allowCredentials) },
            mediation,
            signal: control.signal,
          });
    if (!(credential instanceof PublicKeyCredential)) return;
    answer.value = written(credential);
    form.submit();
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    told.textContent = '';
    ask().catch((error: unknown) => {
      const exists = error instanceof DOMException && error.name === 'InvalidStateError';
      told.textContent = exists ? problems.exists : kind === 'create' ? problems.create : problems.get;
    });
  });

  // Browsers that can offer passkeys among what they fill in. Whoever types instead never hears of it.
  if (kind === 'get' && document.querySelector('[autocomplete~="webauthn"]'))
    PublicKeyCredential.isConditionalMediationAvailable?.()
      .then((available) => (available ? ask('conditional') : undefined))
      .catch(() => undefined);
}
