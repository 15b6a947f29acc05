using SkiaSharp;
using Telemedicine.Clinical.Files;

namespace Telemedicine.Web.Files;

/// <summary>
/// What a file is by its first bytes, and images drawn anew: whatever was hidden in or behind one (places, names, another file) stays behind. What cannot be drawn is no image.
/// </summary>
internal static class FileContent
{
    /// <summary>Of an image: 50 megapixels, more than telephones take.</summary>
    public const int MaxPixels = 50_000_000;

    /// <summary>The longer side of what is kept.</summary>
    public const int MaxSide = 4096;

    private const int Quality = 90;

    /// <summary>A large image takes 200 MB while it is drawn.</summary>
    private static readonly SemaphoreSlim Drawing = new(2);

    /// <summary>Null for anything that we do not take.</summary>
    public static FileKind? KindOf(ReadOnlySpan<byte> content) => content switch
    {
        [0xFF, 0xD8, 0xFF, ..] => FileKind.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => FileKind.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => FileKind.WebP,
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => FileKind.Pdf,
        _ => null,
    };

    /// <summary>The format of Apple's cameras (ISO/IEC 23008-12), which no other browser shows.</summary>
    public static bool IsHeic(ReadOnlySpan<byte> content) =>
        content.Length >= 12 && content[4..8].SequenceEqual("ftyp"u8) && (content[8..12].StartsWith("he"u8) || content[8..12].SequenceEqual("mif1"u8) || content[8..12].SequenceEqual("msf1"u8));

    /// <summary>The image upright, without anything but its pixels; null if it is damaged, too large, or something else than its first bytes say.</summary>
    public static async Task<byte[]?> RedrawAsync(byte[] content, FileKind kind, CancellationToken cancellationToken)
    {
        await Drawing.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Redraw(content, kind), CancellationToken.None);
        }
        finally
        {
            Drawing.Release();
        }
    }

    private static byte[]? Redraw(byte[] content, FileKind kind)
    {
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat != FormatOf(kind) || codec.Info is not { Width: > 0, Height: > 0 } source || (long)source.Width * source.Height > MaxPixels)
            return null;
        using var bitmap = new SKBitmap(new SKImageInfo(source.Width, source.Height, SKColorType.Rgba8888, source.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Premul, SKColorSpace.CreateSrgb()));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success)
            return null;
        bitmap.SetImmutable();

        var turned = codec.EncodedOrigin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (width, height) = turned ? (source.Height, source.Width) : (source.Width, source.Height);
        var scale = Math.Min(1f, MaxSide / (float)Math.Max(width, height));
        using var surface = SKSurface.Create(new SKImageInfo(
            Math.Max(1, (int)(width * scale)), Math.Max(1, (int)(height * scale)), SKColorType.Rgba8888, bitmap.Info.AlphaType, SKColorSpace.CreateSrgb()));
        if (surface is null)
            return null;
        surface.Canvas.SetMatrix(SKMatrix.Concat(SKMatrix.CreateScale(scale, scale), Upright(codec.EncodedOrigin, width, height)));
        using var image = SKImage.FromBitmap(bitmap);
        surface.Canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKCubicResampler.Mitchell));
        using var drawn = surface.Snapshot();
        using var encoded = drawn.Encode(FormatOf(kind), Quality);
        return encoded?.ToArray();
    }

    /// <summary>How the stored picture is turned into the one that was taken, of this size (EXIF 2.3, 4.6.4, Orientation).</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, width, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, width, -1, 0, height, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, height, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    private static SKEncodedImageFormat FormatOf(FileKind kind) => kind switch
    {
        FileKind.Jpeg => SKEncodedImageFormat.Jpeg,
        FileKind.Png => SKEncodedImageFormat.Png,
        _ => SKEncodedImageFormat.Webp,
    };
}
