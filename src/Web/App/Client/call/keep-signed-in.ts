const interval = 10 * 60_000;

/**
 * A call makes no requests of its own, and sessions end after 30 idle minutes: without this a long call could not reconnect, nor its note be saved.
 * Only somebody who waits or talks is kept signed in.
 */
export function keepSignedIn(call: HTMLElement): void {
  setInterval(() => {
    if (call.dataset.phase === 'waiting' || call.dataset.phase === 'inCall')
      // Whether it worked shows at the next request that matters.
      fetch(location.href, { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  }, interval);
}
