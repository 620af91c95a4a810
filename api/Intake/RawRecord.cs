namespace HealthEval.Intake;

/// <summary>One record of a file as JSON text, or why it could not be separated. The bytes are valid until the next one is read.</summary>
internal readonly record struct RawRecord(long Line, ReadOnlyMemory<byte> Json, string? Problem, string? Path = null)
{
    /// <summary>The file ends right behind it, without the line break that every row before it has.</summary>
    public bool IsUnterminated { get; init; }

    /// <summary>Something about where it stood that its sender should know.</summary>
    public string? Note { get; init; }

    public static RawRecord Bad(long line, string problem, string? path = null) => new(line, default, problem, path);
}

/// <summary>The file as a whole cannot be read, and the message says what to do. Streams have no other way to report it.</summary>
internal sealed class UnreadableFileException(string reason) : Exception(reason);
