using HealthEval.Storage;

namespace HealthEval.Batches.Benchmarks;

/// <summary>The answers of one model to one version of a benchmark, on one day.</summary>
/// <param name="Batches">Where the answers came.</param>
/// <param name="Covered">How many of the version's prompts have an answer.</param>
/// <param name="Surplus">Answers of this model in these batches to prompts that the benchmark does not have.</param>
/// <param name="Missing">Ids of prompts without an answer, the first of them.</param>
internal sealed record BenchmarkRun(
    string ProjectId, string RunId, string BenchmarkId, int Version, string Model, DateOnly Date, IReadOnlyList<string> Batches, int Answers, int Covered,
        int Prompts, int Surplus, IReadOnlyList<string> Missing,
    string By, DateTimeOffset At)
{
    public const int MissingNamed = 50;
    private const string Scope = "benchmark-runs";

    public static DocumentKey Key(string projectId, string runId) => new(DocumentKind.Benchmark, new Partition(projectId, Scope), runId);

    public DocumentKey Key() => Key(ProjectId, RunId);

    public static DocumentQuery Of(string projectId) => new(DocumentKind.Benchmark) { ProjectId = projectId, Scope = Scope, Top = 500 };

    public static string IdOf(string benchmarkId, int version, string model, DateOnly date) => "r" + Sha.OfParts(benchmarkId, $"{version}", model,
        $"{date:yyyy-MM-dd}")[..15];

    public bool IsOf(string benchmarkId, int version, string model) => (BenchmarkId, Version, Model) == (benchmarkId, version, model);

    public static string NameOf(string? model) => model ?? "not named";

    /// <summary>Whether the response is one of its answers.</summary>
    /// <param name="answers">Of its batches.</param>
    public bool Has(EvalItem item, EvalResponse response, AnswersOf answers) =>
        item.Benchmark is { } of && of.BenchmarkId == BenchmarkId && of.Version == Version && NameOf(response.Model) == Model && answers.Has(item);

    public static async Task<List<BenchmarkRun>> AllAsync(IDocumentStore documents, string projectId, CancellationToken cancellation)
    {
        var all = await documents.AllAsync<BenchmarkRun>(Of(projectId), cancellation).Select(stored => stored.Value).ToListAsync(cancellation);
        return [.. all.OrderBy(run => run.BenchmarkId, StringComparer.Ordinal).ThenBy(run => run.Date).ThenBy(run => run.Model, StringComparer.Ordinal)
            .ThenBy(run => run.Version)];
    }
}
