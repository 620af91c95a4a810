using System.Text;
using HealthEval.Audit;
using HealthEval.Batches.Benchmarks;
using HealthEval.Http;
using HealthEval.Intake;
using HealthEval.Intake.Profiles;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Batches;

/// <summary>Import profiles; what a file would be read as before it is loaded; and a file that failed, read again as a profile says.</summary>
internal static class ProfilesApi
{
    private const int MostProfileBytes = 64 << 10;
    private const long MostPreviewBytes = 256L << 20;

    public static void MapProfiles(this RouteGroupBuilder batches)
    {
        batches.MapGet("/profiles", ListAsync).WithName("ListImportProfiles");
        batches.MapPost("/profiles", KeepAsync).WithName("AddImportProfile"); // a new version is on the trail
        batches.MapPost("/preview", PreviewAsync).WithName("PreviewBatch");
        batches.MapPost("/{batchId}/preview", PreviewReceivedAsync).WithName("PreviewReceivedBatch").Audited(AuditActions.FileLookedAt);
        batches.MapPost("/{batchId}/again", ReadAgainAsync).WithName("ReadBatchAgain");
    }

    private static async Task<Ok<ProfileList>> ListAsync(string projectId, IDocumentStore store, CancellationToken cancellation) =>
        TypedResults.Ok(new ProfileList(await ImportProfiles.LatestAsync(store, projectId, cancellation)));

    private static async Task<Results<Ok<StoredProfile>, ProblemHttpResult>> KeepAsync(
        string projectId, Caller caller, HttpRequest request, IDocumentStore store, AuditTrail trail, TimeProvider clock, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        var (profile, fault) = await SaidAsync(request, "profile", cancellation);
        return profile is not null
            ? TypedResults.Ok(await ImportProfiles.KeepAsync(store, trail, projectId, profile, caller.Id, clock.GetUtcNow(), cancellation))
            : Unusable(fault);
    }

    /// <summary>The same of a file that was sent before, whatever became of it; the body is a profile, or empty.</summary>
    /// <param name="records">How many of them are read; all unless said.</param>
    private static async Task<Results<Ok<Preview>, ProblemHttpResult>> PreviewReceivedAsync(
        string projectId, string batchId, long? records, HttpRequest request, IDocumentStore store, IFileStore files, IngestOptions options,
            CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project || await ReceivedFile.FindAsync(store, files, projectId,
            batchId, cancellation) is not { } received)
        {
            return NoFile;
        }

        var (said, fault) = await SaidAsync(request, "preview", cancellation);
        if (fault.Length > 0)
        {
            return Unusable(fault);
        }

        if (records is null && received.File.Length > MostPreviewBytes)
        {
            return Problems.Of(413, "too_large", "The file is too large for a dry run",
                $"At most {MostPreviewBytes:N0} bytes are read without loading anything. Ask for its first records.");
        }

