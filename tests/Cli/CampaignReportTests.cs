using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using HealthEval.Tests.Reports;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Cli;

/// <summary>Reports over one batch or one tag, by the real program in a terminal.</summary>
public sealed class CampaignReportTests : IDisposable
{
    private readonly TempFolder _data = new();
    private readonly TempFolder _out = new();

    public void Dispose()
    {
        _data.Dispose();
        _out.Dispose();
    }

    [Fact]
    public async Task A_batch_or_a_tag_gives_a_report_of_its_own_items_alone_that_verifies_with_the_key()
    {
        var (first, second) = (await IngestAsync("one", 4, "triage"), await IngestAsync("two", 3, "dosing"));
        await Healtheval("simulate", "--project", "mine", "--raters", "3", "--seed", "2");
        var all = await ReportAsync("all", "--from", "2020-W01", "--to", "2099-W01");
        Assert.Equal(14, Judgements(all));
        using (var workbook = new OpenedWorkbook(SpreadsheetDocument.Open(_out["all/workbook.xlsx"], isEditable: false)))
        {
            Assert.Contains("What the campaign shows", workbook.AllText("Summary"), StringComparison.Ordinal);
            Assert.DoesNotContain("week before", workbook.AllText("Models"), StringComparison.Ordinal); // there is none
        }


        Assert.Equal((8, "one"), (Judgements(await ReportAsync("a", "--batch", first)), Items("a")));
        Assert.Equal((6, "two"), (Judgements(await ReportAsync("b", "--batch", second)), Items("b")));
        Assert.Equal((6, "two"), (Judgements(await ReportAsync("c", "--tag", "dosing")), Items("c")));
        Assert.Equal((0, ""), (Judgements(await ReportAsync("d", "--batch", first, "--tag", "dosing")), Items("d")));

        foreach (var folder in new[] { "a", "c", "d" })
        {
            Assert.Equal(0, (await RealProcess.RunAsync("verify", _out[folder])).ExitCode);
        }

        // The same bytes again: nothing of it depends on when it was made.
        var again = await ReportAsync("e", "--tag", "dosing");
        Assert.Equal(await File.ReadAllBytesAsync(_out["c/workbook.xlsx"]), await File.ReadAllBytesAsync(_out["e/workbook.xlsx"]));
        Assert.Equal(Judgements(again), Judgements(JsonNode.Parse(await File.ReadAllTextAsync(_out["c/manifest.json"]))!));
    }

    [Fact]
    public async Task A_report_of_nothing_that_there_is_is_refused()
    {
        await IngestAsync("one", 1, "triage");
        await Healtheval("simulate", "--project", "mine", "--raters", "2", "--seed", "2");
        foreach (var (options, reason) in new[]
        {
            ("--week 2026-W47 --tag x", "Give one or the other"),
            ("--batch no-such-batch", "there is no batch 'no-such-batch'"),
            ("--from 2026-W48 --to 2026-W47", "not before the first"),
            ("", "say which --week"),
        })
        {
            var (exitCode, output, error) = await RealProcess.RunAsync(["report", "--project", "mine", "--out", _out["x"], "--data", _data.Path, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            Assert.Equal((options, 2, ""), (options, exitCode, output));
            Assert.Contains(reason, error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_out["x"]));
        }
    }

    private async Task<string> IngestAsync(string name, int items, string tag)
    {
        var file = _out[name + ".jsonl"];
        await File.WriteAllLinesAsync(file, Enumerable.Range(1, items).Select(n =>
            $$"""{"prompt_id":"{{name}}-{{n}}","prompt":[{"role":"user","content":"Question {{n}} of {{name}}?"}],"responses":[{"response_id":"{{name}}-{{n}}","model":"m","content":"Answer {{n}}: rest well."}],"tags":["{{tag}}"]}"""));
        return (string)JsonNode.Parse(await Healtheval("ingest", file, "--project", "mine", "--create", "--json"))!["batchId"]!;
    }

    private async Task<JsonNode> ReportAsync(string folder, params string[] options) =>
        JsonNode.Parse(await Healtheval(["report", "--project", "mine", "--out", _out[folder], "--json", .. options]))!;

    private static int Judgements(JsonNode manifest) => (int)manifest["counts"]!["judgements"]!;

    /// <summary>Of which file the items in a report's folder are.</summary>
    private string Items(string folder) => string.Join(' ', File.ReadLines(_out[folder + "/items.jsonl"]).Where(line => line.Length > 0)
        .Select(line => ((string)JsonNode.Parse(line)!["promptId"]!).Split('-')[0]).Distinct());

    private async Task<string> Healtheval(params string[] arguments)
    {
        var (exitCode, output, error) = await RealProcess.RunAsync([.. arguments, "--data", _data.Path]);
        Assert.True(exitCode == 0, error);
        return output;
    }
}
