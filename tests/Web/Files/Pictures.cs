using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace Telemedicine.Web.Tests.Files;

/// <summary>Images and documents as people send them, and as nobody should.</summary>
internal static class Pictures
{
    /// <summary>What a camera wrote into a photo beside the picture.</summary>
    public const string Place = "51.5007N 0.1246W HOME";

    public static readonly byte[] Pdf = Encoding.ASCII.GetBytes("%PDF-1.4\n% a letter about Margaret\n%%EOF\n");

    /// <summary>64 by 32, its left half red and its right half blue.</summary>
    public static byte[] Make(SKEncodedImageFormat format)
    {
        using var surface = SKSurface.Create(new SKImageInfo(64, 32));
        surface.Canvas.Clear(SKColors.Blue);
        using var red = new SKPaint { Color = SKColors.Red };
        surface.Canvas.DrawRect(0, 0, 32, 32, red);
        using var image = surface.Snapshot();
        using var encoded = image.Encode(format, 95);
        return encoded.ToArray();
    }

    /// <summary>A JPEG whose EXIF says that the camera was turned a quarter (orientation 6), and where that was.</summary>
    public static byte[] FromACamera()
    {
        var plain = Make(SKEncodedImageFormat.Jpeg);
        var place = Encoding.ASCII.GetBytes(Place + "\0");
        var tiff = new byte[8 + 2 + (2 * 12) + 4 + place.Length];
        "MM\0*"u8.CopyTo(tiff);
        BinaryPrimitives.WriteUInt32BigEndian(tiff.AsSpan(4), 8);
        BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(8), 2);
        Entry(tiff.AsSpan(10), 0x010E, 2, (uint)place.Length, 38);
        Entry(tiff.AsSpan(22), 0x0112, 3, 1, 6u << 16);
        place.CopyTo(tiff, 38);
        byte[] exif = [0xFF, 0xE1, 0, 0, .. "Exif\0\0"u8, .. tiff];
        BinaryPrimitives.WriteUInt16BigEndian(exif.AsSpan(2), (ushort)(exif.Length - 2));
        return [.. plain.AsSpan(0, 2), .. exif, .. plain.AsSpan(2)];
    }

    /// <summary>The head of a PNG of 40,000 by 40,000 pixels in a few bytes.</summary>
    public static byte[] Bomb()
    {
        byte[] chunk = [.. "IHDR"u8, 0, 0, 0x9C, 0x40, 0, 0, 0x9C, 0x40, 8, 2, 0, 0, 0];
        var check = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc(chunk));
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. chunk, .. check, 0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];
    }

    private static void Entry(Span<byte> at, ushort tag, ushort type, uint count, uint value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(at, tag);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], type);
        BinaryPrimitives.WriteUInt32BigEndian(at[4..], count);
        BinaryPrimitives.WriteUInt32BigEndian(at[8..], value);
    }

    /// <summary>PNG (ISO/IEC 15948), annex D.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }
}
