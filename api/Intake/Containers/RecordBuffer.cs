using System.Buffers;

namespace HealthEval.Intake.Containers;

/// <summary>A sliding window over a stream: grows up to the size of the largest record allowed, and no further.</summary>
internal sealed class RecordBuffer(Stream stream, int maxRecordBytes) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 18);
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    public bool AtEnd { get; private set; }

    /// <summary>Bytes of the stream before <see cref="Unread"/>.</summary>
    public long Consumed { get; private set; }

    /// <summary>No more fits: a record is larger than allowed.</summary>
    public bool IsFull => _end - _start > maxRecordBytes;

    public ReadOnlyMemory<byte> Slice(int offset, int length) => _bytes.AsMemory(_start + offset, length);

    public void Consume(int count)
    {
        _start += count;
        Consumed += count;
    }

    /// <summary>Reads more behind what is there; false at the end of the stream.</summary>
    public bool Fill()
    {
        if (AtEnd)
        {
            return false;
        }

        MakeRoom();
        var read = stream.Read(_bytes, _end, _bytes.Length - _end);
        AtEnd = read == 0;
        _end += read;
        return !AtEnd;
    }

    public void SkipByteOrderMark()
    {
        while (Unread.Length < 3 && Fill())
        {
        }

        if (Unread.StartsWith("\uFEFF"u8))
        {
            Consume(3);
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void MakeRoom()
    {
        var held = _end - _start;
        if (held > _bytes.Length / 2)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            Unread.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        else if (_start > 0)
        {
            Unread.CopyTo(_bytes);
        }

        (_start, _end) = (0, held);
    }
}
