namespace HealthEval.Storage;

/// <summary>
/// A write with its JSON, made on the caller's thread. Every adapter turns a commit into these first, so all of them refuse the same
/// mistakes and have the same limits: what fits on one machine also fits into Cosmos DB (2 MB per request, envelope included).
/// </summary>
internal readonly record struct SerializedWrite(Write Write, ReadOnlyMemory<byte> Body)
{
    public const int MaxWrites = 100;
    public const int MaxBytes = 2_000_000;

    public DocumentKey Key => Write.Key;

    public static SerializedWrite[] Of(IReadOnlyList<Write> writes)
    {
        if (writes.Count is 0 or > MaxWrites)
        {
            throw new ArgumentException($"A commit holds between 1 and {MaxWrites} writes, not {writes.Count}.", nameof(writes));
        }

        var serialized = new SerializedWrite[writes.Count];
        var bytes = 0L;
        for (var i = 0; i < writes.Count; i++)
        {
            Require(writes[i].Key, writes[0].Key.Partition);
            serialized[i] = new SerializedWrite(writes[i], Serialize(writes[i]));
            bytes += serialized[i].Body.Length;
        }

        return bytes <= MaxBytes ? serialized : throw new DocumentTooLargeException(writes[0].Key, bytes);
    }

    private static ReadOnlyMemory<byte> Serialize(Write write) => write switch
    {
        Write.Create { Value: StoredJson json } => json.Utf8,
        Write.Create create => Json.Bytes(create.Value),
        Write.Replace replace => Json.Bytes(replace.Value),
        Write.Put put => Json.Bytes(put.Value),
        _ => default,
    };

    private static void Require(DocumentKey key, Partition partition)
    {
        if (key.Id is null or "" || key.Partition.ProjectId is null or "" || key.Partition.Scope is null or "")
        {
            throw new ArgumentException($"A document needs a project, a scope and an id: {key}.", nameof(key));
        }

        if (key.Partition != partition)
        {
            throw new ArgumentException($"All writes of one commit must lie in one partition: {key.Partition} is not {partition}.", nameof(key));
        }
    }
}

/// <summary>A commit is larger than any store takes. The caller should have refused the input.</summary>
internal sealed class DocumentTooLargeException(DocumentKey key, long bytes)
    : Exception($"The {key.Kind} '{key.Id}' (with what is written together with it) has {bytes:N0} bytes; {SerializedWrite.MaxBytes:N0} are allowed.");
