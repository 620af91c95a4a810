namespace HealthEval.Reports.Workbook;

/// <summary>Runs of benchmarks over time: all judgements up to the end of the week, whenever the answers were judged. There is no sheet where there is no
/// run.</summary>
internal static class BenchmarksSheet
{
    public static void Write(Book book)
    {
        var readings = File.Exists(book.Week.At(ReportFiles.Benchmarks)) ? JsonLines.Read<BenchmarkReading>(book.Week.At(ReportFiles.Benchmarks)).ToList() : [];
        if (readings.Count == 0)
        {
            return;
        }

        var report = book.Week.Project.Report;
        var scores = new BenchmarkScores(readings, report?.Candidate, report?.Baseline);
        var pen = book.Sheet("Benchmarks", Look.Ink);
        pen.Title("Benchmarks", "A run is one model's answers to one version of a benchmark on one day. All judgements up to the end of this week count, not only those of this week.");
        pen.Note("Score of one reading = Σ points of met criteria ÷ Σ positive points; of an axis, over its criteria; of a theme, over its prompts. A run's score is the mean, clipped to 0–1; the interval resamples prompts.");
        pen.Skip();
        pen.Heading("Scores by run");
        pen.Table("BenchmarkScores", Scores, scores.Scores.Select(one => (object?[])
            [one.BenchmarkId, one.Version, one.Model, $"{one.Date:yyyy-MM-dd}", Said(one.What), one.Value is { } score ? score : one.Mean, one.Low is { } low
                ? low : "–", one.High is { } high ? high : "–", one.Judged, one.Readings, one.Covered, one.Prompts, one.Simulated, Pen.Remark(one.Mean)]));
        pen.Heading(report is { Candidate: { } candidate, Baseline: { } baseline } ? $"Latest run of {candidate} against latest run of {baseline}"
            : "Each run against the one before it");
        pen.Note("The mean difference on the prompts that were judged in both runs, prompt by prompt. Runs of different versions are not compared: their rubrics differ.");
        pen.Note("What no prompt was judged for in both runs is left out.");
        pen.Table("BenchmarkChanges", Changes, scores.Changes.Where(one => one.Prompts > 0).Select(one => (object?[])
            [one.BenchmarkId, one.Version, OnTwoLines(one.Candidate), OnTwoLines(one.Baseline), Said(one.What), one.Difference, .. Pen.Limits(one.Difference), one.Prompts,
                Pen.Remark(one.Difference)]), "There are no two runs of one version with a prompt that was judged in both.");
        if (scores.Machines.Count > 0)
        {
            pen.Heading("Grades of automatic graders");
            pen.Note("These came in the files of the answers. They are a machine's: no figure above, and none on any other sheet, has them in it.");
            pen.Note("The difference is the grader's score less the mean of the people's, on the answers that both read.");
            pen.Table("MachineScores", Machines, scores.Machines.Select(one => (object?[])
                [one.BenchmarkId, one.Version, one.Model, $"{one.Date:yyyy-MM-dd}", one.Judge, one.Value is { } score ? score : one.Mean, one.Prompts,
                    one.Difference, .. Pen.Limits(one.Difference), one.Both, Pen.Remark(one.Difference)]));
        }
    }

    /// <summary>The model and its day, which would break inside of the day.</summary>
    private static string OnTwoLines(string run) => run.LastIndexOf(", ", StringComparison.Ordinal) is > 0 and var at ? $"{run[..(at + 1)]}\n{run[(at + 2)..]}" : run;

    /// <summary>'theme:emergency_referrals' in words, so that it breaks between them.</summary>
    private static string Said(string what) =>
        what is BenchmarkReading.All ? "Whole rubric" : string.Concat(what[..1].ToUpperInvariant(), what.AsSpan(1)).Replace(":", ": ", StringComparison.Ordinal)
            .Replace('_', ' ');

    private static readonly IReadOnlyList<Column> Machines =
    [
        Column.Text("Benchmark", 24), Column.Number("Version", Look.Count), Column.Text("Model", 26), Column.Text("Date", 28), Column.Text("Grader", 34),
            Column.Number("Score", Look.Score), Column.Number("Prompts graded", Look.Count), Column.Number("Less people's", Look.Score),
        Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score), Column.Number("Answers both read", Look.Count), Column.Text("Remark", 26),
    ];

    private static readonly IReadOnlyList<Column> Scores =
    [
        Column.Text("Benchmark", 24), Column.Number("Version", Look.Count), Column.Text("Model", 26), Column.Text("Date", 28), Column.Text("What", 34),
            Column.Number("Score", Look.Score), Column.Number("95% low", Look.Score),
        Column.Number("95% high", Look.Score), Column.Number("Prompts judged", Look.Count), Column.Number("Readings", Look.Count),
            Column.Number("Prompts answered", Look.Count), Column.Number("Prompts in it", Look.Count),
        Column.Text("Simulated", 11), Column.Text("Remark", 26),
    ];

    private static readonly IReadOnlyList<Column> Changes =
    [
        Column.Text("Benchmark", 24), Column.Number("Version", Look.Count), Column.Text("Run", 26), Column.Text("Against", 28), Column.Text("What", 34),
            Column.Number("Difference", Look.Score),
        Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score), Column.Number("Prompts in common", Look.Count), Column.Text("Remark", 26),
    ];
}
