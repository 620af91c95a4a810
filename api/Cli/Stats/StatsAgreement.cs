using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Agreement measures of <c>healtheval stats</c>.</summary>
internal static class StatsAgreement
{
    private const string Group = "Agreement";
    private const string Ratings = "ratings: long (unit, rater, value), wide (a column per rater), a count table (a column per level) or a contingency table of two raters";
    private const string Raters = "ratings with raters: long or wide";
    private const string TwoRaters = "ratings of two raters (long, wide, or a contingency table); choose two with --raters A,B";

    public static readonly StatsMeasure[] Measures =
    [
        new("percent-agreement", ["agreement", "percent", "pa", "po", "observed-agreement", "raw-agreement", "agree", "within-1", "percent-agreement-within-1"], Group, Ratings,
            new("share of agreeing pairs of ratings per unit, averaged over units with two ratings or more; --tolerance 1 accepts neighbours",
                "how often two ratings of the same thing are the same", "it is not corrected for chance: with one common level it is high for careless raters too",
                "Fleiss 1971, eq. 2; Gwet 2014, §2.3"),
            PercentAgreement),
        new("cohen-kappa", ["kappa", "cohens-kappa", "cohen", "kappa2", "weighted-kappa", "cohen-weighted-kappa", "kappa-quadratic", "kappa-linear"], Group, TwoRaters,
            new("κ = (p_o − p_e)/(1 − p_e), p_e from each rater's own margins; weights by --weights", "agreement of two raters beyond what their margins give by chance",
                "it drops when one level is rare although agreement is high; the weights must be named with the value",
                "Cohen 1960, 1968; standard errors Fleiss, Cohen and Everitt 1969 (se: non-null, details.se0: null)"),
            (t, r) => TwoRaterAgreement.CohenKappa(Table(t!, r, out var w, DefaultWeights(r)), w, r.Confidence)),
        new("fleiss-kappa", ["fleiss", "fleiss-pi", "kappam-fleiss", "multi-rater-kappa", "fleiss-kappa-categories"], Group, Ratings,
            new("κ = (P̄ − P_e)/(1 − P_e), P_e from the pooled shares of the levels", "agreement of any number of raters beyond chance, raters taken as interchangeable",
                "it says nothing about single raters; like κ it suffers when one level is rare", "Fleiss 1971; test under no agreement and per category: Fleiss, Nee and Landis 1979; interval: Gwet 2014"),
            FleissKappa),
        new("conger-kappa", ["conger", "conger-kappa-raw", "light-generalized-kappa", "exact-fleiss-kappa", "kappam-fleiss-exact"], Group, Raters,
            new("as Fleiss' κ, with p_e averaged over pairs of raters' own margins", "Cohen's κ for any number of raters", "raters are not interchangeable here: permuting who said what changes it",
                "Conger 1980; Gwet 2014"),
            (t, r) => new StatsInput(t!, r).Matrix() is var m && Weights(r, m.Scale, out var reason) is { } w ? CongerKappa.Compute(m, w, r.Confidence) : Refused(r, reason)),
        new("scott-pi", ["scott", "pi", "scotts-pi"], Group, TwoRaters,
            new("π = (p_o − p_e)/(1 − p_e), p_e from the mean margins", "agreement of two interchangeable raters beyond chance", "for more raters use fleiss-kappa", "Scott 1955"),
            (t, r) => TwoRaterAgreement.ScottPi(Table(t!, r, out var w), w, r.Confidence)),
        new("krippendorff-alpha", ["alpha", "krippendorff", "krippendorffs-alpha", "k-alpha", "kalpha", "kripp-alpha", "krippen-alpha"], Group, Ratings,
            new("α = 1 − D_o/D_e over pairable values; δ² by --level: nominal, ordinal (Krippendorff's metric from the marginal frequencies), interval, ratio. "
                + "With --weights instead of --level: fixed agreement weights as irrCAC (its \"ordinal\" uses ranks only and gives another value)",
                "reliability of the data with any number of raters and gaps; 1 is perfect, 0 what chance gives", "a high α does not make the ratings right, only reproducible",
                "Krippendorff 2011; Hayes and Krippendorff 2007"),
            Alpha),
        new("gwet-ac", ["gwet", "gwet-ac1", "gwet-ac2", "ac1", "ac2", "gwets-ac1", "gwets-ac2", "ac"], Group, Ratings,
            new("AC = (p_a − p_e)/(1 − p_e), p_e = T_w/(q(q−1))·Σ π(1−π)", "agreement beyond chance that stays stable when one level is rare",
                "levels nobody used count: state the full scale with --levels", "Gwet 2008; Gwet 2014"),
            (t, r) => Framework(t!, r, GwetAgreement.Ac, TwoRaterAgreement.GwetAc)),
        new("brennan-prediger", ["bp", "bp-coeff", "brennan-prediger-kappa", "free-marginal-kappa", "randolph", "randolph-kappa", "s-score", "bennett-s", "pabak"], Group, Ratings,
            new("(p_a − p_e)/(1 − p_e), p_e = T_w/q²: every level equally likely", "agreement beyond uniform guessing", "levels nobody used count: state the full scale with --levels",
                "Brennan and Prediger 1981; Randolph 2005 for the same with free margins"),
            (t, r) => Framework(t!, r, GwetAgreement.BrennanPrediger, TwoRaterAgreement.BrennanPrediger)),
        new("icc", ["intraclass-correlation", "icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k", "icc11", "icc21", "icc31", "shrout-fleiss"], Group, Raters + ", numbers",
            new("mean squares of a one-way (1) or two-way (2, 3) analysis of variance; --form 1,1 2,1 3,1 (one rating) or 1,k 2,k 3,k (mean of k)",
                "share of the variance that lies between units: reliability of one rating or of the delivered mean", "forms differ by design: 3,* ignores that some raters are stricter",
                "Shrout and Fleiss 1979; McGraw and Wong 1996"),
            (t, r) => IntraclassCorrelation.Compute(new StatsInput(t!, r).Matrix(), Form(r), r.Confidence)),
        new("lin-ccc", ["ccc", "lin", "concordance", "lins-concordance", "concordance-correlation"], Group, Raters + ", numbers",
            new("2 s_xy/(s_x² + s_y² + (x̄ − ȳ)²)", "how close pairs of numbers lie to the line of identity", "unlike a correlation it falls when one rater is stricter; for more than two raters the overall coefficient has no interval here",
                "Lin 1989, corrected 2000; Barnhart, Haber and Song 2002"),
            (t, r) => Lin(new StatsInput(t!, r).Matrix(), r)),
        new("macro-f1", ["healthbench-meta", "meta-eval", "f1-agreement", "leave-one-out-f1"], Group, Raters + "; --item names the level that means yes (default: true, yes, met or 1)",
            new("F1 of \"yes\" and of \"no\" of each rater against every other rater's verdict on the same unit, averaged", "agreement on met/not met as HealthBench reports it", "not corrected for chance",
                "Arora and others 2025 (HealthBench), meta-evaluation; openai/simple-evals"),
            (t, r) => new StatsInput(t!, r).Matrix() is var m ? MacroF1.LeaveOneOut(m, r.Item ?? m.Scale.Labels.LastOrDefault(l => StatsValues.Truth(l) == true) ?? "yes") : null!),
        new("span-f1", ["span-character-f1", "character-f1", "char-f1", "span-agreement"], Group, StatsSpans.Columns,
            new("2|A∩B|/(|A|+|B|) over characters marked by two raters, all pairs and texts", "how much of the marked text is marked by both", "long spans dominate", "Dice 1945; Hripcsak and Rothschild 2005"),
            (t, r) => SpanAgreement.CharacterF1(StatsSpans.Read(t!, r), r.Resample)),
        new("span-matched-f1", ["matched-span-f1", "span-match", "span-precision-recall"], Group, StatsSpans.Columns,
            new("spans matched one to one at intersection over union ≥ --set overlap=0.5; 2·matches/(all spans)", "how many spans both found", "says nothing about how exactly the ends agree", "as span F1 in entity recognition"),
            (t, r) => SpanAgreement.MatchedF1(StatsSpans.Read(t!, r), r.Setting("overlap") ?? 0.5, r.Resample), "--set overlap=0.5"),
        new("krippendorff-u-alpha", ["u-alpha", "unitized-alpha", "unitizing-alpha", "alpha-u", "krippendorff-unitized-alpha"], Group, StatsSpans.Columns,
            new("α_U = 1 − D_o/D_e of units and gaps on a continuum", "agreement on where spans are, beyond chance", "heavily punishes a different cut of the same stretch", "Krippendorff 1995; 2004, §11.6"),
            (t, r) => SpanAgreement.UnitizedAlpha(StatsSpans.Read(t!, r))),
    ];

