using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>What a report says about the weeks before its own, computed from their judgements.</summary>
/// <param name="Headlines">Of weeks with judgements, oldest first; only the last has intervals.</param>
/// <param name="Before">The responses of the week before.</param>
/// <param name="Guideline">The one that most judgements of the week before were made under.</param>
internal sealed record EarlierWeeks(IReadOnlyList<WeekHeadlines> Headlines, IReadOnlyList<ResponseTotals> Before, Guideline? Guideline)
{
    private const int TrendWeeks = 8;

    public static async Task<EarlierWeeks> ReadAsync(Gathering gathering, IDocumentStore store, Project project, IsoWeek week, CancellationToken cancellation)
    {
        var earlier = new EarlierWeeks([], [], null);
        for (var back = TrendWeeks - 1; back > 0; back--)
        {
            var then = week.Add(-back);
            if (await store.CountAsync(Gathering.Submitted(project.ProjectId, then), cancellation) > 0)
            {
                var data = await ReadAsync(gathering, project, then, cancellation);
                earlier = earlier with { Headlines = [.. earlier.Headlines, WeekHeadlines.OfEarlier(data, withIntervals: back == 1)] };
                earlier = back > 1 ? earlier : earlier with { Before = Figures.TotalsOf(data), Guideline = data.Guideline };
            }
        }

        return earlier;
    }

    private static async Task<WeekData> ReadAsync(Gathering gathering, Project project, IsoWeek week, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("healtheval-earlier-").FullName;
        try
        {
            await gathering.CopyAsync(project.ProjectId, week, folder, GatherPosition.Start, (_, _) => Task.FromResult(true), cancellation);
            await gathering.DescribeAsync(project, week, folder, cancellation);
            return WeekData.Read(folder, isWhole: false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
