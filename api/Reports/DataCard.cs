using System.Globalization;

namespace HealthEval.Reports;

/// <summary>The README of a delivery: what the data are, how they came about, what they are good for and what not.</summary>
internal static class DataCard
{
    public static string Of(Figures figures)
    {
        var (week, project) = (figures.Week, figures.Week.Project);
        var models = string.Join(", ", figures.Models.Select(m => $"{m.Name} ({m.Responses})"));
        var raters = week.Raters.GroupBy(r => r.Degree ?? "not stated", StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}");
        return string.Create(CultureInfo.InvariantCulture, $"""
            # {OneLine(project.Name)}, {project.Week}

            ## Motivation
            {OneLine(project.Customer)} had licensed clinicians judge what AI systems answer to questions about health, to know how good and how safe the answers are.

            ## Composition
            - {week.Judgements} judgements of {figures.AllTotals.Count} responses to {week.Prompts} prompts, submitted from {project.From:yyyy-MM-dd} up to, not including, {project.Until:yyyy-MM-dd} (UTC).
            - Responses by model: {(models.Length == 0 ? "none" : OneLine(models))}.
            - {week.Verdicts.Total} claims and {week.SpanCount} marked passages.
            - Simulated judgements (made by a program): {week.Simulated}.

            ## Raters
            {week.Raters.Count} raters under pseudonyms; degrees: {(week.Raters.Count == 0 ? "none" : OneLine(string.Join(", ", raters)))}. Years of practice are given in bands. Names are in no file.

            ## Process
            - Guideline: {GuidelineUse.Words(project.Guidelines)}; the text is in `{ReportFiles.Guidelines}`.
            - Responses were shown without the names of their models, in a random order that is recorded. Each was to be judged by {project.Overlap}.
            - Judgements stand as they were submitted. {week.Adjudications.Count} cases were settled by an adjudicator; the rulings are in `{ReportFiles.Adjudications}`, apart.
            - Every figure is computed from these files; `healtheval verify FOLDER` does it again.

            ## Uses
            Comparing models on the same prompts, finding what is unsafe, training and evaluating with the formats of `healtheval export`.

            ## Limits
            - Raters are few and chosen; intervals cover the choice of prompts, not of raters.
            - Nothing here is advice for a patient, and a rating is no proof of safety.
            - Claims are those raters chose to record; a passage that nobody marked may still be wrong.

            """).ReplaceLineEndings("\n");
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
