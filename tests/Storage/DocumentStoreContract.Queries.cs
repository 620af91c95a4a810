using HealthEval.Storage;

namespace HealthEval.Tests.Storage;

/// <summary>Filters, order and paging.</summary>
public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task Documents_come_in_the_order_of_their_field_and_ties_by_scope_and_id()
    {
        (string Scope, string Id, double? Rank)[] cards = [("t2", "b", 5), ("t1", "z", 5), ("t3", "a", -1.5), ("t2", "a", 5), ("t9", "a", null), ("t1", "a", 40)];
        foreach (var (scope, id, rank) in cards)
        {
            await CommitAsync(new Write.Create(Key(id) with { Partition = new Partition(Project, scope) }, new Card { Lane = "open", OpenRank = rank, Text = $"{scope}/{id}" }));
        }

        string[] ascending = ["t3/a", "t1/z", "t2/a", "t2/b", "t1/a"];
        Assert.Equal(ascending, await TextsAsync(Card.Open(Project, "open")));
        Assert.Equal(ascending.Reverse(), await TextsAsync(Card.Open(Project, "open") with { Descending = true }));
        Assert.Equal(["t1/a", "t1/z", "t2/a", "t2/b", "t3/a", "t9/a"], await TextsAsync(Card.In(Project)));
        Assert.Equal(["t9/a", "t3/a", "t2/b", "t2/a", "t1/z", "t1/a"], await TextsAsync(Card.In(Project) with { Descending = true }));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(10, false)]
    [InlineData(100, true)]
    public async Task Pages_neither_skip_nor_repeat_among_ties(int top, bool descending)
    {
        await Store.CommitManyAsync([.. Enumerable.Range(0, 20).Select(i => (IReadOnlyList<Write>)
            [new Write.Create(Key($"c{i:00}") with { Partition = new Partition(Project, $"t{i % 6}") }, new Card { Lane = "open", OpenRank = i / 7, Text = $"{i:00}" })])], Now);
        var query = Card.Open(Project, "open") with { Top = top, Descending = descending };

        var pages = await PagesAsync(query);

        Assert.All(pages.SkipLast(1), page => Assert.Equal(top, page.Count));
        Assert.Equal(await TextsAsync(query with { Top = 1000 }), pages.SelectMany(page => page));
        Assert.Equal(20, pages.SelectMany(page => page).Distinct().Count());
        Assert.Equal((19 / top) + 1, pages.Count);
    }

    [Fact]
    public async Task A_scope_can_be_asked_for_in_all_projects_at_once()
    {
        var (scope, other) = ($"s-{Project}", $"{Project}-2");
        foreach (var (project, at) in new[] { (Project, scope), (other, scope), (Project, "elsewhere") })
        {
            await CommitAsync(new Write.Create(Key("a") with { Partition = new Partition(project, at) }, new Card { Text = $"{project} {at}" }));
        }

        var query = new DocumentQuery(Key("a").Kind) { Scope = scope };
        Assert.Equal([$"{Project} {scope}", $"{other} {scope}"], (await TextsAsync(query)).Order(StringComparer.Ordinal));
        Assert.Equal(2, await Store.CountAsync(query, Now));
    }

    [Fact]
    public async Task Documents_without_an_order_page_by_scope_and_id()
    {
        await Store.CommitManyAsync([.. Enumerable.Range(0, 25).Select(i => (IReadOnlyList<Write>)
            [new Write.Create(Key($"c{i % 5}") with { Partition = new Partition(Project, $"t{i / 5}") }, Text($"{i:00}"))])], Now);

        var pages = await PagesAsync(Card.In(Project) with { Top = 4 });

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{i:00}"), pages.SelectMany(page => page));
        Assert.Equal(["05", "06"], await TextsAsync(Card.In(Project) with { Scope = "t1", Top = 2 }, onePage: true));
    }

    [Fact]
    public async Task What_is_written_between_two_pages_neither_hides_nor_repeats_a_document()
    {
        async Task WriteAsync(double rank) => await CommitAsync(new Write.Put(Key($"c{rank:00.0}"), new Card { Lane = "open", OpenRank = rank, Text = $"{rank:00.0}" }));
        for (var rank = 0; rank < 10; rank++)
        {
            await WriteAsync(rank);
        }

        var query = Card.Open(Project, "open") with { Top = 4 };
        var first = await Store.QueryAsync<Card>(query, null, Now);
        await WriteAsync(1.5);
        await WriteAsync(3);
        await WriteAsync(6.5);
        await CommitAsync(new Write.Delete(Key("c00.0")), new Write.Delete(Key("c03.0")));
        var second = await Store.QueryAsync<Card>(query, first.Continuation, Now);
        var third = await Store.QueryAsync<Card>(query, second.Continuation, Now);

        Assert.Equal(["00.0", "01.0", "02.0", "03.0", "04.0", "05.0", "06.0", "06.5", "07.0", "08.0", "09.0"], new[] { first, second, third }.SelectMany(page => page.Documents).Select(card => card.Value.Text));
        Assert.Null(third.Continuation);
    }

    [Fact]
    public async Task Text_is_ordered_too()
    {
        string[] times = ["2026-11-22T10:00:00Z", "2026-11-22T09:59:59Z", "2025-01-01T00:00:00Z"];
        foreach (var time in times)
        {
            await CommitAsync(new Write.Create(Key(time), new Card { Lane = "held", NextExpiry = time, Text = time }));
        }

        var query = Card.In(Project) with { Where = [new Filter.Equal("lane", "held"), new Filter.Range("nextExpiry", null, "2026-11-22T10:00:00Z")], OrderBy = "nextExpiry", Top = 1 };

        Assert.Equal(["2025-01-01T00:00:00Z", "2026-11-22T09:59:59Z"], (await PagesAsync(query)).SelectMany(page => page));
    }

    [Fact]
    public async Task Filters_choose_documents()
    {
        await CommitAsync(
            new Write.Create(Key("a"), new Card { Lane = "open", OpenRank = 1, Raters = ["r1", "r2"], Gold = true, Detail = new CardDetail("blue", 1), Text = "a" }),
            new Write.Create(Key("b"), new Card { Lane = "open", OpenRank = 2, Raters = [], Gold = false, Detail = new CardDetail("red", 2), Text = "b" }),
            new Write.Create(Key("c"), new Card { Lane = "shut", OpenRank = 3, Raters = ["r2"], Text = "c" }),
            new Write.Create(Key("d"), new Card { Text = "d" }));

        (Filter[] Where, string Expected)[] cases =
        [
            ([new Filter.Equal("lane", "open")], "ab"),
            ([new Filter.Equal("openRank", 2)], "b"),
            ([new Filter.Equal("gold", true)], "a"),
            ([new Filter.Equal("gold", false)], "b"),
            ([new Filter.Equal("detail.colour", "red")], "b"),
            ([new Filter.Equal("lane", "it's; DROP TABLE task --")], ""),
            ([new Filter.In("lane", ["shut", "nowhere"])], "c"),
            ([new Filter.In("openRank", [1, 3])], "ac"),
            ([new Filter.In("lane", [])], ""),
            ([new Filter.NotContains("raters", "r1")], "bcd"),
            ([new Filter.NotContains("raters", "r2")], "bd"),
            ([new Filter.NotContains("raters", "r")], "abcd"),
            ([new Filter.Range("openRank", 2, null)], "bc"),
            ([new Filter.Range("openRank", null, 2)], "a"),
            ([new Filter.Range("openRank", 1, 3)], "ab"),
            ([new Filter.Range("lane", "p", "t")], "c"),
            ([new Filter.Equal("lane", "open"), new Filter.NotContains("raters", "r1"), new Filter.Range("openRank", 0, 10)], "b"),
        ];
        foreach (var (where, expected) in cases)
        {
            Assert.Equal(expected, string.Concat(await TextsAsync(Card.In(Project) with { Where = where })));
            Assert.Equal(expected.Length, await Store.CountAsync(Card.In(Project) with { Where = where }, Now));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a \"quoted\" \\ lane\n")]
    [InlineData("スケジュール 🩺")]
    public async Task An_awkward_text_is_found_by_the_field_that_holds_it(string lane)
    {
        await CommitAsync(new Write.Create(Key("a"), new Card { Lane = lane, OpenRank = 1, Text = "mine" }), new Write.Create(Key("b"), new Card { Lane = lane + "x", OpenRank = 2, Text = "other" }), new Write.Create(Key("c"), new Card { OpenRank = 3, Text = "none" }));

        Assert.Equal(["mine"], await TextsAsync(Card.Open(Project, lane)));
    }

    [Fact]
    public async Task A_query_without_a_project_sees_all_projects()
    {
        var neighbour = new DocumentKey(DocumentKind.Task, new Partition(Project + "x", "t1"), "a");
        await CommitAsync(new Write.Create(neighbour, new Card { Text = "theirs" }));
        await PutAsync("a", "mine");

        var all = new DocumentQuery(DocumentKind.Task) { Where = [new Filter.In("text", ["mine", "theirs"])] };

        Assert.Equal(["mine", "theirs"], (await TextsAsync(all)).Order().Distinct());
        Assert.Equal(["mine"], await TextsAsync(all with { ProjectId = Project }));
        await Store.DeleteProjectAsync(Project + "x", Now);
    }

    [Fact]
    public async Task An_order_that_no_index_yields_is_refused_as_a_mistake()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => TextsAsync(Card.In(Project) with { OrderBy = "text" }));
        await Assert.ThrowsAsync<ArgumentException>(() => TextsAsync(Card.In(Project) with { OrderBy = "openRank" }));
        await Assert.ThrowsAsync<ArgumentException>(() => TextsAsync(Card.In(Project) with { Where = [new Filter.Equal("lane') OR 1=1 --", "x")] }));
    }

    private protected async Task<List<string?>> TextsAsync(DocumentQuery query, bool onePage = false) =>
        onePage ? [.. (await Store.QueryAsync<Card>(query, null, Now)).Documents.Select(card => card.Value.Text)] : [.. (await PagesAsync(query)).SelectMany(page => page)];

    private protected async Task<List<IReadOnlyList<string?>>> PagesAsync(DocumentQuery query)
    {
        var pages = new List<IReadOnlyList<string?>>();
        string? continuation = null;
        do
        {
            var page = await Store.QueryAsync<Card>(query, continuation, Now);
            pages.Add([.. page.Documents.Select(card => card.Value.Text)]);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return pages;
    }
}
