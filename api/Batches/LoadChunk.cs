using HealthEval.Batches.Privacy;
using HealthEval.Intake;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// Records that are stored together. First they are collected as they stand in the file; then, on any thread, each is read, checked and written as the
/// JSON that will be stored. Of a record nothing else is kept, so that memory stays flat however long a file is and however slow a store.
/// </summary>
internal sealed class LoadChunk(OpenTask openTask, Project project, int mostRecords) : IDisposable
{
    private const int MostBytes = 2 << 20;
    private readonly PooledBuffer _raw = new(MostBytes);
    private readonly PooledBuffer _json = new(2 * MostBytes);
    private readonly List<(RecordWork Work, int Start)> _collected = [];
    private readonly List<LoadRecord> _records = [];
    private int _made;
    private long _bytes;

    public IReadOnlyList<LoadRecord> Records => _records;

    public bool IsFull => _collected.Count == mostRecords || _bytes > MostBytes;

    /// <summary>Of records so large that two such chunks at once would take much memory.</summary>
    public bool IsHeavy => _bytes > 100_000L * _collected.Count;

    /// <summary>Something has been collected that the records, as they are now, have no room for.</summary>
    public bool HasMore => _made < _collected.Count;

    public void Collect(RecordWork work)
    {
        _collected.Add((work, _raw.Length));
        _raw.Add(work.Raw.Json.Span);
        _bytes += work.Bytes;
    }

    /// <summary>Makes records of what has been collected, of all of it if their JSON is not too much at once.</summary>
    public LoadChunk Make()
    {
        _records.Clear();
        _json.Clear();
        while (HasMore && _json.Length <= 2 * MostBytes)
        {
            var (work, start) = _collected[_made++];
            if (work.Read is { } read)
            {
                Add(read);
            }
            else
            {
                work.Reader!.Read(work.Raw with { Json = _raw.Written.Slice(start, work.Raw.Json.Length) }, Add);
            }
        }

        return this;
    }

    /// <summary>What is written for one item, all of it or nothing.</summary>
    public Write[] Writes(LoadItem item)
    {
        var partition = new Partition(project.ProjectId, item.TaskId);
        return Array.ConvertAll(item.Documents, document => Written(new DocumentKey(document.Kind, partition, item.TaskId), document));
    }

    public Write[] Writes(LoadClaim claim) => [Written(claim.Claim.Key(project.ProjectId), claim.Document)];

    /// <summary>Once the store has answered: until then it reads from here.</summary>
    public void Clear()
    {
        _collected.Clear();
        _records.Clear();
        _raw.Clear();
        _json.Clear();
        (_made, _bytes) = (0, 0);
    }

    public void Dispose()
    {
        _raw.Dispose();
        _json.Dispose();
    }

    private void Add(ReadRecord record)
    {
        var built = record.Built?.Items ?? [];
        var items = new LoadItem[built.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var item = built[i];
            IReadOnlyList<ReportedSuspicion> suspicions = project.Privacy is "hold" ? [.. record.SuspicionsIn(i).Where(suspicion => suspicion.Class is not Citations.Class)] : [];
            items[i] = new LoadItem(item.TaskId, item.ContentSha256, item.Responses.Count, IdPath(item), suspicions.Count > 0, Documents(item, suspicions))
            {
                IsOfBenchmark = item.Benchmark is not null,
            };
        }

        var claims = Array.ConvertAll(record.Built?.Claims ?? [], claim => new LoadClaim(claim, Write(DocumentKind.Group, claim)));
        _records.Add(new LoadRecord(record.Line, record.Built is null ? null : items, claims)
        {
            MoreLines = record.MoreLines,
            IsKnown = record.IsKnown,
            HasBookkeeping = built.Any(item => item.Bookkeeping is not null),
            Errors = record.Errors,
            Warnings = record.Warnings,
            Suspicions = record.Suspicions,
        });
    }

    private LoadDocument[] Documents(EvalItem item, IReadOnlyList<ReportedSuspicion> suspicions)
    {
        if (suspicions.Count > 0)
        {
            return [Write(DocumentKind.Held, HeldItem.Of(item, suspicions))];
        }

        var stored = Write(DocumentKind.Item, item);
        return item.Responses.Count > 0 ? [stored, Write(DocumentKind.Task, openTask(item, project).Value)] : [stored];
    }

    private LoadDocument Write<T>(DocumentKind kind, T value)
    {
        var start = _json.Length;
        Json.Write(value, _json);
        return new LoadDocument(kind, start, _json.Length - start);
    }

    private Write.Create Written(DocumentKey key, LoadDocument document) => new(key, new StoredJson(_json.Written.Slice(document.Start, document.Length)));

    /// <summary>The field to name when the item turns out to contradict what is there.</summary>
    private static string IdPath(EvalItem item) => item switch
    {
        { ItemId: not null } => "item_id",
        { Responses: [] } => "prompt_id",
        _ => "response_id",
    };
}

/// <summary>One record of a file that is to be read; or that has been read, where that could not wait.</summary>
/// <param name="Bytes">In the file, so that chunks are of a size.</param>
internal readonly record struct RecordWork(RecordReader? Reader, RawRecord Raw, ReadRecord? Read, int Bytes)
{
    public static RecordWork Of(RecordReader reader, RawRecord raw) => new(reader, raw, null, raw.Json.Length);

    public static RecordWork Of(ReadRecord read, int bytes) => new(null, default, read, bytes);
}

/// <summary>What is left of a record until it has been stored and counted.</summary>
/// <param name="Items">Null when the record has errors.</param>
internal sealed record LoadRecord(long Line, LoadItem[]? Items, LoadClaim[] Claims)
{
    /// <summary>Other lines of the file that are part of the same item.</summary>
    public required IReadOnlyList<long> MoreLines { get; init; }

    public IEnumerable<long> Lines => [Line, .. MoreLines];

    /// <summary>A duplicate, whatever else it may be.</summary>
    public bool IsKnown { get; init; }

    /// <summary>It has fields by which it is no other record than one that was there.</summary>
    public bool HasBookkeeping { get; init; }

    public required IReadOnlyList<RecordError> Errors { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<ReportedSuspicion> Suspicions { get; init; }

    /// <summary>The field whose id stands for something else.</summary>
    public string? ConflictPath { get; set; }

    /// <summary>Nothing with these ids was there before this record.</summary>
    public bool HasNewIds { get; set; }
}

/// <param name="IsHeld">It waits for a lead's decision instead of opening a task.</param>
/// <param name="Documents">All in the partition of the task, and under its id.</param>
internal sealed record LoadItem(string TaskId, string ContentSha256, int Responses, string IdPath, bool IsHeld, LoadDocument[] Documents)
{
    /// <summary>It was not there and is now.</summary>
    public bool IsStored { get; set; }

    public bool IsOfBenchmark { get; init; }

    /// <summary>Another batch brought it before.</summary>
    public bool IsAgain { get; set; }
}

internal sealed record LoadClaim(IdClaim Claim, LoadDocument Document);

/// <summary>A document in the chunk's memory.</summary>
internal readonly record struct LoadDocument(DocumentKind Kind, int Start, int Length);
