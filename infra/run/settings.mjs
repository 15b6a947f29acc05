import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';

const peopleFile = resolve('infra/demonstration/people.json');

/** The demonstration practice's people, their roles and their one password. */
export const demonstration = () => JSON.parse(readFileSync(peopleFile, 'utf8'));

/** Secrets are made on the first start and kept in the data folder, readable by its owner alone. */
function secrets(data) {
  const file = join(data, 'secrets.json');
  if (!existsSync(file)) {
    mkdirSync(data, { recursive: true });
    const made = {
      sharedKey: { id: `k${Date.now()}`, secret: randomBytes(32).toString('base64') },
      clientSecret: randomBytes(32).toString('base64url'),
    };
    writeFileSync(file, JSON.stringify(made, null, 2), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Media listens on one address, or on all and tells the browser which to try: the machine's own first, then loopback. */
function mediaAddresses(chosen) {
  if (chosen !== undefined)
    return { listen: chosen, announced: [chosen] };
  const own = Object.values(networkInterfaces()).flat().filter((a) => a.family === 'IPv4' && !a.internal).map((a) => a.address);
  return own.length === 0 ? { listen: '127.0.0.1', announced: ['127.0.0.1'] } : { listen: '0.0.0.0', announced: [...own.slice(0, 3), '127.0.0.1'] };
}

/**
 * The three services: name, assembly, address and environment.
 * @param {{port: number, data: string, mediaAddress?: string}} options
 */
export function services({ port, data, mediaAddress }) {
  const { sharedKey, clientSecret } = secrets(data);
  const [web, identity, signalling] = [0, 1, 2].map((n) => `http://localhost:${port + n}`);
  const internal = (n) => `http://127.0.0.1:${port + n}`;
  const media = mediaAddresses(mediaAddress);
  const common = {
    ASPNETCORE_ENVIRONMENT: 'Demonstration',
    Demonstration__Enabled: 'true',
    Demonstration__PeopleFile: peopleFile,
    Database__Provider: 'Sqlite',
  };
  const keys = { SharedKeys__0__Id: sharedKey.id, SharedKeys__0__Secret: sharedKey.secret };
  return [
    {
      name: 'Identity', assembly: 'Telemedicine.Identity', address: identity, port: port + 1,
      environment: {
        ...common,
        ASPNETCORE_URLS: internal(1),
        ConnectionStrings__Identity: `Data Source=${join(data, 'identity.db')}`,
        Identity__Issuer: identity,
        Clients__0__Id: 'web',
        Clients__0__Name: demonstration().practice.name,
        Clients__0__SecretSha256: createHash('sha256').update(clientSecret).digest('hex'),
        Clients__0__RedirectUris__0: `${web}/signin-oidc`,
        Clients__0__PostLogoutRedirectUris__0: `${web}/signout-callback-oidc`,
        Clients__0__InitiateLoginUri: `${web}/account/sign-in?returnUrl=/registration`,
        Clients__0__BackChannelLogoutUri: `${web}/signout-backchannel`,
      },
    },
    {
      name: 'Signalling', assembly: 'Telemedicine.Signalling', address: signalling, port: port + 2, udpPort: port + 3,
      environment: {
        ...common,
        ...keys,
        ASPNETCORE_URLS: internal(2),
        Web__InternalUrl: internal(0),
        Web__PublicUrl: web,
        Media__ListenAddress: media.listen,
        Media__Port: String(port + 3),
        ...Object.fromEntries(media.announced.map((address, i) => [`Media__AnnouncedAddresses__${i}`, address])),
        Events__SpoolDirectory: join(data, 'events'),
      },
    },
    {
      name: 'Web', assembly: 'Telemedicine.Web', address: web, port,
      environment: {
        ...common,
        ...keys,
        ASPNETCORE_URLS: internal(0),
        ConnectionStrings__Clinical: `Data Source=${join(data, 'clinical.db')}`,
        Web__PublicUrl: web,
        Oidc__Authority: identity,
        Oidc__ClientId: 'web',
        Oidc__ClientSecret: clientSecret,
        Signalling__PublicUrl: signalling,
        Signalling__InternalUrl: internal(2),
      },
    },
  ];
}
