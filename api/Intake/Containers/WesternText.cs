using System.Buffers;
using System.Text;

namespace HealthEval.Intake.Containers;

/// <summary>
/// Tables that Excel saved in the code page of Western Europe. Every byte means something there, so it is only assumed of a file that cannot be anything else:
/// not UTF-8 at any of its accents, and none of the five bytes that stand for nothing. A file that is UTF-8 but for some damage is refused, not garbled.
/// </summary>
internal static class WesternText
{
    public const string Name = "windows-1252";
    private static readonly SearchValues<byte> Unused = SearchValues.Create(0x81, 0x8D, 0x8F, 0x90, 0x9D);

    public static bool Is(Func<Stream> open)
    {
        using var stream = open();
        var buffer = new byte[1 << 16];
        var (held, accents) = (0, 0L);
        while (true)
        {
            var read = stream.Read(buffer, held, buffer.Length - held);
            var text = buffer.AsSpan(0, held + read);
            if (text.ContainsAny(Unused))
            {
                return false;
            }

            if (!Scan(ref text, isLast: read == 0, ref accents))
            {
                return false; // a character of UTF-8
            }

            if (read == 0)
            {
                return accents > 0;
            }

            held = text.Length;
            text.CopyTo(buffer);
        }
    }

    /// <summary>Consumes what can be judged; false when a multi-byte character of UTF-8 is in it.</summary>
    private static bool Scan(ref Span<byte> text, bool isLast, ref long accents)
    {
        while (text.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var at)
        {
            text = text[at..];
            var status = Rune.DecodeFromUtf8(text, out _, out _);
            if (status == OperationStatus.Done)
            {
                return false;
            }

            if (status == OperationStatus.NeedMoreData && !isLast)
            {
                return true;
            }

            accents++;
            text = text[1..];
        }

        text = [];
        return true;
    }
}
