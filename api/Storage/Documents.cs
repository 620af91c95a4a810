namespace HealthEval.Storage;

/// <summary>Documents of one partition can be written together; a partition is a project and a scope inside it (a task, or a name).</summary>
internal readonly record struct Partition(string ProjectId, string Scope);

internal readonly record struct DocumentKey(DocumentKind Kind, Partition Partition, string Id);

/// <summary>A document as it was read: writing it back with <paramref name="ETag"/> succeeds only if nobody else wrote in between.</summary>
internal sealed record Stored<T>(T Value, string ETag);

internal abstract record Write(DocumentKey Key)
{
    /// <summary>Succeeds only if the document does not exist.</summary>
    internal sealed record Create(DocumentKey Key, object Value) : Write(Key);

    /// <summary>Succeeds only if the document still has this ETag.</summary>
    internal sealed record Replace(DocumentKey Key, object Value, string ETag) : Write(Key);

    /// <summary>Creates or overwrites. For documents with one writer, or where the last writer may win.</summary>
    internal sealed record Put(DocumentKey Key, object Value) : Write(Key);

    /// <summary>Removes the document; one that is not there is no failure.</summary>
    internal sealed record Delete(DocumentKey Key) : Write(Key);
}

/// <summary>A value that is JSON already, as the store will keep it. The bytes must stay as they are until the store has answered.</summary>
internal sealed record StoredJson(ReadOnlyMemory<byte> Utf8);

internal abstract record CommitResult
{
    public bool Succeeded => this is Committed;
}

internal sealed record Committed(IReadOnlyList<string> ETags) : CommitResult;

/// <summary>Write number <paramref name="Index"/> is a <see cref="Write.Create"/> of a document that exists.</summary>
internal sealed record AlreadyThere(int Index) : CommitResult;

/// <summary>Write number <paramref name="Index"/> is a <see cref="Write.Replace"/> of a document that has changed or is gone.</summary>
internal sealed record Stale(int Index) : CommitResult;

internal sealed record Page<T>(IReadOnlyList<Stored<T>> Documents, string? Continuation);
