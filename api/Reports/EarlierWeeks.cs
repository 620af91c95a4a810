using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Reports;

/// <summary>What a report says about other weeks than its own, computed from their judgements of the mode that its own figures are of.</summary>
/// <param name="Headlines">Of the weeks before with judgements, oldest first; only the last has intervals. In a campaign: of its own weeks.</param>
/// <param name="Before">The responses of the week before.</param>
/// <param name="Guideline">The one that most judgements of the week before were made under.</param>
/// <param name="Cumulative">All weeks up to this one as one; empty where there is no other, and in a campaign.</param>
internal sealed record EarlierWeeks(IReadOnlyList<WeekHeadlines> Headlines, IReadOnlyList<ResponseTotals> Before, Guideline? Guideline, IReadOnlyList<WeekHeadlines> Cumulative)
{
    private const int TrendWeeks = 8;
    private const int MostWeeks = 53;
    private static readonly EarlierWeeks None = new([], [], null, []);

    public static Task<EarlierWeeks> ReadAsync(Gathering gathering, IDocumentStore store, Project project, Coverage week, string mode, CancellationToken cancellation) =>
        week.Scope is { } scope ? OfCampaignAsync(gathering, store, project, scope, mode, cancellation) : OfWeekAsync(gathering, store, project, IsoWeek.Of(week.Start), mode, cancellation);

    private static async Task<EarlierWeeks> OfWeekAsync(Gathering gathering, IDocumentStore store, Project project, IsoWeek week, string mode, CancellationToken cancellation)
    {
        var earlier = None;
        for (var back = TrendWeeks - 1; back > 0; back--)
        {
            var then = week.Add(-back);
            if (await store.CountAsync(Gathering.Submitted(project.ProjectId, then), cancellation) > 0)
            {
                var data = await ReadAsync(gathering, project, then, mode, cancellation);
                if (data.Judgements == 0)
                {
                    continue;
                }

                earlier = earlier with { Headlines = [.. earlier.Headlines, WeekHeadlines.OfEarlier(data, withIntervals: back == 1)] };
                earlier = back > 1 ? earlier : earlier with { Before = Figures.TotalsOf(data), Guideline = data.Guideline };
            }
        }

        var judged = await store.QueryAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = project.ProjectId, OrderBy = "submittedAt", Top = 1 }, null, cancellation);
        if (judged.Documents is not [var first, ..] || IsoWeek.Of(first.Value.SubmittedAt) is var begun && begun.Start >= week.Start)
        {
            return earlier;
        }

        var all = await ReadAsync(gathering, project, Coverage.Of(new CampaignScope(IsoWeek.Of(first.Value.SubmittedAt).ToString(), week.ToString())), mode, cancellation);
        return earlier with { Cumulative = [WeekHeadlines.OfEarlier(all, withIntervals: true)] };
    }

    private static async Task<EarlierWeeks> OfCampaignAsync(Gathering gathering, IDocumentStore store, Project project, CampaignScope scope, string mode, CancellationToken cancellation)
    {
        var (from, to, weeks) = (IsoWeek.Parse(scope.From)!.Value, IsoWeek.Parse(scope.To)!.Value, new List<WeekHeadlines>());
        from = to.Add(1 - MostWeeks) is var most && most.Start > from.Start ? most : from;
        for (var week = from; week.Start <= to.Start && from != to; week = week.Add(1))
        {
            if (await store.CountAsync(Gathering.Submitted(project.ProjectId, week), cancellation) > 0)
            {
                var data = await ReadAsync(gathering, project, Coverage.Of(scope with { From = week.ToString(), To = week.ToString() }), mode, cancellation);
                weeks.AddRange(data.Judgements == 0 ? [] : [WeekHeadlines.OfEarlier(data, withIntervals: false) with { Week = week.ToString() }]);
            }
        }

        return None with { Headlines = weeks };
    }

    private static async Task<WeekData> ReadAsync(Gathering gathering, Project project, Coverage week, string mode, CancellationToken cancellation)
    {
        var folder = TempFolders.Create("earlier");
        try
        {
            await gathering.CopyAsync(project.ProjectId, week, folder, GatherPosition.Start, (_, _) => Task.FromResult(true), cancellation);
            await gathering.DescribeAsync(project, week, folder, cancellation);
            return WeekData.ReadEarlier(folder, mode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
