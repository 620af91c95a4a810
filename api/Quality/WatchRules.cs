using HealthEval.Agreement.Statistics;
using HealthEval.Projects;

namespace HealthEval.Quality;

/// <summary>A rule that fired: its figure, and why in words for the lead and for the rater.</summary>
internal sealed record Fired(string Rule, NoticeFigure Figure, string Words);

/// <summary>
/// When the watch over a rater tells. Each rule asks for a figure whose whole interval lies beyond its limit, or for a control chart out of its
/// limits, so that chance alone hardly ever fires it; docs/raters.md has the measured rates. Pure.
/// </summary>
internal static class WatchRules
{
    /// <summary>Below, a rule says nothing.</summary>
    public const int Fewest = 5;

    /// <summary>Below, nobody is paused.</summary>
    public const int FewestToPause = 10;

    /// <summary>So many judgements later a rule that still holds tells again.</summary>
    private const int TellAgainAfter = 50;

    private const double LeastAccuracy = 0.6;
    private const double LeastSensitivity = 0.7;
    private const double MostFalseAlarms = 0.3;
    private const double MostStraight = 0.6;
    private const double MostReused = 0.5;
    private const double MostPace = 3;
    private const double GoldSlack = 0.5; // points that a rater may be off without it being drift
    private const double GoldLimit = 2.5;
    private const double SeverityWidth = 4;
    private const int PaceWindow = 20;

    /// <summary>Of every rule that holds now, in a fixed order.</summary>
    /// <param name="peerPace">Median words per minute of the others in the project; null where there are too few.</param>
    public static IEnumerable<Fired> Of(RaterWatch watch, double? peerPace) =>
        new[] { Accuracy(watch), Criticals(watch), Alarms(watch), GoldError(watch), Severity(watch), Straight(watch), Reuse(watch), Pace(watch, peerPace) }.OfType<Fired>();

    /// <summary>What the lead is told now: what they have not been told lately, and once more when there is enough to pause somebody.</summary>
    public static List<Fired> Due(QualitySettings settings, RaterWatch watch, double? peerPace) =>
    [
        .. Of(watch, peerPace).Where(fired => settings.ActionOf(fired.Rule) != "off"
            && (!watch.Told.TryGetValue(fired.Rule, out var at) || watch.Judged - at >= TellAgainAfter || Pauses(settings, fired))),
    ];

    public static bool Pauses(QualitySettings settings, Fired fired) => settings.ActionOf(fired.Rule) == "pause" && fired.Figure.N >= FewestToPause;

    private static Fired? Accuracy(RaterWatch watch) =>
        Below("gold_accuracy", watch.Gold.Count(gold => gold.Right), watch.Gold.Count, LeastAccuracy, "of items with a known right judgement were scored as experts score them");

    private static Fired? Criticals(RaterWatch watch) => Below(
        "missed_criticals", watch.Gold.Sum(gold => gold.Found), watch.Gold.Sum(gold => gold.Planted), LeastSensitivity, "of the critical errors that experts had marked were found");

    private static Fired? Alarms(RaterWatch watch) => Above(
        "false_alarms", watch.Gold.Count(gold => gold.FalseAlarm == true), watch.Gold.Count(gold => gold.FalseAlarm is not null), MostFalseAlarms, "of answers without a serious error were said to have one");

    private static Fired? Straight(RaterWatch watch) => Above(
        "straight_lining", watch.Recent.Count(one => one.Straight == true), watch.Recent.Count(one => one.Straight is not null), MostStraight, "of the last judgements give every dimension the same score");

    private static Fired? Reuse(RaterWatch watch)
    {
        List<string> texts = [.. watch.Recent.Select(one => one.Text).OfType<string>()];
        return Above("text_reuse", texts.Count - texts.Distinct().Count(), texts.Count, MostReused, "of the last rationales are the text of an earlier one");
    }

    /// <summary>Too fast only: nobody is told on for being slow.</summary>
    private static Fired? Pace(RaterWatch watch, double? peerPace)
    {
        List<double> paces = [.. watch.Recent.Select(one => one.WordsPerMinute).OfType<double>().TakeLast(PaceWindow)];
        if (peerPace is not { } peers || paces.Count < FewestToPause)
        {
            return null;
        }

        var pace = RaterQuality.Pace(paces);
        return pace.Interval is { } interval && interval.Lower > MostPace * peers
            ? new Fired(
                "pace", new NoticeFigure("pace", pace.Value!.Value, interval.Lower, interval.Upper, paces.Count, MostPace * peers),
                $"The median of the last {paces.Count} judgements is {pace.Value:0} words a minute, with the time at sources; the others' is {peers:0}.")
            : null;
    }

    private static Fired? GoldError(RaterWatch watch)
    {
        List<double> errors = [.. watch.Gold.Select(gold => gold.Error).OfType<double>()];
        var chart = ControlCharts.Cusum(errors, target: 0, GoldSlack, GoldLimit);
        return errors.Count >= Fewest && chart.Points[^1] is { Signal: true } last
            ? new Fired(
                "gold_error", new NoticeFigure("cusum", last.Value, null, null, errors.Count, GoldLimit),
                $"Scores of items with a known right judgement have drifted {(last.Upper > last.Lower ? "above" : "below")} the experts': the cumulative sum is {last.Value:0.0} points (limit {GoldLimit:0.0}).")
            : null;
    }

    private static Fired? Severity(RaterWatch watch)
    {
        List<double> series = [.. watch.Recent.Select(one => one.Severity).OfType<double>()];
        var chart = ControlCharts.Ewma(series, target: 0, sigma: 1, width: SeverityWidth);
        return series.Count >= Fewest && chart.Points[^1] is { Signal: true } last
            ? new Fired(
                "severity", new NoticeFigure("ewma", last.Value, null, null, series.Count, last.Value > 0 ? last.Upper : last.Lower),
                $"Scores have become {(last.Value > 0 ? "more lenient" : "stricter")} than the others': the moving average is {last.Value:+0.0;−0.0} standard deviations (limit {last.Upper:0.0}).")
            : null;
    }

    private static Fired? Below(string rule, int successes, int trials, double limit, string what) =>
        trials >= Fewest && Proportions.Wilson(successes, trials) is { Interval: { } interval } share && interval.Upper < limit ? Say(rule, share, limit, what) : null;

    private static Fired? Above(string rule, int successes, int trials, double limit, string what) =>
        trials >= Fewest && Proportions.Wilson(successes, trials) is { Interval: { } interval } share && interval.Lower > limit ? Say(rule, share, limit, what) : null;

    private static Fired Say(string rule, Estimate share, double limit, string what) => new(
        rule, new NoticeFigure("proportion", share.Value!.Value, share.Interval!.Lower, share.Interval.Upper, share.N.Units, limit),
        $"{share.Details.Number("successes"):0} of {share.N.Units} {what} ({share.Value:P0}, 95 % interval {share.Interval.Lower:P0} to {share.Interval.Upper:P0}; limit {limit:P0})."
            .Replace(" %", "\u00a0%", StringComparison.Ordinal));
}
