using System.Text;
using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.Intake;
using HealthEval.Intake.Profiles;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Batches;

/// <summary>Import profiles, and what a file would be read as before it is loaded.</summary>
internal static class ProfilesApi
{
    private const int MostProfileBytes = 64 << 10;
    private const long MostPreviewBytes = 256L << 20;

    public static void MapProfiles(this RouteGroupBuilder batches)
    {
        batches.MapGet("/profiles", ListAsync).WithName("ListImportProfiles");
        batches.MapPost("/profiles", KeepAsync).WithName("AddImportProfile").Audited(AuditActions.ProfileKept);
        batches.MapPost("/preview", PreviewAsync).WithName("PreviewBatch");
    }

    private static async Task<Ok<ProfileList>> ListAsync(string projectId, IDocumentStore store, CancellationToken cancellation) =>
        TypedResults.Ok(new ProfileList(await ImportProfiles.LatestAsync(store, projectId, cancellation)));

    private static async Task<Results<Ok<StoredProfile>, ProblemHttpResult>> KeepAsync(string projectId, Caller caller, HttpRequest request, IDocumentStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        var bytes = new byte[MostProfileBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        if (length > MostProfileBytes)
        {
            return Problems.Of(413, "too_large", "The profile is too large", $"A profile has at most {MostProfileBytes:N0} bytes.");
        }

        return ImportProfile.Parse(bytes.AsMemory(0, length), "profile", out var fault) is { } profile
            ? TypedResults.Ok(await ImportProfiles.KeepAsync(store, projectId, profile, caller.Id, clock.GetUtcNow(), cancellation))
            : Problems.Of(422, "invalid_profile", "The profile cannot be used", fault);
    }

    /// <summary>The whole file is read, from a temporary copy, and nothing is kept of it.</summary>
    private static async Task<Results<Ok<Preview>, ProblemHttpResult>> PreviewAsync(
        string projectId, string? name, string? profile, HttpRequest request, IDocumentStore store, IngestOptions options, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project)
        {
            return Problems.Missing("project");
        }

        ImportProfile? said = null;
        if (!string.IsNullOrWhiteSpace(profile) && (said = ImportProfile.Parse(Encoding.UTF8.GetBytes(profile), "preview", out var wrong)) is null)
        {
            return Problems.Of(422, "invalid_profile", "The profile cannot be used", wrong);
        }

        var (body, fault) = await UploadBody.OfAsync(request, name, cancellation);
        if (body?.Name is not { Length: > 0 } file)
        {
            return Problems.Malformed(body is null ? fault : "Name the file: POST …?name=FILE with the file as the body.");
        }

        await using var copy = new FileStream(
            Path.Combine(Path.GetTempPath(), $"healtheval-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.DeleteOnClose);
        var buffer = new byte[1 << 16];
        while (await body.Content.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            if (copy.Length + read > MostPreviewBytes)
            {
                return Problems.Of(413, "too_large", "The file is too large to look at", $"At most {MostPreviewBytes:N0} bytes can be looked at. Send the beginning of the file.");
            }

            await copy.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        await copy.FlushAsync(cancellation);
        var source = new BatchSource(DropFolder.SafeName(file), () => new FileStream(copy.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)) { Profile = said };
        var kept = (await ImportProfiles.LatestAsync(store, projectId, cancellation)).ConvertAll(stored => stored.Profile);
        return TypedResults.Ok(await Task.Run(() => Preview.Of(project.Value, source, kept, options, cancellation), cancellation));
    }
}

internal sealed record ProfileList(IReadOnlyList<StoredProfile> Profiles);
