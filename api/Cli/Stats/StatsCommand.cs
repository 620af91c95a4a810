using System.CommandLine;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary><c>healtheval stats FILE.csv --measure M</c>: every statistic of the product on a CSV file.</summary>
internal static class StatsCommand
{
    private static readonly Argument<FileInfo?> File = new("FILE") { Description = "CSV file (comma, semicolon or tab): long, wide, count table, contingency table, comparisons", Arity = ArgumentArity.ZeroOrOne, HelpName = "FILE.csv" };
    private static readonly Option<string?> Measure = new("--measure", "-m") { Description = "Which statistic; see the list below", HelpName = "M" };
    private static readonly Option<string?> Level = new("--level") { Description = "nominal, ordinal, interval or ratio (Krippendorff's metrics)", HelpName = "LEVEL" };
    private static readonly Option<string?> Weights = new("--weights", "-w") { Description = "unweighted, linear, quadratic, ordinal (irrCAC: by rank), radical, ratio, circular, bipolar, or a CSV file of weights", HelpName = "SET" };
    private static readonly Option<string?> Distance = new("--distance") { Description = "values (default) or rank: rank measures distance among the levels used, as R's irr does", HelpName = "HOW" };
    private static readonly Option<string?> Form = new("--form") { Description = "Form of icc: 1,1 2,1 3,1 1,k 2,k 3,k (default 2,1)", HelpName = "FORM" };
    private static readonly Option<double> Confidence = new("--ci", "--confidence") { Description = "Confidence level", DefaultValueFactory = _ => 0.95, HelpName = "0.95" };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of the random numbers", DefaultValueFactory = _ => Resampling.DefaultSeed, HelpName = "N" };
    private static readonly Option<int?> Draws = new("--draws") { Description = "Bootstrap resamples (default 1000; shares by cluster 20000); 0 leaves the bootstrap interval out", HelpName = "N" };
    private static readonly Option<bool> Bootstrap = new("--bootstrap") { Description = "Cluster bootstrap where a formula is the default" };
    private static readonly Option<string?> Interval = new("--interval") { Description = "How limits are read from a bootstrap: percentile (default), bca, or t (percentile at levels widened for few clusters)", HelpName = "KIND" };
    private static readonly Option<string?> Raters = new("--raters") { Description = "Only these raters (columns or names), separated by commas", HelpName = "A,B" };
    private static readonly Option<string?> Levels = new("--levels") { Description = "The full scale in order, used or not: 1,2,3,4,5 or 1-5 or low,mid,high", HelpName = "L1,L2,…" };
    private static readonly Option<string?> Missing = new("--missing") { Description = "Cells that mean missing, besides blank (default NA, N/A, NaN, null, ., *, ?, a dash)", HelpName = "T1,T2" };
    private static readonly Option<string> Format = new("--format") { Description = "auto, long, wide, counts or square (contingency table)", DefaultValueFactory = _ => "auto", HelpName = "SHAPE" };
    private static readonly Option<string?> Unit = new("--unit") { Description = "Column that names the unit", HelpName = "COL" };
    private static readonly Option<string?> Rater = new("--rater") { Description = "Column that names the rater", HelpName = "COL" };
    private static readonly Option<string?> Value = new("--value") { Description = "Column that holds the value", HelpName = "COL" };
    private static readonly Option<string?> Cluster = new("--cluster") { Description = "Column to resample by (the prompt)", HelpName = "COL" };
    private static readonly Option<string?> By = new("--by") { Description = "One result per value of this column", HelpName = "COL" };
    private static readonly Option<string?> Repeated = new("--repeats") { Description = "When a rater rated a unit twice: first, last or all", HelpName = "WHICH" };
    private static readonly Option<double> Tolerance = new("--tolerance") { Description = "Values at most this far apart agree (percent-agreement, self-consistency)", HelpName = "N" };
    private static readonly Option<string?> Item = new("--item", "--reference", "--positive", "--tag") { Description = "The item, reference, positive label or tag that a measure is about", HelpName = "NAME" };
    private static readonly Option<string?> Ties = new("--ties") { Description = "bradley-terry: half, davidson or rao-kupper", HelpName = "MODEL" };
    private static readonly Option<bool> Position = new("--position", "--home") { Description = "bradley-terry: estimate what the first position adds" };
    private static readonly Option<string[]> Set = new("--set") { Description = "A number a measure asks for; may be repeated", HelpName = "NAME=N", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> Explain = new("--explain") { Description = "Formula, source, what the value means and what it does not" };
    private static readonly Option<FileInfo?> Plot = new("--plot") { Description = "Write intervals or confusion matrices as SVG", HelpName = "OUT.svg" };
    private static readonly Option<bool> List = new("--list") { Description = "List all measures and their other names" };

    public static Command Build()
    {
        var command = new Command("stats", Description)
        {
            File, Measure, Level, Weights, Distance, Form, Confidence, Seed, Draws, Bootstrap, Interval, Raters, Levels, Missing, Format, Unit, Rater, Value, Cluster, By,
            Repeated, Tolerance, Item, Ties, Position, Set, Explain, Plot, List,
        };
        command.SetAction(Run);
        return command;
    }

    // Written out rather than made from the registry, which every start of the server would have to build; a test compares the two.
    internal const string Description = """
        Agreement, consensus, preference, scores, rater quality and planning on a CSV file.

        Measures:
          Agreement: percent-agreement, cohen-kappa, fleiss-kappa, conger-kappa, scott-pi, krippendorff-alpha, gwet-ac, brennan-prediger, icc, lin-ccc, macro-f1, span-f1, span-matched-f1, krippendorff-u-alpha
          Consensus: majority, dawid-skene, mace, weighted-mean
          Preference: bradley-terry, win-rate, position-bias
          Scores: mean, healthbench-score, mqm-penalty, factual-precision, factual-precision-lenient, f1-at-k, proportion, difference, hedges-g, harm-matrix
          Rater quality: gold-accuracy, sensitivity, signed-bias, self-consistency, straight-lining, pace, ewma, cusum, psi
          Planning (no file): items-for-proportion, items-for-mean, items-for-icc, raters-for-reliability, power, items-for-power, alpha-width, items-for-alpha

        'healtheval stats --list' adds other names; 'healtheval stats --measure M --explain' explains one.
        """;

    private static int Run(ParseResult parsed)
    {
        try
        {
            return Execute(parsed);
        }
        catch (StatsInputException wrong)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"healtheval: {wrong.Message}");
            return ExitCode.Usage;
        }
    }

    private static int Execute(ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(List))
        {
            foreach (var m in StatsMeasures.All)
            {
                output.WriteLine($"{m.Name,-26} {string.Join(", ", m.Aliases)}");
            }
            return ExitCode.Done;
        }
        var request = Request(parsed);
        var explain = parsed.GetValue(Explain);
        if (parsed.GetValue(File) is null && request.Settings.Count == 0 && (explain || request.Measure.NeedsFile))
        {
            if (explain)
            {
                output.Write(StatsOutput.Explain(request.Measure));
                return ExitCode.Done;
            }
            throw new StatsInputException($"'{request.Measure.Name}' needs a CSV file: {request.Measure.Input}.");
        }
        var results = Compute(parsed.GetValue(File), request);
        StatsUnused.Refuse(request, results, option => parsed.GetResult(option) is { Implicit: false }, parsed.CommandResult.Command.Options);
        if (parsed.GetValue(Plot) is { } plot)
        {
            WritePlot(plot, StatsPlot.Draw(request.Measure, results));
        }
        if (parsed.GetValue(CommandLine.JsonOutput))
        {
            output.Write(StatsOutput.Json(request.Measure, results, request.GroupColumn is not null, explain));
        }
        else
        {
            output.Write(StatsOutput.Text(request.Measure, results, explain));
        }
        return ExitCode.Done;
    }

    private static IReadOnlyList<StatsResult> Compute(FileInfo? file, StatsRequest request)
    {
        if (file is null)
        {
            return request.GroupColumn is null && request.ClusterColumn is null
                ? [new StatsResult(null, request.Measure.Run(null, request).With("shape", "no file: the numbers given with --set"))]
                : throw new StatsInputException("Totals say nothing about groups or clusters: --by and --cluster need a file.");
        }
        var table = StatsTools.Reshaped(StatsTable.Read(file), request);
        if (request.GroupColumn is not { } column)
        {
            return [new StatsResult(null, Result(table, request))];
        }
        var at = table.Require(column);
        StatsResult[] results = [.. table.Rows.GroupBy(r => r.Cells[at].Trim(), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new StatsResult(g.Key, Result(table with { Rows = [.. g] }, request)))];
        var flagged = request.Measure.Name == "difference" ? Differences.Flag([.. results.Select(r => r.Estimate)]) : [.. results.Select(r => r.Estimate)];
        return [.. results.Select((r, i) => r with { Estimate = flagged[i] })];
    }

    private static Estimate Result(StatsTable table, StatsRequest request)
    {
        var estimate = request.Measure.Run(table, request);
        estimate = request.LeftOut.Count > 0 ? estimate.With("columnsLeftOut", request.LeftOut.ToArray()) : estimate;
        estimate = request.Alike.Count > 0 ? estimate.With("differInCapitalsOnly", request.Alike.ToArray()) : estimate;
        return estimate.With("shape", request.ShapeRead ?? $"a row per record: columns {string.Join(", ", table.Header)}");
    }

    private static void WritePlot(FileInfo plot, string svg)
    {
        try
        {
            System.IO.File.WriteAllText(plot.FullName, svg);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StatsInputException($"{plot} cannot be written: {failure.Message}");
        }
    }

    private static StatsRequest Request(ParseResult p)
    {
        var name = p.GetValue(Measure) ?? throw new StatsInputException($"Say which statistic with --measure. Measures: {string.Join(", ", StatsMeasures.All.Select(m => m.Name))}.");
        var confidence = p.GetValue(Confidence) is var c and > 1 and < 100 ? c / 100 : p.GetValue(Confidence);
        return new StatsRequest
        {
            Measure = StatsMeasures.Find(name),
            TypedName = name,
            Level = StatsOptions.Level(p.GetValue(Level)),
            Weights = p.GetValue(Weights),
            DistanceByRank = StatsOptions.OneOf("--distance", p.GetValue(Distance), "values", "rank") == "rank",
            Form = p.GetValue(Form),
            Confidence = confidence is > 0 and < 1 ? confidence : throw new StatsInputException("--ci must be between 0 and 1, for example 0.95."),
            Seed = p.GetValue(Seed),
            GivenDraws = p.GetValue(Draws) is var draws and (null or >= 0 and <= 1_000_000) ? draws : throw new StatsInputException("--draws must be from 0 to 1,000,000."),
            Bootstrap = p.GetValue(Bootstrap),
            Interval = StatsOptions.OneOf("--interval", p.GetValue(Interval), "percentile", "bca", "t") switch
            {
                "bca" => BootstrapInterval.BiasCorrectedAccelerated,
                "t" => BootstrapInterval.Expanded,
                _ => BootstrapInterval.Percentile,
            },
            Raters = StatsOptions.List(p.GetValue(Raters)),
            Levels = StatsOptions.Levels(p.GetValue(Levels)),
            Missing = p.GetValue(Missing) is { } missing ? StatsOptions.List(missing) : null,
            Format = StatsOptions.OneOf("--format", p.GetValue(Format), "auto", "long", "wide", "counts", "square") ?? "auto",
            UnitColumn = p.GetValue(Unit),
            RaterColumn = p.GetValue(Rater),
            ValueColumn = p.GetValue(Value),
            ClusterColumn = p.GetValue(Cluster),
            GroupColumn = p.GetValue(By),
            Repeats = StatsOptions.Repeats(p.GetValue(Repeated)),
            Tolerance = p.GetValue(Tolerance) is var t and >= 0 ? t : throw new StatsInputException("--tolerance must be 0 or more."),
            Item = p.GetValue(Item),
            Ties = StatsOptions.Ties(p.GetValue(Ties)),
            Position = p.GetValue(Position),
            Settings = StatsOptions.Settings(p.GetValue(Set) ?? []),
        };
    }
}
