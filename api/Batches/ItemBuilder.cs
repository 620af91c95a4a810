using System.Text;
using HealthEval.Intake;
using HealthEval.Intake.Formats;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>From a draft to items: checks what must hold in every format, fills the defaults, derives ids and hashes.</summary>
internal sealed class ItemBuilder(Project project, string batchId, IngestOptions options)
{
    private static readonly string[] Audiences = ["lay", "clinician", "unknown"];
    private static readonly string[] RiskTiers = ["routine", "elevated", "emergency"];

    /// <summary>
    /// One item; or, for more responses than people can compare at once, one item per response. Nothing when the draft has problems.
    /// </summary>
    public BuiltRecord? Build(Draft draft, long line)
    {
        if (draft.IsRequest)
        {
            return draft.Problems.Count == 0 ? new BuiltRecord([], []) : null;
        }

        DraftRules.Check(draft, options);
        var item = draft.Problems.Count == 0 ? Whole(draft, line) : null;
        if (item is null || draft.Problems.Count > 0)
        {
            return null;
        }

        var claims = draft.PromptId is { } prompt ? [IdClaim.OfPrompt(prompt, item.Messages)] : Array.Empty<IdClaim>();
        var content = item.ContentHash();
        var whole = Finish(item, content, Identity(draft, content));
        if (item.Responses.Count <= project.MostComparedAtOnce)
        {
            return Fits(draft, whole) ? new BuiltRecord([whole], claims) : null;
        }

        if (!FitsExpanded(draft, item))
        {
            return null;
        }

        var parts = item.Responses.Select(response => Part(draft, item with { Responses = [response] })).ToArray();
        claims = draft.ItemId is { } id ? [.. claims, IdClaim.OfParts(id, whole.ContentSha256)] : claims;
        return Array.TrueForAll(parts, part => Fits(draft, part)) ? new BuiltRecord(parts, claims) : null;
    }

    private EvalItem? Whole(Draft draft, long line)
    {
        var subdomain = OneOf(draft, "subdomain", draft.Subdomain?.Replace(' ', '_'), Guidelines.Vocabulary.Subdomains, "general");
        var audience = OneOf(draft, "audience", draft.Audience, Audiences, "unknown");
        var riskTier = OneOf(draft, "risk_tier", draft.RiskTier, RiskTiers, "routine");
        var language = OrNull(draft.Language) ?? "en";
        if (!Guidelines.Vocabulary.IsLanguageTag(language))
        {
            draft.Refuse("language", "Expected a language tag such as en, de or pt-BR.");
        }

        var messages = draft.Messages;
        var promptId = draft.PromptId ?? "p" + EvalMessage.HashOf(messages)[..16];
        var responses = Responses(draft, promptId);
        return new EvalItem(project.ProjectId, "", promptId, messages, responses, subdomain, audience, OrNull(draft.Jurisdiction) ?? "unspecified", language, riskTier, batchId, line, "", draft.Rubric, draft.Tags)
        {
            ItemId = draft.ItemId,
            Specialty = OrNull(draft.Specialty),
            Reference = draft.Reference,
            Meta = draft.Meta.Count == 0 ? null : draft.Meta,
            Chosen = draft.Chosen is { } chosen ? responses[chosen].ResponseId : null,
        };
    }

    private static List<EvalResponse> Responses(Draft draft, string promptId)
    {
        var responses = new List<EvalResponse>(draft.Responses.Count);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var response in draft.Responses)
        {
            var hash = Sha.Of(response.Content);
            var id = response.ResponseId ?? Derived(promptId, response.Model, hash, ids);
            if (!ids.Add(id))
            {
                draft.Refuse($"responses[{responses.Count}].response_id", "Another response of this record has the same id.");
            }

            responses.Add(new EvalResponse(id, response.Content, hash, OrNull(response.Model)));
        }

