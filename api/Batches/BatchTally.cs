using HealthEval.Batches.Privacy;
using HealthEval.Intake;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>What has been counted so far, in the order of the file. Never holds more than a bounded number of errors.</summary>
/// <param name="from">What an earlier step counted.</param>
internal sealed class BatchTally(IngestOptions options, TallyState? from = null)
{
    private readonly List<RecordError> _errors = [.. from?.Errors ?? []];
    private readonly List<ReportedSuspicion> _reported = [.. from?.Reported ?? []];
    private readonly SortedDictionary<string, long> _warnings = new(from?.Warnings ?? [], StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _suspicions = new(from?.Suspicions ?? [], StringComparer.Ordinal);
    private long _errorCount = from?.ErrorCount ?? 0;

    public long Read { get; private set; } = from?.Read ?? 0;

    public long Accepted { get; private set; } = from?.Accepted ?? 0;

    public long Duplicate { get; private set; } = from?.Duplicate ?? 0;

    public long Rejected { get; private set; } = from?.Rejected ?? 0;

    public long Items { get; private set; } = from?.Items ?? 0;

    public long Responses { get; private set; } = from?.Responses ?? 0;

    /// <summary>At most <see cref="IngestOptions.MaxErrorsListed"/>.</summary>
    public IReadOnlyList<RecordError> Errors => _errors;

    public long MoreErrors => _errorCount - _errors.Count;

    public void Accept(long items, long responses)
    {
        (Read, Accepted, Items, Responses) = (Read + 1, Accepted + 1, Items + items, Responses + responses);
    }

    public void Repeat() => (Read, Duplicate) = (Read + 1, Duplicate + 1);

    public void Reject(IReadOnlyList<RecordError> errors)
    {
        (Read, Rejected, _errorCount) = (Read + 1, Rejected + 1, _errorCount + errors.Count);
        _errors.AddRange(errors.Take(options.MaxErrorsListed - _errors.Count));
    }

    public void Warn(string warning) => _warnings[warning] = _warnings.GetValueOrDefault(warning) + 1;

    /// <summary>Items that wait for a lead's decision.</summary>
    public long Held { get; private set; } = from?.Held ?? 0;

    public bool HasSuspicions => _reported.Count > 0;

    public void Hold(long items) => Held += items;

    public void Suspect(IReadOnlyList<ReportedSuspicion> suspicions)
    {
        foreach (var suspicion in suspicions)
        {
            _suspicions[suspicion.Class] = _suspicions.GetValueOrDefault(suspicion.Class) + 1;
        }

        _reported.AddRange(suspicions.Take(options.MaxErrorsListed - _reported.Count));
    }

    public TallyState Save() => new(Read, Accepted, Duplicate, Rejected, Items, Responses, Held, new(_warnings), new(_suspicions), [.. _errors], _errorCount, [.. _reported]);

    public Batch On(Batch batch, long bytesRead) => batch with
    {
        Read = Read,
        Accepted = Accepted,
        Duplicate = Duplicate,
        Rejected = Rejected,
        Items = Items,
        Responses = Responses,
        Held = Held,
        Warnings = [.. _warnings.Select(warning => new ClassCount(warning.Key, warning.Value))],
        Suspicions = [.. _suspicions.Select(suspicion => new ClassCount(suspicion.Key, suspicion.Value))],
        Errors = [.. _errors.Take(options.MaxErrorsInReceipt)],
        MoreErrors = _errorCount - Math.Min(_errors.Count, options.MaxErrorsInReceipt),
        BytesRead = bytesRead,
    };

    public ReadOnlyMemory<byte> RejectsFile() =>
        Lines(MoreErrors > 0 ? [.. _errors, new RecordError(0, null, $"{MoreErrors:N0} more were counted but not listed; the limit is {options.MaxErrorsListed:N0}.")] : _errors);

    /// <summary>Class, place and masked shape; the first <see cref="IngestOptions.MaxErrorsListed"/>.</summary>
    public ReadOnlyMemory<byte> SuspicionsFile() => Lines(_reported);

    private static byte[] Lines<T>(IReadOnlyList<T> values)
    {
        using var file = new MemoryStream();
        foreach (var value in values)
        {
            file.Write(Json.Bytes(value));
            file.WriteByte((byte)'\n');
        }

        return file.ToArray();
    }
}

/// <summary>A tally between two steps.</summary>
internal sealed record TallyState(
    long Read,
    long Accepted,
    long Duplicate,
    long Rejected,
    long Items,
    long Responses,
    long Held,
    Dictionary<string, long> Warnings,
    Dictionary<string, long> Suspicions,
    IReadOnlyList<RecordError> Errors,
    long ErrorCount,
    IReadOnlyList<ReportedSuspicion> Reported);

/// <summary>How far a load has come.</summary>
/// <param name="Records">So many records of the file are stored and counted.</param>
internal sealed record LoadPosition(long Records, TallyState Tally);
