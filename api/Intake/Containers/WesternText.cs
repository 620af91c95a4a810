using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace HealthEval.Intake.Containers;

/// <summary>
/// Tables that Excel saved in the code page of Western Europe. Every byte means something there, so it is only assumed of a file that cannot be anything else:
/// not UTF-8 at any of its accents, and none of the five bytes that stand for nothing. A file that is UTF-8 but for some damage is refused, not garbled.
/// </summary>
internal static class WesternText
{
    public const string Name = "windows-1252";
    private const int FewAccents = 8;
    private static readonly SearchValues<byte> Unused = SearchValues.Create(0x81, 0x8D, 0x8F, 0x90, 0x9D);

    /// <param name="Beside">Those right behind another one: a letter in two or three in the code pages of other scripts, hardly any in this one.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Accents(long Count, long Beside);

    public static bool Is(Func<Stream> open)
    {
        using var stream = open();
        var buffer = new byte[1 << 16];
        var (held, accents, wasAccent) = (0, default(Accents), false);
        while (true)
        {
            var read = stream.Read(buffer, held, buffer.Length - held);
            var text = buffer.AsSpan(0, held + read);
            if (text.ContainsAny(Unused))
            {
                return false;
            }

            if (!Scan(ref text, isLast: read == 0, ref accents, ref wasAccent))
            {
                return false; // a character of UTF-8
            }

            if (read == 0)
            {
                return accents.Count > 0 && (accents.Count < FewAccents || accents.Beside * 2 < accents.Count);
            }

            held = text.Length;
            text.CopyTo(buffer);
        }
    }

    /// <summary>Consumes what can be judged; false when a multi-byte character of UTF-8 is in it.</summary>
    private static bool Scan(ref Span<byte> text, bool isLast, ref Accents accents, ref bool wasAccent)
    {
        while (text.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var at)
        {
            wasAccent &= at == 0;
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

            accents = new Accents(accents.Count + 1, accents.Beside + (wasAccent ? 1 : 0));
            wasAccent = true;
            text = text[1..];
        }

        wasAccent &= text.IsEmpty;
        text = [];
        return true;
    }
}
