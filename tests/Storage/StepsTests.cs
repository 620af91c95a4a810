using HealthEval.Storage;
using HealthEval.Storage.Azure;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Storage;

/// <summary>One worker at a time, on both stores; whoever was replaced can write nothing more.</summary>
public sealed class StepsTests(CosmosFixture cosmos) : IDisposable
{
    private static readonly CancellationToken Now = CancellationToken.None;
    private static readonly StepOptions Options = new() { Lease = TimeSpan.FromSeconds(2) };
    private readonly TempFolder _folder = new();
    private readonly string _project = $"p{Guid.NewGuid():N}";
    private readonly List<IDisposable> _opened = [];

    private sealed record Place(int At);

    private DocumentKey Key => new(DocumentKind.Step, new Partition(_project, "batches"), "b1");

    private DocumentKey BatchKey => new(DocumentKind.Batch, Key.Partition, "b1");

    public void Dispose()
    {
        _opened.ForEach(opened => opened.Dispose());
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_one_of_many_gets_it_and_the_next_one_goes_on_where_that_one_ended(bool azure)
    {
        var (store, steps) = await OpenAsync(azure);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => steps.TakeAsync<Place>(Key, patient: false, Now)));
        var lease = Assert.Single(taken, lease => lease is not null)!;
        await lease.SaveAsync(new Place(7), [new Write.Put(BatchKey, new Place(7))], Now);
        Assert.True(await steps.IsHeldAsync<Place>(Key, Now));
        Assert.Null(await steps.TakeAsync<Place>(Key, patient: false, Now));
        await lease.DisposeAsync();

        await using (var next = await steps.TakeAsync<Place>(Key, patient: false, Now))
        {
            Assert.Equal(new Place(7), next!.Position);
            await next.EndAsync([new Write.Put(BatchKey, new Place(9))], Now);
        }

        Assert.Null(await store.FindAsync<StepState<Place>>(Key, Now));
        Assert.Equal(new Place(9), (await store.FindAsync<Place>(BatchKey, Now))!.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_was_replaced_can_save_nothing_not_even_what_goes_along(bool azure)
    {
        var (store, steps) = await OpenAsync(azure);
        await using var slow = await steps.TakeAsync<Place>(Key, patient: false, Now);
        await slow!.SaveAsync(new Place(1), [new Write.Put(BatchKey, new Place(1))], Now);
        await store.CommitAsync(new Write.Put(Key, (await store.FindAsync<StepState<Place>>(Key, Now))!.Value with { Until = DateTimeOffset.UnixEpoch }), Now); // as if it had been silent
        await using var other = await steps.TakeAsync<Place>(Key, patient: false, Now);
        await other!.SaveAsync(new Place(5), [new Write.Put(BatchKey, new Place(5))], Now);

        await Assert.ThrowsAsync<StepLostException>(() => slow.SaveAsync(new Place(2), [new Write.Put(BatchKey, new Place(2))], Now));
        await Assert.ThrowsAsync<StepLostException>(() => slow.EndAsync([new Write.Put(BatchKey, new Place(3))], Now));
        Assert.Equal((5, 5), ((await store.FindAsync<Place>(BatchKey, Now))!.Value.At, (await store.FindAsync<StepState<Place>>(Key, Now))!.Value.Position!.At));
        Assert.True(await steps.IsHeldAsync<Place>(Key, Now));
    }

    [Fact]
    public async Task The_patient_wait_for_the_lease_of_the_dead_but_not_for_the_living()
    {
        var (store, steps) = await OpenAsync(azure: false);
        await store.CommitAsync(new Write.Create(Key, new StepState<Place>("killed", DateTimeOffset.UtcNow + Options.Lease, new Place(3))), Now);
        Assert.Null(await steps.TakeAsync<Place>(Key, patient: false, Now));
        await using var heir = await steps.TakeAsync<Place>(Key, patient: true, Now);
        Assert.Equal(new Place(3), heir!.Position);

        await Task.Delay(Options.Lease * 2); // it is kept alive meanwhile
        Assert.Null(await steps.TakeAsync<Place>(Key, patient: true, Now));
    }

    [Fact]
    public void A_step_is_over_when_its_time_is_and_never_without_one()
    {
        var clock = new ManualTime(DateTimeOffset.UnixEpoch);
        var (step, endless) = (new Steps(null!, clock, new StepOptions { Budget = TimeSpan.FromMinutes(4) }).Begin(), new Steps(null!, clock, Options).BeginWithoutEnd());
        clock.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromTicks(1));
        Assert.False(step.IsHalfOver);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((true, false), (step.IsHalfOver, step.IsOver));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(step.IsOver);
        clock.Advance(TimeSpan.FromDays(400));
        Assert.Equal((false, false), (endless.IsHalfOver, endless.IsOver));
    }

    [Fact]
    public async Task A_step_is_over_when_the_program_is_stopping()
    {
        using var stopping = new CancellationTokenSource();
        var step = new Steps(null!, new ManualTime(DateTimeOffset.UnixEpoch), new StepOptions { Budget = TimeSpan.FromMinutes(4) }).BeginUntil(stopping.Token);
        Assert.Equal((false, false), (step.IsHalfOver, step.IsOver));
        await stopping.CancelAsync();
        Assert.Equal((true, true), (step.IsHalfOver, step.IsOver));
    }

    private async Task<(IDocumentStore Store, Steps Steps)> OpenAsync(bool azure)
    {
        if (azure)
        {
            var cloud = new CosmosDocumentStore(await cosmos.ClientAsync(), CosmosFixture.Database);
            return (cloud, new Steps(cloud, TimeProvider.System, Options));
        }

        var store = new SqliteDocumentStore(_folder["healtheval.db"]);
        _opened.Add(store);
        return (store, new Steps(store, TimeProvider.System, Options));
    }
}
