using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>
/// Whether a judgement says what it must, in words the guideline knows, about text that is there. Faults are by field path, in the order
/// in which a person meets them in the form.
/// </summary>
internal sealed partial class JudgementRules
{
    private const int LongText = 20_000;
    private const int ShortText = 4_000;
    private readonly Judgement _judgement;
    private readonly Guideline _guideline;
    private readonly EvalItem _item;
    private readonly IReadOnlyDictionary<string, string> _textByKey;
    private readonly IReadOnlyDictionary<string, string> _idByKey;
    private readonly Faults _faults = new();

    private string Mode => _judgement.Mode ?? Vocabulary.FullMode;

    private JudgementRules(Judgement judgement, Guideline guideline, EvalItem item, IReadOnlyList<string> responseOrder)
    {
        (_judgement, _guideline, _item) = (judgement, guideline, item);
        var byId = item.Responses.ToDictionary(response => response.ResponseId, response => response.Content);
        _idByKey = responseOrder.Select((id, position) => (Key: ResponseOrder.Key(position), Id: id)).ToDictionary(pair => pair.Key, pair => pair.Id);
        _textByKey = _idByKey.ToDictionary(pair => pair.Key, pair => byId[pair.Value]);
    }

    public static Faults Check(Judgement judgement, Guideline guideline, EvalItem item, IReadOnlyList<string> responseOrder)
    {
        var rules = new JudgementRules(judgement, guideline, item, responseOrder);
        rules.Ratings();
        rules.Harm();
        rules.Claims();
        rules.Spans();
        rules.Checklists();
        rules.Equity();
        rules.OfMode();
        rules.PreferenceBetween();
        rules.Whole();
        return rules._faults;
    }

    private void Ratings()
    {
        var asked = Mode != Vocabulary.FactCheckMode;
        foreach (var key in _textByKey.Keys.Where(key => asked && !_judgement.Ratings.Any(rating => rating.Response == key)))
        {
            _faults.Add("judgement.ratings", $"Response {key} is not rated.");
        }

        Each(_judgement.Ratings, "ratings", rating => rating.Response, (rating, at) =>
        {
            foreach (var (dimension, score) in rating.Scores)
            {
                var instead = rating.InsteadOf(dimension);
                var allowed = Instead(dimension);
                var given = score is >= 1 and <= 5 || (instead is not null && allowed.Contains(instead)) || (!asked && score is null && instead is null);
                _faults.Require(given, $"{at}.{dimension}", $"Rate {dimension} of response {rating.Response} from 1 to 5{string.Concat(allowed.Select(word => $", or {word}"))}.");
            }

            foreach (var dimension in _guideline.CustomDimensions)
            {
                var given = rating.Custom?.TryGetValue(dimension.Key, out var score) == true ? score : (int?)null;
                _faults.Require(given is >= 1 and <= 5 || (!asked && given is null), $"{at}.{dimension.Key}", $"Rate {dimension.Name} of response {rating.Response} from 1 to 5.");
            }

            foreach (var unknown in (rating.Custom?.Keys ?? []).Except(_guideline.CustomDimensions.Select(dimension => dimension.Key)))
            {
                _faults.Add($"{at}.{(unknown.Length <= 40 ? unknown : unknown[..40])}", "This guideline has no such dimension.");
            }

            _faults.Require(rating.Overall is null or (>= 1 and <= 5), $"{at}.overall", "Overall is 1 to 5.");
            _faults.Require(rating.Confidence is null or (>= 1 and <= 3), $"{at}.confidence", "Confidence is 1 to 3.");
            if (asked && _guideline.PerResponse == true)
            {
                _faults.Require(rating.Confidence is not null, $"{at}.confidence", $"Say how confident you are about response {rating.Response}, 1 to 3.");
            }

            Text(rating.Rationale, $"{at}.rationale", LongText);
        });
        Distinct(_judgement.Ratings, "ratings", rating => rating.Response);
    }

    /// <summary>What may stand in place of a score, in this guideline's words.</summary>
    private IReadOnlyList<string> Instead(string dimension) => _guideline.Dimensions.FirstOrDefault(known => known.Key == dimension) switch
    {
        null => [],
        { NaAllowed: true, NotCheckedMeaning: not null } => [Rating.NotApplicable, Rating.NotChecked],
        { NaAllowed: true } => [Rating.NotApplicable],
        _ => [],
    };

