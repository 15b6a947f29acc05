import type { BrowserFamily, DeviceDescription, DeviceKind, Outcome } from './result';

/** What the browser says of itself, and what it can do. */
export interface Surroundings {
  readonly userAgent: string;
  readonly touchPoints: number;
  readonly secure: boolean;
  readonly canOpenDevices: boolean;
  readonly canCall: boolean;
}

export const surroundings = (): Surroundings => ({
  userAgent: navigator.userAgent,
  touchPoints: navigator.maxTouchPoints,
  secure: window.isSecureContext,
  canOpenDevices: 'mediaDevices' in navigator && typeof navigator.mediaDevices.getUserMedia === 'function',
  canCall: typeof RTCPeerConnection === 'function' && 'addTransceiver' in RTCPeerConnection.prototype,
});

/** Apps that open links in a web view of their own. */
const apps: readonly (readonly [RegExp, string])[] = [
  [/\bFBA[NV]\/|\bFB_IAB\//, 'Facebook'],
  [/\bInstagram\b/, 'Instagram'],
  [/\bWhatsApp\//, 'WhatsApp'],
  [/\bLine\/\d/, 'Line'],
  [/\bSnapchat\//, 'Snapchat'],
  [/\b(BytedanceWebview|musical_ly|TikTok)/, 'TikTok'],
  [/\bTwitter/, 'X'],
  [/\bLinkedInApp\b/, 'LinkedIn'],
  [/\bGSA\//, 'Google'],
];

/** The app whose web view this is, "another app" for one that is not known, undefined in a browser of its own. */
export function appOf(userAgent: string): string | undefined {
  const known = apps.find(([pattern]) => pattern.test(userAgent));
  if (known) return known[1];
  // Android's web view marks itself; that of iOS lacks the name of a browser.
  if (/Android.*;\s*wv\)/.test(userAgent)) return 'another app';
  if (/\b(iPhone|iPad|iPod)\b/.test(userAgent) && !/\bSafari\//.test(userAgent)) return 'another app';
  return undefined;
}

const families: readonly (readonly [BrowserFamily, RegExp])[] = [
  ['Edge', /\b(?:Edg|EdgA|EdgiOS)\/(\d+)/],
  ['Samsung', /\bSamsungBrowser\/(\d+)/],
  ['Other', /\b(?:OPR|Vivaldi|YaBrowser|DuckDuckGo)\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* .*Safari\//],
];

/** The oldest whose calls are tried: what the scripts are built for. */
const oldest: Partial<Record<BrowserFamily, number>> = { Chrome: 109, Edge: 109, Firefox: 115, Safari: 16, Samsung: 21 };

export function describeDevice({ userAgent, touchPoints }: Pick<Surroundings, 'userAgent' | 'touchPoints'>): DeviceDescription {
  const found = families.find(([, pattern]) => pattern.test(userAgent));
  const version = Number(found?.[1].exec(userAgent)?.[1]);
  return {
    browserFamily: found?.[0] ?? 'Other',
    ...(Number.isInteger(version) && version > 0 && version < 10_000 ? { browserVersion: version } : {}),
    deviceKind: kindOf(userAgent, touchPoints),
  };
}

/** Whether this browser makes calls. */
export function judgeBrowser(around: Surroundings): Outcome {
  if (!around.secure) return 'Insecure';
  // A web view that cannot call is better left than updated.
  if (appOf(around.userAgent)) return 'InApp';
  if (!around.canCall || !around.canOpenDevices) return 'Unsupported';
  const { browserFamily, browserVersion } = describeDevice(around);
  const least = oldest[browserFamily];
  // On iPhones and iPads the other browsers are Safari inside, with numbers of their own.
  const ownEngine = browserFamily === 'Safari' || !/\b(iPhone|iPad|iPod)\b/.test(around.userAgent);
  return least !== undefined && browserVersion !== undefined && browserVersion < least && ownEngine ? 'TooOld' : 'Good';
}

function kindOf(userAgent: string, touchPoints: number): DeviceKind {
  if (/\biPhone\b|\biPod\b/.test(userAgent)) return 'IPhone';
  // An iPad says that it is a Mac, but no Mac has a touch screen.
  if (/\biPad\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && touchPoints > 1)) return 'IPad';
  if (/\bAndroid\b/.test(userAgent)) return /\bMobile\b/.test(userAgent) ? 'AndroidPhone' : 'AndroidTablet';
  if (/\bWindows\b/.test(userAgent)) return 'Windows';
  return /\bMacintosh\b/.test(userAgent) ? 'Mac' : 'Other';
}
