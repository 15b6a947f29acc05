import type { types } from 'mediasoup-client';

/** Bits a second, for pictures of so many pixels on the longer side. */
const layers = [
  { longSide: 320, maxBitrate: 150_000 },
  { longSide: 640, maxBitrate: 500_000 },
  { longSide: 1280, maxBitrate: 1_500_000 },
] as const;

export const mostLayers = layers.length;

/**
 * How a camera's picture is sent: simulcast, each layer half the size of the next, so that everyone gets what they can show and their
 * network carries. A small picture has fewer layers: browsers send none below about 320 × 180, and a phone need not try.
 */
export function cameraEncodings({ width, height }: Pick<MediaTrackSettings, 'width' | 'height'>): types.RtpEncodingParameters[] {
  const longSide = Math.max(width ?? 0, height ?? 0) || layers[2].longSide;
  const sent = layers.slice(0, longSide >= 960 ? 3 : longSide >= 480 ? 2 : 1);
  return sent.map(({ maxBitrate }, index) => ({
    maxBitrate,
    scaleResolutionDownBy: 2 ** (sent.length - 1 - index),
    // Three rates of frames within each layer, which the server thins out before it takes a smaller picture.
    scalabilityMode: 'L1T3',
  }));
}

/** A screen is sent whole: its text is only readable in full. */
export function screenEncodings(): types.RtpEncodingParameters[] {
  return [{ maxBitrate: 2_500_000, scalabilityMode: 'L1T2' }];
}
