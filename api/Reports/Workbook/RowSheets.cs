using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Guidelines;

namespace HealthEval.Reports.Workbook;

/// <summary>The long sheets: one row per response, rating, claim or span, read from the export files as they are written.</summary>
internal static class RowSheets
{
    private static readonly Column[] Scores = [.. Vocabulary.Dimensions.Select(d => Column.Number(char.ToUpperInvariant(d[0]) + d[1..], "0", 11))];

    public static void Items(Book book) => book.Long(new LongSheet(
        "Items", "Items",
        [
            Column.Text("Task", 22, wrap: false), Column.Text("Prompt", 20, wrap: false), Column.Text("Response", 22, wrap: false), Column.Text("Model", 20, wrap: false), Column.Text("Sub-domain", 14, wrap: false), Column.Text("Audience", 12, wrap: false),
            Column.Text("Risk", 11, wrap: false), Column.Text("Language", 10, wrap: false), Column.Number("Words", Look.Count), Column.Number("Raters", Look.Count),
            .. Scores.Select(s => s with { Header = "Mean " + s.Header.ToLowerInvariant(), Format = Look.Score }),
            Column.Number("Mean of all", Look.Score), Column.Number("SD of raters", Look.Score), Column.Number("Range", "0"), Column.Text("Harm at worst", 12, wrap: false), Column.Number("Raters who found harm ≥ moderate", Look.Count, 12), Column.Number("of raters who judged harm", Look.Count, 12),
            Column.Number("Errors", Look.Count), Column.Number("Penalty", Look.Count), Column.Number("Penalty per rater and 100 words", Look.Score, 12), Column.Number("Critical", Look.Count), Column.Number("Claims", Look.Count), Column.Text("Response SHA-256", 20, wrap: false),
            Column.Text("Theme", 18, wrap: false), Column.Text("Task type", 18, wrap: false),
        ],
        () => book.Week.Rows.GroupBy(r => r.Rated.Unit, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Item([.. g])),
        "No response was rated in this week."));

    public static void RawRatings(Book book) => book.Long(new LongSheet(
        "Raw ratings", "RawRatings",
        [
            Column.Text("Task", 22, wrap: false), Column.Text("Prompt", 20, wrap: false), Column.Text("Response", 22, wrap: false), Column.Text("Model", 20, wrap: false), Column.Text("Rater", 16, wrap: false), Column.Text("Simulated", 11, wrap: false),
            Column.Number("Submitted (UTC)", Look.Time, 16), .. Scores, Column.Text("Harm extent", 12, wrap: false), Column.Text("Likelihood", 11, wrap: false), Column.Text("Mechanism", 12, wrap: false),
            Column.Number("Overall", "0"), Column.Number("Confidence", "0"), Column.Text("Preference rank", 14, wrap: false), Column.Number("Active seconds", Look.Count), Column.Text("Flags", 16, wrap: false), Column.Text("Rationale", 60, wrap: false),
            Column.Text("Sub-domain", 14, wrap: false), Column.Text("Shown as", 9, wrap: false), Column.Text("Guideline", 14, wrap: false), Column.Text("Acknowledged gates", 22, wrap: false), Column.Text("Annotation", 36, wrap: false),
            Column.Text("Mode", 11, wrap: false), Column.Text("Own dimensions", 22, wrap: false),
        ],
        () => book.Week.Annotations().SelectMany(a => Ratings(book.Week.Item(a.TaskId), a)),
        "No judgement was submitted in this week."));

