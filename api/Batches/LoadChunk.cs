using HealthEval.Batches.Privacy;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// Records on their way to the store, already in the form in which they will be written: of a record that was read nothing else is kept, so that
/// memory stays flat however long a file is and however slow a store.
/// </summary>
internal sealed class LoadChunk(OpenTask openTask, Project project) : IDisposable
{
    private const int MostRecords = 1_000;
    private const int MostBytes = 4 << 20;
    private readonly PooledBuffer _json = new();
    private readonly List<LoadRecord> _records = [];

    public IReadOnlyList<LoadRecord> Records => _records;

    public bool IsFull => _records.Count == MostRecords || _json.Length > MostBytes;

    public void Add(ReadRecord record)
    {
        var items = new List<LoadItem>(record.Built?.Items.Count ?? 0);
        foreach (var (index, item) in (record.Built?.Items ?? []).Index())
        {
            var suspicions = project.Privacy is "hold" ? record.SuspicionsIn(index) : [];
            items.Add(new LoadItem(item.TaskId, item.ContentSha256, item.Responses.Count, IdPath(item), suspicions.Count > 0, Documents(item, suspicions)));
        }

        _records.Add(new LoadRecord(record with { Built = null }, record.Built is null ? null : items, record.Built?.Claims ?? []));
    }

    /// <summary>What is written for one item, all of it or nothing.</summary>
    public Write[] Writes(LoadItem item) =>
        [.. item.Documents.Select(document => new Write.Create(document.Key, new StoredJson(_json.Written.Slice(document.Start, document.Length))))];

    /// <summary>Once the store has answered: until then it reads from here.</summary>
    public void Clear()
    {
        _records.Clear();
        _json.Clear();
    }

    public void Dispose() => _json.Dispose();

    private List<LoadDocument> Documents(EvalItem item, IReadOnlyList<ReportedSuspicion> suspicions)
    {
        if (suspicions.Count > 0)
        {
            return [Written(HeldItem.Key(item.ProjectId, item.TaskId), HeldItem.Of(item, suspicions))];
        }

        var stored = Written(item.Key(), item);
        return item.Responses.Count > 0 && openTask(item, project) is Write.Create task ? [stored, Written(task.Key, task.Value)] : [stored];
    }

    private LoadDocument Written(DocumentKey key, object value)
    {
        var start = _json.Length;
        Json.Write(value, _json);
        return new LoadDocument(key, start, _json.Length - start);
    }

    /// <summary>The field to name when the item turns out to contradict what is there.</summary>
    private static string IdPath(EvalItem item) => item switch
    {
        { ItemId: not null } => "item_id",
        { Responses: [] } => "prompt_id",
        _ => "response_id",
    };
}

/// <param name="Read">Without what was built from it.</param>
/// <param name="Items">Null when the record has errors.</param>
internal sealed record LoadRecord(ReadRecord Read, IReadOnlyList<LoadItem>? Items, IReadOnlyList<IdClaim> Claims);

/// <param name="IsHeld">It waits for a lead's decision instead of opening a task.</param>
internal sealed record LoadItem(string TaskId, string ContentSha256, int Responses, string IdPath, bool IsHeld, IReadOnlyList<LoadDocument> Documents);

internal readonly record struct LoadDocument(DocumentKey Key, int Start, int Length);
