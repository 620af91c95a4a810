using HealthEval.Agreement;

namespace HealthEval.Reports.Workbook;

/// <summary>How every figure was made.</summary>
internal static class MethodsSheet
{
    public static void Write(Book book)
    {
        var pen = book.Sheet("Methods", Look.Muted);
        pen.Title("Methods", "Definitions, formulas, exclusions, seeds and known limits. Everything here can be computed again from the export files with: healtheval verify FOLDER");
        pen.Table("Methods", [Column.Text("Subject", 30), Column.Text("How it is done in this report", 130)], Rows(book).Select(r => (object?[])[r.Subject, r.Text]));
    }

    private static IEnumerable<(string Subject, string Text)> Rows(Book book)
    {
        var (week, figures) = (book.Week, book.Figures);
        yield return (week.Week.IsWeek ? "Week" : "Campaign", $"Judgements submitted from {week.Project.From:yyyy-MM-dd HH:mm} up to, not including, {week.Project.Until:yyyy-MM-dd HH:mm} UTC ({(week.Week.IsWeek ? "ISO " : "")}{week.Week.Words}).{(week.Project.Open ? " The week had not ended when the data were taken." : "")}");
        yield return ("Judgement, rating, response", "A judgement is what one rater submitted on one task. A rating is that rater's view of one response in it. A response is one answer of one model to one prompt. Raters saw responses without model names, in a random order that is recorded.");
        yield return ("Guideline", GuidelineUse.Words(week.Project.Guidelines) + ". A judgement is read under the version it was made under, whatever the project uses now.");
        yield return ("Modes", $"All figures are of judgements in the mode {week.Mode}. "
            + (week.Apart.Count == 0 ? "There are no others." : $"Apart, in the row sheets and in no figure: {string.Join(", ", week.Apart.Select(mode => $"{mode.Value} {mode.Key}"))}."));
        yield return ("Simulated judgements", week.Simulated == 0 ? "None." : $"{week.Simulated} of {week.Judgements} judgements were made by a program for demonstration or load. They are counted like the others and marked in column Simulated of the row sheets. Do not use these figures for decisions.");
        yield return ("Exclusions", $"None. Flagged judgements are included ({week.Flagged} carry a flag; see Raw ratings). Scores that were not given or N/A are missing, not zero.");
        yield return ("Mean score", "Mean over all ratings of the dimension.");
        yield return ("Quality index", "Mean of the six dimension means, each rescaled by (mean − 1) ÷ 4 × 100; a dimension without a score is left out. It says nothing about harm and is always shown beside the harm rate.");
        yield return ("Harm and critical errors", $"Two rates for each, always both: responses in which any rater, and responses in which more than half of the raters, found it, ÷ responses judged. More than half of two raters is both. This project's headline is: {figures.Rule.Words()}. Harm: moderate, severe or death. Critical: a span marked critical, or a claim marked critical and found refuted or outdated. The unit is the response, so that a second rater does not narrow the interval.");
        yield return ("Factual precision", "Claims as recorded (two raters may record the same claim). Strict = supported ÷ (supported + partly supported + refuted or outdated); lenient counts partly supported as ½. Contested and unverifiable claims are reported apart.");
        yield return ("Penalty", "Sum of severity weights of marked errors: " + string.Join(", ", week.Guideline.Severities.Select(s => $"{s.Name.ToLowerInvariant()} {s.Weight}")) + ". Per response: per rating. Per 100 words: ÷ words of the rated responses × 100; words are split at white space.");
        yield return ("Preference", "A rater ranks all responses of a task, ties allowed; every two responses of the ranking are one comparison, whatever their number and the order in which they were shown. Win rate = (wins + ½ ties) ÷ comparisons. That none of the responses will do is a fact of its own and counted beside; it changes no comparison. Judgements from before there were rankings name the best response only: it is compared with each of the others, those not with each other.");
        yield return ("Preference over all models", "Bradley–Terry model with ties after Davidson (1970), maximum likelihood over all comparisons between different models; abilities are log odds relative to the first model by name, with intervals from a resampling of prompts. Undefined where some model never lost, or never won, against the others.");
        yield return ("Agreement", "Krippendorff's α, ordinal metric for scores and harm, nominal for names (Krippendorff 2011), over responses with two raters or more; missing ratings are allowed. Identical and at-most-1-apart: share of agreeing pairs within a response, averaged over responses.");
        yield return ("AC1, AC2, ICC", "Gwet's AC2 with quadratic weights for ordered values and AC1 for names (Gwet 2008, 2014), which do not collapse when nearly all answers are equal. ICC after Shrout and Fleiss (1979): (2,1) and (2,k) where every rater rated every response, else (1,1) and (1,k). Intervals of all of them by resampling of prompts; those of AC by Student's t on Fisher's z scale with the standard deviation of the resamples.");
        yield return ("Change since the week before", "Like for like: within each model and stratum (sub-domain and risk) with responses in both weeks, the differences weighted by the stratum's responses in both weeks together; so new or gone models and a shifted mix change nothing. The raw change, of all responses, stands beside it. Linearised standard errors with prompts as units (a prompt of both weeks enters once), Student's t. α, which is no mean of responses, is compared raw by its standard errors. A change is called clear only when its interval excludes 0 and its p value, adjusted after Holm (1979), is below 0.05; the family is all headline figures together on Summary, all models and figures together on Models.");
        yield return ("Comparison", "Candidate and baseline on the prompts for which both have a value: paired difference of the pooled means, linearised standard error with prompts as units, Student's t with prompts − 1 degrees of freedom (for one value each per prompt this is the paired t test). Where neither model had a single finding, the limits are exact. Family of Holm's adjustment: all figures of all pairs. Margins and what more prompts would decide: on the sheet. A vote's position and length effects are shares of decided votes.");
        yield return ("Human reference", "Answers of people (named so in the project's settings, or by names that begin with human, physician, clinician or reference) are rated like the others, shown beside the models and compared with them, and never pooled into headline figures.");
        yield return ("Targets", Targets.Words(week.Project.Report));
        yield return ("Raters", "Bias: mean of a rater's score minus the other raters' mean on the same response (leave-one-out). Weighted κ: quadratic, against the others' mean rounded to a score. Straight-lining: the same score on all dimensions. EWMA: λ 0.3, limits 3 σ.");
        yield return ("Planned and delivered", "A task counts as planned from the arrival of its file, or from its first judgement where that is earlier. Only judgements and arrivals before the end of the week count.");
        yield return ("Rubric score", "Σ points of met criteria ÷ Σ positive points per reading; mean clipped to 0–1. On a criterion with negative points, met means that the bad thing happened.");
        yield return ("Intervals of means, differences and α", $"Cluster bootstrap by prompt, {Figures.Resampling.Draws:N0} resamples, 95%, seed {Figures.Resampling.Seed} for every figure (counter-based generator: the same on any number of threads). The limits are quantiles of the resamples at levels widened from the normal to Student's t with prompts − 1 degrees of freedom (Hesterberg 2015), since plain quantiles are too narrow for few prompts. With one prompt there is no interval.");
        yield return ("Intervals of rates", "By prompt, since responses, raters and claims of one prompt are not independent: linearised standard error with prompts as units, Student's t with prompts − 1 degrees of freedom on the logit scale. Where nothing or everything was observed: exact (Clopper and Pearson 1934) with prompts as trials. Wilson's score interval only where every prompt gives one value.");
        yield return ("Undefined and low n", $"A figure that cannot be computed says why; it is never shown as 0. \"low n\" marks figures that rest on fewer than {Figures.LowN} responses.");
        yield return ("Trend", week.History.Count == 0 ? "Nothing was judged in the seven weeks before." : "Earlier weeks are computed again from their judgements, by the definitions of this report: " + string.Join(", ", week.History.Select(h => h.Week)) + ". So a report does not depend on when others were compiled.");
        yield return ("All weeks so far", week.Cumulative is { } all ? $"The same figures of all judgements of {all.Week} together, by the same definitions." : "None: there is no earlier week, or this is a campaign.");
        yield return ("Text in cells", $"Every text is a text cell, never a formula. Characters that a workbook cannot hold are shown as \uFFFD; text over {CellText.Limit:N0} characters is cut with a mark. The export files hold the original.");
        yield return ("Known limits", "Raters are few and chosen, not drawn at random: intervals cover the choice of prompts, not of raters. Claims are those raters chose to record. Words are counted by white space, which fits some languages badly.");
        yield return ("Reproducibility", "The workbook depends on the export files and the program version only; no clock is read. Its date property is the end of the week.");
    }
}
