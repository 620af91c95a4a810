using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Preference measures of <c>healtheval stats</c>.</summary>
internal static class StatsPreference
{
    private const string Group = "Preference";

    private const string Input = "comparisons: winner, loser[, count]; or a, b, winner (a name, A/B, first/second, tie); or first, second, wins of each[, ties]; or a square table of wins (row beats column)";

    public static readonly StatsMeasure[] Measures =
    [
        new("bradley-terry", ["bt", "bradleyterry", "bradley-terry-luce", "btm", "davidson", "rao-kupper"], Group, Input,
            new("logit P(i beats j) = λ_i − λ_j (+ position effect with --position); ties by --ties half, davidson or rao-kupper", "estimate: the log-likelihood; details.items: log ability, standard error, share, rank with simultaneous limits",
                "abilities are relative to the reference (--item); they say nothing about whether the best is good", "Bradley and Terry 1952; Davidson 1970; Rao and Kupper 1967; Agresti 2002, §10.6"),
            BradleyTerryOf),
        new("win-rate", ["winrate", "win-share", "preference-rate"], Group, Input + "; or --set wins= losses= ties= without a file",
            new("(wins + ½ ties)/comparisons; --set tie=0 counts a tie as no win, tie=-1 leaves ties out", "how often an item (--item) is preferred; Wilson limits, Clopper–Pearson in the details", "depends on the opponents: for several items use bradley-terry", "Wilson 1927; Clopper and Pearson 1934"),
            WinRate, "--set wins=N --set losses=N --set ties=N --set tie=0.5"),
        new("position-bias", ["order-bias", "first-position", "position-test"], Group, Input,
            new("share of decided comparisons won by the first position; exact sign test", "whether being shown first helps; 0.5 is no bias", "only fair when the order was random", "sign test (binomial)"),
            (t, r) => StatsPairs.Read(t!, r) is var pairs
                ? Preference.PositionBias((int)pairs.Sum(p => p.FirstWins), (int)pairs.Sum(p => p.SecondWins), r.Confidence) : null!),
    ];

    private static Estimate BradleyTerryOf(StatsTable? table, StatsRequest request)
    {
        var ties = StatsTable.Plain(request.TypedName) switch { "davidson" => TieModel.Davidson, "raokupper" => TieModel.RaoKupper, _ => request.Ties };
        var fit = BradleyTerry.Compute(StatsPairs.Read(table!, request), request.Item, ties, request.Position, request.Confidence);
        var z = Distributions.NormalQuantile((1 + request.Confidence) / 2);
        var items = fit.Items.Select(i => Details.Of(
            ("item", i.Item), ("logAbility", i.LogAbility), ("se", i.StandardError), ("ci", new[] { i.LogAbility - (z * i.StandardError), i.LogAbility + (z * i.StandardError) }),
            ("share", i.Share), ("rank", i.Rank), ("rankLow", i.RankLow), ("rankHigh", i.RankHigh))).ToArray();
        return fit.Summary.With("items", items).With("position", Effect(fit.PositionEffect)).With("tie", Effect(fit.TieParameter));
    }

    private static Details? Effect(Estimate? effect) => effect is null ? null : Details.Of(
        ("name", effect.Measure), ("estimate", effect.Value), ("se", effect.StandardError),
        ("ci", effect.Interval is { } i ? new[] { i.Lower, i.Upper } : null), ("z", effect.Details["z"]), ("pValue", effect.Details["pValue"]));

    private static Estimate WinRate(StatsTable? table, StatsRequest request)
    {
        var credit = request.Setting("tie") switch { null or 0.5 => TieCredit.Half, 0 => TieCredit.Loss, _ => TieCredit.LeftOut };
        if (table is null)
        {
            return Preference.WinRate(request.RequireCount("wins"), request.RequireCount("losses"), request.Setting("ties") is null ? 0 : request.RequireCount("ties"), credit, request.Confidence);
        }
        var pairs = StatsPairs.Read(table, request);
        var items = pairs.SelectMany(p => new[] { p.First, p.Second }).Distinct(StringComparer.Ordinal).ToArray();
        if (request.Item is { } named && !items.Contains(named, StringComparer.Ordinal))
        {
            throw new StatsInputException($"{table.Name} never compares '{named}'. Items: {string.Join(", ", items.Take(20))}.");
        }
        var all = items.Select(i => (Item: i, Rate: Of(pairs, i, credit, request.Confidence))).ToArray();
        var chosen = all.First(a => a.Item == (request.Item ?? items[0]));
        return chosen.Rate.With("item", chosen.Item).With("items", all.Select(a => Details.Of(
            ("item", a.Item), ("winRate", a.Rate.Value), ("ci", a.Rate.Interval is { } i ? new[] { i.Lower, i.Upper } : null), ("n", a.Rate.N.Units))).ToArray());
    }

    private static Estimate Of(IReadOnlyList<PairResult> pairs, string item, TieCredit credit, double confidence)
    {
        var wins = pairs.Sum(p => p.First == item ? p.FirstWins : p.Second == item ? p.SecondWins : 0);
        var losses = pairs.Sum(p => p.First == item ? p.SecondWins : p.Second == item ? p.FirstWins : 0);
        var ties = pairs.Where(p => p.First == item || p.Second == item).Sum(p => p.Ties);
        return Preference.WinRate((int)wins, (int)losses, (int)ties, credit, confidence);
    }
}
