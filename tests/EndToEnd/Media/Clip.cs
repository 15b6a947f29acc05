using System.Globalization;
using System.Text;

namespace Telemedicine.EndToEnd.Tests.Media;

/// <summary>An RGB colour, 0–255 each.</summary>
public readonly record struct Colour(int Red, int Green, int Blue);

/// <summary>
/// What one person's camera and microphone give: four coloured quarters with a bar moving across the middle, 1280×720 at 30 frames a second, and a pulsed tone.
/// Chromium plays both files in a loop.
/// </summary>
public sealed record Clip(string Name, Colour TopLeft, Colour TopRight, Colour BottomLeft, Colour BottomRight, int ToneHertz)
{
    public const int Width = 1280;
    public const int Height = 720;
    private const int Frames = 30;
    private const int SampleRate = 48_000;

    public static Clip Patient { get; } = new("patient", new(200, 30, 30), new(30, 160, 40), new(40, 50, 200), new(210, 200, 40), 480);

    public static Clip Clinician { get; } = new("clinician", new(30, 180, 190), new(190, 40, 180), new(225, 225, 225), new(230, 120, 20), 1_150);

    public IReadOnlyList<Colour> Quarters => [TopLeft, TopRight, BottomLeft, BottomRight];

    /// <summary>Writes NAME.y4m and NAME.wav unless they are there.</summary>
    public (string Video, string Audio) WriteTo(string folder)
    {
        var video = Path.Combine(folder, $"{Name}.y4m");
        var audio = Path.Combine(folder, $"{Name}.wav");
        if (!File.Exists(video))
            WriteVideo(video);
        if (!File.Exists(audio))
            WriteAudio(audio);
        return (video, audio);
    }

    private void WriteVideo(string path)
    {
        using var file = File.Create(path);
        file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"YUV4MPEG2 W{Width} H{Height} F30:1 Ip A1:1 C420jpeg\n")));
        var luma = new byte[Width * Height];
        var blue = new byte[Width * Height / 4];
        var red = new byte[Width * Height / 4];
        for (var frame = 0; frame < Frames; frame++)
        {
            var bar = frame * Width / Frames;
            for (var y = 0; y < Height; y++)
            {
                for (var x = 0; x < Width; x++)
                {
                    var inBar = Math.Abs(y - (Height / 2)) < 60 && x >= bar && x < bar + 80;
                    var (py, pb, pr) = ToYuv(inBar ? new Colour(255, 255, 255) : At(x, y));
                    luma[(y * Width) + x] = py;
                    blue[(y / 2 * (Width / 2)) + (x / 2)] = pb;
                    red[(y / 2 * (Width / 2)) + (x / 2)] = pr;
                }
            }
            file.Write("FRAME\n"u8);
            file.Write(luma);
            file.Write(blue);
            file.Write(red);
        }
    }

    private Colour At(int x, int y) => (x < Width / 2, y < Height / 2) switch
    {
        (true, true) => TopLeft,
        (false, true) => TopRight,
        (true, false) => BottomLeft,
        (false, false) => BottomRight,
    };

    // ITU-R BT.601, limited range.
    private static (byte Y, byte U, byte V) ToYuv(Colour c) => (
        (byte)(16 + (((65.738 * c.Red) + (129.057 * c.Green) + (25.064 * c.Blue)) / 256)),
        (byte)(128 + (((-37.945 * c.Red) - (74.494 * c.Green) + (112.439 * c.Blue)) / 256)),
        (byte)(128 + (((112.439 * c.Red) - (94.154 * c.Green) - (18.285 * c.Blue)) / 256)));

    // Pulses, because noise suppression takes a steady tone away.
    private void WriteAudio(string path)
    {
        const int Seconds = 2;
        using var file = new BinaryWriter(File.Create(path));
        var bytes = SampleRate * Seconds * 2;
        file.Write("RIFF"u8);
        file.Write(36 + bytes);
        file.Write("WAVEfmt "u8);
        file.Write(16);
        file.Write((short)1);
        file.Write((short)1);
        file.Write(SampleRate);
        file.Write(SampleRate * 2);
        file.Write((short)2);
        file.Write((short)16);
        file.Write("data"u8);
        file.Write(bytes);
        for (var i = 0; i < SampleRate * Seconds; i++)
        {
            var on = i % (SampleRate / 2) < SampleRate / 4;
            file.Write((short)(on ? 12_000 * Math.Sin(2 * Math.PI * ToneHertz * i / SampleRate) : 0));
        }
    }
}
