using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using Microsoft.Data.Sqlite;

namespace HealthEval.Tests.Storage;

public sealed class SqliteDocumentStoreTests : DocumentStoreContract
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDocumentStore> _opened = [];

    private protected override Task<IDocumentStore> OpenAsync()
    {
        _opened.Add(new SqliteDocumentStore(_folder["healtheval.db"]));
        return Task.FromResult<IDocumentStore>(_opened[^1]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _opened.ForEach(store => store.Dispose());
        _folder.Dispose();
    }

    [Theory]
    [InlineData("task", "lane,openRank>", "openRank", "task_lane_openRank (project=? AND lane=? AND openRank>?)")]
    [InlineData("task", "lane,openRank<", "openRank", "task_lane_openRank (project=? AND lane=? AND openRank>? AND openRank<?)")]
    [InlineData("task", "lane,nextExpiry<", "nextExpiry", "task_lane_nextExpiry (project=? AND lane=? AND nextExpiry>? AND nextExpiry<?)")]
    [InlineData("task", "lane", "openRank", "task_lane_openRank (project=? AND lane=? AND openRank>?)")]
    [InlineData("batch", "", "receivedAt", "batch_receivedAt (project=? AND receivedAt>?)")]
    [InlineData("annotation", "", "submittedAt", "annotation_submittedAt (project=? AND submittedAt>?)")]
    [InlineData("annotation", "", null, "annotation_key (project=?)")]
    public void A_lookup_walks_its_index_and_never_sorts(string kind, string where, string? orderBy, string expected)
    {
        Filter[] filters = [.. where.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(field => (Filter)(field[^1] switch
        {
            '>' => new Filter.Range(field[..^1], 5, null),
            '<' => new Filter.Range(field[..^1], null, 5),
            _ => new Filter.Equal(field, "x"),
        }))];
        var query = new DocumentQuery(DocumentKind.All.Single(known => known.Name == kind)) { ProjectId = "p", Where = filters, OrderBy = orderBy };

        Assert.Equal($"SEARCH {kind} USING INDEX {expected}", Plan(SqliteStatement.Select(query, null)));
        Assert.StartsWith($"SEARCH {kind} USING INDEX {expected.Split(' ')[0]}", Plan(SqliteStatement.Select(query with { Descending = true }, null)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "openRank>?")]
    [InlineData(true, "openRank>? AND openRank<?")]
    public void The_next_page_starts_inside_the_index(bool descending, string expected)
    {
        var query = Card.Open("p", "x") with { Descending = descending };

        Assert.Equal($"SEARCH task USING INDEX task_lane_openRank (project=? AND lane=? AND {expected})", Plan(SqliteStatement.Select(query, new Continuation("t1", "a", 5L))));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_opening_again()
    {
        await PutAsync("a", "kept");
        _opened.ForEach(store => store.Dispose());

        var again = await OpenAsync();

        Assert.Equal("kept", (await again.FindAsync<Card>(Key("a"), CancellationToken.None))!.Value.Text);
    }

    [Fact]
    public async Task A_store_made_with_other_tables_and_indexes_is_brought_to_ours_when_it_is_opened()
    {
        var file = _folder["older.db"];
        await using (var older = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            older.Open();
            using var command = older.CreateCommand();
            command.CommandText = """
                CREATE TABLE task (project TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, etag TEXT NOT NULL, body TEXT NOT NULL);
                CREATE UNIQUE INDEX task_key ON task (project, scope, id);
                CREATE INDEX task_lane_openRank ON task (project, (body->>'$.lane'), (body->>'$.openRank'), scope, id) WHERE (body->>'$.openRank') IS NOT NULL;
                INSERT INTO task VALUES ('p', 's', 'a', 'e1', '{"lane":"open","openRank":2.5,"text":"a"}'), ('p', 's', 'b', 'e2', '{"lane":"open","openRank":1,"text":"b"}'), ('p', 's', 'c', 'e3', '{"lane":"open","text":"c"}');
                """;
            command.ExecuteNonQuery();
        }

        for (var opened = 1; opened <= 2; opened++)
        {
            using var store = new SqliteDocumentStore(file);
            Assert.Equal(["b", "a"], (await store.QueryAsync<Card>(Card.Open("p", "open"), null, CancellationToken.None)).Documents.Select(card => card.Value.Text));
            var found = await store.FindAsync<Card>(new DocumentKey(DocumentKind.Task, new Partition("p", "s"), "c"), CancellationToken.None);
            Assert.Equal(("e3", "c"), (found!.ETag, found.Value.Text));
        }

        Assert.Equal("SEARCH task USING INDEX task_lane_openRank (project=? AND lane=? AND openRank>?)", Plan(SqliteStatement.Select(Card.Open("p", "open"), null), "older.db"));
    }

    [Fact]
    public async Task A_full_disk_is_a_clear_error_and_loses_nothing()
    {
        using var disk = new SmallDisk("size=3m");
        using var store = new SqliteDocumentStore(Path.Combine(disk.Path, "healtheval.db"));
        var acknowledged = new List<DocumentKey>();
        StorageUnavailableException? failure = null;
        for (var i = 0; i < 1000 && failure is null; i++)
        {
            try
            {
                Assert.IsType<Committed>(await store.CommitAsync(new Write.Create(Key($"c{i}"), Text(new string('x', 20_000))), CancellationToken.None));
                acknowledged.Add(Key($"c{i}"));
            }
            catch (StorageUnavailableException full)
            {
                failure = full;
            }
        }

        Assert.Contains("the disk is full. Free some space", failure!.Message, StringComparison.Ordinal);
        Assert.NotEmpty(acknowledged);
        Assert.Equal(acknowledged.Count, await store.CountAsync(Card.In(Project), CancellationToken.None));
        Assert.True(disk.Remount("size=20m"));
        Assert.IsType<Committed>(await store.CommitAsync(new Write.Create(Key("after"), Text("x")), CancellationToken.None));
        foreach (var key in acknowledged)
        {
            Assert.Equal(20_000, (await store.FindAsync<Card>(key, CancellationToken.None))!.Value.Text!.Length);
        }
    }

    [Fact]
    public void A_read_only_folder_is_a_clear_error()
    {
        using var disk = new SmallDisk("size=3m");
        using (new SqliteDocumentStore(Path.Combine(disk.Path, "healtheval.db")))
        {
        }

        Assert.True(disk.Remount("ro"));

        var refused = Assert.Throws<StorageUnavailableException>(() => new SqliteDocumentStore(Path.Combine(disk.Path, "healtheval.db")));
        Assert.Contains("the folder is read-only. Change its permissions", refused.Message, StringComparison.Ordinal);
    }

    private string Plan(SqliteStatement statement, string file = "healtheval.db")
    {
        using var connection = new SqliteConnection($"Data Source={_folder[file]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + statement.Text;
        for (var i = 0; i < 10; i++)
        {
            command.Parameters.AddWithValue($"${i}", 1);
        }

        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read())
        {
            steps.Add(reader.GetString(3));
        }

        return string.Join("; ", steps);
    }
}
