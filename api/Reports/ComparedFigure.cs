using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports;

/// <summary>One figure of a candidate beside that of a baseline, on the prompts that both answered.</summary>
/// <param name="Difference">Candidate − baseline, with p adjusted for the family; for the win rate its distance from one half.</param>
/// <param name="Margin">How much worse still counts as not worse.</param>
/// <param name="Prompts">With a value of both.</param>
/// <param name="Level">At which Holm's adjustment tests this figure among its family.</param>
internal sealed record ComparedFigure(
    string Key, string Name, string Format, bool HigherIsBetter, double? Candidate, double? Baseline, Estimate Difference, double Margin, int Prompts, double Level = 0.05)
{
    /// <summary>Power that the number of prompts still wanted is planned for.</summary>
    public const double Power = 0.8;

    private double Sign => HigherIsBetter ? 1 : -1;

    private double? Gain => Sign * Difference.Value;

    private (double Low, double High)? Limits => Difference.Interval is not { } i ? null : HigherIsBetter ? (i.Lower, i.Upper) : (-i.Upper, -i.Lower);

    /// <summary>The interval excludes 0, also after adjustment for the family.</summary>
    public bool IsDecided => Difference.Details["flagged"] is true && Limits is { } l && (l.Low > 0 || l.High < 0);

    /// <summary>better, worse, not worse (by more than the margin) or undecided.</summary>
    public string Verdict => (Limits, Gain) switch
    {
        (null, _) => "undecided",
        ({ Low: var low }, _) when low > 0 && IsDecided => "better",
        ({ Low: var low }, _) when low > -Margin => "not worse",
        ({ High: var high }, _) when high < 0 && IsDecided => "worse",
        _ => "undecided",
    };

    /// <summary>
    /// Prompts beyond those there are that would decide with a power of 80%, if the difference and its spread stay as observed: that it is no worse than the margin, or, at the
    /// level of the family, that it is worse. Null where it is decided, or nothing can be said.
    /// </summary>
    public int? MorePrompts
    {
        get
        {
            if (Verdict != "undecided" || Gain is not { } gain || Difference.StandardError is not { } se || Prompts < 2)
            {
                return null;
            }

            var sd = se * Math.Sqrt(Prompts / 2.0); // so that the variance of a prompt's difference is 2·sd²
            double?[] wanted =
            [
                gain + Margin > 0 ? Planning.ItemsForPower(gain + Margin, sd, Power).Value : null,
                gain < 0 ? Planning.ItemsForPower(-gain, sd, Power, level: Level).Value : null,
            ];
            return wanted.Min() is { } least && least is > 0 and < 1e6 ? Math.Max(1, (int)least - Prompts) : null;
        }
    }

    public string Words => Difference.Value is null ? Sentence.Of(Difference.Undefined!)
        : Limits is null ? "no interval: one prompt only"
        : Verdict switch
        {
            "not worse" => $"not worse by more than {Show(Margin)}",
            "undecided" => MorePrompts is { } more ? $"undecided: about {more:N0} more {(more == 1 ? "prompt" : "prompts")} would decide" : "undecided",
            var word => word,
        };

    public string Show(double value) => Format switch
    {
        "rate" => (value * 100).ToString("0.#") + " points",
        "index" => value.ToString("0.#"),
        _ => value.ToString("0.##"),
    };
}
