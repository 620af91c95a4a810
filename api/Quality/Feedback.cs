using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Quality;

/// <summary>
/// What a person learns about their own judging in a project: only from gold items that are retired and cases that are settled, so that nothing of it
/// tells a live gold item; figures with fewer than five behind them are not given.
/// </summary>
internal sealed class Feedback(IDocumentStore store, Standings standings, GuidelineLibrary guidelines)
{
    /// <summary>So many of the latest judgements are looked at.</summary>
    public const int Latest = 200;
    private const int Most = 50;

    public async Task<MyQuality> OfAsync(Project project, Person person, CancellationToken cancellation)
    {
        var standing = await standings.FindAsync(project.ProjectId, person.PersonId, cancellation);
        var guideline = await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation) ?? GuidelineLibrary.Default;
        var (retired, planted, found) = await RetiredGoldAsync(project, person, cancellation);
        var mine = await LatestAsync(project.ProjectId, person.PersonId, cancellation);
        var peers = await PeersAsync(project.ProjectId, mine, cancellation);
        return new MyQuality(
            project.ProjectId, project.Name, StandingView.StateOf(standing, project, guideline), standing.Paused is { } paused ? new PausedView(paused.Words, paused.At) : null,
            await standings.LeadsAsync(project.ProjectId, cancellation), Steps(project, guideline, standing), EstimateView.Of(Shown(RaterQuality.Sensitivity(found, planted), planted)),
            retired, await SettledAsync(project, mine, cancellation), PeerFiguresOf(peers, guideline), await ConsistencyAsync(project.ProjectId, person.PersonId, cancellation));
    }

    private static IReadOnlyList<StepView> Steps(Project project, Guideline guideline, Standing standing)
    {
        var scales = Scales.Of(guideline);
        var settings = project.Quality;
        StepView Of(string step, bool asked, bool there, string of) => new(step, asked, there, standing.IsWaived(step, of), [.. standing.ResultsOf(step, of)]);
        return
        [
            Of(ProductionPath.Quiz, settings?.Quiz == true, settings is not null && guideline.Quiz is { Count: > 0 }, scales), Of(ProductionPath.Calibration, settings?.Calibration == true, settings is not null && guideline.Calibration is { Count: > 0 }, scales),
            Of(ProductionPath.Qualification, settings?.Qualification == true, there: false, ""),
        ];
    }

    private async Task<(IReadOnlyList<MyGold> Gold, int Planted, int Found)> RetiredGoldAsync(Project project, Person person, CancellationToken cancellation)
    {
        var retired = await store.AllAsync<GoldItem>(GoldItem.Of(project.ProjectId), cancellation).Select(gold => gold.Value).Where(gold => !gold.IsLive)
            .ToDictionaryAsync(gold => gold.TaskId, cancellationToken: cancellation);
        var made = retired.Count == 0 ? [] : await store.AllAsync<Annotation>(Gold.JudgementsOf(project.ProjectId, person.PersonId), cancellation).Select(one => one.Value)
            .Where(one => retired.ContainsKey(one.TaskId)).ToListAsync(cancellation);
        var scores = made.ConvertAll(one => (Made: one, Gold: retired[one.TaskId], Score: GoldScore.Of(retired[one.TaskId], one)));
        return (
            [.. scores.OrderByDescending(one => one.Made.SubmittedAt).Take(Most).Select(one => MyGold.Of(one.Made, one.Gold, one.Score))],
            scores.Sum(one => one.Score.Planted), scores.Sum(one => one.Score.Found));
    }

    private async Task<List<Annotation>> LatestAsync(string projectId, string rater, CancellationToken cancellation)
    {
        var query = new DocumentQuery(DocumentKind.Annotation) { ProjectId = projectId, Where = [new Filter.Equal("rater", rater)], OrderBy = "submittedAt", Descending = true, Top = Latest };
        return [.. (await store.QueryAsync<Annotation>(query, continuation: null, cancellation)).Documents.Select(made => made.Value)];
    }

    private async Task<IReadOnlyList<MyCase>> SettledAsync(Project project, List<Annotation> mine, CancellationToken cancellation)
    {
        var cases = new List<MyCase>();
        foreach (var made in mine.TakeWhile(_ => cases.Count < Most))
        {
            var settled = await store.AllAsync<Adjudication>(new DocumentQuery(DocumentKind.Adjudication) { ProjectId = project.ProjectId, Scope = made.TaskId }, cancellation).FirstOrDefaultAsync(cancellation);
            if (settled?.Value is { } adjudication && adjudication.Judgements.ToList().IndexOf(made.AnnotationId) is var place and >= 0)
            {
                cases.Add(new MyCase(made.TaskId, adjudication.SubmittedAt, [.. adjudication.Rulings.Select(ruling => MyPoint.Of(ruling, place, made))]));
            }
        }

        return cases;
    }

    /// <summary>Own score and the mean of the others', of every dimension of every response that both scored.</summary>
    private async Task<List<PeerPair>> PeersAsync(string projectId, List<Annotation> mine, CancellationToken cancellation)
    {
        var pairs = new List<PeerPair>();
        foreach (var made in mine)
        {
            var others = (await Adjudications.JudgementsAsync(store, projectId, made.TaskId, cancellation)).Where(other => other.Rater != made.Rater).ToList();
            pairs.AddRange(
                from rating in made.Judgement.Ratings
                from score in rating.AllScores
                where score.Score is not null
                let theirs = others.SelectMany(other => other.Judgement.Ratings.Where(one => other.ResponseId(one.Response) == made.ResponseId(rating.Response)))
                    .Select(one => one.ScoreOf(score.Dimension)).OfType<int>().ToList()
                where theirs.Count > 0
                select new PeerPair(made.TaskId, score.Dimension, made.SubmittedAt, score.Score!.Value, theirs.Average()));
        }

        return pairs;
    }

    private static PeerView PeerFiguresOf(List<PeerPair> pairs, Guideline guideline) => new(
        [
            .. pairs.GroupBy(pair => Monday(pair.At)).OrderBy(week => week.Key)
                .Select(week => new WeekOfAgreement(week.Key, EstimateView.Of(Shown(Near([.. week]), week.Select(pair => pair.TaskId).Distinct().Count())))),
        ],
        [
            .. guideline.Dimensions.Select(dimension => (dimension.Key, Pairs: pairs.FindAll(pair => pair.Dimension == dimension.Key)))
                .Select(one => new BiasOfDimension(one.Key, EstimateView.Of(Shown(
                    RaterQuality.SignedBias([.. one.Pairs.Select(pair => ((double)pair.Own, pair.Others))], [.. one.Pairs.Select(pair => pair.TaskId)]),
                    one.Pairs.Select(pair => pair.TaskId).Distinct().Count())))),
        ]);

    private static Estimate Near(List<PeerPair> pairs) =>
        ClusterMean.Compute([.. pairs.Select(pair => Math.Abs(pair.Own - pair.Others) <= 1 ? 1d : 0d)], [.. pairs.Select(pair => pair.TaskId)], resampling: null, "within one point");

    private async Task<EstimateView> ConsistencyAsync(string projectId, string rater, CancellationToken cancellation)
    {
        var all = await SelfConsistency.ReadAsync(store, projectId, rater, cancellation);
        return EstimateView.Of(SelfConsistency.Of(all, dimension: null));
    }

    private static Estimate Shown(Estimate estimate, int of) => of >= RaterGold.Fewest ? estimate : Estimate.None(estimate.Measure, $"fewer than {RaterGold.Fewest} so far ({of})");

    private static DateOnly Monday(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime.Date.AddDays(-(((int)at.UtcDateTime.DayOfWeek + 6) % 7)));

    private sealed record PeerPair(string TaskId, string Dimension, DateTimeOffset At, int Own, double Others);
}
