using System.Text.Json.Nodes;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Data.Sqlite;

namespace HealthEval.Tests.Cli;

/// <summary>The real program over a store that is not whole, and what brings it back.</summary>
public sealed class DamagedStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder["data"];

    private string Database => Path.Combine(Data, "healtheval.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("empty")]
    [InlineData("missing")]
    [InlineData("zeroed")]
    [InlineData("truncated")]
    [InlineData("text")]
    [InlineData("pages")]
    [InlineData("header")]
    public async Task Over_a_damaged_store_there_is_one_sentence_an_exit_code_and_no_fresh_demo(string damage)
    {
        await MakeStoreAsync();
        var bytes = (int)new FileInfo(Database).Length;
        byte[]? damaged = damage switch
        {
            "empty" => [],
            "zeroed" => new byte[bytes],
            "truncated" => (await File.ReadAllBytesAsync(Database))[..(bytes / 2)],
            "text" => System.Text.Encoding.UTF8.GetBytes(new string('x', bytes)),
            "pages" => Overwritten(await File.ReadAllBytesAsync(Database), 16_384, bytes / 2),
            "header" => Overwritten(await File.ReadAllBytesAsync(Database), 0, 64),
            _ => null,
        };
        File.Delete(Database + "-wal");
        File.Delete(Database + "-shm");
        if (damaged is null)
        {
            File.Delete(Database);
        }
        else
        {
            await File.WriteAllBytesAsync(Database, damaged);
        }

        foreach (var verb in damage == "missing" ? new[] { "serve --port 0", "check", "export --project mine --format annotations --out x" } : ["serve --port 0"])
        {
            var (exitCode, output, error) = await RealProcess.RunAsync([.. verb.Split(' '), "--data", Data]);

            Assert.Equal((3, ""), (exitCode, output));
            Assert.StartsWith("healtheval: ", error, StringComparison.Ordinal);
            Assert.Single(error.TrimEnd().Split('\n'));
            Assert.Contains("is damaged", error, StringComparison.Ordinal);
        }

        Assert.Equal(damaged, File.Exists(Database) ? await File.ReadAllBytesAsync(Database) : null);
    }

    [Theory]
    [InlineData("DROP TABLE annotation", "check")]
    [InlineData("DROP TABLE person", "serve --port 0")]
    [InlineData("UPDATE person SET body = 'null'", "serve --port 0 --links")]
    [InlineData("UPDATE project SET body = '{}'", "export --project mine --format annotations --out x")]
    [InlineData("UPDATE trail SET body = '{}'", "audit verify --project mine")]
    public async Task What_is_no_store_of_ours_any_more_is_said_in_one_sentence(string damage, string verb)
    {
        await MakeStoreAsync();
        Execute(damage);

        var (exitCode, _, error) = await RealProcess.RunAsync([.. verb.Split(' '), "--data", Data]);

        Assert.Equal(3, exitCode);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("is damaged", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_goes_on_behind_documents_that_are_none()
    {
        await MakeStoreAsync();
        Execute("UPDATE project SET body = json_remove(body, '$.customer')");
        Execute("UPDATE batch SET body = '{}' WHERE scope = 'batches'");

        var (exitCode, output, error) = await RealProcess.RunAsync("check", "--data", Data);

        Assert.Equal((1, ""), (exitCode, error));
        Assert.Contains("project mine/project/mine: It cannot be read.", output, StringComparison.Ordinal);
        Assert.Contains("Batch of mine: Not all could be read", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_start_that_was_killed_before_it_wrote_anything_can_be_repeated()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllBytesAsync(Database, []);
        var batch = _folder["one.jsonl"];
        await File.WriteAllTextAsync(batch, """{"prompt":"q","response":"a"}""");
        Assert.Equal(0, (await RealProcess.RunAsync("ingest", batch, "--project", "mine", "--create", "--data", Data)).ExitCode);

        Assert.Equal(0, (await RealProcess.RunAsync("check", "--data", Data)).ExitCode);
    }

    [Fact]
    public async Task A_disk_that_is_full_at_the_start_is_said_in_one_sentence()
    {
        using var disk = new SmallDisk("size=256k");
        await File.WriteAllBytesAsync(Path.Combine(disk.Path, "filler"), new byte[230_000]);
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(disk.Path, "more"), new byte[100_000]);
        }
        catch (IOException)
        {
            // full now
        }

        var (exitCode, output, error) = await RealProcess.RunAsync("serve", "--port", "0", "--data", Path.Combine(disk.Path, "data"));

        Assert.Equal(("", true), (output, exitCode is 2 or 3));
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_names_what_was_changed_behind_the_program()
    {
        await MakeStoreAsync();
        Assert.Equal(0, (await RealProcess.RunAsync("check", "--data", Data)).ExitCode);
        Change("UPDATE annotation SET body = json_set(body, '$.judgement.activeSeconds', 99999) WHERE rowid = (SELECT min(rowid) FROM annotation)");
        Change("DELETE FROM item WHERE rowid = (SELECT max(rowid) FROM item)");
        Change("UPDATE person SET body = '{\"broken\"' WHERE rowid = (SELECT min(rowid) FROM person)");
        var receipt = Directory.GetFiles(Path.Combine(Data, "files", "receipts", "mine"), "*.json")[0];
        File.Delete(receipt);

        var (exitCode, output, _) = await RealProcess.RunAsync("check", "--json", "--data", Data);

        var problems = JsonNode.Parse(output)!["problems"]!.AsArray().Select(problem => (string)problem!["what"]!).ToList();
        Assert.Equal(1, exitCode);
        Assert.Contains("The judgement is not the one its contentSha256 was made of.", problems);
        Assert.Contains("The receipt file is missing.", problems);
        Assert.Contains("Its item is missing.", problems);
        Assert.Contains("It cannot be read.", problems);
        Assert.Contains(problems, problem => problem.StartsWith("The receipt says 10 items", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backup_that_is_made_while_the_program_runs_is_whole_and_brings_the_store_back()
    {
        await MakeStoreAsync();
        using (await RealProcess.ServeAsync(Data))
        {
            var made = await RealProcess.RunAsync("backup", _folder["backup"], "--data", Data);
            Assert.Equal((0, ""), (made.ExitCode, made.Error));
            Assert.Equal(1, (await RealProcess.RunAsync("restore", _folder["backup"], "--replace", "--data", Data)).ExitCode); // while somebody works on it
        }

        Assert.Equal(1, (await RealProcess.RunAsync("backup", _folder["backup"], "--data", Data)).ExitCode);
        Assert.Equal(1, (await RealProcess.RunAsync("restore", _folder["backup"], "--data", Data)).ExitCode);
        var before = await RealProcess.RunAsync("check", "--json", "--data", Data);
        await File.WriteAllBytesAsync(Database, []);

        var restored = await RealProcess.RunAsync("restore", _folder["backup"], "--replace", "--data", Data);
        Assert.Equal((0, ""), (restored.ExitCode, restored.Error));
        var after = await RealProcess.RunAsync("check", "--json", "--data", Data);
        Assert.Equal(0, after.ExitCode);
        Assert.Equal((int)JsonNode.Parse(before.Output)!["judgements"]!, (int)JsonNode.Parse(after.Output)!["judgements"]!);
        Assert.Single(Directory.GetDirectories(_folder.Path, "data.replaced-*"));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_backup_is_its_owners_alone_and_brings_the_key_of_the_reports_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes on Windows.");
        await MakeStoreAsync();
        Assert.Equal(0, (await RealProcess.RunAsync("report", "--project", "mine", "--week", "2026-W40", "--out", _folder["week"], "--data", Data)).ExitCode);
        var key = await File.ReadAllTextAsync(Path.Combine(Data, "signing-key.pem"));

        Assert.Contains("the key that reports are signed with", (await RealProcess.RunAsync("backup", _folder["backup"], "--data", Data)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RealProcess.RunAsync("restore", _folder["backup"], "--data", _folder["new"])).ExitCode);

        Assert.Equal(key, await File.ReadAllTextAsync(_folder["new/signing-key.pem"]));
        Assert.All(["backup", "new"], folder =>
        {
            Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(_folder[folder]));
            Assert.All(["healtheval.db", "signing-key.pem"], file => Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(_folder[$"{folder}/{file}"])));
        });
    }

    [Fact]
    public async Task A_check_names_prompts_of_a_benchmark_that_are_not_those_that_were_added()
    {
        await MakeStoreAsync();
        await File.WriteAllTextAsync(_folder["b.jsonl"], """{"prompt_id":"x1","prompt":"How much rest?"}""");
        var added = await RealProcess.RunAsync("benchmark", "add", _folder["b.jsonl"], "--project", "mine", "--name", "Own set", "--data", Data);
        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        Assert.Equal(0, (await RealProcess.RunAsync("check", "--data", Data)).ExitCode);
        var file = Path.Combine(Data, "files", "benchmarks", "mine", "own-set", "0001.jsonl");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("rest", "sleep", StringComparison.Ordinal));

        var (exitCode, output, _) = await RealProcess.RunAsync("check", "--data", Data);

        Assert.Equal(1, exitCode);
        Assert.Contains("benchmarks/mine/own-set/0001.jsonl: These are not the prompts", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("healtheval.db")]
    [InlineData("backup.json")]
    [InlineData("signing-key.pem")]
    [InlineData("files")]
    public async Task A_backup_that_was_changed_is_not_restored(string what)
    {
        await MakeStoreAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, "signing-key.pem"), "a key");
        Assert.Equal(0, (await RealProcess.RunAsync("backup", _folder["backup"], "--data", Data)).ExitCode);
        var file = what == "files" ? Directory.GetFiles(_folder["backup/files"], "*", SearchOption.AllDirectories)[0] : _folder[$"backup/{what}"];
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, what == "backup.json" ? bytes[..^20] : bytes);

        var (exitCode, _, error) = await RealProcess.RunAsync("restore", _folder["backup"], "--data", _folder["new"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("backup", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["new"]));
    }

    private static byte[] Overwritten(byte[] bytes, int from, int count)
    {
        new Random(3).NextBytes(bytes.AsSpan(from, Math.Min(count, bytes.Length - from)));
        return bytes;
    }

    private void Change(string sql) => Assert.Equal(1, Execute(sql));

    private int Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>The same for all tests, made once.</summary>
    private static readonly Lazy<Task<TempFolder>> Made = new(async () =>
    {
        var made = new TempFolder();
        var batch = made["mine.jsonl"];
        await File.WriteAllLinesAsync(batch, Enumerable.Range(1, 10).Select(n => $$"""{"prompt":"Question {{n}}?","response":"Answer {{n}}. Rest well.","model":"m{{n % 2}}"}"""));
        Assert.Equal(0, (await RealProcess.RunAsync("ingest", batch, "--project", "mine", "--create", "--data", made["data"])).ExitCode);
        Assert.Equal(0, (await RealProcess.RunAsync("simulate", "--project", "mine", "--raters", "3", "--seed", "4", "--data", made["data"])).ExitCode);
        return made;
    });

    private async Task MakeStoreAsync()
    {
        var made = await Made.Value;
        foreach (var file in Directory.GetFiles(made["data"], "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Data, Path.GetRelativePath(made["data"], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
