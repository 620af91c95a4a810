using HealthEval.Audit;
using HealthEval.Intake;
using HealthEval.Intake.Profiles;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>A profile that a project keeps: every version stays, the latest of a name is used.</summary>
internal sealed record StoredProfile(string ProjectId, ImportProfile Profile, string By, DateTimeOffset At);

/// <summary>The profiles of a project, in the store and beside the files in its drop folder.</summary>
internal static class ImportProfiles
{
    public const string DroppedName = "profile.json";
    private const int MostVersions = 1_000;
    private const int MostBytes = 64 << 10;

    public static async Task<List<StoredProfile>> LatestAsync(IDocumentStore documents, string projectId, CancellationToken cancellation)
    {
        var all = await documents.AllAsync<StoredProfile>(new DocumentQuery(DocumentKind.Batch) { ProjectId = projectId, Scope = Scope }, cancellation).Select(stored => stored.Value).ToListAsync(cancellation);
        return [.. all.GroupBy(stored => stored.Profile.Name, StringComparer.Ordinal).Select(versions => versions.MaxBy(stored => stored.Profile.Version)!).OrderBy(stored => stored.Profile.Name, StringComparer.Ordinal)];
    }

    /// <summary>As the next version of its name; one that says the same as the latest is that one.</summary>
    public static async Task<StoredProfile> KeepAsync(IDocumentStore documents, AuditTrail trail, string projectId, ImportProfile profile, string by, DateTimeOffset now, CancellationToken cancellation)
    {
        var latest = (await LatestAsync(documents, projectId, cancellation)).Find(stored => stored.Profile.Name == profile.Name);
        for (var version = (latest?.Profile.Version ?? 0) + 1; version <= MostVersions; version++)
        {
            if (latest is not null && Json.Bytes(latest.Profile with { Version = 1 }).AsSpan().SequenceEqual(Json.Bytes(profile with { Version = 1 })))
            {
                return latest;
            }

            var next = new StoredProfile(projectId, profile with { Version = version }, by, now);
            if ((await documents.CommitAsync(new Write.Create(Key(next), next), cancellation)).Succeeded)
            {
                await trail.RecordAsync(projectId, by, AuditActions.ProfileKept, Key(next).Id);
                return next;
            }
        }

        throw new StorageUnavailableException(StorageTrouble.Busy, $"The profile '{profile.Name}' has more than {MostVersions} versions.", TimeSpan.FromSeconds(10));
    }

    /// <summary><c>drop/&lt;project&gt;/profile.json</c>; throws when it is there and cannot be understood, since the files beside it were not meant to be guessed at.</summary>
    public static async Task<ImportProfile?> DroppedAsync(IFileStore files, string projectId, CancellationToken cancellation)
    {
        await using var stream = await files.OpenAsync(DropFolder.Path(projectId, DroppedName), cancellation);
        if (stream is null)
        {
            return null;
        }

        var bytes = new byte[MostBytes];
        var length = await stream.ReadAtLeastAsync(bytes, MostBytes, throwOnEndOfStream: false, cancellation);
        return ImportProfile.Parse(bytes.AsMemory(0, length), "drop folder", out var fault) ?? throw new UnreadableFileException($"{DroppedName} in the drop folder cannot be used: {fault}");
    }

    private const string Scope = "profiles";

    private static DocumentKey Key(StoredProfile stored) =>
        new(DocumentKind.Batch, new Partition(stored.ProjectId, Scope), $"f{Sha.OfParts(stored.Profile.Name)[..16]}-{stored.Profile.Version:D4}");
}
