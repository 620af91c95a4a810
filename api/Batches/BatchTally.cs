using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>What has been counted so far, in the order of the file. Never holds more than a bounded number of errors.</summary>
internal sealed class BatchTally(IngestOptions options)
{
    private readonly List<RecordError> _errors = [];
    private readonly SortedDictionary<string, long> _warnings = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _suspicions = new(StringComparer.Ordinal);
    private long _errorCount;

    public long Read { get; private set; }

    public long Accepted { get; private set; }

    public long Duplicate { get; private set; }

    public long Rejected { get; private set; }

    public long Items { get; private set; }

    public long Responses { get; private set; }

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

    public void Suspect(string kind, long count) => _suspicions[kind] = _suspicions.GetValueOrDefault(kind) + count;

    public Batch On(Batch batch, long bytesRead) => batch with
    {
        Read = Read,
        Accepted = Accepted,
        Duplicate = Duplicate,
        Rejected = Rejected,
        Items = Items,
        Responses = Responses,
        Warnings = [.. _warnings.Select(warning => new ClassCount(warning.Key, warning.Value))],
        Suspicions = [.. _suspicions.Select(suspicion => new ClassCount(suspicion.Key, suspicion.Value))],
        Errors = [.. _errors.Take(options.MaxErrorsInReceipt)],
        MoreErrors = _errorCount - Math.Min(_errors.Count, options.MaxErrorsInReceipt),
        BytesRead = bytesRead,
    };

    public ReadOnlyMemory<byte> RejectsFile()
    {
        using var file = new MemoryStream();
        foreach (var error in _errors)
        {
            file.Write(Json.Bytes(error));
            file.WriteByte((byte)'\n');
        }

        if (MoreErrors > 0)
        {
            file.Write(Json.Bytes(new RecordError(0, null, $"{MoreErrors:N0} more were counted but not listed; the limit is {options.MaxErrorsListed:N0}.")));
            file.WriteByte((byte)'\n');
        }

        return file.ToArray();
    }
}
