using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports;

/// <summary>A run's score on the whole benchmark, an axis or a theme: the mean of the readings' scores, clipped to 0–1 as HealthBench does, with an
/// interval that resamples prompts.</summary>
/// <param name="What">"all", a tag such as "axis:accuracy", or "theme:emergency_referrals".</param>
internal sealed record BenchmarkScore(string RunId, string BenchmarkId, int Version, string Model, DateOnly Date, int Covered, int Prompts, string What,
    Estimate Mean, int Judged, int Readings, bool Simulated)
{
    public double? Value => Clipped(Mean.Value);

    public double? Low => Clipped(Mean.Interval?.Lower);

    public double? High => Clipped(Mean.Interval?.Upper);

    private static double? Clipped(double? score) => score is { } value ? Math.Clamp(value, 0, 1) : null;
}

/// <summary>How two runs differ on the prompts that were judged in both, prompt by prompt.</summary>
internal sealed record BenchmarkChange(string BenchmarkId, int Version, string Candidate, string Baseline, string What, Estimate Difference, int Prompts);

/// <summary>What an automatic grader gave the answers of a run, and by how much that differs from people's readings of the same answers.</summary>
/// <param name="Difference">The grader's score less the mean of the people's, answer by answer.</param>
/// <param name="Prompts">That the grader read.</param>
/// <param name="Both">Answers that people read too.</param>
internal sealed record MachineScore(string RunId, string BenchmarkId, int Version, string Model, DateOnly Date, string Judge, Estimate Mean, int Prompts,
    Estimate Difference, int Both)
{
    public double? Value => Mean.Value is { } score ? Math.Clamp(score, 0, 1) : null;
}

/// <summary>The runs of a project's benchmarks, compared.</summary>
internal sealed class BenchmarkScores
{
    private const string Theme = "theme:";

    /// <param name="readings">Of all runs.</param>
    /// <param name="candidate">Whose runs are compared with those of <paramref name="baseline"/>; unless said, each run with the one before it.</param>
    public BenchmarkScores(IEnumerable<BenchmarkReading> readings, string? candidate = null, string? baseline = null)
    {
        var all = readings.ToList();
        Machines = MachineScores(all);
        var runs = all.Where(reading => reading.Judge is null).GroupBy(reading => reading.RunId, StringComparer.Ordinal)
            .Select(run => (First: run.First(), All: run.ToList()))
            .OrderBy(run => run.First.BenchmarkId, StringComparer.Ordinal).ThenBy(run => run.First.Version).ThenBy(run => run.First.Date)
                .ThenBy(run => run.First.Model, StringComparer.Ordinal).ToList();
        Scores = [.. runs.SelectMany(run => Subjects(run.All).Select(what => Score(run.First, run.All, what)))];
        Changes =
        [
            .. runs.GroupBy(run => (run.First.BenchmarkId, run.First.Version)).SelectMany(versions => Pairs([.. versions.Select(run => run.All)], candidate,
                baseline))
                .SelectMany(pair => Subjects([.. pair.Candidate, .. pair.Baseline]).Select(what => Change(pair.Candidate, pair.Baseline, what))),
        ];
    }

    public IReadOnlyList<BenchmarkScore> Scores { get; }

    public IReadOnlyList<BenchmarkChange> Changes { get; }

    /// <summary>Of automatic graders; no other figure has them in it.</summary>
    public IReadOnlyList<MachineScore> Machines { get; }

    private static List<MachineScore> MachineScores(List<BenchmarkReading> readings)
    {
        var people = readings.Where(reading => reading.Judge is null && reading.Scores.ContainsKey(BenchmarkReading.All))
            .GroupBy(reading => (reading.RunId, reading.TaskId, reading.ResponseId))
                .ToDictionary(answer => answer.Key, answer => answer.Average(reading => reading.Scores[BenchmarkReading.All]));
        return [.. readings.Where(reading => reading.Judge is not null && reading.Scores.ContainsKey(BenchmarkReading.All))
            .GroupBy(reading => (reading.BenchmarkId, reading.Version, reading.Date, reading.Model, reading.RunId, Judge: reading.Judge!))
            .OrderBy(run => run.Key.BenchmarkId, StringComparer.Ordinal).ThenBy(run => run.Key.Version).ThenBy(run => run.Key.Date)
            .ThenBy(run => run.Key.Model, StringComparer.Ordinal).ThenBy(run => run.Key.Judge, StringComparer.Ordinal)
            .Select(run => Machine([.. run.OrderBy(reading => reading.TaskId, StringComparer.Ordinal)], people))];
    }

