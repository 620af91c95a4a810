namespace HealthEval.Tasks;

/// <summary>Translates UTF-16 positions of a text into Unicode code points, the unit of every offset that leaves the program.</summary>
internal sealed class CodePoints
{
    private readonly int[]? _map; // null while every character is one code point

    public CodePoints(string text)
    {
        Count = text.Length;
        if (!text.Any(char.IsHighSurrogate))
        {
            return;
        }

        _map = new int[text.Length + 1];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            _map[i] = count;
            if (!(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])))
            {
                count++;
            }
        }

        _map[text.Length] = Count = count;
    }

    /// <summary>How many code points the text has.</summary>
    public int Count { get; }

    /// <summary>The code point offset of a UTF-16 position that is not inside a pair.</summary>
    public int At(int utf16) => _map is null ? utf16 : _map[utf16];

    /// <summary>The slice [start, end) in code points, or null when it does not lie in the text.</summary>
    public static string? Slice(string text, int start, int end)
    {
        if (start < 0 || end < start)
        {
            return null;
        }

        var from = Advance(text, 0, start);
        var until = from < 0 ? -1 : Advance(text, from, end - start);
        return until < 0 ? null : text[from..until];
    }

    /// <summary>The UTF-16 position <paramref name="count"/> code points after <paramref name="from"/>; -1 beyond the end.</summary>
    private static int Advance(string text, int from, int count)
    {
        for (; count > 0; count--)
        {
            if (from >= text.Length)
            {
                return -1;
            }

            from += char.IsHighSurrogate(text[from]) && from + 1 < text.Length && char.IsLowSurrogate(text[from + 1]) ? 2 : 1;
        }

        return from;
    }
}
