using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Option texts as values, each with a sentence when it does not fit.</summary>
internal static class StatsOptions
{
    public static string? OneOf(string option, string? text, params string[] allowed) => text is null || allowed.Contains(text, StringComparer.OrdinalIgnoreCase)
        ? text?.ToLowerInvariant()
        : throw new StatsInputException($"{option} '{text}' is not one of {string.Join(", ", allowed)}.");

    public static MeasurementLevel? Level(string? text) => OneOf("--level", text, "nominal", "ordinal", "interval", "ratio") is { } level ? Enum.Parse<MeasurementLevel>(level, ignoreCase: true) : null;

    public static Repeats? Repeats(string? text) => OneOf("--repeats", text, "first", "last", "all") is { } which ? Enum.Parse<Repeats>(which, ignoreCase: true) : null;

    public static TieModel Ties(string? text) => OneOf("--ties", text, "half", "davidson", "rao-kupper") switch
    {
        "davidson" => TieModel.Davidson,
        "rao-kupper" => TieModel.RaoKupper,
        _ => TieModel.HalfWin,
    };

    public static string[] List(string? text) => text is null ? [] : [.. text.Split(',').Select(x => x.Trim()).Where(x => x.Length > 0)];

    /// <summary>"low,mid,high", "1,2,3", "1-5" or "1..5".</summary>
    public static string[] Levels(string? text)
    {
        if (text is null)
        {
            return [];
        }
        var ends = text.Split(text.Contains("..", StringComparison.Ordinal) ? ".." : "-");
        if (ends.Length == 2 && int.TryParse(ends[0], out var from) && int.TryParse(ends[1], out var to) && to > from && to - from < 10_000)
        {
            return [.. Enumerable.Range(from, to - from + 1).Select(i => i.ToString())];
        }
        var levels = List(text);
        return levels.Length >= 2 && levels.Distinct(StringComparer.Ordinal).Count() == levels.Length
            ? levels
            : throw new StatsInputException("--levels needs two different levels or more, low to high: 1,2,3,4,5 or 1-5 or low,mid,high.");
    }

    public static Dictionary<string, double> Settings(string[] pairs)
    {
        var settings = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in pairs.SelectMany(p => p.Split(',')))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            settings[at > 0 ? pair[..at].Trim() : ""] = at > 0 && StatsValues.Number(pair[(at + 1)..]) is { } n ? n : throw new StatsInputException($"--set '{pair}' is not NAME=NUMBER.");
        }
        return settings;
    }
}