    private static MachineScore Machine(IReadOnlyList<BenchmarkReading> run, Dictionary<(string, string, string), double> people)
    {
        var both = run.Where(reading => people.ContainsKey((reading.RunId, reading.TaskId, reading.ResponseId))).ToList();
        var first = run[0];
        return new MachineScore(
            first.RunId, first.BenchmarkId, first.Version, first.Model, first.Date, first.Judge!,
            ClusterMean.Compute([.. run.Select(reading => reading.Scores[BenchmarkReading.All])], [.. run.Select(reading => reading.PromptId)],
                Figures.Resampling, "benchmark score"),
            run.Select(reading => reading.PromptId).Distinct().Count(),
            ClusterMean.Compute(
                [.. both.Select(reading => reading.Scores[BenchmarkReading.All] - people[(reading.RunId, reading.TaskId, reading.ResponseId)])],
                    [.. both.Select(reading => reading.PromptId)], Figures.Resampling, "difference"),
            both.Count);
    }

    /// <summary>Axes and themes before the many clusters, of which each has a few prompts.</summary>
    private static IEnumerable<string> Subjects(IReadOnlyList<BenchmarkReading> readings) => readings.SelectMany(reading => reading.Scores.Keys)
        .Concat(readings.Select(reading => reading.Theme).OfType<string>().Select(theme => Theme + theme)).Append(BenchmarkReading.All).Distinct()
        .OrderBy(what => what is BenchmarkReading.All ? 0 : what.StartsWith("axis:", StringComparison.Ordinal) ? 1
            : what.StartsWith(Theme, StringComparison.Ordinal) ? 2 : what.StartsWith("level:", StringComparison.Ordinal) ? 3 : 4)
        .ThenBy(what => what, StringComparer.Ordinal);

    /// <summary>A theme's score is the whole rubric's on its prompts.</summary>
    private static IEnumerable<(string Prompt, double Score)> Of(IEnumerable<BenchmarkReading> readings, string what) => what.StartsWith(Theme,
        StringComparison.Ordinal)
        ? Of(readings.Where(reading => reading.Theme == what[Theme.Length..]), BenchmarkReading.All)
        : readings.Where(reading => reading.Scores.ContainsKey(what)).Select(reading => (reading.PromptId, reading.Scores[what]));

    private static BenchmarkScore Score(BenchmarkReading run, IReadOnlyList<BenchmarkReading> readings, string what)
    {
        var scores = Of(readings, what).ToList();
        var mean = ClusterMean.Compute([.. scores.Select(one => one.Score)], [.. scores.Select(one => one.Prompt)], Figures.Resampling, "benchmark score");
        return new BenchmarkScore(
            run.RunId, run.BenchmarkId, run.Version, run.Model, run.Date, run.Covered, run.Prompts, what, mean, scores.Select(one => one.Prompt).Distinct()
                .Count(), scores.Count,
            readings.Any(reading => reading.Simulated));
    }

    private static IEnumerable<(List<BenchmarkReading> Candidate, List<BenchmarkReading> Baseline)> Pairs(IReadOnlyList<List<BenchmarkReading>> byDate,
        string? candidate, string? baseline)
    {
        if (candidate is not null && baseline is not null)
        {
            var (last, before) = (byDate.LastOrDefault(run => run[0].Model == candidate), byDate.LastOrDefault(run => run[0].Model == baseline));
            return last is not null && before is not null ? [(last, before)] : [];
        }

        return byDate.Skip(1).Select((run, i) => (run, byDate[i]));
    }

    private static BenchmarkChange Change(List<BenchmarkReading> candidate, List<BenchmarkReading> baseline, string what)
    {
        var before = Means(baseline, what);
        var differences = Means(candidate, what).Where(one => before.ContainsKey(one.Key)).OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => one.Value - before[one.Key]).ToList();
        var (now, then) = (candidate[0], baseline[0]);
        return new BenchmarkChange(
            now.BenchmarkId, now.Version, $"{now.Model}, {now.Date:yyyy-MM-dd}", $"{then.Model}, {then.Date:yyyy-MM-dd}", what,
                ClusterMean.Compute(differences, null, Figures.Resampling, "difference"), differences.Count);
    }

    private static Dictionary<string, double> Means(IEnumerable<BenchmarkReading> readings, string what) =>
        Of(readings, what).GroupBy(one => one.Prompt, StringComparer.Ordinal).ToDictionary(prompt => prompt.Key, prompt => prompt.Average(one => one.Score),
            StringComparer.Ordinal);
}
