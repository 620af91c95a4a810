using HealthEval.Batches.Privacy;
using HealthEval.Storage;

namespace HealthEval.Batches.Benchmarks;

/// <summary>
/// Answers to benchmarks in a batch that an earlier one brought word for word: they are judged once, as items of the earlier batch, and count in the runs of both.
/// </summary>
/// <param name="BatchId">In which they came again.</param>
/// <param name="Items">By the task they are judged in.</param>
/// <param name="From">The batches that brought them.</param>
internal sealed record CameAgain(string ProjectId, string BatchId, IReadOnlyList<string> Items, IReadOnlyList<string> From)
{
    /// <summary>The note on the receipt.</summary>
    public const string Note = "answer_of_an_earlier_run_counts_in_this_one_too";
    private const string Scope = "benchmark-again";

    /// <param name="line">Of the first record that was stored together with them.</param>
    public DocumentKey Key(long line) => new(DocumentKind.Benchmark, new Partition(ProjectId, Scope), $"{BatchId}:{line:D10}");

    /// <summary>By batch.</summary>
    public static async Task<ILookup<string, CameAgain>> AllAsync(IDocumentStore documents, string projectId, CancellationToken cancellation)
    {
        var query = new DocumentQuery(DocumentKind.Benchmark) { ProjectId = projectId, Scope = Scope, Top = 500 };
        var all = await documents.AllAsync<CameAgain>(query, cancellation).Select(stored => stored.Value).ToListAsync(cancellation);
        return all.ToLookup(one => one.BatchId, StringComparer.Ordinal);
    }
}

/// <summary>Which items are answers of some batches: those that came with them first, and those that came with them again.</summary>
internal sealed class AnswersOf(IReadOnlyList<string> batches, ILookup<string, CameAgain> again)
{
    private readonly HashSet<string> _again = [.. batches.SelectMany(batch => again[batch]).SelectMany(one => one.Items)];

    /// <summary>Where these items lie.</summary>
    public IReadOnlyList<string> Batches { get; } = [.. batches.Concat(batches.SelectMany(batch => again[batch]).SelectMany(one => one.From)).Distinct()];

    public bool Has(EvalItem item) => batches.Contains(item.BatchId) || _again.Contains(item.TaskId);
}

/// <summary>Notes them while a batch is loaded.</summary>
/// <param name="isOver">The batch was finished before: nothing is noted anew.</param>
internal sealed class RepeatedAnswers(IDocumentStore documents, string projectId, string batchId, bool isOver)
{
    private readonly Dictionary<string, string> _from = new(StringComparer.Ordinal);

    /// <param name="known">What is there under the item's id.</param>
    public void Note(LoadItem item, KnownItem? known)
    {
        if (!isOver && item.IsOfBenchmark && known?.Sha256 == item.ContentSha256 && known.BatchId != batchId)
        {
            (item.IsAgain, _from[item.TaskId]) = (true, known.BatchId);
        }
    }

    public static void Say(LoadItem[] items, BatchTally tally)
    {
        if (Array.Exists(items, item => item.IsAgain))
        {
            tally.Warn(CameAgain.Note);
        }
    }

    /// <param name="line">Of the first record that is stored together with them.</param>
    public async Task KeepAsync(long line, CancellationToken cancellation)
    {
        if (_from.Count > 0)
        {
            var again = new CameAgain(projectId, batchId, [.. _from.Keys], [.. _from.Values.Distinct()]);
            await documents.CommitAsync(new Write.Put(again.Key(line), again), cancellation);
            _from.Clear();
        }
    }
}
