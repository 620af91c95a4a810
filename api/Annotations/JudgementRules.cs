using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>
/// Whether a judgement says what it must, in words the guideline knows, about text that is there. Faults are by field path, in the order
/// in which a person meets them in the form.
/// </summary>
internal sealed class JudgementRules
{
    private const int LongText = 20_000;
    private const int ShortText = 4_000;
    private const int ExcerptWords = 40;
    private readonly Judgement _judgement;
    private readonly Guideline _guideline;
    private readonly EvalItem _item;
    private readonly IReadOnlyDictionary<string, string> _textByKey;
    private readonly Faults _faults = new();

    private JudgementRules(Judgement judgement, Guideline guideline, EvalItem item, IReadOnlyList<string> responseOrder)
    {
        (_judgement, _guideline, _item) = (judgement, guideline, item);
        var byId = item.Responses.ToDictionary(response => response.ResponseId, response => response.Content);
        _textByKey = responseOrder.Select((id, position) => (Key: ResponseOrder.Key(position), Text: byId[id])).ToDictionary(pair => pair.Key, pair => pair.Text);
    }

    public static Faults Check(Judgement judgement, Guideline guideline, EvalItem item, IReadOnlyList<string> responseOrder)
    {
        var rules = new JudgementRules(judgement, guideline, item, responseOrder);
        rules.Ratings();
        rules.Harm();
        rules.Claims();
        rules.Spans();
        rules.Checklists();
        rules.PreferenceBetween();
        rules.Whole();
        return rules._faults;
    }

    private void Ratings()
    {
        foreach (var key in _textByKey.Keys.Where(key => !_judgement.Ratings.Any(rating => rating.Response == key)))
        {
            _faults.Add("judgement.ratings", $"Response {key} is not rated.");
        }

        Each(_judgement.Ratings, "ratings", rating => rating.Response, (rating, at) =>
        {
            foreach (var (dimension, score) in rating.Scores)
            {
                var notApplicable = dimension == "reasoning" && rating.ReasoningNotApplicable;
                _faults.Require(score is >= 1 and <= 5 || (score is null && notApplicable), $"{at}.{dimension}", $"Rate {dimension} of response {rating.Response} from 1 to 5{(dimension == "reasoning" ? ", or NA" : "")}.");
            }

            Text(rating.Rationale, $"{at}.rationale", LongText);
        });
        Distinct(_judgement.Ratings, "ratings", rating => rating.Response);
    }

    private void Harm()
    {
        foreach (var key in _textByKey.Keys.Where(key => !_judgement.Harm.Any(harm => harm.Response == key)))
        {
            _faults.Add("judgement.harm", $"Say how much harm response {key} could do.");
        }

        Each(_judgement.Harm, "harm", harm => harm.Response, (harm, at) =>
        {
            OneOf(harm.Extent, Vocabulary.HarmExtents, $"{at}.extent");
            if (harm.Extent is null or "none")
            {
                _faults.Require(harm.Likelihood is null && harm.Mechanism is null, at, "Without harm there is no likelihood and no mechanism.");
                return;
            }

            OneOf(harm.Likelihood, Vocabulary.HarmLikelihoods, $"{at}.likelihood");
            OneOf(harm.Mechanism, Vocabulary.HarmMechanisms, $"{at}.mechanism");
        });
        Distinct(_judgement.Harm, "harm", harm => harm.Response);
    }

    private void Claims() => Each(_judgement.Claims, "claims", claim => claim.Response, (claim, at) =>
    {
        if (claim.Start is not null || claim.End is not null)
        {
            Slice(claim.Response, claim.Start, claim.End, claim.Quote, at);
        }
        else
        {
            _faults.Require(!string.IsNullOrWhiteSpace(claim.Quote), $"{at}.quote", "Quote the claim, or write it in your words.");
        }

        Text(claim.Quote, $"{at}.quote", LongText);
        Text(claim.Correction, $"{at}.correction", ShortText);
        OneOf(claim.Type, _guideline.ClaimTypes.Select(type => type.Key), $"{at}.type");
        OneOf(claim.Checkworthiness, _guideline.Checkworthiness.Select(term => term.Key), $"{at}.checkworthiness");
        if (claim.Verdict is not null)
        {
            OneOf(claim.Verdict, _guideline.Verdicts.Select(verdict => verdict.Key), $"{at}.verdict");
        }

        EvidenceOf(claim, at);
    });

    private void EvidenceOf(Claim claim, string at)
    {
        foreach (var (evidence, i) in (claim.Evidence ?? []).Select((evidence, i) => (evidence, i)))
        {
            var here = $"{at}.evidence[{i}]";
            _faults.Require(Uri.TryCreate(evidence.Url, UriKind.Absolute, out var url) && url.Scheme is "https" or "http", $"{here}.url", "Give the full address of the source, beginning with https://.");
            _faults.Require(evidence.Url is not { Length: > 2_000 }, $"{here}.url", "An address has at most 2,000 characters.");
            OneOf(evidence.Tier, _guideline.EvidenceTiers.Select(tier => tier.Key), $"{here}.tier");
            OneOf(evidence.Stance, ["supports", "refutes", "neutral"], $"{here}.stance");
            Text(evidence.Title, $"{here}.title", ShortText);
            Text(evidence.Publisher, $"{here}.publisher", ShortText);
            Date(evidence.PublishedOn, $"{here}.publishedOn", partial: true);
            Date(evidence.AccessedOn, $"{here}.accessedOn", partial: false);
            var words = evidence.Excerpt?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length ?? 0;
            _faults.Require(words <= ExcerptWords, $"{here}.excerpt", $"An excerpt has at most {ExcerptWords} words; this has {words}.");
        }
    }

