using System.Text;
using System.Text.Json;

namespace HealthEval.Tests.Cosmos;

/// <summary>
/// Where a partition key lies on the ring: 128-bit MurmurHash3 of each level, one after the other, as the service does for hierarchical
/// keys. The SDK computes the same to find the range of a key's beginning, so the two must agree.
/// </summary>
internal static class EffectiveKey
{
    public static string Of(IEnumerable<JsonElement> levels) => string.Concat(levels.Select(Hash));

    private static string Hash(JsonElement level)
    {
        byte[] bytes = level.ValueKind switch
        {
            JsonValueKind.String => [8, .. Encoding.UTF8.GetBytes(level.GetString()!), 0xFF],
            JsonValueKind.Null => [1],
            _ => throw new NotSupportedException($"Keys of this test server are strings, not {level.ValueKind}."),
        };
        var hash = Murmur128(bytes);
        Array.Reverse(hash);
        hash[0] &= 0x3F;
        return Convert.ToHexString(hash);
    }

    private static byte[] Murmur128(ReadOnlySpan<byte> data)
    {
        const ulong C1 = 0x87c37b91114253d5, C2 = 0x4cf5ad432745937f;
        ulong h1 = 0, h2 = 0;
        var blocks = data.Length / 16;
        for (var i = 0; i < blocks; i++)
        {
            h1 = (ulong.RotateLeft(h1 ^ Mix1(BitConverter.ToUInt64(data[(i * 16)..])), 27) + h2) * 5 + 0x52dce729;
            h2 = (ulong.RotateLeft(h2 ^ Mix2(BitConverter.ToUInt64(data[((i * 16) + 8)..])), 31) + h1) * 5 + 0x38495ab5;
        }

        Span<byte> tail = stackalloc byte[16];
        data[(blocks * 16)..].CopyTo(tail);
        h2 ^= Mix2(BitConverter.ToUInt64(tail[8..]));
        h1 ^= Mix1(BitConverter.ToUInt64(tail));
        h1 ^= (ulong)data.Length;
        h2 ^= (ulong)data.Length;
        h1 += h2;
        h2 += h1;
        h1 = Finish(h1);
        h2 = Finish(h2);
        h1 += h2;
        h2 += h1;
        return [.. BitConverter.GetBytes(h1), .. BitConverter.GetBytes(h2)];

        static ulong Mix1(ulong k) => ulong.RotateLeft(k * C1, 31) * C2;
        static ulong Mix2(ulong k) => ulong.RotateLeft(k * C2, 33) * C1;
        static ulong Finish(ulong k)
        {
            k = (k ^ (k >> 33)) * 0xff51afd7ed558ccd;
            k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53;
            return k ^ (k >> 33);
        }
    }
}