    private void Harm()
    {
        foreach (var key in _textByKey.Keys.Where(key => Mode != Vocabulary.FactCheckMode && !_judgement.Harm.Any(harm => harm.Response == key)))
        {
            _faults.Add("judgement.harm", $"Say how much harm response {key} could do.");
        }

        Each(_judgement.Harm, "harm", harm => harm.Response, (harm, at) =>
        {
            OneOf(harm.Extent, Vocabulary.HarmExtents, $"{at}.extent");
            if (harm.Extent is null or "none")
            {
                _faults.Require(harm is { Likelihood: null, Mechanism: null, Mediation: null, Kinds: null or [] }, at, "Without harm there is no likelihood, no mechanism and no kind.");
                return;
            }

            foreach (var kind in harm.Kinds ?? [])
            {
                OneOf(kind, (_guideline.Harm.Kinds ?? []).Select(term => term.Key), $"{at}.kinds");
            }

            if (harm.Mediation is not null)
            {
                OneOf(harm.Mediation, (_guideline.Harm.Mediation ?? []).Select(term => term.Key), $"{at}.mediation");
            }

            OneOf(harm.Likelihood, Vocabulary.HarmLikelihoods, $"{at}.likelihood");
            OneOf(harm.Mechanism, Vocabulary.HarmMechanisms, $"{at}.mechanism");
        });
        Distinct(_judgement.Harm, "harm", harm => harm.Response);
    }

    private void Checklists()
    {
        Each(_judgement.Behaviour, "behaviour", check => check.Response, (check, at) =>
        {
            OneOf(check.Check, _guideline.Behaviour.Select(item => item.Key), $"{at}.check");
            OneOf(check.Answer, ["yes", "no", "na", "unclear"], $"{at}.answer");
            var backed = !string.IsNullOrWhiteSpace(check.Comment) || _judgement.Spans.Any(span => span.Response == check.Response && span.Kind != "strength");
            _faults.Require(check.Answer != "no" || backed, $"{at}.comment", $"A \"no\" to {check.Check} needs a span or a sentence.");
            Text(check.Comment, $"{at}.comment", ShortText);
        });
        Each(_judgement.Rules, "rules", check => check.Response, (check, at) =>
        {
            OneOf(check.Rule, _guideline.Rules.Select(rule => rule.Id), $"{at}.rule");
            OneOf(check.Answer, ["complies", "violates", "not_applicable", "unclear"], $"{at}.answer");
            Text(check.Comment, $"{at}.comment", ShortText);
        });
        Each(_judgement.Rubric, "rubric", check => check.Response, (check, at) =>
        {
            OneOf(check.Criterion, _item.Criteria.Select(criterion => criterion.Id), $"{at}.criterion");
            _faults.Require(check.NotApplicable != true || check.Met is null, $"{at}.met", "A criterion is met, not met, or does not apply: one of the three.");
            Text(check.Comment, $"{at}.comment", ShortText);
        });
        Distinct(_judgement.Behaviour, "behaviour", check => (check.Response, check.Check));
        Distinct(_judgement.Rules, "rules", check => (check.Response, check.Rule));
        Distinct(_judgement.Rubric, "rubric", check => (check.Response, check.Criterion));
    }

    private void Equity()
    {
        var given = _judgement.Equity ?? [];
        _faults.Require(given.Count == 0 || _guideline.Equity is not null, "judgement.equity", "This guideline does not ask about equity.");
        Each(given, "equity", equity => equity.Response, (equity, at) =>
        {
            OneOf(equity.Answer, (_guideline.Equity?.Answers ?? []).Select(term => term.Key), $"{at}.answer");
            foreach (var group in equity.Groups ?? [])
            {
                OneOf(group, (_guideline.Equity?.Groups ?? []).Select(term => term.Key), $"{at}.groups");
            }

            var named = equity.Groups is { Count: > 0 } || !string.IsNullOrWhiteSpace(equity.Comment);
            _faults.Require(equity.Answer == "no" || named, $"{at}.groups", "Say for whom it would differ.");
            Text(equity.Comment, $"{at}.comment", ShortText);
        });
        Distinct(given, "equity", equity => equity.Response);
    }

    /// <summary>What a mode leaves out must be left out, so that its figures stay apart from those of a full judgement.</summary>
    private void OfMode()
    {
        if (_judgement.Mode is not null)
        {
            OneOf(_judgement.Mode, (_guideline.Modes ?? []).Select(mode => mode.Key), "judgement.mode");
        }

        if (Mode == Vocabulary.QuickMode)
        {
            _faults.Require(_judgement.Claims.Count == 0, "judgement.claims", "A quick judgement checks no claims.");
            var few = _judgement.Spans.All(span => span.Kind == "strength" || span.Severity == "critical");
            _faults.Require(few, "judgement.spans", "A quick judgement marks only what is critical, and strengths.");
        }

        if (Mode == Vocabulary.FactCheckMode)
        {
            foreach (var key in _textByKey.Keys.Where(key => !_judgement.Claims.Any(claim => claim.Response == key)))
            {
                var nothing = _judgement.Ratings.Any(rating => rating.Response == key && rating.NoAccuracy == Rating.NotApplicable);
                _faults.Require(nothing, "judgement.claims", $"List the claims of response {key}, or say that nothing in it can be checked.");
            }

            foreach (var (index, _) in _judgement.Claims.Index().Where(entry => entry.Item.Verdict is null))
            {
                _faults.Add($"judgement.claims[{index}].verdict", "Give this claim a verdict.");
            }

            foreach (var given in _item.Claims?.Where(given => !_judgement.Claims.Any(claim => IsAbout(claim, given))) ?? [])
            {
                _faults.Add("judgement.claims", $"Give the claim {given.ClaimId} that came with the answer a verdict.");
            }
        }
    }

