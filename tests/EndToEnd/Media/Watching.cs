using Microsoft.Playwright;

namespace Telemedicine.EndToEnd.Tests.Media;

/// <summary>What a person sees and hears of somebody else, read from the page itself.</summary>
public static class Watching
{
    private const int ColourTolerance = 45;

    // The first picture that is playing in a remote tile, as the average colour of the middle of each quarter.
    private const string SeesClip = """
        ({ quarters, tolerance }) => {
          const video = [...document.querySelectorAll('[data-participant-id] video')].find((v) => v.videoWidth > 0 && v.checkVisibility());
          if (!video) return false;
          const canvas = new OffscreenCanvas(64, 36);
          const context = canvas.getContext('2d', { willReadFrequently: true });
          context.drawImage(video, 0, 0, 64, 36);
          const centres = [[12, 6], [44, 6], [12, 26], [44, 26]];
          return centres.every(([x, y], i) => {
            const { data } = context.getImageData(x, y, 8, 4);
            const sum = [0, 0, 0];
            for (let p = 0; p < data.length; p += 4) for (let c = 0; c < 3; c++) sum[c] += data[p + c];
            const pixels = data.length / 4;
            return [quarters[i].red, quarters[i].green, quarters[i].blue].every((want, c) => Math.abs(sum[c] / pixels - want) <= tolerance);
          });
        }
        """;

    // An analyser on the tile's sound, made once a stream; true once the tone stands out from what is around it.
    private const string HearsTone = """
        ({ hertz }) => {
          const element = [...document.querySelectorAll('[data-participant-id] audio, [data-participant-id] video')]
            .find((e) => e.srcObject && e.srcObject.getAudioTracks().length > 0 && !e.paused && !e.muted);
          if (!element) return false;
          const heard = (window.heardInTest ??= new WeakMap());
          let analyser = heard.get(element.srcObject);
          if (!analyser) {
            const context = new AudioContext();
            analyser = context.createAnalyser();
            analyser.fftSize = 4096;
            context.createMediaStreamSource(element.srcObject).connect(analyser);
            heard.set(element.srcObject, analyser);
          }
          const levels = new Float32Array(analyser.frequencyBinCount);
          analyser.getFloatFrequencyData(levels);
          const bin = Math.round(hertz * analyser.fftSize / analyser.context.sampleRate);
          const peak = Math.max(...levels.slice(bin - 2, bin + 3));
          return peak > -70 && peak >= Math.max(...levels) - 3;
        }
        """;

    // Looks at one span of seconds after the other, until the picture went on all through one.
    private const string KeepsGrowing = """
        ({ seconds, framesPerSecond }) => {
          const video = [...document.querySelectorAll('[data-participant-id] video')].find((v) => v.videoWidth > 0 && v.checkVisibility());
          if (!video) return false;
          const start = (window.growingInTest ??= { at: performance.now(), from: video.getVideoPlaybackQuality().totalVideoFrames });
          const frames = video.getVideoPlaybackQuality().totalVideoFrames - start.from;
          const elapsed = (performance.now() - start.at) / 1000;
          if (elapsed < seconds) return false;
          delete window.growingInTest;
          return frames >= elapsed * framesPerSecond;
        }
        """;

    // A few new frames of a picture that the page shows.
    private const string Moves = """
        () => {
          const video = [...document.querySelectorAll('[data-participant-id] video')].find((v) => v.videoWidth > 0 && v.checkVisibility());
          if (!video) return false;
          const frames = video.getVideoPlaybackQuality().totalVideoFrames;
          window.movingInTest ??= frames;
          if (frames < window.movingInTest + 3) return false;
          delete window.movingInTest;
          return true;
        }
        """;

    /// <summary>Waits until the picture shown of the other is that person's clip.</summary>
    public static Task SeesAsync(this IPage page, Clip clip, float seconds = 60) =>
        page.WaitForFunctionAsync(SeesClip, new { quarters = clip.Quarters.Select(c => new { red = c.Red, green = c.Green, blue = c.Blue }), tolerance = ColourTolerance }, Patience(seconds));

    /// <summary>Waits until the sound played of the other has that person's tone as its loudest.</summary>
    public static Task HearsAsync(this IPage page, Clip clip, float seconds = 60) =>
        page.WaitForFunctionAsync(HearsTone, new { hertz = clip.ToneHertz }, Patience(seconds));

    /// <summary>Watches until, for so many seconds, the picture went on at five frames a second or more: what a small machine that runs everything can encode.</summary>
    public static Task KeepsWatchingAsync(this IPage page, int seconds = 10) =>
        page.WaitForFunctionAsync(KeepsGrowing, new { seconds, framesPerSecond = 5 }, Patience(60 + seconds));

    /// <summary>Waits until the picture shown of the other moves.</summary>
    public static Task PictureMovesAsync(this IPage page, float seconds = 60) => page.WaitForFunctionAsync(Moves, null, Patience(seconds));

    /// <summary>Waits until the picture arrives with this many lines.</summary>
    public static Task SeesLinesAsync(this IPage page, int lines) =>
        page.WaitForFunctionAsync("lines => document.querySelector('[data-participant-id] video')?.videoHeight === lines", lines, Patience(60));

    private static PageWaitForFunctionOptions Patience(float seconds) => new() { Timeout = seconds * 1000, PollingInterval = 100 };
}
