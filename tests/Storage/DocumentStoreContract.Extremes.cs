using HealthEval.Storage;

namespace HealthEval.Tests.Storage;

/// <summary>Ids, texts and sizes that a store could stumble over.</summary>
public abstract partial class DocumentStoreContract
{
    public static TheoryData<string> AwkwardIds =>
    [
        "a/b", "/", "a\\b", "what?", "#1", "100%", "%2F", "%", "a b", " ", " leading and trailing ", "it's", "\"quoted\"", "--; DROP TABLE task", ".", "..", "../up", "dots...",
        "desk:auth0|5f7c8ec7c33c6c004bbafe82", "a:b@c", "$sys", "_rid", "null", "0", "tab\there", "line\nbreak", "ünïcödé", "日本語", "🩺🇫🇷", "e\u0301", "é", "عربي", "A", "a", "ﬀ", "~", "+", "=", "&x=1", "<b>", "{}", "[1]",
    ];

    [Theory]
    [MemberData(nameof(AwkwardIds))]
    public async Task An_awkward_id_is_only_an_id(string id)
    {
        var key = new DocumentKey(DocumentKind.Task, new Partition(Project, $"scope {id}"), id);
        var created = await CommitAsync(new Write.Create(key, Text(id)));
        Assert.Equal(new AlreadyThere(0), await Store.CommitAsync(new Write.Create(key, Text(id)), Now));
        await CommitAsync(new Write.Replace(key, Text($"{id}!"), created.ETags[0]), new Write.Put(key with { Id = id + "2" }, Text("second")));

        Assert.Equal($"{id}!", (await Store.FindAsync<Card>(key, Now))!.Value.Text);
        Assert.Equal([$"{id}!", "second"], await TextsAsync(Card.In(Project) with { Scope = key.Partition.Scope, Top = 1 }));
        await CommitAsync(new Write.Delete(key));
        Assert.Null(await Store.FindAsync<Card>(key, Now));
    }

    [Fact]
    public async Task Ids_that_look_alike_stay_apart()
    {
        var ids = AwkwardIds.Select(row => row.Data).ToArray();
        await CommitAsync([.. ids.Select(id => new Write.Create(Key(id), Text(id)))]);

        foreach (var id in ids)
        {
            Assert.Equal(id, await TextOfAsync(id));
        }

        Assert.Equal(ids.Length, await Store.CountAsync(Card.In(Project), Now));
    }

    [Theory]
    [InlineData(255)]
    [InlineData(300)]
    [InlineData(1024)]
    [InlineData(4000)]
    public async Task Long_ids_that_differ_only_at_their_end_stay_apart(int length)
    {
        var stem = new string('é', length - 1);
        await CommitAsync(new Write.Create(Key(stem + "a"), Text("a")), new Write.Create(Key(stem + "b"), Text("b")));

        Assert.Equal(("a", "b"), (await TextOfAsync(stem + "a"), await TextOfAsync(stem + "b")));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_900_000)]
    public async Task A_document_near_the_limit_comes_back_whole(int bytes)
    {
        const string Piece = "0123456789 ünïcode, 日本語 and so on. ";
        var text = string.Concat(Enumerable.Repeat(Piece, bytes / System.Text.Encoding.UTF8.GetByteCount(Piece)));

        await PutAsync("big", text);

        Assert.Equal(text, await TextOfAsync("big"));
    }

    [Fact]
    public async Task A_commit_beyond_the_limit_is_refused_before_anything_is_written()
    {
        var half = Text(new string('x', 1_100_000));

        var refused = await Assert.ThrowsAsync<DocumentTooLargeException>(() => Store.CommitAsync([new Write.Put(Key("a"), half), new Write.Put(Key("b"), half)], Now));

        Assert.Contains("2,000,000 are allowed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Store.CountAsync(Card.In(Project), Now));
    }

    [Fact]
    public async Task A_page_of_large_documents_is_complete()
    {
        var text = new string('x', 900_000);
        for (var i = 0; i < 9; i++)
        {
            await PutAsync($"c{i}", $"{i}{text}");
        }

        var page = await Store.QueryAsync<Card>(Card.In(Project) with { Top = 8 }, null, Now);
        var rest = await Store.QueryAsync<Card>(Card.In(Project) with { Top = 8 }, page.Continuation, Now);

        Assert.Equal("01234567", string.Concat(page.Documents.Select(card => card.Value.Text![0])));
        Assert.Equal("8", string.Concat(rest.Documents.Select(card => card.Value.Text![0])));
        Assert.Null(rest.Continuation);
    }

    [Fact]
    public async Task Numbers_keep_their_value()
    {
        double[] numbers = [0, -0.5, 1e-7, 0.1, 123456789.123456, 9007199254740991, 1e300];
        foreach (var (i, number) in numbers.Index())
        {
            await CommitAsync(new Write.Create(Key($"n{i}"), new Card { Lane = "n", OpenRank = number, Text = $"{i}" }));
        }

        Assert.Equal(["1", "0", "2", "3", "4", "5", "6"], (await PagesAsync(Card.Open(Project, "n") with { Top = 1 })).SelectMany(page => page));
        foreach (var (i, number) in numbers.Index())
        {
            Assert.Equal(number, (await Store.FindAsync<Card>(Key($"n{i}"), Now))!.Value.OpenRank);
        }
    }
}
