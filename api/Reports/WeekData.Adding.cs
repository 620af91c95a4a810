using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Projects;

namespace HealthEval.Reports;

/// <summary>What one judgement adds to the week.</summary>
internal sealed partial class WeekData
{
    private void AddAll()
    {
        foreach (var annotation in Annotations())
        {
            var mode = annotation.Judgement.Mode ?? Vocabulary.FullMode;
            if (mode == Mode)
            {
                Add(annotation);
            }
            else
            {
                Apart[mode] = Apart.GetValueOrDefault(mode) + 1;
            }
        }
    }

    private void Add(AnnotationExport annotation)
    {
        var (item, judgement) = (Item(annotation.TaskId), annotation.Judgement);
        Judgements++;
        Simulated += annotation.Simulated ? 1 : 0;
        Flagged += judgement.Flags.Count > 0 ? 1 : 0;
        _prompts.Add(item.PromptId);
        _tasks.Add(annotation.TaskId);
        WeekRow[] rows = [.. RatedResponse.From(annotation.TaskId, item.PromptId, annotation.Rater, annotation.ResponseOrder, judgement)
            .Select(rated => new WeekRow(rated, item, item.Response(rated.Unit[(annotation.TaskId.Length + 1)..])))];
        Rows.AddRange(rows);
        AddHarm(annotation, item);
        AddSpans(annotation, item, rows);
        AddClaims(annotation, item, rows);
        AddPreference(annotation, item);
        AddChecks(annotation, item);
        Of(RaterTallies, annotation.Rater, key => new RaterTally(key)).Add(annotation, rows);
    }

    private void AddHarm(AnnotationExport annotation, ItemBrief item)
    {
        foreach (var harm in annotation.Judgement.Harm)
        {
            var model = ModelOf(annotation, item, harm.Response);
            var byModel = Of(HarmByModel, model, _ => new int[HarmMatrix.GetLength(0), HarmMatrix.GetLength(1)]);
            var (extent, likelihood) = (Vocabulary.HarmExtents.IndexOf(harm.Extent), Vocabulary.HarmLikelihoods.IndexOf(harm.Likelihood));
            if (extent >= 0)
            {
                HarmMatrix[extent, likelihood < 0 ? Vocabulary.HarmLikelihoods.Count : likelihood] += Pools(model) ? 1 : 0;
                byModel[extent, likelihood < 0 ? Vocabulary.HarmLikelihoods.Count : likelihood]++;
            }

            if (harm.Mechanism is { } mechanism && Pools(model))
            {
                Mechanisms[mechanism] = Mechanisms.GetValueOrDefault(mechanism) + 1;
            }
        }
    }

    private void AddSpans(AnnotationExport annotation, ItemBrief item, WeekRow[] rows)
    {
        var guideline = GuidelineOf(annotation);
        foreach (var span in annotation.Judgement.Spans)
        {
            SpanCount++;
            var unit = RatedResponse.UnitOf(annotation.TaskId, annotation.ResponseId(span.Response) ?? span.Response);
            var severity = Vocabulary.Severities.IndexOf(span.Severity);
            var row = Array.Find(rows, r => r.Rated.Unit == unit);
            var weight = severity < 0 || span.Kind == "strength" ? 0 : guideline.Severities.FirstOrDefault(s => s.Key == span.Severity)?.Weight ?? 0;
            Of(Codes, span.Code ?? "no code", key => new CodeTally(key))
                .Add(unit, annotation.TaskId, severity, weight, span.Quote ?? span.MissingText, Pools(ModelOf(annotation, item, span.Response)));
            if (span.Kind == "strength")
            {
                Count(row, r => r.Strengths++);
                continue;
            }

            Count(row, r => r.Errors++);
            Count(row, r => r.Groups |= _groups.GetValueOrDefault(span.Code ?? ""));
            Count(row, r => r.Penalty += weight);
            if (span.Severity == "critical")
            {
                Count(row, r => r.CriticalErrors++);
                Critical.Add(new CriticalFinding(annotation, unit, $"{span.Code} {span.Kind}", span.Quote ?? span.MissingText, span.Comment ?? span.Suggestion));
            }
        }
    }

