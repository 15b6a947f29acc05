// Loaded by the call page when somebody asks for a blurred background: what finds the person in a picture is large.
import type { Results, SelfieSegmentation } from '@mediapipe/selfie_segmentation';

/** A camera whose background is blurred. */
export interface Blurred {
  readonly track: MediaStreamTrack;
  readonly stop: () => void;
}

declare global {
  interface Window {
    SelfieSegmentation?: new (config: { locateFile: (name: string) => string }) => SelfieSegmentation;
  }
}

/** Pictures a second; speech does not need more, and each costs time. */
const pace = 15;
/** A device that needs longer than this for a picture, over so many pictures or so long, would do nothing else any more. Milliseconds. */
const tooLong = 150;
const tried = 30;
const patience = 4_000;
/** How much smaller the background is drawn before it is drawn large again: that is the blur. */
const coarse = 24;
const height = 480;

/**
 * Blurs everything but the person. The model and its program are fetched from this service, and no picture leaves the page.
 * @param base the address that the files' names are put behind.
 * @param slow called once if the device is too slow for it.
 */
export async function blur(camera: MediaStreamTrack, base: string, slow: () => void): Promise<Blurred> {
  const finder = await load(base);
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([camera]);
  await video.play();
  const scale = Math.min(1, height / video.videoHeight);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const small = document.createElement('canvas');
  small.width = Math.max(1, Math.round(canvas.width / coarse));
  small.height = Math.max(1, Math.round(canvas.height / coarse));
  const [picture, background] = [canvas.getContext('2d'), small.getContext('2d')];
  if (!picture || !background) throw new Error('This browser draws nothing.');
  finder.onResults((results) => draw(results, picture, background));
  // The first picture takes as long as it takes to make the program ready; nothing is shown before it.
  await finder.send({ image: video });

  const [track] = canvas.captureStream(pace).getVideoTracks();
  if (!track) throw new Error('This browser sends nothing that was drawn.');
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let took = 0;
  let count = 0;
  let judged = false;
  const next = async (): Promise<void> => {
    const began = performance.now();
    // A camera that pauses has no new picture.
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) await finder.send({ image: video });
    if (stopped) return;
    const lasted = performance.now() - began;
    took += lasted;
    count++;
    if (!judged && (count === tried || took > patience)) {
      judged = true;
      if (took / count > tooLong) return slow();
    }
    timer = setTimeout(() => void next(), Math.max(0, 1000 / pace - lasted));
  };
  timer = setTimeout(() => void next(), 0);
  return {
    track,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      track.stop();
      video.srcObject = null;
      void finder.close();
    },
  };
}

/** The person as they are, cut out by the mask; behind them the picture, drawn small and then large. */
function draw({ image, segmentationMask }: Results, picture: CanvasRenderingContext2D, background: CanvasRenderingContext2D): void {
  const { width, height } = picture.canvas;
  const { width: smallWidth, height: smallHeight } = background.canvas;
  background.drawImage(image, 0, 0, smallWidth, smallHeight);
  picture.globalCompositeOperation = 'copy';
  picture.drawImage(segmentationMask, 0, 0, width, height);
  picture.globalCompositeOperation = 'source-in';
  picture.drawImage(image, 0, 0, width, height);
  picture.globalCompositeOperation = 'destination-over';
  picture.imageSmoothingQuality = 'high';
  picture.drawImage(background.canvas, 0, 0, width, height);
}

async function load(base: string): Promise<SelfieSegmentation> {
  const address = (name: string) => base + name;
  if (!window.SelfieSegmentation) {
    await new Promise<void>((resolve, reject) => {
      const script = document.createElement('script');
      script.src = address('selfie_segmentation.js');
      script.addEventListener('load', () => resolve());
      script.addEventListener('error', () => reject(new Error('The blur could not be loaded.')));
      document.head.append(script);
    });
  }
  if (!window.SelfieSegmentation) throw new Error('The blur could not be loaded.');
  const finder = new window.SelfieSegmentation({ locateFile: address });
  finder.setOptions({ modelSelection: 1, selfieMode: false });
  await finder.initialize();
  return finder;
}
