using System.IO.Hashing;
using HealthEval.Batches.Privacy;
using HealthEval.Intake;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches.Grouping;

/// <summary>
/// In a project that asks for comparison: lines with one response each and the same prompt become one item, wherever they stand in the file. Lines that were loaded
/// before are duplicates and stay where they are; more responses than can be compared at once are items of their own (decision 0007).
/// </summary>
internal sealed class LineGroups(IDocumentStore documents, Project project, Batch batch, bool isRepeat, IngestOptions options) : IDisposable
{
    private const int LinesAtOnce = 500;
    private const int BytesAtOnce = 4 << 20;
    private readonly LineSpool _spool = new();
    private readonly Dictionary<UInt128, (UInt128 Content, long Line)> _seen = [];
    private readonly Dictionary<string, bool> _isLoaded = [];
    private readonly KnownItems _decided = new(documents, project);

    private sealed record Member(long Line, Draft Draft, BuiltRecord Built, int Bytes)
    {
        public string Id => Built.Items[0].TaskId;
    }

    /// <summary>First what belongs to no group, as it is read; then the groups.</summary>
    public IEnumerable<RecordWork> Read(IReadOnlyList<RecordReader> readers)
    {
        for (var number = 0; number < readers.Count; number++)
        {
            foreach (var work in readers[number].Work(new Remaining(0)))
            {
                RecordWork? alone = work;
                readers[number].Read(work.Raw, record => alone = Alone(work, record, number));
                if (alone is { } now)
                {
                    yield return now;
                }
            }
        }

        foreach (var chunk in Chunks(readers))
        {
            foreach (var record in Groups(chunk, readers[0]))
            {
                yield return record;
            }
        }
    }

    public void Dispose() => _spool.Dispose();

    /// <summary>Null for a line that is kept for later.</summary>
    private RecordWork? Alone(RecordWork work, ReadRecord record, int reader)
    {
        if (record.Built is not { Items: [{ Responses.Count: 1 } item] })
        {
            return work;
        }

        if (Unseen(item, record) is { } known)
        {
            return RecordWork.Of(known, work.Bytes);
        }

        _spool.Add(PromptOf(item), reader, work.Raw);
        return null;
    }

    /// <summary>Null for a line that is the first of its id.</summary>
    private ReadRecord? Unseen(EvalItem item, ReadRecord record)
    {
        if (_spool.Count >= options.MaxGroupedLines)
        {
            throw new UnreadableFileException($"More than {options.MaxGroupedLines:N0} lines to be grouped by prompt, the limit in a project that compares. Split the file.");
        }

        var (id, content) = (Short(item.TaskId), Short(item.ContentSha256));
        if (_seen.TryAdd(id, (content, record.Line)))
        {
            return null;
        }

        return _seen[id].Content == content ? record with { IsKnown = true, Built = null } : Conflict(record.Line, item);
    }

    private IEnumerable<List<List<Member>>> Chunks(IReadOnlyList<RecordReader> readers)
    {
        var chunk = new List<List<Member>>();
        foreach (var lines in _spool.ByPrompt())
        {
            chunk.Add([.. lines.Select(line => readers[line.Reader].Again(line.Raw) is var (draft, built) ? new Member(line.Raw.Line, draft, built, line.Raw.Json.Length) : throw new InvalidOperationException("A line became another one."))]);
            if (chunk.Sum(group => group.Count) >= LinesAtOnce || chunk.Sum(group => group.Sum(member => (long)member.Bytes)) >= BytesAtOnce)
            {
                yield return chunk;
                chunk = [];
            }
        }

        yield return chunk;
    }

    private IEnumerable<RecordWork> Groups(List<List<Member>> chunk, RecordReader reader)
    {
        var marks = Mark([.. chunk.SelectMany(group => group)]).GetAwaiter().GetResult(); // this runs on the reading thread
        foreach (var group in chunk)
        {
            foreach (var member in group.Where(member => marks.ContainsKey(member)))
            {
                yield return RecordWork.Of(marks[member].ContentSha256 == member.Built.Items[0].ContentSha256 ? Alone(member) with { IsKnown = true, Built = null } : Conflict(member.Line, member.Built.Items[0]), member.Bytes);
            }

            var added = group.FindAll(member => !marks.ContainsKey(member));
            if (Together(added, reader) is { } record)
            {
                yield return RecordWork.Of(record, added.Sum(member => member.Bytes));
            }
            else
            {
                foreach (var member in added)
                {
                    yield return RecordWork.Of(Alone(member), member.Bytes);
                }
            }
        }
    }

