using System.Text.Json;
using HealthEval.Batches.Privacy;
using HealthEval.Intake;
using HealthEval.Intake.Formats;

namespace HealthEval.Batches;

/// <summary>A record after everything that can be said about it without the store.</summary>
internal sealed record ReadRecord(long Line, BuiltRecord? Built, IReadOnlyList<RecordError> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<ReportedSuspicion> Suspicions)
{
    /// <summary>Other lines of the file that are part of the same item.</summary>
    public IReadOnlyList<long> MoreLines { get; init; } = [];

    /// <summary>A duplicate, whatever else it may be.</summary>
    public bool IsKnown { get; init; }

    public IReadOnlyList<ReportedSuspicion> SuspicionsIn(int item) => Built is { IsGroup: true } && Suspicions.Count > 0 ? Screening.OfPart(Suspicions, item) : Suspicions;
}

/// <summary>Turns the raw records of one part into items, in the format that the part as a whole is in.</summary>
internal sealed class RecordReader(Part part, Recognition recognition, bool isOnlyPart, ItemBuilder builder, bool refusesSuspicious)
{
    private const int ErrorsPerRecord = 5;

    public Format? Format => recognition.Format;

    public Part Part => part;

    /// <summary>For the receipt.</summary>
    public Recognition Recognition => recognition;

    /// <summary>The requests of this part go along with answers that are loaded: by themselves they are no records.</summary>
    public bool IsAside { get; init; }

    /// <param name="done">So many records of the file are left out, most of them unread: they were dealt with in an earlier step.</param>
    public IEnumerable<RecordWork> Work(Remaining done)
    {
        foreach (var raw in part.Read())
        {
            if ((!IsAside || IsNoRequest(raw)) && !done.Take())
            {
                yield return RecordWork.Of(this, raw);
            }
        }
    }

    /// <summary>On any thread. Reference and metadata of what was built are gone when <paramref name="then"/> has returned.</summary>
    public void Read(RawRecord raw, Action<ReadRecord> then)
    {
        var problem = raw.Problem;
        using var document = problem is null ? JsonRecord.Parse(raw.Json, out problem) : null;
        then(document is null ? new ReadRecord(raw.Line, null, [Error(raw.Line, raw.Path, problem!)], [], []) : Read(document.RootElement, raw));
    }

    /// <summary>A record that has been read before, once more, and for as long as its draft is needed: what it said, and what it becomes by itself.</summary>
    public (Draft Draft, BuiltRecord Built)? Again(RawRecord raw)
    {
        var draft = Draft(JsonRecord.Parse(raw.Json, out _)!.RootElement, raw);
        return builder.Build(draft, raw.Line) is { } built ? (draft, built) : null;
    }

    public BuiltRecord? Build(Draft draft, long line) => builder.Build(draft, line);

    /// <summary>The same reader over other records of the same format.</summary>
    public RecordReader Over(Part other) => new(other, recognition, isOnlyPart, builder, refusesSuspicious);

    public RecordReader Aside() => new(part, recognition, isOnlyPart, builder, refusesSuspicious) { IsAside = true };

    private bool IsNoRequest(RawRecord raw)
    {
        var isNone = true;
        Read(raw, record => isNone = record.Built is null);
        return isNone;
    }

    private Draft Draft(JsonElement record, RawRecord raw)
    {
        var draft = recognition.Draft(record);
        if (raw.Note is { } note)
        {
            draft.Note(note);
        }

        return draft;
    }

    private ReadRecord Read(JsonElement record, RawRecord raw)
    {
        var (draft, line) = (Draft(record, raw), raw.Line);
        var built = builder.Build(draft, line);
        var suspicions = built is null ? [] : Screening.Of(draft, line);
        if (refusesSuspicious && suspicions.Any(found => found.Class is not Citations.Class))
        {
            built = null;
            draft.Problems.AddRange(suspicions.Where(found => found.Class is not Citations.Class).Select(found => new Problem(found.Path, $"Looks like personal data ({found.Class} at character {found.Start + 1}: {found.Masked}); this project takes none. Remove it and send the record again.")));
        }

        IReadOnlyList<RecordError> errors = draft.Problems.Count == 0 ? [] : [.. draft.Problems.Take(ErrorsPerRecord).Select(found => Error(line, found.Path, found.Reason))];
        return new ReadRecord(line, built, errors, draft.Warnings.Count == 0 ? [] : draft.Warnings, suspicions);
    }

    private RecordError Error(long line, string? path, string reason) =>
        new(line, path, isOnlyPart ? reason : $"{Excerpt.Of(part.Name, 60)}: {reason}");
}

/// <summary>Counts down over all parts of a file.</summary>
internal sealed class Remaining(long count)
{
    private long _count = count;

    public bool Take() => _count > 0 && _count-- > 0;
}
