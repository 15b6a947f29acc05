using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;
using PdfSharp.UniversalAccessibility;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Letters;

/// <summary>A letter as a PDF on A4: tagged in reading order with headings, paragraphs and lists, with a title and a language, its font embedded.</summary>
public sealed class LetterPdf
{
    /// <summary>Points, as everything here.</summary>
    private const double Margin = 62;
    private const double LineHeight = 1.4;

    private readonly PdfDocument _document = new();
    private readonly StructureBuilder _tags;
    private readonly XFont _text = new(NotoSans.Family, 12);
    private readonly XFont _heading = new(NotoSans.Family, 15, XFontStyleEx.Bold);
    private readonly XFont _title = new(NotoSans.Family, 20, XFontStyleEx.Bold);
    private readonly XFont _small = new(NotoSans.Family, 9);
    private readonly string _footer;
    private XGraphics? _page;
    private double _width;
    private double _bottom;
    private double _y;

    static LetterPdf() => GlobalFontSettings.FontResolver = new NotoSans();

    private LetterPdf(LetterToRead letter)
    {
        var title = $"Your appointment on {letter.Start.LongDay()}";
        var tagged = UAManager.ForDocument(_document);
        tagged.SetDocumentLanguage("en-GB");
        _tags = tagged.StructureBuilder;
        _document.Info.Title = title;
        _document.Info.Author = letter.PracticeName;
        _document.ViewerPreferences.DisplayDocTitle = true;
        _footer = $"{letter.PracticeName}, reference {letter.Reference}, page ";
    }

    public static byte[] Write(LetterToRead letter)
    {
        var pdf = new LetterPdf(letter);
        pdf.Lay(letter);
        using var bytes = new MemoryStream();
        pdf._document.Save(bytes);
        return bytes.ToArray();
    }

    private void Lay(LetterToRead letter)
    {
        NextPage();
        Block(letter.PracticeName, _text, PdfBlockLevelElementTag.Paragraph);
        Block(letter.SentAt.LongDay(), _text, PdfBlockLevelElementTag.Paragraph, after: 18);
        Block(_document.Info.Title, _title, PdfBlockLevelElementTag.Heading1, after: 10);
        Block($"For {letter.PatientName}, born {letter.PatientDateOfBirth.ShortDay()}", _text, PdfBlockLevelElementTag.Paragraph);
        Block($"{letter.ServiceName} with {letter.PractitionerName} at {letter.Start.Clock()}", _text, PdfBlockLevelElementTag.Paragraph, after: 12);
        Block("What we talked about", _heading, PdfBlockLevelElementTag.Heading2, after: 6);
        Text(letter.Summary);
        Block("What happens next", _heading, PdfBlockLevelElementTag.Heading2, after: 6);
        Text(letter.Next);
        Block("If you have a question or get worse", _heading, PdfBlockLevelElementTag.Heading2, after: 6);
        Text($"If you have a question, phone {letter.PracticeName}{(letter.PracticePhone is { } phone ? $" on {phone}" : "")}.\nIf you get worse and need help now, call 111. Call 999 in an emergency.");
        Block(letter.PractitionerName, _text, PdfBlockLevelElementTag.Paragraph);
        _page?.Dispose();
    }

    private void Text(string text)
    {
        foreach (var block in LetterBlock.Of(text))
        {
            if (block.IsList)
                List(block.Lines);
            else
                Block(block.Lines[0], _text, PdfBlockLevelElementTag.Paragraph, after: 6);
        }
        _y += 8;
    }

    private void List(IReadOnlyList<string> items)
    {
        _tags.BeginElement(PdfBlockLevelElementTag.List);
        foreach (var item in items)
        {
            _tags.BeginElement(PdfBlockLevelElementTag.ListItem);
            Block("•  " + item, _text, PdfBlockLevelElementTag.ListBody, after: 6, indent: 14);
            _tags.End();
        }
        _tags.End();
    }

    private void Block(string text, XFont font, PdfBlockLevelElementTag tag, double after = 2, double indent = 0)
    {
        var height = font.Size * LineHeight;
        // A heading does not stand alone at the end of a page.
        if (_y + (ReferenceEquals(font, _heading) ? 4 * height : height) > _bottom)
            NextPage();
        _tags.BeginElement(tag);
        foreach (var line in Lines(text, font, _width - indent))
        {
            if (_y + height > _bottom)
            {
                _tags.End();
                NextPage();
                _tags.BeginElement(tag);
            }
            _page?.DrawString(line, font, XBrushes.Black, new XPoint(Margin + indent, _y + font.Size));
            _y += height;
        }
        _tags.End();
        _y += after;
    }

    /// <summary>A further page, with its number at the foot, which is no part of the text.</summary>
    private void NextPage()
    {
        _page?.Dispose();
        var page = _document.AddPage();
        page.Size = PageSize.A4;
        _page = XGraphics.FromPdfPage(page);
        (_width, _bottom, _y) = (page.Width.Point - (2 * Margin), page.Height.Point - Margin - 20, Margin);
        _tags.BeginArtifact();
        _page.DrawString(_footer + _document.PageCount, _small, XBrushes.Black, new XPoint(Margin, page.Height.Point - Margin + 10));
        _tags.End();
    }

    private List<string> Lines(string text, XFont font, double width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(word => Pieces(word, font, width)))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && WidthOf(longer, font) > width)
            {
                // The space stays: a reader that joins the lines again must not join two words.
                lines.Add(line + " ");
                longer = word;
            }
            line = longer;
        }
        lines.Add(line);
        return lines;
    }

    /// <summary>A word that is wider than the page, such as an address, goes over several lines.</summary>
    private IEnumerable<string> Pieces(string word, XFont font, double width)
    {
        while (word.Length > 1 && WidthOf(word, font) > width)
        {
            var length = word.Length;
            while (length > 1 && WidthOf(word[..length], font) > width)
                length--;
            if (char.IsHighSurrogate(word[length - 1]) && length > 1)
                length--;
            yield return word[..length];
            word = word[length..];
        }
        yield return word;
    }

    private double WidthOf(string text, XFont font) => _page?.MeasureString(text, font).Width ?? 0;
}
