/** Whether a camera sends a picture worth the name. */

/** One look at the picture: the brightness of some of its points, 0 to 255. */
export type Look = readonly number[];

/** Darker than this on the whole, and nowhere brighter than the next: a closed cover shows some noise, a dark room a lamp or a window. */
const darkMean = 16;
const darkPeak = 48;

/** What every real camera has from look to look is noise. */
const stillDifference = 0.02;

export type Picture = 'Good' | 'Black' | 'Frozen';

export function judgePicture(looks: readonly Look[]): Picture {
  const points = looks.flat();
  if (points.length === 0) return 'Frozen';
  if (mean(points) < darkMean && Math.max(...points) < darkPeak) return 'Black';
  return looks.slice(1).every((look, index) => difference(look, looks[index] ?? []) < stillDifference) ? 'Frozen' : 'Good';
}

const mean = (numbers: Look): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** How much the points changed on average; large when the two cannot be compared. */
function difference(one: Look, other: Look): number {
  if (one.length !== other.length || one.length === 0) return Number.MAX_VALUE;
  return one.reduce((sum, point, index) => sum + Math.abs(point - (other[index] ?? 0)), 0) / one.length;
}

const width = 32;
const height = 24;

/** Looks at a video as often as asked, so many milliseconds apart; one that never begins to play has no looks. */
export async function watchPicture(video: HTMLVideoElement, times: number, pause: number): Promise<Look[]> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const looks: Look[] = [];
  for (let time = 0; context && time < times; time++) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) continue;
    context.drawImage(video, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const look: number[] = [];
    // ITU-R BT.601.
    for (let at = 0; at < data.length; at += 4) look.push(0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0));
    looks.push(look);
  }
  return looks;
}
