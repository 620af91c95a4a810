using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Batches.Benchmarks;
using HealthEval.Intake;
using HealthEval.Intake.Formats;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>One reading of the rubric on one answer of a run, by a rater or by an automatic grader, as scores: what the runs of a benchmark are compared by,
/// and all that has to be kept
/// for it.</summary>
/// <param name="Scores">The whole rubric's under "all"; each axis' and cluster's under its tag; null where no criterion of it has positive points is left
/// out.</param>
/// <param name="Judge">The automatic grader whose reading this is; null for a person's. None of these enters a score of people.</param>
internal sealed record BenchmarkReading(
    string RunId, string BenchmarkId, int Version, string Model, DateOnly Date, int Covered, int Prompts, string PromptId, string? Theme, string TaskId,
        string ResponseId, string Rater, bool Simulated,
    IReadOnlyDictionary<string, double> Scores,
    string? Judge = null)
{
    private const string UnnamedJudge = "automatic grader";

    public const string All = "all";
    private static readonly string[] Kinds = ["axis:", "level:", "cluster:"];

    /// <summary>Of all runs of the project; only judgements handed in before <paramref name="until"/>, grades of machines in runs of days before it, and runs
    /// with an answer.</summary>
    public static async IAsyncEnumerable<BenchmarkReading> OfAsync(
        IDocumentStore store, Project project, DateTimeOffset until, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var runs = await BenchmarkRun.AllAsync(store, project.ProjectId, cancellation);
        if (runs.Count == 0)
        {
            yield break;
        }

        var again = await CameAgain.AllAsync(store, project.ProjectId, cancellation);
        var answers = runs.ToDictionary(run => run.RunId, run => new AnswersOf(run.Batches, again), StringComparer.Ordinal);
        var items = new Dictionary<string, EvalItem>(StringComparer.Ordinal);
        var asked = new DocumentQuery(DocumentKind.Item)
        {
            ProjectId = project.ProjectId,
            Where = [new Filter.In("batchId", [.. answers.Values.SelectMany(of => of.Batches).Distinct()])],
            Top = 500
        };
        await foreach (var (item, _) in store.AllAsync<EvalItem>(asked, cancellation))
        {
            if (item.Benchmark is not null)
            {
                foreach (var reading in ByMachines(item, runs.FindAll(run => run.Date < DateOnly.FromDateTime(until.UtcDateTime)), answers))
                {
                    yield return reading;
                }

                items[item.TaskId] = item with { Messages = [], Meta = null, Bookkeeping = null, Reference = null }; // texts are not needed
            }
        }

        var delivery = await Delivery.OfAsync(store, project.ProjectId, cancellation);
        var judged = new DocumentQuery(DocumentKind.Annotation) { ProjectId = project.ProjectId, OrderBy = "submittedAt", Top = 500 };
        await foreach (var (annotation, _) in store.AllAsync<Annotation>(judged, cancellation))
        {
            if (annotation.SubmittedAt < until && items.TryGetValue(annotation.TaskId, out var item))
            {
                foreach (var reading in In(AnnotationExport.Of(annotation, delivery), item, runs, answers))
                {
                    yield return reading;
                }
            }
        }
    }

    /// <summary>Grades that came in the file of the answer, of an item with one answer.</summary>
    private static IEnumerable<BenchmarkReading> ByMachines(EvalItem item, List<BenchmarkRun> runs, Dictionary<string, AnswersOf> answers)
    {
        if (runs.Count == 0 || item.Responses is not [var response])
        {
            yield break;
        }

        foreach (var judge in MachineGrade.In(item.Bookkeeping).GroupBy(grade => grade.Judge ?? UnnamedJudge, StringComparer.Ordinal))
        {
            var graded = judge.Select(grade => grade.CriterionId).ToHashSet(StringComparer.Ordinal);
            var met = judge.Where(grade => grade.Met).Select(grade => grade.CriterionId).ToHashSet(StringComparer.Ordinal);
            var scores = ScoresOf(item.Criteria.Where(criterion => graded.Contains(criterion.Id)), met);
            foreach (var run in scores.Count == 0 ? [] : runs.Where(run => run.Has(item, response, answers[run.RunId])))
            {
                yield return Of(run, item, response, judge.Key, simulated: false, scores) with { Judge = judge.Key };
            }
        }
    }

    private static BenchmarkReading Of(BenchmarkRun run, EvalItem item, EvalResponse response, string rater, bool simulated, SortedDictionary<string,
        double> scores) => new(
        run.RunId, run.BenchmarkId, run.Version, run.Model, run.Date, run.Covered, run.Prompts, item.Benchmark!.PromptId, item.Theme, item.TaskId,
            response.ResponseId, rater, simulated, scores);

    private static IEnumerable<BenchmarkReading> In(AnnotationExport annotation, EvalItem item, List<BenchmarkRun> runs,
        Dictionary<string, AnswersOf> answers)
    {
        foreach (var checks in annotation.Judgement.Rubric.GroupBy(check => check.Response))
        {
            var response = item.Responses.FirstOrDefault(response => response.ResponseId == annotation.ResponseId(checks.Key));
            var scores = response is null ? [] : ScoresOf(item, [.. checks]);
            foreach (var run in response is null || scores.Count == 0 ? [] : runs.Where(run => run.Has(item, response, answers[run.RunId])))
            {
                yield return Of(run, item, response!, annotation.Rater, annotation.Simulated, scores);
            }
        }
    }

    private static SortedDictionary<string, double> ScoresOf(EvalItem item, IReadOnlyList<CriterionCheck> checks)
    {
        var met = checks.Where(check => check.Met == true).Select(check => check.Criterion).ToHashSet(StringComparer.Ordinal);
        var without = checks.Where(check => check.NotApplicable == true).Select(check => check.Criterion).ToHashSet(StringComparer.Ordinal);
        return ScoresOf(item.Criteria.Where(criterion => !without.Contains(criterion.Id)), met);
    }

    private static SortedDictionary<string, double> ScoresOf(IEnumerable<RubricCriterion> rubric, HashSet<string> met)
    {
        JudgedCriterion[] judged = [.. rubric.Select(criterion => new JudgedCriterion(criterion.Points, met.Contains(criterion.Id), criterion.Tags))];
        var scores = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var tag in judged.SelectMany(criterion => criterion.Tags ?? [])
            .Where(tag => Array.Exists(Kinds, kind => tag.StartsWith(kind, StringComparison.Ordinal))).Append(null).Distinct())
        {
            if (Agreement.Statistics.RubricScore.Answer(judged, tag) is { } score)
            {
                scores[tag ?? All] = score;
            }
        }

        return scores;
    }
}