    /// <summary>The weights of a request on a scale; null with a reason when they do not fit it.</summary>
    public static AgreementWeights? Weights(StatsRequest request, Scale scale, out string? reason, WeightSet standard = WeightSet.Unweighted)
    {
        reason = null;
        if (request.Weights is { } named && Set(named) is null)
        {
            return StatsWeightFile.Read(new FileInfo(named), scale);
        }
        var set = request.Weights is { } name ? Set(name)!.Value : request.Level switch
        {
            MeasurementLevel.Nominal => WeightSet.Unweighted,
            MeasurementLevel.Ordinal => WeightSet.Ordinal,
            MeasurementLevel.Interval => WeightSet.Quadratic,
            MeasurementLevel.Ratio => WeightSet.Ratio,
            _ => standard,
        };
        reason = AgreementWeights.Refusal(set, scale);
        return reason is null ? AgreementWeights.Of(set, scale, set != WeightSet.Unweighted && request.DistanceByRank) : null;
    }

    public static WeightSet? Set(string name) => StatsTable.Plain(name) switch
    {
        "unweighted" or "identity" or "none" or "nominal" => WeightSet.Unweighted,
        "linear" or "equal" or "ciccettiallison" => WeightSet.Linear,
        "quadratic" or "squared" or "fleisscohen" => WeightSet.Quadratic,
        "ordinal" => WeightSet.Ordinal,
        "radical" => WeightSet.Radical,
        "ratio" => WeightSet.Ratio,
        "circular" => WeightSet.Circular,
        "bipolar" => WeightSet.Bipolar,
        _ => null,
    };