    private void PreferenceBetween()
    {
        if (_textByKey.Count < 2)
        {
            _faults.Require(_judgement.Preference is null, "judgement.preference", "There is only one response; a preference needs two.");
            return;
        }

        if (_judgement.Preference is not { } preference)
        {
            _faults.Require(Mode == Vocabulary.FactCheckMode, "judgement.preference.winner", "Say which response is better.");
            return;
        }

        preference.Check([.. _textByKey.Keys], _faults);
        _faults.Require(preference.Strength is null or (>= 0 and <= 3), "judgement.preference.strength", "The strength of a preference is 0 to 3.");
        foreach (var (dimension, winner) in preference.PerDimension ?? new Dictionary<string, string>())
        {
            OneOf(dimension, _guideline.Dimensions.Select(known => known.Key), "judgement.preference.perDimension");
            OneOf(winner, [.. _textByKey.Keys, "tie"], "judgement.preference.perDimension");
        }

        Text(preference.Rationale, "judgement.preference.rationale", LongText);
    }

    private void Whole()
    {
        if (_guideline.PerResponse == true)
        {
            _faults.Require(_judgement.Confidence is null, "judgement.confidence", "Confidence is given for each response: ratings[].confidence.");
            _faults.Require(_judgement.Overall is null, "judgement.overall", "Overall is given for each response: ratings[].overall.");
        }
        else
        {
            _faults.Require(_judgement.Confidence is >= 1 and <= 3, "judgement.confidence", "Say how confident you are, 1 to 3.");
            _faults.Require(_judgement.Overall is null or (>= 1 and <= 5), "judgement.overall", "Overall is 1 to 5.");
        }

        _faults.Require(_judgement.ActiveSeconds is >= 0 and <= 24 * 3600, "judgement.activeSeconds", "Active time is between 0 seconds and a day.");
        _faults.Require(_judgement.CheckingSeconds is null or (>= 0 and <= 24 * 3600), "judgement.checkingSeconds", "Time with sources is between 0 seconds and a day.");
        foreach (var flag in _judgement.Flags)
        {
            OneOf(flag, _guideline.Flags.Select(term => term.Key), "judgement.flags");
        }

        foreach (var (flag, note) in _judgement.FlagNotes ?? new Dictionary<string, string>())
        {
            _faults.Require(_judgement.Flags.Contains(flag), "judgement.flagNotes", $"There is a note on {flag}, which is not flagged.");
            Text(note, "judgement.flagNotes", ShortText);
        }

        Text(_judgement.RefinedPrompt, "judgement.refinedPrompt", LongText);
        Text(_judgement.IdealResponse, "judgement.idealResponse", 3 * LongText);
    }

    private void Each<T>(IReadOnlyList<T> entries, string name, Func<T, string> response, Action<T, string> check)
    {
        _faults.Require(entries.Count <= 1_000, $"judgement.{name}", "That is more than anybody writes: at most 1,000 entries.");
        foreach (var (entry, i) in entries.Take(1_000).Select((entry, i) => (entry, i)))
        {
            var at = $"judgement.{name}[{i}]";
            if (!_textByKey.ContainsKey(response(entry)))
            {
                _faults.Add($"{at}.response", $"There is no such response here; there is {string.Join(", ", _textByKey.Keys)}.");
                continue;
            }

            check(entry, at);
        }
    }

    private void Distinct<T, TKey>(IReadOnlyList<T> entries, string name, Func<T, TKey> key)
    {
        if (entries.GroupBy(key).Any(group => group.Count() > 1))
        {
            _faults.Add($"judgement.{name}", "The same thing is answered twice.");
        }
    }

    private bool OneOf(string? value, IEnumerable<string> allowed, string field)
    {
        var known = value is not null && allowed.Contains(value);
        _faults.Require(known, field, $"Choose one of: {string.Join(", ", allowed)}.");
        return known;
    }

    private void Text(string? text, string field, int limit) => _faults.Require(text is null || text.Length <= limit, field, $"At most {limit:N0} characters.");
}
