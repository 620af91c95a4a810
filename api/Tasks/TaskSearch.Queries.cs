using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <content>What is asked of the store.</content>
internal sealed partial class TaskSearch
{
    private Task<IReadOnlyList<Stored<EvalTask>>> ExpiredIn(string lane, DateTimeOffset now, CancellationToken cancellation) => ExpiringIn(lane, null, Json.Stamp(now), cancellation);

    private async Task<IReadOnlyList<Stored<EvalTask>>> ExpiringIn(string lane, string? from, string? until, CancellationToken cancellation)
    {
        var query = new DocumentQuery(queue.Kind)
        {
            ProjectId = project.ProjectId,
            Where = [new Filter.Equal("lane", lane), new Filter.Range("nextExpiry", from, until)],
            OrderBy = "nextExpiry",
            Top = Candidates,
        };
        return (await store.QueryAsync<EvalTask>(query, continuation: null, cancellation)).Documents;
    }

    private async Task<IReadOnlyList<Stored<EvalTask>>> OpenAsync(string lane, string? after, int top, CancellationToken cancellation) =>
        (await store.QueryAsync<EvalTask>(Open(lane, after, top), continuation: null, cancellation)).Documents;

    private DocumentQuery Open(string lane, string? after, int top) => new(queue.Kind)
    {
        ProjectId = project.ProjectId,
        Where = [new Filter.Equal("lane", lane), new Filter.Range("openRank", after is null ? "" : after + "~", null)], // '~' sorts behind every rank that begins alike
        OrderBy = "openRank",
        Top = top,
    };
}