    private void AddClaims(AnnotationExport annotation, ItemBrief item, WeekRow[] rows)
    {
        var (number, verdicts) = (0, GuidelineOf(annotation).Verdicts);
        foreach (var claim in annotation.Judgement.Claims)
        {
            number++;
            var response = item.Response(annotation.ResponseId(claim.Response));
            var unit = RatedResponse.UnitOf(annotation.TaskId, response.ResponseId);
            var row = Array.Find(rows, r => r.Rated.Unit == unit);
            var threeWay = claim.Verdict is null ? null : verdicts.FirstOrDefault(v => v.Key == claim.Verdict)?.ThreeWay;
            if (Pools(response.Model))
            {
                Verdicts.Add(item.PromptId, claim.Verdict, threeWay);
                Of(VerdictsByType, claim.Type ?? ItemBrief.NotStated, _ => new VerdictTally()).Add(item.PromptId, claim.Verdict, threeWay);
            }

            Of(VerdictsByModel, response.Model, _ => new VerdictTally()).Add(item.PromptId, claim.Verdict, threeWay);
            Count(row, r => r.Claims++);
            Count(row, r => r.Decided += threeWay is "SUP" or "SUP*" or "REF" ? 1 : 0);
            Count(row, r => r.Supported += threeWay == "SUP" ? 1 : 0);
            Label("Claim verdicts, claims that came with the answers", claim.Given is { } given ? $"{unit}|{given}" : null, annotation, item, claim.Verdict);
            Label("Claim verdicts", claim.Given is not null || claim.Start is null ? null : $"{unit}|{claim.Start}-{claim.End}", annotation, item, claim.Verdict);
            if (threeWay != "REF")
            {
                continue;
            }

            Refuted.Add(new RefutedClaim(annotation, number, response.Model, claim));
            if (claim.Critical)
            {
                Count(row, r => r.CriticalErrors++);
                Critical.Add(new CriticalFinding(annotation, unit, $"claim {claim.Verdict}", claim.Quote, claim.Correction));
            }
        }
    }

    private void AddPreference(AnnotationExport annotation, ItemBrief item)
    {
        if (annotation.Judgement.Preference is not { } preference)
        {
            return;
        }

        Preferences++;
        AllBad += preference.IsAllBad ? 1 : 0;
        foreach (var (first, second, score) in preference.Pairs(annotation.Keys))
        {
            var (a, b) = (item.Response(annotation.ResponseId(first)), item.Response(annotation.ResponseId(second)));
            var vote = new Vote(item, a.Model, b.Model, score, a.Words - b.Words, preference.IsAllBad);
            vote = string.CompareOrdinal(a.Model, b.Model) > 0 ? vote.Turned() : vote;
            Of(Pairs, vote.First + "\n" + vote.Second, _ => new PairTally(vote.First, vote.Second)).Votes.Add(vote);
        }
    }

    private void AddChecks(AnnotationExport annotation, ItemBrief item)
    {
        foreach (var check in annotation.Judgement.Behaviour)
        {
            AddAnswer(Behaviour, check.Check, ModelOf(annotation, item, check.Response), tally => tally.Add(item.PromptId, check.Answer, annotation.TaskId, check.Comment));
            Label("Check " + check.Check, UnitOf(annotation, check.Response), annotation, item, check.Answer);
        }

        foreach (var rule in annotation.Judgement.Rules)
        {
            AddAnswer(Rules, rule.Rule, ModelOf(annotation, item, rule.Response), tally => tally.Add(item.PromptId, rule.Answer, annotation.TaskId, rule.Comment));
            Label("Rule " + rule.Rule, UnitOf(annotation, rule.Response), annotation, item, rule.Answer);
        }

        foreach (var checks in annotation.Judgement.Rubric.GroupBy(c => c.Response))
        {
            RubricScores.Add(RubricScore.Of(item, annotation, checks));
            foreach (var check in checks)
            {
                Label("Rubric criteria (met or not)", $"{UnitOf(annotation, check.Response)}|{check.Criterion}", annotation, item, check.Met is { } met ? met ? "met" : "not met" : null);
            }
        }
    }

    private void AddAnswer(SortedDictionary<string, AnswerTally> all, string key, string model, Action<AnswerTally> add)
    {
        add(Of(AnswersByModel, (model, key), _ => new AnswerTally(key)));
        if (Pools(model))
        {
            add(Of(all, key, _ => new AnswerTally(key)));
        }
    }

    /// <summary>Whether a verdict counts as refuted under the guideline that the judgement was made under.</summary>
    public bool IsRefuted(AnnotationExport annotation, string? verdict) => GuidelineOf(annotation).Verdicts.FirstOrDefault(v => v.Key == verdict)?.ThreeWay == "REF";

    private Guideline GuidelineOf(AnnotationExport annotation) => _guidelines.GetValueOrDefault(annotation.Guideline, Guideline);

    private static string UnitOf(AnnotationExport annotation, string response) => RatedResponse.UnitOf(annotation.TaskId, annotation.ResponseId(response) ?? response);

    private void Label(string kind, string? unit, AnnotationExport annotation, ItemBrief item, string? label)
    {
        if (unit is not null && label is not null && Pools(item.Response(unit[(annotation.TaskId.Length + 1)..].Split('|')[0]).Model))
        {
            Of(Labels, kind, _ => []).Add(new LabelRating(unit, annotation.Rater, label, item.PromptId));
        }
    }

    private static void Count(WeekRow? row, Action<WeekRow> change)
    {
        if (row is not null)
        {
            change(row);
        }
    }

    private static string ModelOf(AnnotationExport annotation, ItemBrief item, string response) => item.Response(annotation.ResponseId(response)).Model;

    private static T Of<TKey, T>(SortedDictionary<TKey, T> known, TKey key, Func<TKey, T> make)
        where TKey : notnull => known.TryGetValue(key, out var value) ? value : known[key] = make(key);
}
