namespace HealthEval.Intake.Containers;

/// <summary>A stream that can only be read, from front to back.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override int Read(Span<byte> buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Stops a small file that unpacks to a huge one, at an absolute size or at a ratio, while it is unpacked.</summary>
internal sealed class UnpackLimit(Stream unpacked, Func<long> packedBytes, IngestOptions options) : ReadOnlyStream
{
    private long _read;

    public override int Read(Span<byte> buffer)
    {
        var read = unpacked.Read(buffer);
        _read += read;
        if (_read > options.MaxUnpackedBytes)
        {
            throw new UnreadableFileException($"Unpacks to more than {options.MaxUnpackedBytes:N0} bytes, the limit. Split the file.");
        }

        if (_read > options.FreeUnpackedBytes && _read / Math.Max(1, packedBytes()) >= options.MaxUnpackRatio)
        {
            throw new UnreadableFileException($"Unpacks to more than {options.MaxUnpackRatio} times its size; such files are refused to protect the service. Send it unpacked if it is genuine.");
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        unpacked.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>No more than the first bytes of a file that may grow.</summary>
internal sealed class FirstBytes(Stream source, long count) : ReadOnlyStream
{
    private long _left = count;

    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        source.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Counts what has been read, for the progress display.</summary>
internal sealed class CountingStream(Stream source, Action<int> count) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        count(read);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        source.Dispose();
        base.Dispose(disposing);
    }
}
