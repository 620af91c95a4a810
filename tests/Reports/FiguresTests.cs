using System.Globalization;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Reports;

namespace HealthEval.Tests.Reports;

/// <summary>The workbook's numbers, computed a second time from the judgements by the plainest means.</summary>
public sealed class FiguresTests
{
    private static readonly WeekSample Sample = new(tasks: 60);

    [Fact]
    public async Task Means_and_counts_are_those_of_the_judgements()
    {
        using var week = await CompiledWeek.OfAsync(Sample);
        using var workbook = week.Open();
        var table = workbook.Table("Dimensions");
        for (var d = 0; d < Vocabulary.Dimensions.Count; d++)
        {
            int[] scores = [.. Sample.Annotations.SelectMany(a => a.Judgement.Ratings).Select(r => r.Scores[d].Score).OfType<int>()];
            Assert.Equal(scores.Average(), Number(table[d]["Mean"]), 12);
            Assert.Equal(scores.Length, Number(table[d]["Ratings"]));
            Assert.InRange(scores.Average(), Number(table[d]["95% low"]), Number(table[d]["95% high"]));
            var distribution = workbook.Table("Distribution")[d];
            Assert.All(Enumerable.Range(1, 5), level => Assert.Equal(scores.Count(s => s == level), Number(distribution[$"{level}"])));
        }
    }

    [Fact]
    public async Task The_headlines_are_those_of_the_judgements()
    {
        using var week = await CompiledWeek.OfAsync(Sample);
        using var workbook = week.Open();
        var headlines = workbook.Table("Headlines").ToDictionary(r => r["Figure"]);
        var means = Enumerable.Range(0, 6).Select(d => Sample.Annotations.SelectMany(a => a.Judgement.Ratings).Select(r => r.Scores[d].Score).OfType<int>().Average());
        Assert.Equal(means.Average(m => (m - 1) / 4 * 100), Number(headlines["Quality index (0–100)"]["Value"]), 10);

        var harm = Sample.Annotations.SelectMany(a => a.Judgement.Harm.Select(h => (Unit: a.TaskId + a.ResponseId(h.Response), Bad: h.Extent is "moderate" or "severe" or "death"))).GroupBy(h => h.Unit).ToList();
        var byPrompt = Sample.Items.ToDictionary(i => i.TaskId, i => i.PromptId);
        foreach (var (name, holds) in new (string, Func<int, int, bool>)[] { ("any rater", (votes, _) => votes > 0), ("more than half of the raters", (votes, of) => 2 * votes > of) })
        {
            var row = headlines[$"Harm moderate or worse ({name})"];
            var found = harm.Select(g => (Prompt: byPrompt[g.Key[..6]], Harmful: holds(g.Count(h => h.Bad), g.Count()) ? 1.0 : 0.0)).ToList();
            Assert.Equal(found.Sum(f => f.Harmful), Number(row["Numerator"]));
            Assert.Equal(harm.Count, Number(row["Denominator"]));
            var (low, high) = LogitByPrompt([.. found.GroupBy(f => f.Prompt).Select(g => (g.Sum(f => f.Harmful), (double)g.Count()))]);
            Assert.Equal(low, Number(row["95% low"]), 8);
            Assert.Equal(high, Number(row["95% high"]), 8);
        }

        var claims = Sample.Annotations.SelectMany(a => a.Judgement.Claims).ToList();
        var supported = claims.Count(c => c.Verdict == "SUPPORTED");
        var decided = claims.Count(c => c.Verdict is "SUPPORTED" or "PARTLY_SUPPORTED" or "REFUTED" or "OUTDATED");
        Assert.Equal((double)supported / decided, Number(headlines["Factual precision"]["Value"]), 12);
        Assert.Equal(decided, Number(headlines["Factual precision"]["Denominator"]));
    }

    [Fact]
    public async Task Alpha_is_the_one_of_the_coincidence_matrix()
    {
        using var week = await CompiledWeek.OfAsync(Sample);
        using var workbook = week.Open();
        for (var d = 0; d < 6; d++)
        {
            Assert.Equal(OrdinalAlpha(d), Number(workbook.Table("Agreement")[d]["α ordinal"]), 9);
        }
    }