    public static void Claims(Book book) => book.Long(new LongSheet(
        "Claims", "Claims",
        [
            Column.Text("Task", 22, wrap: false), Column.Text("Prompt", 20, wrap: false), Column.Text("Response", 22, wrap: false), Column.Text("Model", 20, wrap: false), Column.Text("Rater", 16, wrap: false), Column.Text("Simulated", 11, wrap: false), Column.Number("No.", "0", 6),
            Column.Text("Claim", 60, wrap: false), Column.Text("Type", 20, wrap: false), Column.Text("Check", 10, wrap: false), Column.Text("Verdict", 18, wrap: false), Column.Text("Critical", 9, wrap: false), Column.Text("Correction", 50, wrap: false),
            Column.Number("Start", "0", 8), Column.Number("End", "0", 8), Column.Number("Sources", "0", 8), Column.Text("Best tier", 9, wrap: false), Column.Text("Evidence", 60, wrap: false), Column.Text("Annotation", 36, wrap: false),
        ],
        () => JsonLines.Read<ClaimExport>(book.Week.At(ReportFiles.Claims)).Select(Claim),
        "No claim was recorded in this week."));

    public static void Annotations(Book book) => book.Long(new LongSheet(
        "Annotations", "Annotations",
        [
            Column.Text("Task", 22, wrap: false), Column.Text("Prompt", 20, wrap: false), Column.Text("Response", 22, wrap: false), Column.Text("Model", 20, wrap: false), Column.Text("Rater", 16, wrap: false), Column.Text("Simulated", 11, wrap: false),
            Column.Text("Kind", 16, wrap: false), Column.Text("Code", 8, wrap: false), Column.Text("Severity", 10, wrap: false), Column.Number("Start", "0", 8), Column.Number("End", "0", 8), Column.Text("Passage", 60, wrap: false),
            Column.Text("Missing", 40, wrap: false), Column.Text("Comment", 50, wrap: false), Column.Text("Suggestion", 50, wrap: false), Column.Text("Annotation", 36, wrap: false),
        ],
        () => book.Week.Annotations().SelectMany(a => Spans(book.Week.Item(a.TaskId), a)),
        "No span was marked in this week."));

    private static object?[] Item(WeekRow[] rows)
    {
        var first = rows[0];
        var means = new object?[Vocabulary.Dimensions.Count];
        for (var d = 0; d < means.Length; d++)
        {
            int[] given = [.. rows.Select(r => (int)r.Rated.Scores[d]).Where(s => s > 0)];
            means[d] = given.Length == 0 ? "not rated" : given.Average();
        }

        double[] overall = [.. rows.Where(r => r.Rated.Scores.Any(s => s > 0)).Select(r => r.Rated.Scores.Where(s => s > 0).Average(s => s))];
        var worst = rows.Max(r => r.Rated.HarmExtent);
        var range = Enumerable.Range(0, means.Length).Max(d => rows.Select(r => (int)r.Rated.Scores[d]).Where(s => s > 0).DefaultIfEmpty(0).ToArray() is var s ? s.Max() - s.Min() : 0);
        return
        [
            first.Item.TaskId, first.Item.PromptId, first.Response.ResponseId, first.Response.Model, first.Item.Subdomain, first.Item.Audience, first.Item.RiskTier, first.Item.Language, first.Response.Words, rows.Length,
            .. means, overall.Length == 0 ? "not rated" : overall.Average(), overall.Length < 2 ? "one rater" : Deviation(overall), rows.Length < 2 ? "one rater" : range,
            worst < 0 ? "not stated" : Vocabulary.HarmExtents[worst], .. Harm(rows),
            rows.Sum(r => r.Errors), rows.Sum(r => r.Penalty), first.Response.Words == 0 ? "no words" : 100.0 * rows.Sum(r => r.Penalty) / rows.Length / first.Response.Words, rows.Sum(r => r.CriticalErrors), rows.Sum(r => r.Claims), first.Response.Sha256,
            first.Item.Theme, first.Item.TaskType,
        ];
    }

    private static object?[] Harm(WeekRow[] rows) => [rows.Count(r => RatingMatrices.IsHarm(r.Rated)), rows.Count(r => r.Rated.HarmExtent >= 0)];

