using HealthEval.Storage;

namespace HealthEval.Tests.Storage;

/// <summary>What every document store promises. Each adapter inherits these sentences; tests that need another angle are in the partial files.</summary>
public abstract partial class DocumentStoreContract : IAsyncLifetime
{
    private static readonly CancellationToken Now = CancellationToken.None;

    private protected IDocumentStore Store { get; private set; } = null!;

    /// <summary>Every test has a project of its own, so that tests share a server without meeting.</summary>
    private protected string Project { get; } = $"p-{Guid.NewGuid():N}";

    /// <summary>A store over the same data each time it is called, as another process would open it.</summary>
    private protected abstract Task<IDocumentStore> OpenAsync();

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Store is not null)
        {
            await (await OpenAsync()).DeleteProjectAsync(Project, Now);
        }
    }

    [Fact]
    public async Task A_missing_document_is_null() => Assert.Null(await Store.FindAsync<Card>(Key("nobody"), Now));

    [Fact]
    public async Task A_created_document_is_found_with_the_etag_of_its_creation()
    {
        var card = new Card { Lane = "open", OpenRank = 0.25, Raters = ["r1", "r2"], Gold = true, Detail = new CardDetail("blue", 3), Text = "One line\nand \"another\" \\ with ünïcode, 日本語 and 🩺." };
        var created = await CommitAsync(new Write.Create(Key("a"), card));

        var found = await Store.FindAsync<Card>(Key("a"), Now);

        Assert.Equivalent(card, found!.Value, strict: true);
        Assert.Equal(Assert.Single(created.ETags), found.ETag);
    }

    [Fact]
    public async Task Creating_what_exists_changes_nothing_and_says_so()
    {
        await PutAsync("a", "first");

        Assert.Equal(new AlreadyThere(0), await Store.CommitAsync(new Write.Create(Key("a"), Text("second")), Now));
        Assert.Equal("first", await TextOfAsync("a"));
    }

    [Fact]
    public async Task A_document_that_nobody_else_changed_is_replaced()
    {
        await PutAsync("a", "first");
        var read = await Store.FindAsync<Card>(Key("a"), Now);

        var replaced = await CommitAsync(new Write.Replace(Key("a"), Text("second"), read!.ETag));

        Assert.NotEqual(read.ETag, replaced.ETags[0]);
        Assert.Equal("second", await TextOfAsync("a"));
    }

    [Fact]
    public async Task A_stale_replacement_is_refused_and_leaves_the_newer_value()
    {
        await PutAsync("a", "first");
        var read = await Store.FindAsync<Card>(Key("a"), Now);
        await PutAsync("a", "newer");

        Assert.Equal(new Stale(0), await Store.CommitAsync(new Write.Replace(Key("a"), Text("mine"), read!.ETag), Now));
        Assert.Equal("newer", await TextOfAsync("a"));
    }

    [Fact]
    public async Task Writing_the_same_value_again_still_changes_the_etag()
    {
        var first = await CommitAsync(new Write.Put(Key("a"), Text("same")));
        var second = await CommitAsync(new Write.Put(Key("a"), Text("same")));

        Assert.NotEqual(first.ETags[0], second.ETags[0]);
    }

    [Fact]
    public async Task Replacing_what_is_gone_is_stale()
    {
        var created = await CommitAsync(new Write.Create(Key("a"), Text("first")));
        await CommitAsync(new Write.Delete(Key("a")));

        Assert.Equal(new Stale(0), await Store.CommitAsync(new Write.Replace(Key("a"), Text("mine"), created.ETags[0]), Now));
        Assert.Null(await Store.FindAsync<Card>(Key("a"), Now));
    }

    [Fact]
    public async Task Deleting_removes_and_deleting_again_is_no_failure()
    {
        await PutAsync("a", "first");

        Assert.Equal("", (await CommitAsync(new Write.Delete(Key("a")))).ETags[0]);
        Assert.Null(await Store.FindAsync<Card>(Key("a"), Now));
        await CommitAsync(new Write.Delete(Key("a")), new Write.Put(Key("b"), Text("written beside it")));
        Assert.Equal("written beside it", await TextOfAsync("b"));
    }

    [Fact]
    public async Task The_same_id_in_another_kind_or_partition_is_another_document()
    {
        var keys = new[] { Key("a"), Key("a") with { Kind = DocumentKind.Draft }, Key("a") with { Partition = new Partition(Project, "t2") } };
        foreach (var key in keys)
        {
            await CommitAsync(new Write.Create(key, Text(key.ToString())));
        }

        foreach (var key in keys)
        {
            Assert.Equal(key.ToString(), (await Store.FindAsync<Card>(key, Now))!.Value.Text);
        }
    }

    [Fact]
    public async Task Counting_ignores_top_and_order()
    {
        for (var i = 0; i < 7; i++)
        {
            await CommitAsync(new Write.Create(Key($"c{i}"), new Card { Lane = i < 4 ? "open" : "done", OpenRank = i }));
        }

        Assert.Equal(7, await Store.CountAsync(Card.In(Project) with { Top = 2 }, Now));
        Assert.Equal(4, await Store.CountAsync(Card.Open(Project, "open") with { Top = 2 }, Now));
        Assert.Equal(0, await Store.CountAsync(Card.Open(Project, "nowhere"), Now));
    }

    [Fact]
    public async Task Deleting_a_project_removes_all_kinds_of_it_and_nothing_else()
    {
        var neighbour = new DocumentKey(DocumentKind.Task, new Partition(Project + "x", "t1"), "a");
        await CommitAsync(new Write.Create(neighbour, Text("stays")));
        var expected = 0;
        foreach (var kind in DocumentKind.All)
        {
            for (var i = 0; i < 3; i++, expected++)
            {
                await CommitAsync(new Write.Create(new DocumentKey(kind, new Partition(Project, $"s{i}"), "a"), Text("goes")));
            }
        }

        Assert.Equal(expected, await Store.DeleteProjectAsync(Project, Now));
        Assert.Equal(0, await Store.DeleteProjectAsync(Project, Now));
        Assert.Equal(0, await Store.CountAsync(Card.In(Project), Now));
        Assert.Equal("stays", (await Store.FindAsync<Card>(neighbour, Now))!.Value.Text);
        Assert.Equal(1, await Store.DeleteProjectAsync(Project + "x", Now));
    }

    private protected DocumentKey Key(string id) => new(DocumentKind.Task, new Partition(Project, "t1"), id);

    private protected async Task<Committed> CommitAsync(params Write[] writes) => Assert.IsType<Committed>(await Store.CommitAsync(writes, Now));

    private protected static Card Text(string text) => new() { Text = text };

    private protected Task PutAsync(string id, string text) => CommitAsync(new Write.Put(Key(id), Text(text)));

    private protected async Task<string?> TextOfAsync(string id) => (await Store.FindAsync<Card>(Key(id), Now))?.Value.Text;
}
