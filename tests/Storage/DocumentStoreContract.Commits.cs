using HealthEval.Storage;

namespace HealthEval.Tests.Storage;

/// <summary>Several writes as one, many commits at a time, many writers at once.</summary>
public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task Writes_of_one_commit_happen_together_in_order()
    {
        var created = await CommitAsync(new Write.Create(Key("old"), Text("1")), new Write.Create(Key("gone"), Text("1")));

        var result = await CommitAsync(
            new Write.Create(Key("new"), Text("2")),
            new Write.Replace(Key("old"), Text("2"), created.ETags[0]),
            new Write.Delete(Key("gone")),
            new Write.Put(Key("new"), Text("3")));

        Assert.Equal(["new", "old", "", "new"], result.ETags.Select((etag, i) => etag.Length == 0 ? "" : i is 1 ? "old" : "new"));
        Assert.Equal((await Store.FindAsync<Card>(Key("new"), Now))!.ETag, result.ETags[3]);
        Assert.Equal(("3", "2", null), (await TextOfAsync("new"), await TextOfAsync("old"), await TextOfAsync("gone")));
    }

    [Fact]
    public async Task One_impossible_write_undoes_the_whole_commit_and_is_named()
    {
        var created = await CommitAsync(new Write.Create(Key("there"), Text("1")));

        var collision = await Store.CommitAsync([new Write.Put(Key("x"), Text("2")), new Write.Delete(Key("there")), new Write.Put(Key("there"), Text("2")), new Write.Create(Key("x"), Text("3"))], Now);
        var stale = await Store.CommitAsync([new Write.Create(Key("x"), Text("2")), new Write.Replace(Key("there"), Text("2"), "0000")], Now);
        var missing = await Store.CommitAsync([new Write.Replace(Key("nobody"), Text("2"), created.ETags[0]), new Write.Create(Key("x"), Text("2"))], Now);

        Assert.Equal([new AlreadyThere(3), new Stale(1), new Stale(0)], [collision, stale, missing]);
        Assert.Null(await Store.FindAsync<Card>(Key("x"), Now));
        Assert.Equal(created.ETags[0], (await Store.FindAsync<Card>(Key("there"), Now))!.ETag);
    }

    [Fact]
    public async Task Deleting_what_is_missing_does_not_hide_a_later_refusal()
    {
        await PutAsync("there", "1");

        var result = await Store.CommitAsync([new Write.Delete(Key("nobody")), new Write.Delete(Key("nobody else")), new Write.Create(Key("there"), Text("2"))], Now);

        Assert.Equal(new AlreadyThere(2), result);
    }

    [Fact]
    public async Task A_hundred_writes_fit_into_a_commit_and_no_more()
    {
        var writes = Enumerable.Range(0, 101).Select(i => new Write.Create(Key($"w{i}"), Text("x"))).ToArray();

        await Assert.ThrowsAsync<ArgumentException>(() => Store.CommitAsync(writes, Now));
        await CommitAsync(writes[..100]);

        Assert.Equal(100, await Store.CountAsync(Card.In(Project), Now));
    }

    [Fact]
    public async Task Writes_to_two_partitions_are_refused_as_a_mistake()
    {
        var elsewhere = Key("b") with { Partition = new Partition(Project, "t2") };

        await Assert.ThrowsAsync<ArgumentException>(() => Store.CommitAsync([new Write.Put(Key("a"), Text("1")), new Write.Put(elsewhere, Text("1"))], Now));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CommitAsync([], Now));
        Assert.Equal(0, await Store.CountAsync(Card.In(Project), Now));
    }

    [Fact]
    public async Task Many_commits_each_have_their_own_result_in_the_order_given()
    {
        await PutAsync("existing", "1");
        var commits = Enumerable.Range(0, 250).Select(i => (IReadOnlyList<Write>)(i % 50 == 7
            ? [new Write.Create(Key($"lost{i}"), Text("x")), new Write.Create(Key("existing"), Text("x"))]
            : [new Write.Create(new DocumentKey(DocumentKind.Item, new Partition(Project, $"t{i}"), "item"), Text($"{i}")), new Write.Create(new DocumentKey(DocumentKind.Task, new Partition(Project, $"t{i}"), "task"), Text($"{i}"))])).ToArray();

        var results = await Store.CommitManyAsync(commits, Now);
        var again = await Store.CommitManyAsync(commits, Now);

        Assert.Equal([7, 57, 107, 157, 207], results.Index().Where(result => !result.Item.Succeeded).Select(result => result.Index));
        Assert.All(again.Index(), result => Assert.Equal(new AlreadyThere(result.Index % 50 == 7 ? 1 : 0), result.Item));
        Assert.Equal(245, await Store.CountAsync(new DocumentQuery(DocumentKind.Item) { ProjectId = Project }, Now));
        Assert.Equal(246, await Store.CountAsync(Card.In(Project), Now));
    }

    [Fact]
    public async Task A_document_that_is_JSON_already_is_kept_as_it_is()
    {
        var json = Json.Bytes(new Card { Lane = "open", OpenRank = 3, Text = "made before 🩺" });
        await CommitAsync(new Write.Create(Key("a"), new StoredJson(json)), new Write.Create(Key("b"), Text("made by the store")));
        json.AsSpan().Fill((byte)'x'); // the store has answered, so the bytes may be used for something else

        Assert.Equal(["made before 🩺"], await TextsAsync(Card.Open(Project, "open")));
        Assert.Equal("made by the store", await TextOfAsync("b"));
    }

    [Fact]
    public async Task Of_32_simultaneous_creations_one_wins()
    {
        var results = await AtOnceAsync(32, i => Store.CommitAsync(new Write.Create(Key("a"), Text($"{i}")), Now));

        var winner = Assert.Single(results.Index(), result => result.Item.Succeeded);
        Assert.Equal(31, results.Count(result => result == new AlreadyThere(0)));
        Assert.Equal($"{winner.Index}", await TextOfAsync("a"));
    }

    [Fact]
    public async Task Of_32_simultaneous_replacements_one_wins()
    {
        var created = await CommitAsync(new Write.Create(Key("a"), Text("start")));

        var results = await AtOnceAsync(32, i => Store.CommitAsync(new Write.Replace(Key("a"), Text($"{i}"), created.ETags[0]), Now));

        var winner = Assert.Single(results.Index(), result => result.Item.Succeeded);
        Assert.Equal(31, results.Count(result => result == new Stale(0)));
        Assert.Equal($"{winner.Index}", await TextOfAsync("a"));
    }

    [Fact]
    public async Task Two_processes_that_count_up_one_document_lose_no_update()
    {
        const int Rounds = 25;
        var other = await OpenAsync();
        await CommitAsync(new Write.Create(Key("count"), new Card { OpenRank = 0 }));

        await AtOnceAsync(8, async i =>
        {
            var store = i % 2 == 0 ? Store : other;
            for (var done = 0; done < Rounds;)
            {
                var read = await store.FindAsync<Card>(Key("count"), Now);
                var next = read!.Value with { OpenRank = read.Value.OpenRank + 1 };
                done += (await store.CommitAsync(new Write.Replace(Key("count"), next, read.ETag), Now)).Succeeded ? 1 : 0;
            }

            return 0;
        });

        Assert.Equal(8 * Rounds, (await Store.FindAsync<Card>(Key("count"), Now))!.Value.OpenRank);
    }

    [Fact]
    public async Task A_cancelled_call_writes_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CommitAsync(new Write.Put(Key("a"), Text("1")), new CancellationToken(canceled: true)));
        Assert.Null(await Store.FindAsync<Card>(Key("a"), Now));
    }

    private protected static Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => work(i))));
}
