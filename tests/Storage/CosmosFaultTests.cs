using System.Diagnostics;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using HealthEval.Tests.Cosmos;
using HealthEval.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace HealthEval.Tests.Storage;

/// <summary>What the service does on a bad day, and time. Each test has a server of its own.</summary>
public sealed class CosmosFaultTests : IAsyncLifetime
{
    private static readonly CancellationToken Now = CancellationToken.None;
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private CosmosTestServer _server = null!;
    private CosmosDocumentStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await CosmosTestServer.StartAsync(time: _time);
        _store = new CosmosDocumentStore(await CosmosFixture.ConnectAsync(_server), CosmosFixture.Database);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_short_throttling_is_waited_out()
    {
        var throttled = 0;
        _server.Faults = request => IsDocument(request) && Interlocked.Increment(ref throttled) <= 3 ? new Fault(429, TimeSpan.FromMilliseconds(20)) : null;

        Assert.IsType<Committed>(await _store.CommitAsync([Create("a"), Create("b")], Now));
        Assert.NotNull(await _store.FindAsync<Card>(Key("a"), Now));
        Assert.True(throttled > 3);
    }

    [Fact]
    public async Task A_long_throttling_is_reported_with_the_time_to_wait()
    {
        _server.Faults = request => IsDocument(request) ? new Fault(429, TimeSpan.FromSeconds(3)) : null;
        var watch = Stopwatch.StartNew();

        var one = await Assert.ThrowsAsync<StorageUnavailableException>(() => _store.CommitAsync(Create("a"), Now));
        var batch = await Assert.ThrowsAsync<StorageUnavailableException>(() => _store.CommitAsync([Create("a"), Create("b")], Now));

        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)], [one.RetryAfter, batch.RetryAfter]);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        _server.Faults = _ => null;
        Assert.Null(await _store.FindAsync<Card>(Key("a"), Now));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(408)]
    public async Task A_service_that_fails_is_reported_and_a_repeat_after_an_applied_write_finds_it_there(int status)
    {
        _server.Faults = request => request.Method == "POST" && IsDocument(request) ? new Fault(status, AfterDoingIt: true) : null;

        await Assert.ThrowsAsync<StorageUnavailableException>(() => _store.CommitAsync([Create("a"), Create("b")], Now));

        _server.Faults = _ => null;
        Assert.Equal(new AlreadyThere(0), await _store.CommitAsync([Create("a"), Create("b")], Now));
    }

    [Fact]
    public async Task A_draft_expires_when_it_has_not_been_written_for_long_and_a_task_never_does()
    {
        var draft = new DocumentKey(DocumentKind.Draft, Key("a").Partition, "a");
        await _store.CommitAsync([Create("a"), new Write.Create(draft, new Card { Text = "draft" })], Now);

        _time.Advance(DocumentKind.Draft.KeepFor!.Value - TimeSpan.FromDays(1));
        Assert.NotNull(await _store.FindAsync<Card>(draft, Now));
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Null(await _store.FindAsync<Card>(draft, Now));
        Assert.NotNull(await _store.FindAsync<Card>(Key("a"), Now));
    }

    private static bool IsDocument(HttpRequest request) => request.Path.Value!.Contains("/docs", StringComparison.Ordinal);

    private static DocumentKey Key(string id) => new(DocumentKind.Task, new Partition("p", "t"), id);

    private static Write.Create Create(string id) => new(Key(id), new Card { Text = id });
}