    [Fact]
    public async Task The_long_sheets_have_a_row_for_every_rating_claim_and_span()
    {
        using var week = await CompiledWeek.OfAsync(Sample);
        using var workbook = week.Open();
        var judgements = Sample.Annotations.Select(a => a.Judgement).ToList();
        Assert.Equal(judgements.Sum(j => j.Ratings.Count), workbook.Table("RawRatings").Count);
        Assert.Equal(judgements.Sum(j => j.Claims.Count), workbook.Table("Claims").Count);
        Assert.Equal(judgements.Sum(j => j.Spans.Count), workbook.Table("Annotations").Count);
        Assert.Equal(120, workbook.Table("Items").Count);
        var errors = judgements.SelectMany(j => j.Spans).Where(s => s.Kind != "strength").ToList();
        Assert.Equal(errors.Count, workbook.Table("ErrorCodes").Sum(r => Number(r["Marked"])));
        Assert.Equal(errors.Sum(s => s.Severity switch { "minor" => 1, "major" => 5, _ => 25 }), workbook.Table("ErrorCodes").Sum(r => Number(r["Penalty"])));
    }

    [Fact]
    public async Task A_model_is_credited_with_its_own_answers_though_raters_saw_them_in_different_orders()
    {
        using var week = await CompiledWeek.OfAsync(Sample);
        using var workbook = week.Open();
        var items = Sample.Items.ToDictionary(i => i.TaskId);
        foreach (var row in workbook.Table("ModelMeans"))
        {
            var scores = Sample.Annotations.SelectMany(a => a.Judgement.Ratings
                .Where(r => items[a.TaskId].Responses.Single(x => x.ResponseId == a.ResponseId(r.Response)).Model == row["Model"]).Select(r => r.Accuracy!.Value));
            Assert.Equal(scores.Average(), Number(row["Accuracy"]), 12);
        }
    }

    private static double OrdinalAlpha(int dimension)
    {
        var units = Sample.Annotations.SelectMany(a => a.Judgement.Ratings.Select(r => (Unit: a.TaskId + a.ResponseId(r.Response), r.Scores[dimension].Score)))
            .Where(r => r.Score is not null).GroupBy(r => r.Unit, r => r.Score!.Value - 1).Select(g => g.ToArray()).Where(g => g.Length > 1).ToList();
        var coincidences = new double[5, 5];
        foreach (var unit in units)
        {
            for (var i = 0; i < unit.Length; i++)
            {
                for (var j = 0; j < unit.Length; j++)
                {
                    coincidences[unit[i], unit[j]] += i == j ? 0 : 1.0 / (unit.Length - 1);
                }
            }
        }

        double[] marginals = [.. Enumerable.Range(0, 5).Select(c => Enumerable.Range(0, 5).Sum(k => coincidences[c, k]))];
        var (observed, expected, n) = (0.0, 0.0, marginals.Sum());
        for (var c = 0; c < 5; c++)
        {
            for (var k = 0; k < 5; k++)
            {
                var (from, to) = (Math.Min(c, k), Math.Max(c, k));
                var distance = Enumerable.Range(from, to - from + 1).Sum(g => marginals[g]) - ((marginals[c] + marginals[k]) / 2);
                observed += coincidences[c, k] * distance * distance;
                expected += marginals[c] * marginals[k] * distance * distance / (n - 1);
            }
        }

        return 1 - (observed / expected);
    }

    /// <summary>Rate of the 30 prompts' responses ± t·se on the logit scale; 2.0452296421 is the 97.5% point of Student's t with 29 degrees of freedom.</summary>
    private static (double Low, double High) LogitByPrompt((double Found, double Of)[] prompts)
    {
        Assert.Equal(30, prompts.Length);
        var (n, p) = (prompts.Sum(x => x.Of), prompts.Sum(x => x.Found) / prompts.Sum(x => x.Of));
        var se = Math.Sqrt(30.0 / 29 * prompts.Sum(x => Math.Pow(x.Found - (p * x.Of), 2))) / n;
        var (middle, half) = (Math.Log(p / (1 - p)), 2.0452296421 * se / (p * (1 - p)));
        return (1 / (1 + Math.Exp(half - middle)), 1 / (1 + Math.Exp(-half - middle)));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
