using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Audit;

internal static class AuditApi
{
    /// <param name="readers">The policy of who may read the trails of their projects.</param>
    public static void MapAudit(this IEndpointRouteBuilder api, string readers)
    {
        var audit = api.MapGroup("/audit/{projectId}").RequireAuthorization(readers);
        audit.MapGet("/", ListAsync).WithName("ListAudit");
        audit.MapGet("/check", CheckAsync).WithName("CheckAudit");
        audit.MapGet("/export", Export).WithName("ExportAudit").Audited(AuditActions.TrailExported);
    }

    /// <summary>Newest first; times are UTC, <paramref name="from"/> inclusive, <paramref name="until"/> not.</summary>
    private static async Task<Ok<AuditPage>> ListAsync(
        string projectId, string? action, string? by, DateTimeOffset? from, DateTimeOffset? until, string? continuation, IDocumentStore store, CancellationToken cancellation)
    {
        List<Filter> where = [];
        if (!string.IsNullOrEmpty(action))
        {
            where.Add(new Filter.Equal("action", action));
        }

        if (!string.IsNullOrEmpty(by))
        {
            where.Add(new Filter.Equal("by", by));
        }

        if (from is not null || until is not null)
        {
            where.Add(new Filter.Range("at", Stamp(from), Stamp(until)));
        }

        var query = AuditTrail.Query(projectId) with { Where = where, Descending = true, Top = 100 };
        var page = await store.QueryAsync<AuditEntry>(query, string.IsNullOrEmpty(continuation) ? null : continuation, cancellation);
        return TypedResults.Ok(new AuditPage([.. page.Documents.Select(entry => AuditView.Of(entry.Value))], AuditActions.All, page.Continuation));
    }

    private static async Task<Ok<TrailCheck>> CheckAsync(string projectId, AuditTrail trail, CancellationToken cancellation) =>
        TypedResults.Ok(await trail.CheckAsync(projectId, cancellation));

    /// <summary>Every entry as it is stored, a line each, oldest first: <c>healtheval audit verify FILE</c> checks the chain without the store.</summary>
    private static PushStreamHttpResult Export(string projectId, AuditTrail trail, CancellationToken cancellation) => TypedResults.Stream(async body =>
    {
        await foreach (var entry in trail.EntriesAsync(projectId, cancellation))
        {
            await body.WriteAsync(Json.Bytes(entry), cancellation);
            await body.WriteAsync("\n"u8.ToArray(), cancellation);
        }
    }, "application/x-ndjson", $"{(projectId == AuditTrail.Platform ? "platform" : projectId)}-audit.jsonl");

    private static string? Stamp(DateTimeOffset? time) => time is { } known ? Json.Stamp(known) : null;
}

/// <param name="Actions">All that there are, to choose from.</param>
internal sealed record AuditPage(IReadOnlyList<AuditView> Entries, IReadOnlyList<string> Actions, string? Continuation);

internal sealed record AuditView(long Number, DateTimeOffset At, string By, string Action, string? About, string? From, string? To, string Hash)
{
    public static AuditView Of(AuditEntry entry) => new(entry.Number, entry.At, entry.By, entry.Action, entry.About, entry.From, entry.To, entry.Hash);
}
