using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace HealthEval.Storage.Azure;

/// <summary>Files as block blobs of one private container. Blocks are staged as they come and become the file in one last call.</summary>
internal sealed class BlobFileStore(BlobServiceClient service, string container, ReportHold? hold = null) : IFileStore
{
    /// <summary>Whether erasing leaves the versions of finished reports until their day has come.</summary>
    public bool HoldsReports => hold is not null;

    /// <summary>Whether those who get a link can reach it.</summary>
    public bool Links { get; init; } = true;

    private readonly BlobContainerClient _container = service.GetBlobContainerClient(container);

    public Task<FileEntry?> FindAsync(string path, CancellationToken cancellation) => TryAsync(path, async blob =>
    {
        var properties = (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value;
        return new FileEntry(path, properties.ContentLength, properties.LastModified, Text(properties.ETag));
    });

    public Task<Stream?> OpenAsync(string path, CancellationToken cancellation) => TryAsync<Stream>(path, async blob =>
    {
        var download = (await blob.DownloadStreamingAsync(cancellationToken: cancellation)).Value; // resumes with If-Match: a replaced blob fails rather than mixes
        return download.Details.ContentHash is { Length: > 0 } hash ? new BlobDownload(download.Content, hash, path) : download.Content;
    });

    public async Task<FileEntry?> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, FileCondition condition, CancellationToken cancellation)
    {
        if (condition != FileCondition.None && !Holds(condition, await FindAsync(path, cancellation)))
        {
            return null;
        }

        return await TryAsync(path, async blob =>
        {
            await using var upload = new BlobUpload(blob, hold?.Of(path));
            await write(upload, cancellation);
            var info = await upload.CommitAsync(Conditions(condition), cancellation);
            return new FileEntry(path, upload.Length, info.LastModified, Text(info.ETag));
        });
    }

    public async IAsyncEnumerable<FileEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, FilePath.RequireFolder(prefix), cancellation))
        {
            yield return new FileEntry(blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? default, Text(blob.Properties.ETag ?? default));
        }
    }

    public async Task<bool> DeleteAsync(string path, CancellationToken cancellation) =>
        await TryAsync(path, async blob => (await blob.DeleteIfExistsAsync(cancellationToken: cancellation)).Value ? path : null) is not null;

    /// <summary>
    /// Removes files with all that the account keeps of them: snapshots, and the versions that replacing and deleting leave. How long a deleted version can still be
    /// brought back is the account's setting (infra/modules/storage.bicep).
    /// </summary>
    /// <param name="folder">False for the one file with this path.</param>
    public async Task<long> EraseAsync(string path, bool folder, CancellationToken cancellation)
    {
        var erased = 0L;
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, path, cancellation).Where(IsMeant))
        {
            erased += (await Blob(blob.Name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellation)).Value ? 1 : 0;
        }

        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.Version, path, cancellation).Where(IsMeant))
        {
            if (blob.VersionId is { } version)
            {
                await EraseVersionAsync(Blob(blob.Name).WithVersion(version), cancellation);
            }
        }

        return erased;

        bool IsMeant(BlobItem blob) => folder || blob.Name == path;
    }

    /// <summary>A version that is held stays until its day has come; nobody can do anything about it, so that stops nothing else from being erased.</summary>
    private static async Task EraseVersionAsync(BlockBlobClient version, CancellationToken cancellation)
    {
        try
        {
            await version.DeleteIfExistsAsync(cancellationToken: cancellation);
        }
        catch (RequestFailedException held) when (held.ErrorCode == "BlobImmutableDueToPolicy")
        {
        }
    }

    /// <summary>An address to which a customer may write this one new file, and nothing else, until it expires.</summary>
    public Task<Uri> UploadLinkAsync(string path, DateTimeOffset now, TimeSpan lifetime, CancellationToken cancellation) =>
        SignAsync(path, new BlobSasBuilder(BlobSasPermissions.Create, now + lifetime) { StartsOn = now.AddMinutes(-5) }, cancellation);

    /// <summary>An address from which this one file may be read until it expires, under a name and type of its own.</summary>
    public Task<Uri> DownloadLinkAsync(string path, string fileName, string type, DateTimeOffset now, TimeSpan lifetime, CancellationToken cancellation) =>
        SignAsync(path, new BlobSasBuilder(BlobSasPermissions.Read, now + lifetime) { StartsOn = now.AddMinutes(-5), ContentDisposition = $"attachment; filename=\"{fileName}\"", ContentType = type }, cancellation);

    private BlockBlobClient Blob(string path) => _container.GetBlockBlobClient(FilePath.Require(path));

    /// <summary>On Azure with a key that the program's identity is lent for the purpose (there is no account key); on the emulator with the emulator's.</summary>
    private async Task<Uri> SignAsync(string path, BlobSasBuilder sas, CancellationToken cancellation)
    {
        var blob = Blob(path);
        (sas.BlobContainerName, sas.BlobName, sas.Resource) = (blob.BlobContainerName, path, "b");
        if (blob.CanGenerateSasUri)
        {
            sas.Protocol = SasProtocol.HttpsAndHttp;
            return blob.GenerateSasUri(sas);
        }

        sas.Protocol = SasProtocol.Https;
        var key = await service.GetUserDelegationKeyAsync(sas.StartsOn, sas.ExpiresOn, cancellation);
        return new BlobUriBuilder(blob.Uri) { Sas = sas.ToSasQueryParameters(key, service.AccountName) }.ToUri();
    }

    /// <summary>Null where there is no such blob, or where its state is not the one that the call was conditional on.</summary>
    private async Task<T?> TryAsync<T>(string path, Func<BlockBlobClient, Task<T?>> work)
        where T : class
    {
        try
        {
            return await work(Blob(path));
        }
        catch (RequestFailedException failure) when (failure.ErrorCode == BlobErrorCode.BlobNotFound || failure.ErrorCode == BlobErrorCode.BlobAlreadyExists || failure.Status == 412 || (failure.Status == 404 && failure.ErrorCode is null or ""))
        {
            return null;
        }
        catch (RequestFailedException failure) when (failure.Status is 0 or 408 or 429 or >= 500 || failure.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // an invalid block list: another writer of the same path committed first, and the service dropped our staged blocks
            throw new StorageUnavailableException(StorageTrouble.Busy, $"Blob Storage did not answer: {failure.Status} {failure.ErrorCode}.", TimeSpan.FromSeconds(5), failure);
        }
        catch (AggregateException failure) when (failure.InnerException is RequestFailedException)
        {
            throw new StorageUnavailableException(StorageTrouble.Busy, "Blob Storage did not answer.", TimeSpan.FromSeconds(5), failure);
        }
    }

    private static bool Holds(FileCondition condition, FileEntry? existing) => condition.MustBeAbsent ? existing is null : existing?.ETag == condition.ETag;

    private static BlobRequestConditions? Conditions(FileCondition condition) => condition switch
    {
        { MustBeAbsent: true } => new BlobRequestConditions { IfNoneMatch = ETag.All },
        { ETag: { } etag } => new BlobRequestConditions { IfMatch = new ETag($"\"{etag}\"") },
        _ => null,
    };

    private static string Text(ETag etag) => etag.ToString().Trim('"');
}
