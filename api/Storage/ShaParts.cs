using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace HealthEval.Storage;

/// <summary>Collects what is hashed together: each part has its length before it, a missing one the length -1.</summary>
internal sealed class ShaParts : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 12);
    private int _length;

    public void Add(string? text)
    {
        if (text is null)
        {
            Begin(0, -1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Begin(length, length));
    }

    public void Add(ReadOnlySpan<byte> utf8) => utf8.CopyTo(Begin(utf8.Length, utf8.Length));

    public void Add(IReadOnlyList<string> texts)
    {
        AddCount(texts.Count);
        foreach (var text in texts)
        {
            Add(text);
        }
    }

    /// <summary>How many parts of a list follow.</summary>
    public void AddCount(int count) => Begin(0, count);

    public string ToHex() => Sha.Of(_bytes.AsSpan(0, _length));

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private Span<byte> Begin(int length, long lengthWritten)
    {
        var needed = _length + sizeof(long) + length;
        if (needed > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _bytes.Length));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_length), lengthWritten);
        _length = needed;
        return _bytes.AsSpan(needed - length, length);
    }
}
