// What arrives at a page and what leaves it, by the browser's own statistics. Each waits until it is so; nothing is judged by a level or a rate.
const polled = { polling: 250 };

/** Another second of the other's sound is played, and it is not silence. */
export const hears = (page) => page.waitForFunction(async () => {
  let [energy, samples] = [0, 0];
  for (const connection of window.connectionsInTest)
    for (const entry of (await connection.getStats()).values())
      if (entry.type === 'inbound-rtp' && entry.kind === 'audio') {
        energy += entry.totalAudioEnergy ?? 0;
        samples += entry.totalSamplesReceived ?? 0;
      }
  const from = (window.heardInTest ??= { energy, samples });
  if (samples < from.samples + 48_000 || energy <= from.energy) return false;
  delete window.heardInTest;
  return true;
}, polled);

/** No packet of sound, or of pictures, comes for a second. */
export const receivesNone = (page, kind) => page.waitForFunction(async (kind) => {
  let packets = 0;
  for (const connection of window.connectionsInTest)
    for (const entry of (await connection.getStats()).values())
      if (entry.type === 'inbound-rtp' && entry.kind === kind) packets += entry.packetsReceived;
  const last = window.quietInTest?.packets === packets ? window.quietInTest : (window.quietInTest = { packets, at: performance.now() });
  if (performance.now() - last.at < 1_000) return false;
  delete window.quietInTest;
  return true;
}, polled, kind);

/** The page shows the other's picture (`Video` or `Screen`), and ten more frames of what comes in are decoded and shown. */
export const sees = (page, what = 'Video') => page.waitForFunction(async (what) => {
  const video = [...document.querySelectorAll(`[data-participant-id] video[aria-label^="${what} of "]`)].find((each) => each.videoWidth > 0 && each.checkVisibility());
  const track = video?.srcObject?.getVideoTracks()[0];
  if (!track) return false;
  let decoded = 0;
  for (const connection of window.connectionsInTest) {
    const receiver = connection.getReceivers().find((each) => each.track === track);
    if (!receiver) continue;
    for (const entry of (await receiver.getStats()).values())
      if (entry.type === 'inbound-rtp' && entry.frameWidth > 0 && entry.frameHeight > 0) decoded += entry.framesDecoded;
  }
  // Firefox counts a stream's frames nowhere else.
  if (video.shownInTest === undefined) {
    video.shownInTest = 0;
    const count = () => (video.shownInTest++, video.requestVideoFrameCallback(count));
    video.requestVideoFrameCallback(count);
  }
  const shown = video.shownInTest;
  const from = window.seenInTest?.track === track.id ? window.seenInTest : (window.seenInTest = { track: track.id, decoded, shown });
  if (decoded < from.decoded + 10 || shown <= from.shown) return false;
  delete window.seenInTest;
  return true;
}, polled, what);

/** The lines of the picture shown of the other's camera. */
export const lines = (page) => page.evaluate(() => document.querySelector('[data-participant-id] video').videoHeight);
export const seesLines = (page, from, to) => page.waitForFunction((from, to) => {
  const height = document.querySelector('[data-participant-id] video')?.videoHeight ?? 0;
  return height >= from && height <= to;
}, polled, from, to);

/** So many layers of the camera leave the page, each under its own rid. */
export const sendsLayers = (page, count) => page.waitForFunction(async (count) => {
  const rids = new Set();
  for (const connection of window.connectionsInTest)
    for (const entry of (await connection.getStats()).values())
      if (entry.type === 'outbound-rtp' && entry.kind === 'video' && entry.rid && entry.framesSent > 0) rids.add(entry.rid);
  return rids.size === count;
}, polled, count);

/** What the two ends of the microphone's connection agreed on for Opus, and the ICE user names of the open connections. */
export const opus = (page) => page.evaluate(() => {
  const sending = window.connectionsInTest.find((each) => each.connectionState === 'connected' && each.getSenders().some((sender) => sender.track?.kind === 'audio'));
  const sdp = sending.remoteDescription.sdp;
  const payload = /a=rtpmap:(\d+) opus\//i.exec(sdp)[1];
  return new RegExp(`a=fmtp:${payload} (.*)`).exec(sdp)[1].trim();
});

export const iceNames = (page) => page.evaluate(() => window.connectionsInTest.map((each) => /a=ice-ufrag:(\S+)/.exec(each.localDescription?.sdp ?? '')?.[1] ?? ''));

/** Every connection that was open has restarted ICE and is connected again. */
export const restarted = (page, former) => page.waitForFunction((former) => {
  const open = window.connectionsInTest;
  const names = open.map((each) => /a=ice-ufrag:(\S+)/.exec(each.localDescription?.sdp ?? '')?.[1]);
  return open.length === former.length && open.every((each) => each.connectionState === 'connected') && names.every((name) => name && !former.includes(name));
}, polled, former);

/** All that the browser knows of the page's connections, for whoever looks into a failure. */
export const report = (page) => page.evaluate(async () => JSON.stringify(
  await Promise.all((window.connectionsInTest ?? []).map(async (each) => ({
    state: each.connectionState,
    local: each.localDescription?.sdp.split('\r\n'),
    remote: each.remoteDescription?.sdp.split('\r\n'),
    statistics: [...(await each.getStats()).values()],
  }))),
  undefined,
  1,
));
