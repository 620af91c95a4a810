using System.Text;
using HealthEval.Audit;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Audit;

/// <summary><c>healtheval audit verify</c> on a store and on an exported trail.</summary>
public sealed class AuditVerifyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_chain_is_0_and_a_forged_one_is_1_and_says_where()
    {
        var entries = await WriteAsync(4);
        var head = $"{entries[1].Number}:{entries[1].Hash}";

        var whole = await RealProcess.RunAsync("audit", "verify", "--data", _folder["data"], "--project", "p1", "--head", head);
        Assert.Equal((0, $"p1: 4 entries, whole, head 4:{entries[3].Hash}"), (whole.ExitCode, whole.Output.Trim()));

        using (var store = Open())
        {
            await store.CommitAsync(new Write.Put(entries[1].Key(), entries[1] with { About = "claims" }), default);
        }

        var forged = await RealProcess.RunAsync("audit", "verify", "--data", _folder["data"], "--project", "p1");
        Assert.Equal(1, forged.ExitCode);
        Assert.Contains("entry 2 was changed", forged.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_was_written_anew_no_longer_has_a_head_noted_before()
    {
        var entries = await WriteAsync(3);
        var file = _folder["p1-audit.jsonl"];
        await File.WriteAllLinesAsync(file, entries.Select(entry => Encoding.UTF8.GetString(Json.Bytes(entry))));
        var noted = $"3:{entries[2].Hash}";
        Assert.Equal(0, (await RealProcess.RunAsync("audit", "verify", file, "--head", noted)).ExitCode);

        await File.WriteAllLinesAsync(file, entries.Take(2).Select(entry => Encoding.UTF8.GetString(Json.Bytes(entry))));
        var cut = await RealProcess.RunAsync("audit", "verify", file, "--head", noted);

        Assert.Equal(1, cut.ExitCode);
        Assert.Contains("is not part of this chain", cut.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RealProcess.RunAsync("audit", "verify", _folder["nothing.jsonl"])).ExitCode);
    }

    [Fact]
    public async Task A_chain_that_was_removed_as_a_whole_is_missed()
    {
        await File.WriteAllTextAsync(_folder["a.jsonl"], """{"prompt":"q","response":"a"}""");
        Assert.Equal(0, (await RealProcess.RunAsync("ingest", _folder["a.jsonl"], "--project", "p1", "--create", "--data", _folder["data"])).ExitCode);
        Assert.Equal(0, (await RealProcess.RunAsync("audit", "verify", "--data", _folder["data"])).ExitCode);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder["data"], "healtheval.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM trail";
            Assert.True(command.ExecuteNonQuery() > 1);
        }

        var (exitCode, output, _) = await RealProcess.RunAsync("audit", "verify", "--data", _folder["data"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("p1: 0 entries, BROKEN", output, StringComparison.Ordinal);
    }

    private SqliteDocumentStore Open() => new(Path.Combine(_folder["data"], "healtheval.db"));

    private async Task<List<AuditEntry>> WriteAsync(int count)
    {
        using var store = Open();
        var trail = new AuditTrail(store, TimeProvider.System);
        for (var i = 0; i < count; i++)
        {
            await trail.RecordAsync("p1", "lead-1", AuditActions.ExportTaken, "consensus");
        }

        return await trail.EntriesAsync("p1", default).ToListAsync();
    }
}
