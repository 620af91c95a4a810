namespace HealthEval.Intake;

/// <summary>One stream of records of a file; an archive has several.</summary>
/// <param name="Container">For the receipt: <c>jsonl</c>, <c>csv, gzip</c>, …</param>
internal sealed record Part(string Name, string Container, Func<IEnumerable<RawRecord>> Read)
{
    /// <summary>Where the names of the columns were found, if not where one looks first; for the receipt.</summary>
    public string? Header { get; init; }

    /// <summary>That the file or the sheet is called after, where that is one: its answers are this model's, unless they name another.</summary>
    public string? Model { get; init; }

    public bool IsTable { get; init; }

    /// <summary>Something about the file as a whole that its sender should know.</summary>
    public string? Warning { get; init; }
}