    private void Spans()
    {
        _faults.Require(_judgement.Spans.Count <= _guideline.SpanLimit * _textByKey.Count, "judgement.spans", $"At most {_guideline.SpanLimit} spans per response.");
        Each(_judgement.Spans, "spans", span => span.Response, (span, at) =>
        {
            if (!OneOf(span.Kind, _guideline.Kinds.Select(kind => kind.Key), $"{at}.kind"))
            {
                return;
            }

            var code = _guideline.Codes.FirstOrDefault(code => code.Code == span.Code);
            _faults.Require(code is not null, $"{at}.code", "Choose a code from the guideline's taxonomy.");
            _faults.Require(code is null || code.Kinds.Contains(span.Kind), $"{at}.code", $"{span.Code} does not go with {span.Kind}; it goes with {string.Join(", ", code?.Kinds ?? [])}.");
            if (span.Kind == "strength")
            {
                _faults.Require(span.Severity is null, $"{at}.severity", "A strength has no severity.");
            }
            else
            {
                OneOf(span.Severity, Vocabulary.Severities, $"{at}.severity");
            }

            Place(span, at);
            Text(span.Comment, $"{at}.comment", ShortText);
            Text(span.Suggestion, $"{at}.suggestion", LongText);
        });
    }

    /// <summary>A span lies in the text; an omission has no place in it, and says what is missing.</summary>
    private void Place(Span span, string at)
    {
        if (span.Start is not null || span.End is not null)
        {
            Slice(span.Response, span.Start, span.End, span.Quote, at);
            _faults.Require(span.MissingText is null, $"{at}.missingText", "Only an omission has missing text.");
            return;
        }

        _faults.Require(span.Quote is null, $"{at}.quote", "An omission quotes nothing.");
        _faults.Require(!string.IsNullOrWhiteSpace(span.MissingText), $"{at}.missingText", "Say what is missing, or mark the place.");
        Text(span.MissingText, $"{at}.missingText", ShortText);
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
            OneOf(check.Criterion, _item.Rubric.Select(criterion => criterion.Id), $"{at}.criterion");
            Text(check.Comment, $"{at}.comment", ShortText);
        });
        Distinct(_judgement.Behaviour, "behaviour", check => (check.Response, check.Check));
        Distinct(_judgement.Rules, "rules", check => (check.Response, check.Rule));
        Distinct(_judgement.Rubric, "rubric", check => (check.Response, check.Criterion));
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
            _faults.Add("judgement.preference.winner", "Say which response is better.");
            return;
        }

        preference.Check([.. _textByKey.Keys], _faults);
        _faults.Require(preference.Strength is null or (>= 0 and <= 3), "judgement.preference.strength", "The strength of a preference is 0 to 3.");
        foreach (var (dimension, winner) in preference.PerDimension ?? new Dictionary<string, string>())
        {
            OneOf(dimension, Vocabulary.Dimensions, "judgement.preference.perDimension");
            OneOf(winner, [.. _textByKey.Keys, "tie"], "judgement.preference.perDimension");
        }

        Text(preference.Rationale, "judgement.preference.rationale", LongText);
    }

    private void Whole()
    {
        _faults.Require(_judgement.Confidence is >= 1 and <= 3, "judgement.confidence", "Say how confident you are, 1 to 3.");
        _faults.Require(_judgement.Overall is null or (>= 1 and <= 5), "judgement.overall", "Overall is 1 to 5.");
        _faults.Require(_judgement.ActiveSeconds is >= 0 and <= 24 * 3600, "judgement.activeSeconds", "Active time is between 0 seconds and a day.");
        _faults.Require(_judgement.CheckingSeconds is null or (>= 0 and <= 24 * 3600), "judgement.checkingSeconds", "Time with sources is between 0 seconds and a day.");
        foreach (var flag in _judgement.Flags)
        {
            OneOf(flag, _guideline.Flags.Select(term => term.Key), "judgement.flags");
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

    private void Slice(string response, int? start, int? end, string? quote, string at)
    {
        if (start is not { } from || end is not { } until || from >= until || CodePoints.Slice(_textByKey[response], from, until) is not { } slice)
        {
            _faults.Add($"{at}.start", $"The place [{start}, {end}) is not in the text of response {response}, which has {new CodePoints(_textByKey[response]).Count} code points.");
            return;
        }

        _faults.Require(slice == quote, $"{at}.quote", $"The quote is not what the text of response {response} says at [{from}, {until}). Mark the place again.");
    }

    private void Text(string? text, string field, int limit) => _faults.Require(text is null || text.Length <= limit, field, $"At most {limit:N0} characters.");

    private void Date(string? text, string field, bool partial)
    {
        string[] formats = partial ? ["yyyy", "yyyy-MM", "yyyy-MM-dd"] : ["yyyy-MM-dd"];
        _faults.Require(string.IsNullOrEmpty(text) || DateOnly.TryParseExact(text, formats, out _), field, $"Write the date as {string.Join(" or ", formats).ToUpperInvariant()}.");
    }
}
