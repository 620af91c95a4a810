using System.Security.Cryptography;

namespace HealthEval.Storage.Azure;

/// <summary>A file on its way from the service; at its end it must have the MD5 that was kept with it, or reading fails.</summary>
internal sealed class BlobDownload(Stream content, byte[] expected, string path) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private bool _checked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position { get => content.Position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken);
        return Take(buffer.Span, read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, count), content.Read(buffer, offset, count));

    public override void Flush()
    {
        // nothing is written
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        content.Dispose();
        _hash.Dispose();
        base.Dispose(disposing);
    }

    private int Take(Span<byte> buffer, int read)
    {
        _hash.AppendData(buffer[..read]);
        if (read == 0 && !buffer.IsEmpty && !_checked)
        {
            _checked = true;
            if (!_hash.GetCurrentHash().AsSpan().SequenceEqual(expected))
            {
                throw new IOException($"{path} does not have the bytes that were written (its MD5 differs).");
            }
        }

        return read;
    }
}
