using HealthEval.Storage;

namespace HealthEval.Tests.Storage;

/// <summary>The document of the contract tests, with the fields by which tasks are looked up.</summary>
internal sealed record Card
{
    public string? Lane { get; init; }

    public double? OpenRank { get; init; }

    public string? NextExpiry { get; init; }

    public IReadOnlyList<string>? Raters { get; init; }

    public bool? Gold { get; init; }

    public CardDetail? Detail { get; init; }

    public string? Text { get; init; }

    public static DocumentQuery In(string project) => new(DocumentKind.Task) { ProjectId = project };

    public static DocumentQuery Open(string project, string lane) => In(project) with { Where = [new Filter.Equal("lane", lane)], OrderBy = "openRank" };
}

internal sealed record CardDetail(string Colour, int Size);
