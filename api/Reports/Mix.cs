namespace HealthEval.Reports;

/// <summary>How much of what was rated is one model or stratum, in both weeks.</summary>
internal sealed record MixShare(string Name, int Before, int Now, double? ShareBefore, double? ShareNow)
{
    public string Words => (Before, Now) switch
    {
        (0, _) => "new this week",
        (_, 0) => "gone since the week before",
        _ when Math.Abs(ShareNow!.Value - ShareBefore!.Value) >= Mix.Shifted => "both, in another share",
        _ => "both",
    };
}

/// <summary>What two weeks rated: why a raw change may be a change of the mix.</summary>
internal sealed record Mix(IReadOnlyList<MixShare> Shares, string Sentence)
{
    /// <summary>A share that moved by so much is named.</summary>
    public const double Shifted = 0.05;

    public static Mix Of(IReadOnlyList<ResponseTotals> now, IReadOnlyList<ResponseTotals> before)
    {
        MixShare[] models = Shared(t => t.Model);
        MixShare[] strata = Shared(t => t.Stratum);
        string?[] parts = before.Count == 0 ? [] :
        [
            Names("New models", models.Where(s => s.Before == 0)), Names("gone models", models.Where(s => s.Now == 0)), Names("new strata", strata.Where(s => s.Before == 0)),
            Names("gone strata", strata.Where(s => s.Now == 0)), Moved("shifted shares", models.Concat(strata).Where(s => s is { Before: > 0, Now: > 0 } && s.Words != "both")),
        ];
        var sentence = before.Count == 0 ? "Nothing was rated in the week before." : string.Join("; ", parts.OfType<string>()) is { Length: > 0 } said
            ? char.ToUpperInvariant(said[0]) + said[1..] + "."
            : "The same models and strata in much the same shares.";
        return new Mix([.. models, .. strata], sentence);

        MixShare[] Shared(Func<ResponseTotals, string> key) => [.. now.Concat(before).Select(key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Before: before.Count(t => key(t) == name), Now: now.Count(t => key(t) == name)))
            .Select(s => new MixShare(s.Name, s.Before, s.Now, before.Count == 0 ? null : (double)s.Before / before.Count, now.Count == 0 ? null : (double)s.Now / now.Count))];
    }

    public bool IsSame => Shares.All(s => s.Words == "both");

    private static string? Names(string what, IEnumerable<MixShare> shares) => string.Join(", ", shares.Select(s => s.Name)) is { Length: > 0 } names ? $"{what}: {names}" : null;

    private static string? Moved(string what, IEnumerable<MixShare> shares) =>
        string.Join(", ", shares.Select(s => $"{s.Name} from {s.ShareBefore:0%} to {s.ShareNow:0%}")) is { Length: > 0 } names ? $"{what}: {names}" : null;
}