    private static IEnumerable<object?[]> Ratings(ItemBrief item, AnnotationExport a)
    {
        var judgement = a.Judgement;
        foreach (var rated in RatedResponse.From(a.TaskId, item.PromptId, a.Rater, a.ResponseOrder, judgement))
        {
            var response = item.Response(rated.Unit[(a.TaskId.Length + 1)..]);
            var key = KeyOf(a, response.ResponseId);
            var rating = judgement.Ratings.FirstOrDefault(r => r.Response == key);
            var harm = judgement.Harm.FirstOrDefault(h => h.Response == key);
            yield return
            [
                a.TaskId, item.PromptId, response.ResponseId, response.Model, a.Rater, Simulated(a.Simulated), a.SubmittedAt,
                .. rated.Scores.Select((s, d) => s > 0 ? (object)(int)s : InsteadOf(rating, Vocabulary.Dimensions[d])),
                harm?.Extent, harm?.Likelihood, harm?.Mechanism, rating?.Overall ?? judgement.Overall, rating?.Confidence ?? judgement.Confidence, Preferred(a, key), judgement.ActiveSeconds, string.Join(", ", judgement.Flags), rating?.Rationale,
                item.Subdomain, key, $"{a.Guideline.Id} v{a.Guideline.Version}", string.Join(", ", a.Acknowledged), a.AnnotationId,
                judgement.Mode ?? Vocabulary.FullMode, string.Join(", ", (rating?.Custom ?? new Dictionary<string, int>()).Select(score => $"{score.Key} {score.Value}")),
            ];
        }
    }

    private static string? InsteadOf(Rating? rating, string dimension) => rating?.InsteadOf(dimension) switch { null => null, Rating.NotChecked => "not checked", _ => "N/A" };

    private static object?[] Claim(ClaimExport line)
    {
        var (c, evidence) = (line.Claim, line.Claim.Evidence ?? []);
        return
        [
            line.TaskId, line.PromptId, line.ResponseId ?? "unknown", line.Model, line.Rater, Simulated(line.Simulated), line.Number,
            c.Quote, c.Type, c.Checkworthiness, c.Verdict ?? "not checked", Word(c.Critical), c.Correction, c.Start, c.End, evidence.Count,
            evidence.Select(e => e.Tier).OfType<string>().Order(StringComparer.Ordinal).FirstOrDefault() ?? "none", string.Join("\n", evidence.Select(Cite)), line.AnnotationId,
        ];
    }

    private static IEnumerable<object?[]> Spans(ItemBrief item, AnnotationExport a) => a.Judgement.Spans.Select(s =>
    {
        var response = item.Response(a.ResponseId(s.Response));
        return (object?[])
        [
            a.TaskId, item.PromptId, response.ResponseId, response.Model, a.Rater, Simulated(a.Simulated), s.Kind, s.Code, s.Severity, s.Start, s.End, s.Quote, s.MissingText, s.Comment, s.Suggestion, a.AnnotationId,
        ];
    });

    private static string KeyOf(AnnotationExport a, string responseId) => ((char)('A' + Math.Max(a.ResponseOrder.IndexOf(responseId), 0))).ToString();

    /// <summary>The response's place in the ranking, 1 is best; ties share one.</summary>
    private static string? Preferred(AnnotationExport a, string key)
    {
        if (a.Judgement.Preference is not { } preference)
        {
            return null;
        }

        var (rank, tied) = (preference.RankOf(key, a.Keys), preference.Groups(a.Keys).FirstOrDefault(group => group.Contains(key))?.Count > 1);
        return (rank is null ? "behind" : $"{rank}") + (tied ? " (tie)" : "") + (preference.IsAllBad ? ", all bad" : "");
    }

    private static string Cite(Evidence e) => string.Join(" · ", new[] { e.Tier, e.Stance, e.Title, e.Publisher, e.Url }.OfType<string>());

    private static string Simulated(bool simulated) => simulated ? "simulated" : "no";

    private static string Word(bool yes) => yes ? "yes" : "no";

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}
