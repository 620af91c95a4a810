using System.Text;
using System.Text.Json;
using HealthEval.Intake;
using HealthEval.Storage;

namespace HealthEval.Batches.Benchmarks;

/// <summary>
/// A named set of prompts with what answers to them are measured by, and without answers. A version is written once; other content under the name is the
/// next version.
/// </summary>
/// <param name="File">What the customer called the file that it came in.</param>
/// <param name="Sha256">Of the file of its prompts (<see cref="PathOf"/>), which are in the order of their ids: the same content has the same hash in
/// whichever order it came.</param>
/// <param name="References">How many prompts have a reference.</param>
/// <param name="Themes">How many prompts each theme has.</param>
internal sealed record Benchmark(
    string ProjectId, string BenchmarkId, int Version, string Name, string File, string Sha256, int Prompts, int Criteria, int References,
        IReadOnlyDictionary<string, int> Themes, string By, DateTimeOffset At)
{
    public const string IdRule = "A benchmark's name has 2 to 60 characters, at least two of them letters or digits.";
    private const string Scope = "benchmarks";

    public static DocumentKey Key(string projectId, string benchmarkId, int version) => new(DocumentKind.Benchmark, new Partition(projectId, Scope),
        $"{benchmarkId}:{version:D4}");

    public DocumentKey Key() => Key(ProjectId, BenchmarkId, Version);

    /// <summary>All versions of all of them.</summary>
    public static DocumentQuery Of(string projectId) => new(DocumentKind.Benchmark) { ProjectId = projectId, Scope = Scope, Top = 500 };

    /// <summary>One <see cref="BenchmarkPrompt"/> a line.</summary>
    public static string PathOf(string projectId, string benchmarkId, int version) => $"benchmarks/{projectId}/{benchmarkId}/{version:D4}.jsonl";

    /// <summary>'HealthBench Hard' is healthbench-hard; null for a name that leaves nothing.</summary>
    public static string? IdOf(string name)
    {
        var id = new StringBuilder();
        foreach (var c in name.Trim())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                id.Append(char.ToLowerInvariant(c));
            }
            else if (id.Length > 0 && id[^1] is not '-')
            {
                id.Append('-');
            }
        }

        var made = id.ToString().TrimEnd('-');
        return made.Length is >= 2 and <= 60 && name.Trim().Length <= 60 ? made : null;
    }

    /// <summary>The latest version of each.</summary>
    public static async Task<List<Benchmark>> LatestAsync(IDocumentStore documents, string projectId, CancellationToken cancellation)
    {
        var all = await documents.AllAsync<Benchmark>(Of(projectId), cancellation).Select(stored => stored.Value).ToListAsync(cancellation);
        return [.. all.GroupBy(one => one.BenchmarkId, StringComparer.Ordinal).Select(versions => versions.MaxBy(one => one.Version)!)
            .OrderBy(one => one.BenchmarkId, StringComparer.Ordinal)];
    }

    /// <summary>The prompts of a version, one after the other.</summary>
    public static async Task<List<byte[]>> LinesAsync(IFileStore files, Benchmark benchmark, CancellationToken cancellation)
    {
        await using var stream = await files.OpenAsync(PathOf(benchmark.ProjectId, benchmark.BenchmarkId, benchmark.Version), cancellation)
            ?? throw new StoreDamagedException($"benchmark '{benchmark.BenchmarkId}' version {benchmark.Version}", "the file of its prompts is missing");
        var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellation);
        var lines = new List<byte[]>(benchmark.Prompts);
        for (ReadOnlyMemory<byte> rest = content.GetBuffer().AsMemory(0, (int)content.Length); rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n') is >= 0 and var at ? at : rest.Length;
            lines.Add(rest[..end].ToArray());
            rest = rest[Math.Min(end + 1, rest.Length)..];
        }

        return lines;
    }
}

/// <summary>One prompt, and what every answer to it gets.</summary>
/// <param name="WordsSha256">Of its turns but for system rules, which a harness may put in front or leave out.</param>
internal sealed record BenchmarkPrompt(
    string PromptId, string WordsSha256, IReadOnlyList<EvalMessage> Messages, IReadOnlyList<RubricCriterion> Rubric, IReadOnlyList<string> Tags,
        JsonElement? Reference = null, string? Subdomain = null,
    string? Specialty = null, string? Audience = null, string? Jurisdiction = null, string? Language = null, string? RiskTier = null, string? Theme = null,
        string? TaskType = null, string? Mode = null)
{
    public static string WordsOf(IReadOnlyList<EvalMessage> messages) =>
        EvalMessage.HashOf([.. messages.Where(message => message.Role is not ("system" or "developer"))]);

    public static BenchmarkPrompt Of(Draft draft) => new(
        draft.PromptId ?? "p" + EvalMessage.HashOf(draft.Messages)[..16], WordsOf(draft.Messages), draft.Messages, draft.Rubric, draft.Tags,
            draft.Reference, draft.Subdomain, draft.Specialty, draft.Audience,
        draft.Jurisdiction, draft.Language, draft.RiskTier, draft.Theme, draft.TaskType, draft.Mode);
}