    private static Estimate Refused(StatsRequest request, string? reason) => Estimate.None(request.Measure.Name, reason ?? UndefinedReason.NotFinite);

    // "weighted-kappa" and "ac2" promise weights; without --weights they are quadratic, and the result says so.
    private static WeightSet DefaultWeights(StatsRequest request) => StatsTable.Plain(request.TypedName) switch
    {
        "weightedkappa" or "cohenweightedkappa" or "kappaquadratic" or "ac2" or "gwetac2" or "gwetsac2" => WeightSet.Quadratic,
        "kappalinear" => WeightSet.Linear,
        _ => WeightSet.Unweighted,
    };

    private static ContingencyTable Table(StatsTable table, StatsRequest request, out AgreementWeights weights, WeightSet standard = WeightSet.Unweighted)
    {
        var result = new StatsInput(table, request).Contingency();
        weights = Weights(request, result.Scale, out var reason, standard)
            ?? throw new StatsInputException($"These weights do not fit: {reason}. State the order of the labels with --levels low,mid,high.");
        return result;
    }

    private static Estimate Framework(
        StatsTable table, StatsRequest request,
        Func<ValueCounts, AgreementWeights, double, Resampling?, Estimate> many, Func<ContingencyTable, AgreementWeights, double, Estimate> two)
    {
        var input = new StatsInput(table, request);
        if (input.Shape == StatsShape.Square)
        {
            var square = Table(table, request, out var weights, DefaultWeights(request));
            return two(square, weights, request.Confidence);
        }
        var counts = input.Counts();
        return Weights(request, counts.Scale, out var reason, DefaultWeights(request)) is { } w ? many(counts, w, request.Confidence, request.ResampleIfAsked) : Refused(request, reason);
    }

