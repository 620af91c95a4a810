using HealthEval.Audit;
using HealthEval.Batches.Benchmarks;
using HealthEval.Batches.Privacy;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Batches;

internal static class BatchesApi
{
    public static void MapBatches(this IEndpointRouteBuilder api)
    {
        var batches = api.MapGroup("/batches/{projectId}").RequireAuthorization(Policies.Customers);
        batches.MapPost("/", UploadAsync).WithName("UploadBatch").ForTokens(TokenScope.BatchesWrite);
        batches.MapPost("/uploads", UploadLinkAsync).WithName("CreateUploadLink").ForTokens(TokenScope.BatchesWrite).Audited(AuditActions.UploadLinkMade);
        batches.MapGet("/", ListAsync).WithName("ListBatches").ForTokens(TokenScope.BatchesRead);
        batches.MapGet("/usage", UsageAsync).WithName("GetUsage").ForTokens(TokenScope.BatchesRead);
        batches.MapGet("/{batchId}", GetAsync).WithName("GetBatch").ForTokens(TokenScope.BatchesRead);
        batches.MapGet("/{batchId}/rejects", RejectsAsync).WithName("GetRejects").ForTokens(TokenScope.BatchesRead).Audited(AuditActions.RejectsTaken);
        batches.MapProfiles();
        api.MapHeldItems();
        api.MapBenchmarks();
    }

    private static async Task<Results<Accepted<Uploaded>, ProblemHttpResult>> UploadAsync(
        string projectId, string? name, bool? attested, Caller caller, HttpRequest request, IDocumentStore store, Uploads uploads, Quotas quotas, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project)
        {
            return Problems.Missing("project");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null; // Uploads has its own limit, which names itself
        }

        if (request.ContentLength > uploads.Limit)
        {
            return TooLarge(uploads.Limit);
        }

        if (await quotas.FullAsync(projectId, request.ContentLength ?? 0, cancellation) is { } full)
        {
            return Full(full);
        }

        var (body, fault) = await UploadBody.OfAsync(request, name, cancellation);
        if (body is null)
        {
            return Problems.Malformed(fault);
        }

        if (string.IsNullOrWhiteSpace(body.Name))
        {
            return Problems.Malformed("Name the file: POST …?name=FILE with the file as the body.");
        }

        var (batch, met) = await uploads.ReceiveAsync(project.Value, body.Name, caller.Id, attested == true, body.Content, request.ContentLength, cancellation);
        return batch is not null ? TypedResults.Accepted($"/api/batches/{projectId}/{batch.BatchId}", new Uploaded(batch.BatchId, batch.File, batch.State))
            : met is not null ? Full(met)
            : TooLarge(uploads.Limit);
    }

    /// <summary>A large file goes past the API, straight into the drop folder, where it starts its own load.</summary>
    private static async Task<Results<Ok<UploadLink>, ProblemHttpResult>> UploadLinkAsync(
        string projectId, UploadRequest request, IDocumentStore store, IFileStore files, Quotas quotas, TimeProvider clock, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
        {
            return Problems.Malformed("Name the file: {\"name\":\"FILE\"}.");
        }

        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        if (files is not BlobFileStore { Links: true } blobs)
        {
            return Problems.Of(409, "no_upload_links", "This installation takes files directly", $"Send the file itself: POST /api/batches/{projectId}?name=FILE with the file as the body.");
        }

        if (await quotas.FullAsync(projectId, 0, cancellation) is { } full)
        {
            return Full(full);
        }

        var now = clock.GetUtcNow();
        var path = DropFolder.Path(projectId, DropFolder.Arrival(DropFolder.SafeName(request.Name), now));
        return TypedResults.Ok(new UploadLink(await blobs.UploadLinkAsync(path, now, UploadLink.Lifetime, cancellation), now + UploadLink.Lifetime, "PUT", new Dictionary<string, string> { ["x-ms-blob-type"] = "BlockBlob" }));
    }

    private static async Task<Ok<BatchList>> ListAsync(string projectId, string? continuation, IDocumentStore store, CancellationToken cancellation)
    {
        var query = new DocumentQuery(DocumentKind.Batch) { ProjectId = projectId, Scope = Batch.Partition(projectId).Scope, OrderBy = "receivedAt", Descending = true, Top = 50 };
        var page = await store.QueryAsync<Batch>(query, continuation, cancellation);
        return TypedResults.Ok(new BatchList([.. page.Documents.Select(batch => batch.Value)], page.Continuation));
    }

    private static async Task<Results<Ok<Usage>, ProblemHttpResult>> UsageAsync(
        string projectId, HttpContext http, IDocumentStore store, IFileStore files, Uploads uploads, Quotas quotas, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        var atOnce = Math.Min(uploads.Limit, http.RequestServices.GetService<HttpOptions>()?.MaxContentLength ?? long.MaxValue); // a browser names the length
        return TypedResults.Ok(await quotas.UsageAsync(projectId, cancellation) with { MostAtOnce = atOnce, Links = files is BlobFileStore { Links: true } });
    }

    private static async Task<Results<Ok<Batch>, ProblemHttpResult>> GetAsync(string projectId, string batchId, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Batch>(Batch.Key(projectId, batchId), cancellation) is { } batch ? TypedResults.Ok(batch.Value) : Problems.Missing("batch");

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> RejectsAsync(string projectId, string batchId, IDocumentStore store, IFileStore files, CancellationToken cancellation)
    {
        if (await store.FindAsync<Batch>(Batch.Key(projectId, batchId), cancellation) is not { } batch)
        {
            return Problems.Missing("batch");
        }

        return await files.OpenAsync(Batch.RejectsPath(projectId, batch.Value.BatchId), cancellation) is { } rejects
            ? TypedResults.Stream(rejects, "application/x-ndjson", $"{batch.Value.BatchId}.rejects.jsonl")
            : Problems.Missing("list of rejected lines (nothing was rejected)");
    }

    private static ProblemHttpResult Full(QuotaFull full) => Problems.Of(413, full.Code, full.Title, $"{full.Why}. Nothing of this file was stored.");

    private static ProblemHttpResult TooLarge(long limit) =>
        Problems.Of(413, "too_large", "The file is too large", $"At most {limit:N0} bytes can be uploaded at once. Pack the file with gzip, split it, or put it into the drop folder.");
}

internal sealed record UploadRequest(string? Name);

/// <param name="Headers">To be sent along with the file.</param>
internal sealed record UploadLink(Uri Url, DateTimeOffset ExpiresAt, string Method, IReadOnlyDictionary<string, string> Headers)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
}

internal sealed record Uploaded(string BatchId, string File, string State);

/// <param name="Continuation">Asks for the next older ones.</param>
internal sealed record BatchList(IReadOnlyList<Batch> Batches, string? Continuation);
