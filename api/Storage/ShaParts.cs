using System.Buffers.Binary;
using System.Text;

namespace HealthEval.Storage;

/// <summary>Collects what is hashed together: each part has its length before it, a missing one the length -1.</summary>
internal sealed class ShaParts : IDisposable
{
    private readonly PooledBuffer _bytes = new();

    public void Add(string? text)
    {
        if (text is null)
        {
            AddCount(-1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        AddCount(length);
        _bytes.Advance(Encoding.UTF8.GetBytes(text, _bytes.GetSpan(length)));
    }

    public void Add(ReadOnlySpan<byte> utf8)
    {
        AddCount(utf8.Length);
        utf8.CopyTo(_bytes.GetSpan(utf8.Length));
        _bytes.Advance(utf8.Length);
    }

    public void Add(IReadOnlyList<string> texts)
    {
        AddCount(texts.Count);
        foreach (var text in texts)
        {
            Add(text);
        }
    }

    /// <summary>A value as JSON without blanks; one that is missing is empty.</summary>
    public void AddJson<T>(T? value)
    {
        const int Count = sizeof(long);
        var start = _bytes.Length;
        AddCount(0);
        if (value is not null)
        {
            Json.Write(value, _bytes);
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.Changeable(start, Count), _bytes.Length - start - Count);
        }
    }

    /// <summary>How many bytes, or parts of a list, follow.</summary>
    public void AddCount(long count)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), count);
        _bytes.Advance(sizeof(long));
    }

    public string ToHex() => Sha.Of(_bytes.Written.Span);

    public void Dispose() => _bytes.Dispose();
}