        return responses;
    }

    /// <summary>A model that gave the same answer twice gave two answers; where they stand among the others makes no difference.</summary>
    private static string Derived(string promptId, string? model, string hash, HashSet<string> ids)
    {
        for (var again = 0; ; again++)
        {
            var id = "r" + Sha.OfParts(promptId, OrNull(model), hash, again == 0 ? null : $"{again}")[..16];
            if (!ids.Contains(id))
            {
                return id;
            }
        }
    }

    /// <summary>The customer's ids where they name this record, else what the record says.</summary>
    private static string Identity(Draft draft, string content) => draft switch
    {
        { ItemId: { } id } => Sha.OfParts("item", id),
        { PromptId: { } prompt, Responses: [] } => Sha.OfParts("prompt without response", prompt),
        { PromptId: { } prompt } when draft.Responses.TrueForAll(response => response.ResponseId is not null) =>
            Sha.OfParts(["responses", prompt, .. draft.Responses.Select(response => response.ResponseId).Order(StringComparer.Ordinal)]),
        _ => Sha.OfParts("content", content),
    };

    /// <summary>One response of a long record is the same item as that response on a line of its own.</summary>
    private static EvalItem Part(Draft draft, EvalItem part)
    {
        var content = part.ContentHash();
        return Finish(part, content, (draft, part.Responses[0].ResponseId) switch
        {
            ({ ItemId: { } id }, var response) => Sha.OfParts("item", id, response),
            ({ PromptId: { } prompt }, var response) when draft.Responses.Exists(given => given.ResponseId == response) => Sha.OfParts("responses", prompt, response),
            _ => Sha.OfParts("content", content),
        });
    }

    private static EvalItem Finish(EvalItem item, string content, string identity) =>
        item with { TaskId = "t" + Sha.OfParts(item.ProjectId, identity)[..24], ContentSha256 = content };

    private bool Fits(Draft draft, EvalItem item)
    {
        // six bytes per character is the most that JSON makes of one: only an item that could be too large is measured
        var characters = item.Messages.Sum(message => message.Content.Length) + item.Responses.Sum(response => response.Content.Length);
        var bytes = characters > options.MaxItemBytes / 8 ? Json.Bytes(item).Length : 0;
        if (bytes > options.MaxItemBytes)
        {
            draft.Refuse(null, $"Too large: {bytes:N0} bytes as one item, the limit is {options.MaxItemBytes:N0}. Split the conversation or shorten the texts.");
        }

        return bytes <= options.MaxItemBytes;
    }

    private bool FitsExpanded(Draft draft, EvalItem item)
    {
        var bytes = ((long)item.Responses.Count * Json.Bytes(item with { Responses = [] }).Length) + item.Responses.Sum(response => (long)Encoding.UTF8.GetByteCount(response.Content));
        if (bytes > options.MaxExpandedBytes)
        {
            draft.Refuse(null, $"Too large: {bytes:N0} bytes once each of its {item.Responses.Count:N0} responses stands with the prompt, the limit is {options.MaxExpandedBytes:N0}. Spread the responses over several records.");
        }

        return bytes <= options.MaxExpandedBytes;
    }

    private static string OneOf(Draft draft, string path, string? value, IReadOnlyList<string> allowed, string otherwise)
    {
        if (OrNull(value) is not { } given)
        {
            return otherwise;
        }

        if (allowed.FirstOrDefault(known => known.Equals(given, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return found;
        }

        draft.Refuse(path, $"Expected one of {string.Join(", ", allowed)}; found '{Excerpt.Of(given, 40)}'.");
        return otherwise;
    }

    private static string? OrNull(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

/// <summary>What one record became: an item, or one per response when there are more than people can compare at once.</summary>
/// <param name="Claims">What the customer's ids in it stand for.</param>
internal sealed record BuiltRecord(IReadOnlyList<EvalItem> Items, IdClaim[] Claims)
{
    public bool IsGroup => Items.Count > 1;
}
