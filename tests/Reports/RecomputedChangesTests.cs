using System.Text.Json.Nodes;
using HealthEval.Reports;
using HealthEval.Storage;
using static HealthEval.Tests.Reports.ExportedRows;

namespace HealthEval.Tests.Reports;

/// <summary>The sheets Changes and Operations computed a second time: from the exported rows of two weeks, and from the judgements as they were handed in.</summary>
public sealed class RecomputedChangesTests(SampleWeeks weeks)
{
    /// <summary>A value, and the model and stratum it belongs to; of the index, the dimension too.</summary>
    private sealed record Value(string Model, string Stratum, double Number, int Part = 0);

    [Fact]
    public async Task Every_change_is_that_of_the_models_and_strata_of_both_weeks_and_the_raw_one_that_of_all()
    {
        var sample = SampleOf("pairs");
        using var before = await CompiledWeek.OfAsync(new WeekSample(seed: 11, tasks: 44) { Item = item => item with { Responses = [.. item.Responses.Select(r => r.Model == "cedar" ? r with { Model = "gone" } : r)] } });
        using var week = await CompiledWeek.OfAsync(sample);
        var earlier = Json.Parse<WeekHeadlines>(before.Bytes(ReportFiles.Figures)) with { Week = "2026-W46" };
        await File.WriteAllBytesAsync(week[ReportFiles.History], Json.Bytes(new[] { earlier }));
        File.Copy(before[ReportFiles.Responses], week[ReportFiles.Previous], overwrite: true);
        await Report.CompileAsync(week.Folder, default);
        using var workbook = week.Open();

        var (was, now) = (PlainRow.OfModels(before), PlainRow.OfModels(week));
        var table = workbook.Table("FigureChanges").ToDictionary(row => row["Figure"]);
        var checkedFigures = 0;
        foreach (var figure in JsonNode.Parse(week.Bytes(ReportFiles.Figures))!["figures"]!.AsArray())
        {
            if (Values(Text(figure!["key"]), was) is not { } old || Values(Text(figure["key"]), now) is not { } these)
            {
                continue;
            }

            var row = table[Text(figure["name"])];
            Assert.Equal(Ratio(old), Number(row["Week before"]), 9);
            Assert.Equal(Ratio(these), Number(row["This week"]), 9);
            Assert.Equal(Ratio(these) - Ratio(old), Number(row["Raw change"]), 9);
            Assert.Equal(LikeForLike(these, old), Number(row["Change, like for like"]), 9);
            Assert.NotEqual(row["Raw change"], row["Change, like for like"]);
            checkedFigures++;
        }

        Assert.Equal(12, checkedFigures);
        AssertMix(workbook, was, now);
    }

    [Theory]
    [InlineData("pairs", 2)]
    [InlineData("threes", 3)]
    [InlineData("one rater", 1)]
    public async Task Operations_are_what_was_wanted_and_what_came_day_by_day(string kind, int overlap)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var (planned, delivered, hours) = (new int[7], new int[7], new List<double>());
        var (tasks, twice) = (0, 0);
        foreach (var task in SampleOf(kind).Annotations.GroupBy(annotation => annotation.TaskId))
        {
            var (begun, came) = (task.Min(a => a.LeasedAt), task.Select(a => a.SubmittedAt).Order().ToList());
            tasks++;
            twice += came.Count >= 2 ? 1 : 0;
            for (var day = 0; day < 7; day++)
            {
                var midnight = WeekSample.Monday.AddDays(day + 1);
                planned[day] += begun < midnight ? overlap : 0;
                delivered[day] += came.Count(time => time < midnight);
            }

            hours.Add((came[overlap - 1] - begun).TotalHours);
        }

        hours.Sort();
        var days = workbook.Table("OperationsDays");
        Assert.Equal(planned.Zip(delivered), days.Select(day => ((int)Number(day["Planned"]), (int)Number(day["Delivered"]))));
        Assert.Equal(planned.Zip(delivered, (wanted, came) => (double)Math.Max(0, wanted - came)), days.Select(day => Number(day["Backlog"])));
        var facts = workbook.Table("Operations").ToDictionary(row => row["Figure"]);
        Assert.Equal((delivered[6], planned[6]), (Number(facts["Delivered of planned"]["Value"]), Number(facts["Delivered of planned"]["of"])));
        Assert.Equal((tasks, tasks), (Number(facts["Tasks completed in this week"]["Value"]), Number(facts["Tasks completed in this week"]["of"])));
        Assert.Equal((twice, tasks), (Number(facts["Judged by two or more"]["Value"]), Number(facts["Judged by two or more"]["of"])));
        Assert.Equal(At(0.5), Number(facts["Cycle time: median hours"]["Value"]), 0.051);
        Assert.Equal(At(0.9), Number(facts["Cycle time: 90th percentile, hours"]["Value"]), 0.051);

