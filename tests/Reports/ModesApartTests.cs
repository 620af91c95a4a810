using System.Text.Json.Nodes;
using HealthEval.Reports;

namespace HealthEval.Tests.Reports;

/// <summary>Judgements that were asked less are no part of the figures of full ones.</summary>
public sealed class ModesApartTests
{
    [Fact]
    public async Task Figures_are_of_full_judgements_and_the_others_are_counted_apart()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 6));
        var all = WeekData.Read(week.Folder);
        var quick = Mark(week.Folder, number => number % 3 == 0 ? "quick" : number % 5 == 0 ? "fact_check" : null);

        var data = WeekData.Read(week.Folder);

        Assert.Equal("full", data.Mode);
        Assert.Equal(all.Judgements, data.Judgements + data.Apart.Values.Sum());
        Assert.Equal(quick, data.Apart["quick"]);
        Assert.True(data.Apart["fact_check"] > 0 && data.Rows.Count < all.Rows.Count && data.SpanCount < all.SpanCount);
    }

    [Fact]
    public async Task A_week_without_full_judgements_is_of_the_mode_that_it_has_most()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 6));
        Mark(week.Folder, number => number == 0 ? "fact_check" : "quick");

        var data = WeekData.Read(week.Folder);

        Assert.Equal(("quick", 1), (data.Mode, data.Apart["fact_check"]));
        Assert.True(data.Judgements > 1 && !data.Apart.ContainsKey("quick"));
    }

    /// <summary>How many were marked quick.</summary>
    private static int Mark(string folder, Func<int, string?> modeOf)
    {
        var path = Path.Combine(folder, ReportFiles.Annotations);
        var lines = File.ReadAllLines(path).Select(line => JsonNode.Parse(line)!).ToList();
        foreach (var (number, line) in lines.Index())
        {
            line["judgement"]!["mode"] = modeOf(number);
        }

        File.WriteAllLines(path, lines.Select(line => line.ToJsonString()));
        return lines.Index().Count(line => modeOf(line.Index) == "quick");
    }
}
