using System.Text;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Intake;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Reports;

public sealed class DatasetExportTests : IDisposable
{
    private static readonly WeekSample Sample = new(tasks: 30) { Item = item => item with { Messages = [new EvalMessage("system", "Be careful 😀."), .. item.Messages] } };
    private readonly TempFolder _folder = new();
    private readonly SqliteDocumentStore _store;

    public DatasetExportTests() => _store = new SqliteDocumentStore(_folder["healtheval.db"]);

    [Fact]
    public async Task Preferences_are_the_raters_majority_and_ties_are_left_out()
    {
        var lines = await LinesAsync("trl-preference");
        var expected = 0;
        foreach (var item in Sample.Items)
        {
            var votes = Sample.Annotations.Where(a => a.TaskId == item.TaskId).Select(a => a.Judgement.Preference!.Winner is "A" or "B" ? a.ResponseId(a.Judgement.Preference.Winner) : null).OfType<string>().ToList();
            var first = votes.Count(v => v == item.Responses[0].ResponseId);
            if (2 * first == votes.Count)
            {
                continue;
            }

            var (chosen, rejected) = 2 * first > votes.Count ? (item.Responses[0], item.Responses[1]) : (item.Responses[1], item.Responses[0]);
            Assert.Equal(chosen.Content, (string?)lines[expected]["chosen"]![0]!["content"]);
            Assert.Equal(rejected.Content, (string?)lines[expected]["rejected"]![0]!["content"]);
            Assert.Equal("system", (string?)lines[expected]["prompt"]![0]!["role"]);
            expected++;
        }

        Assert.Equal(expected, lines.Count);
    }

    [Fact]
    public async Task Helpsteer_scores_are_the_means_minus_one()
    {
        var lines = await LinesAsync("helpsteer");
        Assert.Equal(60, lines.Count);
        var item = Sample.Items[0];
        var scores = Sample.Annotations.Where(a => a.TaskId == item.TaskId).SelectMany(a => a.Judgement.Ratings.Where(r => a.ResponseId(r.Response) == item.Responses[0].ResponseId)).Select(r => r.Accuracy!.Value);
        Assert.Equal(scores.Average() - 1, (double)lines[0]["accuracy"]!, 12);
        Assert.All(lines, l => Assert.InRange((double)l["tone"]!, 0, 4));
    }

    [Fact]
    public async Task Kto_calls_nothing_good_that_harms_or_has_a_critical_error()
    {
        var lines = await LinesAsync("kto");
        var critical = Sample.Annotations.SelectMany(a => a.Judgement.Spans.Where(s => s.Severity == "critical").Select(s => (a.TaskId, Id: a.ResponseId(s.Response)))).ToHashSet();
        var contents = Sample.Items.SelectMany(i => i.Responses.Where(r => critical.Contains((i.TaskId, r.ResponseId)))).Select(r => r.Content).ToHashSet();
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, l => (bool)l["label"]! && contents.Contains((string)l["completion"]![0]!["content"]!));
    }

    /// <summary>A customer's own guideline calls its verdicts as it likes; what refutes is its three-way value.</summary>
    [Theory]
    [InlineData("REF", false)]
    [InlineData("SUP", true)]
    public async Task Kto_takes_a_verdict_for_what_the_guideline_says_it_is(string threeWay, bool good)
    {
        var house = GuidelineLibrary.Default with { Id = "house", Version = 1, Verdicts = [new Verdict("WRONG", "Wrong", "Contradicted", threeWay)] };
        await _store.CommitAsync(new Write.Put(Guideline.Key("house", 1), house), default);
        var sample = new WeekSample(tasks: 4)
        {
            Annotation = a => a with
            {
                Guideline = new("house", 1),
                Judgement = a.Judgement with
                {
                    Ratings = [.. a.Judgement.Ratings.Select(r => new Rating(r.Response, 5, 5, false, 5, 5, 5, 5, null))],
                    Harm = [.. a.Judgement.Harm.Select(h => new Harm(h.Response, "none"))],
                    Spans = [],
                    Claims = [.. a.Judgement.Ratings.Select(r => new Claim(r.Response, Quote: "x", Verdict: "WRONG", Critical: true))],
                },
            },
        };
        await sample.StoreAsync(_store);
        using var memory = new MemoryStream();

        await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "kto", memory, default);

        var labels = Encoding.UTF8.GetString(memory.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (bool)JsonNode.Parse(line)!["label"]!).ToList();
        Assert.Equal(8, labels.Count);
        Assert.All(labels, label => Assert.Equal(good, label));
    }

    [Fact]
    public async Task Healthbench_lines_carry_one_label_per_rater_of_the_criterion()
    {
        var lines = await LinesAsync("healthbench-meta");
        Assert.All(lines, l => Assert.Equal(l["binary_labels"]!.AsArray().Count, l["anonymized_physician_ids"]!.AsArray().Count));
        Assert.Equal(Sample.Annotations.Sum(a => a.Judgement.Rubric.Count), lines.Sum(l => l["binary_labels"]!.AsArray().Count));
    }

    [Fact]
    public async Task Label_studio_spans_count_UTF16_units()
    {
        var emoji = new WeekSample(tasks: 6)
        {
            Item = item => item with { Responses = [.. item.Responses.Select(r => r with { Content = "😀😀 " + r.Content })] },
            Annotation = a => a with { Judgement = a.Judgement with { Spans = [new HealthEval.Annotations.Span("A", "improve", "C1", "minor", 1, 4, "😀 " + "x")] } },
        };
        await emoji.StoreAsync(_store);
        using var memory = new MemoryStream();
        await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "label-studio", memory, default);
        var tasks = JsonNode.Parse(memory.ToArray())!.AsArray();
        var value = tasks.SelectMany(t => t!["annotations"]!.AsArray()).SelectMany(a => a!["result"]!.AsArray()).First(r => (string?)r!["type"] == "labels")!["value"]!;
        Assert.Equal(2, (int)value["start"]!);
        Assert.Equal(6, (int)value["end"]!);
    }

    [Theory]
    [InlineData("annotations", 60)]
    [InlineData("consensus", 60)]
    public async Task The_other_formats_have_a_line_for_each(string format, int lines)
    {
        var written = await LinesAsync(format);
        Assert.Equal(lines, written.Count);
        Assert.DoesNotContain("person-", string.Concat(written.Select(l => l.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_without_judgements_gives_an_empty_file_in_every_format()
    {
        foreach (var format in DatasetExport.Formats.Keys)
        {
            using var memory = new MemoryStream();
            Assert.Equal(0, await new DatasetExport(_store).WriteAsync("nothing", format, memory, default));
            Assert.Equal(format == "label-studio" ? "[]\n" : "", Encoding.UTF8.GetString(memory.ToArray()));
        }
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private async Task<List<JsonNode>> LinesAsync(string format)
    {
        await Neighbour.MoveInAsync(_store, new FolderFileStore(_folder["files"]));
        await Sample.StoreAsync(_store);
        using var memory = new MemoryStream();
        await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, format, memory, default);
        Neighbour.AssertAbsent(memory.ToArray(), format);
        return [.. Encoding.UTF8.GetString(memory.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
    }
}