        return await LookAsync(project.Value, received.Open(files, cancellation) with { Profile = said }, records ?? long.MaxValue, store, files, options,
            cancellation);
    }

    private static async Task<Ok<Preview>> LookAsync(Project project, BatchSource source, long most, IDocumentStore store, IFileStore files,
        IngestOptions options, CancellationToken cancellation)
    {
        var kept = (await ImportProfiles.LatestAsync(store, project.ProjectId, cancellation)).ConvertAll(stored => stored.Profile);
        var benchmarks = await BenchmarkIndex.OfAsync(store, files, project.ProjectId, cancellation);
        return TypedResults.Ok(await Task.Run(() => Preview.Of(project, source, kept, options, cancellation, most, benchmarks), cancellation));
    }

    /// <summary>Keeps the profile in the body, and loads the file as if it had been sent once more.</summary>
    private static async Task<Results<Accepted<Uploaded>, ProblemHttpResult>> ReadAgainAsync(
        string projectId, string batchId, Caller caller, HttpRequest request, IDocumentStore store, IFileStore files, AuditTrail trail, Uploads uploads,
            TimeProvider clock, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project || await ReceivedFile.FindAsync(store, files, projectId,
            batchId, cancellation) is not { } received)
        {
            return NoFile;
        }

        if (await store.FindAsync<Batch>(Batch.Key(projectId, batchId), cancellation) is not { Value: { State: BatchState.Failed } batch })
        {
            return Problems.Conflict("not_failed", "Only a file that failed is read again",
                "This file has been loaded, or is being read. If its fields were taken for something else than they are, a lead can withdraw the batch and read the file again.");
        }

        var (profile, fault) = await SaidAsync(request, "profile", cancellation);
        if (profile is null)
        {
            return Unusable(fault);
        }

        await ImportProfiles.KeepAsync(store, trail, projectId, profile, caller.Id, clock.GetUtcNow(), cancellation);
        await using var content = await files.OpenAsync(received.File.Path, cancellation);
        if (content is null)
        {
            return NoFile;
        }

        var (again, full) = await uploads.ReceiveAsync(project.Value, received.Name, caller.Id, batch.Attested is not null, content, received.File.Length, cancellation);
        return again is not null ? TypedResults.Accepted($"/api/batches/{projectId}/{again.BatchId}", new Uploaded(again.BatchId, again.File, again.State))
            : Problems.Of(413, full?.Code ?? "too_large", full?.Title ?? "The file is too large", $"{full?.Why ?? "It is larger than one upload may be"}. Nothing was changed.");
    }

    /// <summary>Neither a profile nor a fault where the body is empty.</summary>
    public static async Task<(ImportProfile? Profile, string Fault)> SaidAsync(HttpRequest request, string name, CancellationToken cancellation)
    {
        var bytes = new byte[MostProfileBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return length > MostProfileBytes ? (null, $"A profile has at most {MostProfileBytes:N0} bytes.")
            : length == 0 ? (null, "")
            : (ImportProfile.Parse(bytes.AsMemory(0, length), name, out var fault), fault);
    }

    public static ProblemHttpResult Unusable(string fault) =>
        Problems.Of(422, "invalid_profile", "The profile cannot be used", fault.Length > 0 ? fault
            : "Send the profile as the body: {\"name\":…,\"prompt\":[PATH],\"response\":[PATH]}.");

    public static ProblemHttpResult NoFile => Problems.Missing("file here any more. Choose it again where files are sent, or send it from where it lies");

    /// <summary>The whole file is read, from a temporary copy, and nothing is kept of it.</summary>
    private static async Task<Results<Ok<Preview>, ProblemHttpResult>> PreviewAsync(
        string projectId, string? name, string? profile, HttpRequest request, IDocumentStore store, IFileStore files, IngestOptions options,
            CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project)
        {
            return Problems.Missing("project");
        }

        ImportProfile? said = null;
        if (!string.IsNullOrWhiteSpace(profile) && (said = ImportProfile.Parse(Encoding.UTF8.GetBytes(profile), "preview", out var wrong)) is null)
        {
            return Unusable(wrong);
        }

        var (body, fault) = await UploadBody.OfAsync(request, name, cancellation);
        if (body?.Name is not { Length: > 0 } file)
        {
            return Problems.Malformed(body is null ? fault : "Name the file: POST …?name=FILE with the file as the body.");
        }

        await using var copy = await TemporaryCopy.OfAsync(body.Content, MostPreviewBytes, cancellation);
        if (copy is null)
        {
            return Problems.Of(413, "too_large", "The file is too large to look at",
                $"At most {MostPreviewBytes:N0} bytes can be looked at. Send the beginning of the file.");
        }

        return await LookAsync(project.Value, new BatchSource(DropFolder.SafeName(file), copy.Open) { Profile = said }, long.MaxValue, store, files,
            options, cancellation);
    }
}

internal sealed record ProfileList(IReadOnlyList<StoredProfile> Profiles);
