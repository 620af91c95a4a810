using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace HealthEval.Intake;

internal static class Utf8Text
{
    /// <summary>Offset of the first byte that is no UTF-8 (overlong forms and surrogates included), or -1.</summary>
    public static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text))
        {
            return -1;
        }

        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
