using System.Text;

namespace HealthEval.Reports.Workbook;

/// <summary>
/// Text that any spreadsheet program can hold. Characters that XML forbids, and halves of surrogate pairs, become U+FFFD, so that a reader sees
/// that something was there (the export files keep the original); line ends become LF; text over the cell limit is cut, with a mark.
/// A cell written from here has the type "text": what looks like a formula stays text.
/// </summary>
internal static class CellText
{
    public const int Limit = 32_767;

    public static string Clean(string text) => Cut(Legal(text));

    private static string Legal(string text)
    {
        var bad = FirstBad(text, 0);
        if (bad == text.Length)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        for (var from = 0; ; from = bad + 1, bad = FirstBad(text, from))
        {
            clean.Append(text, from, bad - from);
            if (bad == text.Length)
            {
                return clean.ToString();
            }

            var lineEnd = text[bad] == '\r';
            if (!lineEnd || bad + 1 == text.Length || text[bad + 1] != '\n')
            {
                clean.Append(lineEnd ? '\n' : '\uFFFD');
            }
        }
    }

    private static int FirstBad(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (c is < ' ' and not ('\t' or '\n') or '\uFFFE' or '\uFFFF' || char.IsSurrogate(c))
            {
                return i;
            }
        }

        return text.Length;
    }

    private static string Cut(string text)
    {
        if (text.Length <= Limit)
        {
            return text;
        }

        var mark = $" … [cut here: {text.Length:N0} characters in all; the whole text is in the export files]";
        var keep = Limit - mark.Length;
        return text[..(char.IsHighSurrogate(text[keep - 1]) ? keep - 1 : keep)] + mark;
    }
}
