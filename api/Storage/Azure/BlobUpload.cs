using System.Security.Cryptography;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace HealthEval.Storage.Azure;

/// <summary>
/// A stream into a blob that only <see cref="CommitAsync"/> makes real: closing it, as a failing writer does, leaves nothing but staged
/// blocks, which the service discards. Holds one block in memory; every transfer is checked by MD5, and the whole file's is kept with it.
/// </summary>
/// <param name="hold">Until when the version that is made can neither be changed nor deleted.</param>
internal sealed class BlobUpload(BlockBlobClient blob, BlobImmutabilityPolicy? hold = null) : Stream
{
    private const int BlockBytes = 8 << 20;
    private static readonly UploadTransferValidationOptions Checked = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };
    private readonly string _upload = Guid.NewGuid().ToString("N"); // two writers of one path never use each other's blocks
    private readonly List<string> _blocks = [];
    private readonly MemoryStream _block = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private long _staged;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _staged + (_block.CanRead ? _block.Length : 0);

    public override long Position { get => Length; set => throw new NotSupportedException(); }

    public async Task<BlobContentInfo> CommitAsync(BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        var headers = new BlobHttpHeaders { ContentHash = _hash.GetHashAndReset() };
        if (_blocks.Count == 0)
        {
            _block.Position = 0;
            var options = new BlobUploadOptions { Conditions = conditions, HttpHeaders = headers, TransferValidation = Checked, ImmutabilityPolicy = hold };
            return await blob.UploadAsync(_block, options, cancellation);
        }

        await StageAsync(cancellation);
        var whole = new CommitBlockListOptions { Conditions = conditions, HttpHeaders = headers, ImmutabilityPolicy = hold };
        return await blob.CommitBlockListAsync(_blocks, whole, cancellation);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _hash.AppendData(buffer.Span);
        while (buffer.Length > 0)
        {
            var part = Math.Min(buffer.Length, BlockBytes - (int)_block.Length);
            _block.Write(buffer.Span[..part]);
            buffer = buffer[part..];
            if (_block.Length == BlockBytes)
            {
                await StageAsync(cancellationToken);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For libraries that write synchronously, such as zip archives.</summary>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // a part of a block cannot be sent ahead
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _block.Dispose();
        _hash.Dispose();
        base.Dispose(disposing);
    }

    private async Task StageAsync(CancellationToken cancellation)
    {
        if (_block.Length == 0)
        {
            return;
        }

        var id = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{_upload}-{_blocks.Count:000000}"));
        _block.Position = 0;
        await blob.StageBlockAsync(id, _block, new BlockBlobStageBlockOptions { TransferValidation = Checked }, cancellation);
        _blocks.Add(id);
        _staged += _block.Length;
        _block.SetLength(0);
    }
}
