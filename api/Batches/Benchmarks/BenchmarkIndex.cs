using HealthEval.Intake;
using HealthEval.Storage;

namespace HealthEval.Batches.Benchmarks;

/// <summary>
/// The prompts of a project's benchmarks, latest versions, by id and by words. Answers find theirs here while they are loaded. What belongs to a prompt is
/// kept as it is
/// stored and read when it is needed, so that memory holds little more than the files.
/// </summary>
internal sealed class BenchmarkIndex
{
    /// <summary>The note on a receipt of answers that found their prompt.</summary>
    public const string Attached = "attached_to_benchmark";

    /// <summary>Of a project without any.</summary>
    public static readonly BenchmarkIndex None = new();

    private readonly Dictionary<string, Known> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Known> _byWords = new(StringComparer.Ordinal);

    private sealed record Known(string BenchmarkId, int Version, string WordsSha256, byte[] Json);

    private sealed record Names(string PromptId, string WordsSha256);

    public static async Task<BenchmarkIndex> OfAsync(IDocumentStore documents, IFileStore files, string projectId, CancellationToken cancellation)
    {
        var benchmarks = await Benchmark.LatestAsync(documents, projectId, cancellation);
        var index = benchmarks.Count == 0 ? None : new BenchmarkIndex();
        foreach (var benchmark in benchmarks)
        {
            foreach (var line in await Benchmark.LinesAsync(files, benchmark, cancellation))
            {
                var (id, words) = Json.Parse<Names>(line);
                var known = new Known(benchmark.BenchmarkId, benchmark.Version, words, line);
                index._byId.TryAdd(id, known);
                index._byWords.TryAdd(words, known);
            }
        }

        return index;
    }

    /// <summary>Gives an answer what belongs to its prompt: what the file says itself stays.</summary>
    public void Attach(Draft draft)
    {
        if (draft.Responses.Count > 0 && draft.Benchmark is null && _byId.Count > 0)
        {
            Find(draft);
        }

        if (draft.PromptElsewhere && draft.Messages.Count == 0 && draft.Problems.Count == 0)
        {
            draft.Refuse("prompt", "Required: what was asked. The record has no prompt, and no benchmark of this project has its prompt_id: add the benchmark first, or send the prompt along.");
        }
    }

    private void Find(Draft draft)
    {
        var words = draft.Messages.Count == 0 ? null : BenchmarkPrompt.WordsOf(draft.Messages);
        var known = (draft.PromptId is { } id ? _byId.GetValueOrDefault(id) : null) ?? (words is null ? null : _byWords.GetValueOrDefault(words));
        if (known is null)
        {
            draft.Note("not_in_a_benchmark");
            return;
        }

        if (words is not null && words != known.WordsSha256)
        {
            draft.Note("benchmark_prompt_in_other_words");
            return;
        }

        var prompt = Json.Parse<BenchmarkPrompt>(known.Json);
        draft.Benchmark = new BenchmarkStamp(known.BenchmarkId, known.Version, prompt.PromptId);
        draft.PromptId ??= prompt.PromptId;
        draft.Messages = draft.Messages.Count > 0 ? draft.Messages : [.. prompt.Messages];
        draft.Rubric.AddRange(draft.Rubric.Count == 0 ? prompt.Rubric : []);
        draft.Tags.AddRange(prompt.Tags.Except(draft.Tags));
        draft.Reference ??= prompt.Reference;
        draft.Subdomain ??= prompt.Subdomain;
        draft.Specialty ??= prompt.Specialty;
        draft.Audience ??= prompt.Audience;
        draft.Jurisdiction ??= prompt.Jurisdiction;
        draft.Language ??= prompt.Language;
        draft.RiskTier ??= prompt.RiskTier;
        draft.Theme ??= prompt.Theme;
        draft.TaskType ??= prompt.TaskType;
        draft.Mode ??= prompt.Mode;
        draft.Note(Attached);
    }
}
