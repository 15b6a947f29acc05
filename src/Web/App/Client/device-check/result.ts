/** What the page sends to Web, in the words of Web's CheckResult. */

export type Part = 'browser' | 'camera' | 'microphone' | 'speaker' | 'network';

export type Outcome =
  | 'Good'
  | 'Skipped'
  | 'Failed'
  | 'InApp'
  | 'TooOld'
  | 'Unsupported'
  | 'Insecure'
  | 'Denied'
  | 'NotFound'
  | 'InUse'
  | 'Black'
  | 'Frozen'
  | 'Silent'
  | 'NotHeard'
  | 'Blocked'
  | 'Busy';

export type Route = 'Udp' | 'Tcp' | 'Relay';

/** What was measured of the network. */
export interface Figures {
  readonly route: Route;
  /** Milliseconds. */
  readonly roundTripMs?: number;
  /** 0 to 1. */
  readonly lossUp: number;
  readonly lossDown: number;
  readonly jitterMs: number;
  /** Bits a second. */
  readonly upBitrate: number;
  readonly downBitrate: number;
}

export type BrowserFamily = 'Chrome' | 'Edge' | 'Firefox' | 'Safari' | 'Samsung' | 'Other';
export type DeviceKind = 'AndroidPhone' | 'AndroidTablet' | 'IPhone' | 'IPad' | 'Windows' | 'Mac' | 'Other';

export interface DeviceDescription {
  readonly browserFamily: BrowserFamily;
  readonly browserVersion?: number;
  readonly deviceKind: DeviceKind;
}

export interface CheckResult extends Record<Part, Outcome>, DeviceDescription {
  readonly figures?: Figures;
}

/** Web's answer. */
export interface CheckAnswer {
  readonly score: 'Ready' | 'Limited' | 'NotWorking';
  readonly heading: string;
  readonly problems: readonly string[];
  readonly outlook: string;
}