    private static Estimate PercentAgreement(StatsTable? table, StatsRequest request)
    {
        var input = new StatsInput(table!, request);
        var tolerance = StatsTable.Plain(request.TypedName).EndsWith("within1", StringComparison.Ordinal) ? 1 : request.Tolerance;
        if (request.Weights is not null || input.Shape == StatsShape.Square)
        {
            return Framework(table!, request, GwetAgreement.Percent, TwoRaterAgreement.Percent);
        }
        var counts = input.Counts();
        return request.Bootstrap || tolerance != 0 || request.ClusterColumn is not null || AgreementWeights.Refusal(WeightSet.Unweighted, counts.Scale) is not null
            ? Agreement.Statistics.PercentAgreement.Compute(counts, tolerance, request.Resampling)
            : GwetAgreement.Percent(counts, AgreementWeights.Of(WeightSet.Unweighted, counts.Scale), request.Confidence);
    }

    private static Estimate FleissKappa(StatsTable? table, StatsRequest request)
    {
        var input = new StatsInput(table!, request);
        if (input.Shape == StatsShape.Square)
        {
            throw new StatsInputException($"{table!.Name} reads as a contingency table of two raters: use cohen-kappa or scott-pi, or say --format counts.");
        }
        var counts = input.Counts();
        return request.Weights is null && request.Level is null or MeasurementLevel.Nominal
            ? Agreement.Statistics.FleissKappa.Compute(counts, request.Confidence, request.ResampleIfAsked)
            : Weights(request, counts.Scale, out var reason) is { } w ? GwetAgreement.Fleiss(counts, w, request.Confidence, request.ResampleIfAsked) : Refused(request, reason);
    }

    private static Estimate Alpha(StatsTable? table, StatsRequest request)
    {
        if (request.Weights is not null)
        {
            return request.Level is null
                ? Framework(table!, request, GwetAgreement.Krippendorff, TwoRaterAgreement.Krippendorff)
                : throw new StatsInputException("Give krippendorff-alpha either --level (Krippendorff's metric) or --weights (fixed weights as irrCAC), not both: they are different definitions.");
        }
        var input = new StatsInput(table!, request);
        var counts = input.Shape == StatsShape.Square
            ? input.Contingency().ToCounts() ?? throw new StatsInputException($"{table!.Name} holds proportions; Krippendorff's metrics need counts. Fixed weights (--weights) do not.")
            : input.Counts();
        var level = request.Level ?? (request.Levels.Count > 0 && counts.Scale.Numbers is null ? MeasurementLevel.Ordinal : MeasurementLevel.Nominal);
        return KrippendorffAlpha.Compute(counts, level, request.Resample);
    }

    private static IccForm Form(StatsRequest request)
    {
        var typed = StatsTable.Plain(request.TypedName);
        var fromName = typed switch
        {
            "icc1" or "icc11" => "1,1",
            "icc2" or "icc21" => "2,1",
            "icc3" or "icc31" => "3,1",
            "icc1k" => "1,k",
            "icc2k" => "2,k",
            "icc3k" => "3,k",
            _ => null,
        };
        var form = request.Form ?? fromName ?? "2,1";
        return IntraclassCorrelation.Parse(form) ?? throw new StatsInputException($"'{form}' is not a form: use 1,1 2,1 3,1 1,k 2,k or 3,k.");
    }

    private static Estimate Lin(RatingMatrix matrix, StatsRequest request) =>
        matrix.Raters.Count > 2 ? LinConcordance.Overall(matrix) : LinConcordance.Compute(matrix, request.Confidence);
}
