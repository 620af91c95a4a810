using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace HealthEval.Storage;

/// <summary>SHA-256 of UTF-8, lower-case hex: the only hash in the program.</summary>
internal static class Sha
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash);
    }

    public static string Of(string text)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(text));
        var hash = Of(utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
        return hash;
    }

    /// <summary>A hash over several texts that cannot be confused by moving characters from one to the next.</summary>
    public static string OfParts(params ReadOnlySpan<string?> parts)
    {
        using var collected = new ShaParts();
        foreach (var part in parts)
        {
            collected.Add(part);
        }

        return collected.ToHex();
    }
}
