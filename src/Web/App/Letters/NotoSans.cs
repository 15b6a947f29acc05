using PdfSharp.Fonts;

namespace Telemedicine.Web.Letters;

/// <summary>The one font of letters, Noto Sans (SIL Open Font License, see Fonts/OFL.txt), so that they look the same on every machine: Latin, Greek and Cyrillic.</summary>
internal sealed class NotoSans : IFontResolver
{
    public const string Family = "Noto Sans";

    public FontResolverInfo ResolveTypeface(string familyName, bool isBold, bool isItalic) => new(isBold ? "NotoSans-Bold" : "NotoSans-Regular");

    public byte[] GetFont(string faceName)
    {
        using var stream = typeof(NotoSans).Assembly.GetManifestResourceStream(faceName) ?? throw new InvalidOperationException($"The font {faceName} is missing.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
