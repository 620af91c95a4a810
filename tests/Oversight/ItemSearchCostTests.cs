using HealthEval.Oversight;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Oversight;

/// <summary>What a page of items costs in requests to the store: the same, however many items there are.</summary>
public sealed class ItemSearchCostTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("batch")]
    [InlineData("harm")]
    public async Task A_page_costs_as_many_requests_at_three_thousand_items_as_at_three_hundred(string what)
    {
        var filter = what switch { "plain" => new ItemFilter(), "batch" => new ItemFilter(Batch: "b1"), _ => new ItemFilter(Harm: "severe") };
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, Enumerable.Range(1, 300).Select(n => Work.Item("p1", n)));
        var few = await RequestsAsync(app, filter);
        await app.AddItemsAsync(project, Enumerable.Range(301, 2_700).Select(n => Work.Item("p1", n)));
        var many = await RequestsAsync(app, filter);

        // one query of tasks, and an item for each line; where something is looked for, a query for each hundred of the two thousand that one request looks at
        Assert.Equal(what == "harm" ? 3 : 51, few);
        Assert.Equal(what == "harm" ? 20 : 51, many);
    }

    private static async Task<int> RequestsAsync(TestApp app, ItemFilter filter)
    {
        var store = new CountingStore(app.Store);
        await new ItemSearch(store).FindAsync("p1", filter, continuation: null, default);
        return store.Requests;
    }

    private sealed class CountingStore(IDocumentStore inner) : IDocumentStore
    {
        private int _requests;

        public int Requests => _requests;

        public Task<Stored<T>?> FindAsync<T>(DocumentKey key, CancellationToken cancellation)
            where T : class => Counted(() => inner.FindAsync<T>(key, cancellation));

        public Task<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken cancellation) => Counted(() => inner.CommitAsync(writes, cancellation));

        public Task<IReadOnlyList<CommitResult>> CommitManyAsync(IReadOnlyList<IReadOnlyList<Write>> commits, CancellationToken cancellation) => Counted(() => inner.CommitManyAsync(commits, cancellation));

        public Task<Page<T>> QueryAsync<T>(DocumentQuery query, string? continuation, CancellationToken cancellation)
            where T : class => Counted(() => inner.QueryAsync<T>(query, continuation, cancellation));

        public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellation) => Counted(() => inner.CountAsync(query, cancellation));

        public Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation) => Counted(() => inner.DeleteProjectAsync(projectId, cancellation));

        private T Counted<T>(Func<T> request)
        {
            Interlocked.Increment(ref _requests);
            return request();
        }
    }
}
