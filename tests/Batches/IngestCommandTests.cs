using System.Diagnostics;
using System.Text.Json.Nodes;
using HealthEval.Tests.Storage;

namespace HealthEval.Tests.Batches;

public sealed class IngestCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_prints_the_receipt_as_JSON_with_every_field()
    {
        var file = Write("a.jsonl", "{\"prompt\":\"q\",\"response\":\"a\"}\n{\"prompt\":\"q\"}\n");
        var (code, output, _) = await RunAsync("ingest", file, "--project", "p1", "--create", "--json");

        var receipt = JsonNode.Parse(output)!.AsObject();
        Assert.Equal(0, code);
        Assert.Equal(
            ["accepted", "batchId", "duplicate", "errors", "file", "format", "items", "moreErrors", "read", "reason", "rejected", "responses", "state", "suspicions"],
            receipt.Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["line", "path", "reason"], receipt["errors"]![0]!.AsObject().Select(field => field.Key));
        Assert.Equal((2, 1, 1), ((int)receipt["read"]!, (int)receipt["accepted"]!, (int)receipt["rejected"]!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_receipt_keeps_that_somebody_stated_there_is_no_personal_data(bool stated)
    {
        var file = Write("a.jsonl", "{\"prompt\":\"q\",\"response\":\"a\"}\n");
        string[] call = ["ingest", file, "--project", "p1", "--create", "--json"];
        var (code, output, _) = await RunAsync(stated ? [.. call, "--attested"] : call);

        var path = Directory.GetFiles(_folder.Path, $"{(string)JsonNode.Parse(output)!["batchId"]!}.json", SearchOption.AllDirectories).Single();
        var attested = JsonNode.Parse(await File.ReadAllTextAsync(path))!["attested"];
        Assert.Equal((0, stated ? "command line" : null), (code, (string?)attested?["by"]));
    }

    [Fact]
    public async Task It_ends_with_1_when_nothing_was_accepted_and_with_2_when_the_call_was_wrong()
    {
        var bad = Write("bad.jsonl", "{bad\n");
        var nothing = await RunAsync("ingest", bad, "--project", "p1", "--create");
        var noFile = await RunAsync("ingest", "nowhere.jsonl", "--project", "p1", "--create");
        var noProject = await RunAsync("ingest", bad, "--project", "p2");
        var noOption = await RunAsync("ingest", bad);

        Assert.Equal((1, 2, 2, 2), (nothing.Code, noFile.Code, noProject.Code, noOption.Code));
        Assert.Contains("does not exist", noFile.Errors, StringComparison.Ordinal);
        Assert.Contains("--create", noProject.Errors, StringComparison.Ordinal);
        Assert.Contains("line 1", nothing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_find_the_requests_that_are_named_on_the_same_line_in_whichever_order()
    {
        var output = Write("a_out.jsonl", """{"custom_id":"c","response":{"status_code":200,"body":{"choices":[{"message":{"content":"a"}}]}},"error":null}""");
        var input = Write("b_in.jsonl", """{"custom_id":"c","method":"POST","url":"/v1/chat/completions","body":{"messages":[{"role":"user","content":"q"}]}}""");
        var (code, printed, _) = await RunAsync("ingest", output, input, "--project", "p1", "--create", "--json");

        var receipts = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToDictionary(receipt => (string)receipt["file"]!);
        Assert.Equal((0, "loaded", 1), (code, (string)receipts["a_out.jsonl"]["state"]!, (int)receipts["a_out.jsonl"]["items"]!));
        Assert.Equal(("loaded", 0), ((string)receipts["b_in.jsonl"]["state"]!, (int)receipts["b_in.jsonl"]["items"]!));
    }

    private string Write(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        return _folder[name];
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "healtheval"), [.. arguments, "--data", _folder["data"]])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, output, await errors);
    }
}