        double At(double share) // between the two values beside the place
        {
            var place = share * (hours.Count - 1);
            var below = (int)Math.Floor(place);
            return hours[below] + ((place - below) * (hours[Math.Min(below + 1, hours.Count - 1)] - hours[below]));
        }
    }

    /// <summary>The values that a figure is the mean of, or null for one that is no such mean.</summary>
    private static List<Value>? Values(string figure, IReadOnlyCollection<PlainRow> rows) => figure switch
    {
        "index" => [.. rows.SelectMany(row => Enumerable.Range(0, 6).Where(d => row.Scores[d] is not null).Select(d => new Value(row.Model, Stratum(row), 25 * (row.Scores[d]!.Value - 1), d)))],
        "harm_any" => Responses(rows, row => row.Extent.Length == 0 ? null : row.IsHarm, isMajority: false),
        "harm_majority" => Responses(rows, row => row.Extent.Length == 0 ? null : row.IsHarm, isMajority: true),
        "critical_any" => Responses(rows, row => row.Critical > 0, isMajority: false),
        "critical_majority" => Responses(rows, row => row.Critical > 0, isMajority: true),
        "precision" => [.. rows.SelectMany(row => Enumerable.Range(0, row.Decided).Select(i => new Value(row.Model, Stratum(row), i < row.Supported ? 1 : 0)))],
        _ when figure.StartsWith("mean_", StringComparison.Ordinal) && Array.IndexOf(Dimensions, figure["mean_".Length..]) is >= 0 and var d =>
            [.. rows.Where(row => row.Scores[d] is not null).Select(row => new Value(row.Model, Stratum(row), row.Scores[d]!.Value))],
        _ => null,
    };

    /// <summary>1 for a response in which any, or more than half, of its raters found it, of those who said; 0 for another.</summary>
    private static List<Value> Responses(IEnumerable<PlainRow> rows, Func<PlainRow, bool?> found, bool isMajority)
    {
        var values = new List<Value>();
        foreach (var response in rows.GroupBy(row => row.Unit))
        {
            var said = response.Select(found).OfType<bool>().ToList();
            if (said.Count > 0)
            {
                var yes = said.Count(one => one);
                values.Add(new Value(response.First().Model, Stratum(response.First()), (isMajority ? 2 * yes > said.Count : yes > 0) ? 1 : 0));
            }
        }

        return values;
    }

    private static string Stratum(PlainRow row) => $"{Text(row.Item["subdomain"])} · {Text(row.Item["riskTier"])}";

    /// <summary>Of the index, the mean of the dimensions' means.</summary>
    private static double Ratio(IEnumerable<Value> values) => values.GroupBy(value => value.Part).Average(part => part.Average(value => value.Number));

    private static double LikeForLike(IReadOnlyCollection<Value> now, IReadOnlyCollection<Value> before)
    {
        var (sum, all) = (0.0, 0.0);
        foreach (var cell in now.GroupBy(value => (value.Model, value.Stratum)))
        {
            var old = before.Where(value => (value.Model, value.Stratum) == cell.Key).ToList();
            if (old.Count > 0)
            {
                sum += (cell.Count() + old.Count) * (Ratio(cell) - Ratio(old));
                all += cell.Count() + old.Count;
            }
        }

        return sum / all;
    }

    private static void AssertMix(OpenedWorkbook workbook, List<PlainRow> was, List<PlainRow> now)
    {
        var mix = workbook.Table("Mix").ToDictionary(row => row["Model or stratum"]);
        foreach (var key in new Func<PlainRow, string>[] { row => row.Model, Stratum })
        {
            foreach (var name in was.Concat(now).Select(key).Distinct())
            {
                var (old, these) = (Count(was), Count(now));
                Assert.Equal((old, these), (Number(mix[name]["Responses before"]), Number(mix[name]["Responses now"])));
                Assert.Equal((double)old / was.Select(row => row.Unit).Distinct().Count(), Number(mix[name]["Share before"]), 9);
                Assert.Equal((double)these / now.Select(row => row.Unit).Distinct().Count(), Number(mix[name]["Share now"]), 9);

                int Count(IEnumerable<PlainRow> rows) => rows.Where(row => key(row) == name).Select(row => row.Unit).Distinct().Count();
            }
        }

        Assert.Equal("gone since the week before", mix["gone"]["In which weeks"]);
        Assert.Equal("new this week", mix["cedar"]["In which weeks"]);
    }
}
