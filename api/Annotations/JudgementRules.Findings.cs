using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>What is found in the text: claims with their sources, and spans.</summary>
internal sealed partial class JudgementRules
{
    private const int ExcerptWords = 40;

    private void Claims()
    {
        Distinct([.. _judgement.Claims.Where(claim => claim.Given is not null)], "claims", claim => (claim.Response, claim.Given));
        Each(_judgement.Claims, "claims", claim => claim.Response, CheckClaim);
    }

    private void CheckClaim(Claim claim, string at)
    {
        if (claim.Start is not null || claim.End is not null)
        {
            Slice(claim.Response, claim.Start, claim.End, claim.Quote, at);
        }
        else
        {
            _faults.Require(!string.IsNullOrWhiteSpace(claim.Quote), $"{at}.quote", "Quote the claim, or write it in your words.");
        }

        if (claim.Given is not null)
        {
            var came = _item.Claims?.FirstOrDefault(given => IsAbout(claim, given));
            var same = came is not null && (came.Text, came.Start, came.End) == (claim.Quote, claim.Start, claim.End);
            _faults.Require(same, $"{at}.given", "A claim that came with the answer is judged as it came. Make a claim of your own for anything else.");
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
    }

    private bool IsAbout(Claim claim, GivenClaim given) => claim.Given == given.ClaimId && _idByKey.GetValueOrDefault(claim.Response) == given.ResponseId;

    private void EvidenceOf(Claim claim, string at)
    {
        foreach (var (evidence, i) in (claim.Evidence ?? []).Select((evidence, i) => (evidence, i)))
        {
            var here = $"{at}.evidence[{i}]";
            _faults.Require(Uri.TryCreate(evidence.Url, UriKind.Absolute, out var url) && url.Scheme is "https" or "http", $"{here}.url", "Give the full address of the source, beginning with https://.");
            _faults.Require(evidence.Url is not { Length: > 2_000 }, $"{here}.url", "An address has at most 2,000 characters.");
            if (evidence.Tier is not null || !IsSearch(claim.Verdict))
            {
                OneOf(evidence.Tier, _guideline.EvidenceTiers.Select(tier => tier.Key), $"{here}.tier");
            }

            OneOf(evidence.Stance, ["supports", "refutes", "neutral"], $"{here}.stance");
            Text(evidence.Title, $"{here}.title", ShortText);
            Text(evidence.Publisher, $"{here}.publisher", ShortText);
            Date(evidence.PublishedOn, $"{here}.publishedOn", partial: true);
            Date(evidence.AccessedOn, $"{here}.accessedOn", partial: false);
            var words = evidence.Excerpt?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length ?? 0;
            _faults.Require(words <= ExcerptWords, $"{here}.excerpt", $"An excerpt has at most {ExcerptWords} words; this has {words}.");
        }
    }

    /// <summary>A verdict about what was not found: the places that were searched have no tier.</summary>
    private bool IsSearch(string? verdict) => _guideline.Verdicts.FirstOrDefault(known => known.Key == verdict)?.Searches is not null;

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

    private void Slice(string response, int? start, int? end, string? quote, string at)
    {
        if (start is not { } from || end is not { } until || from >= until || CodePoints.Slice(_textByKey[response], from, until) is not { } slice)
        {
            _faults.Add($"{at}.start", $"The place [{start}, {end}) is not in the text of response {response}, which has {new CodePoints(_textByKey[response]).Count} code points.");
            return;
        }

        _faults.Require(slice == quote, $"{at}.quote", $"The quote is not what the text of response {response} says at [{from}, {until}). Mark the place again.");
    }

    private void Date(string? text, string field, bool partial)
    {
        string[] formats = partial ? ["yyyy", "yyyy-MM", "yyyy-MM-dd"] : ["yyyy-MM-dd"];
        _faults.Require(string.IsNullOrEmpty(text) || DateOnly.TryParseExact(text, formats, out _), field, $"Write the date as {string.Join(" or ", formats).ToUpperInvariant()}.");
    }
}
