using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Batches.Benchmarks;
using HealthEval.People;
using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Reports;

/// <summary>What the runs of benchmarks came to, now; and a run in the shape of HealthBench's meta-evaluation.</summary>
internal static class BenchmarkScoresApi
{
    private const string Meta = "healthbench-meta";

    public static void MapBenchmarkScores(this IEndpointRouteBuilder api)
    {
        var benchmarks = api.MapGroup("/benchmarks/{projectId}").RequireAuthorization(Policies.Customers);
        benchmarks.MapGet("/scores", ScoresAsync).WithName("GetBenchmarkScores");
        benchmarks.MapGet("/runs/{runId}/export", ExportAsync).WithName("ExportBenchmarkRun").Audited(AuditActions.RunExported);
    }

    /// <param name="candidate">Whose latest runs are compared with those of <paramref name="baseline"/>; unless both are said, each run with the one before
    /// it.</param>
    private static async Task<Results<Ok<BenchmarkScoreList>, ProblemHttpResult>> ScoresAsync(
        string projectId, string? candidate, string? baseline, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("project");
        }

        var readings = await BenchmarkReading.OfAsync(store, project, DateTimeOffset.MaxValue, cancellation).ToListAsync(cancellation);
        var scores = await Task.Run(() => new BenchmarkScores(readings, candidate, baseline), cancellation);
        return TypedResults.Ok(new BenchmarkScoreList(
            [.. scores.Scores.Select(one => new BenchmarkScoreView(
                one.RunId, one.BenchmarkId, one.Version, one.Model, one.Date, one.What, one.Value, one.Low, one.High, one.Judged, one.Readings,
                    one.Simulated))],
            [.. scores.Changes.Select(one => new BenchmarkChangeView(
                one.BenchmarkId, one.Version, one.Candidate, one.Baseline, one.What, one.Difference.Value, one.Difference.Interval?.Lower,
                    one.Difference.Interval?.Upper, one.Prompts))],
            [.. scores.Machines.Select(one => new MachineScoreView(
                one.RunId, one.BenchmarkId, one.Version, one.Model, one.Date, one.Judge, one.Value, one.Prompts, one.Difference.Value,
                    one.Difference.Interval?.Lower, one.Difference.Interval?.Upper, one.Both))]));
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(string projectId, string runId, DatasetExport export,
        IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<BenchmarkRun>(BenchmarkRun.Key(projectId, runId), cancellation) is not { Value: var run })
        {
            return Problems.Missing("run");
        }

        var answers = new AnswersOf(run.Batches, await CameAgain.AllAsync(store, projectId, cancellation));
        var options = new ExportOptions { Only = item => item with { Responses = [.. item.Responses.Where(response => run.Has(item, response, answers))] } };
        return TypedResults.Stream(body => export.WriteAsync(projectId, Meta, options, _ => body, cancellation), "application/jsonl",
            $"{run.BenchmarkId}-v{run.Version}-{runId}.jsonl");
    }
}

/// <param name="Machines">Of automatic graders, apart from everything that people found.</param>
internal sealed record BenchmarkScoreList(IReadOnlyList<BenchmarkScoreView> Scores, IReadOnlyList<BenchmarkChangeView> Changes,
    IReadOnlyList<MachineScoreView> Machines);

/// <param name="Value">0 to 1; null where nothing was graded.</param>
/// <param name="Difference">The grader's score less the people's on the same answers; null where there are none.</param>
/// <param name="Both">Answers that both read.</param>
internal sealed record MachineScoreView(
    string RunId, string BenchmarkId, int Version, string Model, DateOnly Date, string Judge, double? Value, int Prompts, double? Difference, double? Low,
        double? High, int Both);

/// <param name="Value">0 to 1; null where nothing was judged.</param>
/// <param name="Low">Of the 95% interval; null where there is none.</param>
/// <param name="Judged">Prompts.</param>
internal sealed record BenchmarkScoreView(
    string RunId, string BenchmarkId, int Version, string Model, DateOnly Date, string What, double? Value, double? Low, double? High, int Judged,
        int Readings, bool Simulated);

internal sealed record BenchmarkChangeView(string BenchmarkId, int Version, string Candidate, string Baseline, string What, double? Value, double? Low,
    double? High, int Prompts);
