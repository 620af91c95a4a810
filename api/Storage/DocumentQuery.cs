namespace HealthEval.Storage;

/// <summary>
/// Which documents of one kind: those of one project and scope (null = all), that pass every filter, ordered by one field.
/// Documents without the field they are ordered by are left out. Ties are broken by scope and id, so paging neither skips nor repeats.
/// </summary>
internal sealed record DocumentQuery(DocumentKind Kind)
{
    public string? ProjectId { get; init; }

    public string? Scope { get; init; }

    public IReadOnlyList<Filter> Where { get; init; } = [];

    public string? OrderBy { get; init; }

    public bool Descending { get; init; }

    public int Top { get; init; } = 100;

    /// <summary>The index that yields the order: its last field is the one ordered by, those before it are held by <see cref="Filter.Equal"/>.</summary>
    public FieldIndex? OrderIndex => OrderBy is null
        ? null
        : Kind.Indexes.FirstOrDefault(index => index.Fields[^1] == OrderBy && index.Fields.SkipLast(1).All(IsFixed))
            ?? throw new ArgumentException($"No index of '{Kind}' yields the order by '{OrderBy}' under these filters. Add one to {nameof(DocumentKind)} or fix the fields before it.");

    /// <summary>Field paths become part of a statement's text, so they are letters, digits, dots and underscores.</summary>
    public static string RequireField(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_') ? path : throw new ArgumentException($"'{path}' is not a field path.", nameof(path));

    private bool IsFixed(string field) => Where.Any(filter => filter is Filter.Equal equal && equal.Field == field);
}

/// <summary>A condition on one JSON field (dots descend). Values are strings, numbers or booleans.</summary>
internal abstract record Filter(string Field)
{
    internal sealed record Equal(string Field, object Value) : Filter(Field);

    internal sealed record In(string Field, IReadOnlyList<object> Values) : Filter(Field);

    /// <summary>The field is an array of strings without <paramref name="Value"/> (an absent field contains nothing).</summary>
    internal sealed record NotContains(string Field, string Value) : Filter(Field);

    /// <summary><paramref name="From"/> ≤ field &lt; <paramref name="Until"/>; null leaves that side open. Absent fields never match.</summary>
    internal sealed record Range(string Field, object? From, object? Until) : Filter(Field);
}