    /// <summary>Null when they cannot be one item: there are too many, or they are too large together.</summary>
    private ReadRecord? Together(List<Member> members, RecordReader reader)
    {
        if (members.Count < 2 || members.Count > project.MostComparedAtOnce)
        {
            return null;
        }

        var draft = MergedDraft.Of([.. members.OrderBy(member => member.Id, StringComparer.Ordinal).Select(member => member.Draft)]);
        var lines = members.Select(member => member.Line).Order().ToList();
        return reader.Build(draft, lines[0]) is { } built
            ? new ReadRecord(lines[0], built, [], [.. members.SelectMany(member => member.Draft.Warnings)], Screening.Of(draft, lines[0])) { MoreLines = lines[1..] }
            : null;
    }

    private static ReadRecord Alone(Member member) => new(member.Line, member.Built, [], member.Draft.Warnings, Screening.Of(member.Draft, member.Line));

    private static ReadRecord Conflict(long line, EvalItem item) =>
        new(line, null, [new RecordError(line, item.ItemId is null ? "response_id" : "item_id", BatchLoader.SameIdOtherContent)], [], []);

    /// <summary>Notes which lines are here now; returns those that an earlier batch brought, and what they were then.</summary>
    private async Task<Dictionary<Member, GroupedLine>> Mark(List<Member> members)
    {
        var known = new Dictionary<Member, GroupedLine>(ReferenceEqualityComparer.Instance);
        GroupedLine[] marks = [.. members.Select(member => new GroupedLine(member.Id, member.Built.Items[0].ContentSha256, batch.BatchId, member.Line))];
        var results = await documents.CommitManyAsync([.. marks.Select(mark => (Write[])[new Write.Create(mark.Key(project.ProjectId), mark)])], default);
        for (var i = 0; i < marks.Length; i++)
        {
            if (results[i].Succeeded || await documents.FindAsync<GroupedLine>(marks[i].Key(project.ProjectId), default) is not { } there)
            {
                continue;
            }

            if (there.Value.BatchId == batch.BatchId ? isRepeat : await IsLoadedAsync(there.Value.BatchId))
            {
                known[members[i]] = there.Value;
            }
            else if (there.Value.BatchId != batch.BatchId)
            {
                await documents.CommitAsync(new Write.Put(marks[i].Key(project.ProjectId), marks[i]), default); // that batch never came to an end
            }
        }

        foreach (var member in members.Where(member => !known.ContainsKey(member)))
        {
            // a line that was held by itself, before the project asked for comparison
            if (member.Built.Items[0] is var item && await _decided.BeforeWritingAsync(item.TaskId, item.ContentSha256, isHeld: false, default) is { } line && line.BatchId != batch.BatchId)
            {
                known[member] = new GroupedLine(member.Id, line.Sha256, line.BatchId, line.Line);
            }
        }

        return known;
    }

    private async Task<bool> IsLoadedAsync(string batchId)
    {
        if (!_isLoaded.TryGetValue(batchId, out var isLoaded))
        {
            var other = await documents.FindAsync<Batch>(Batch.Key(project.ProjectId, batchId), default);
            _isLoaded[batchId] = isLoaded = other is null || other.Value.State is not BatchState.Failed;
        }

        return isLoaded;
    }

    /// <summary>Everything that the lines of one item must have in common: the prompt, and what a rater is told about it.</summary>
    private static ulong PromptOf(EvalItem item)
    {
        var shared = item with { TaskId = "", Responses = [], Meta = null, Tags = [], ItemId = null, Chosen = null };
        return XxHash3.HashToUInt64(System.Text.Encoding.ASCII.GetBytes(shared.ContentHash()));
    }

    private static UInt128 Short(string hash) => XxHash128.HashToUInt128(System.Text.Encoding.ASCII.GetBytes(hash));
}
