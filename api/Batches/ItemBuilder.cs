using System.Text.Json;
using System.Text;
using HealthEval.Batches.Benchmarks;
using HealthEval.Batches.Privacy;
using HealthEval.Intake;
using HealthEval.Intake.Formats;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>From a draft to items: checks what must hold in every format, fills the defaults, derives ids and hashes.</summary>
/// <param name="reading">Names a later reading of a file: its items are others than those of the readings that were withdrawn, whatever ids they have.</param>
/// <param name="keepsOldIdentity">For a file that was first loaded when bookkeeping still made a record another one.</param>
internal sealed class ItemBuilder(Project project, string batchId, IngestOptions options, BenchmarkIndex benchmarks, bool keepsOldIdentity = false,
    string? reading = null)
{
    /// <summary>
    /// One item; or, for more responses than people can compare at once, one item per response. Nothing when the draft has problems.
    /// </summary>
    public BuiltRecord? Build(Draft draft, long line)
    {
        if (draft.IsRequest)
        {
            return draft.Problems.Count == 0 ? new BuiltRecord([], []) : null;
        }

        benchmarks.Attach(draft);
        Rubrics.OfReference(draft, project.ShowMustHave);
        DraftRules.Check(draft, options);
        var item = draft.Problems.Count == 0 ? Whole(draft, line) : null;
        if (item is null || draft.Problems.Count > 0)
        {
            return null;
        }

        var claims = draft.PromptId is { } prompt ? [IdClaim.OfPrompt(prompt, item.Messages)] : Array.Empty<IdClaim>();
        var content = item.ContentHash();
        var whole = Finish(item, content, Under(draft, Identity(draft, content)));
        if (item.Responses.Count <= project.MostComparedAtOnce)
        {
            return Fits(draft, whole) ? new BuiltRecord([whole], claims) : null;
        }

        if (!FitsExpanded(draft, item))
        {
            return null;
        }

        var parts = item.Responses.Select(response => Part(draft, item with { Responses = [response], Claims = item.Claims?.Where(claim => claim.ResponseId == response.ResponseId).ToList() is { Count: > 0 } own ? own : null })).ToArray();
        claims = draft.ItemId is { } id ? [.. claims, IdClaim.OfParts(id, whole.ContentSha256)] : claims;
        return Array.TrueForAll(parts, part => Fits(draft, part)) ? new BuiltRecord(parts, claims) : null;
    }

    /// <summary>Where the item lies that a customer's own id names; with a response, the part of it that holds this response alone.</summary>
    public static string TaskIdOfItem(string projectId, string itemId, string? response = null) =>
        TaskIdOf(projectId, response is null ? Sha.OfParts("item", itemId) : Sha.OfParts("item", itemId, response));

    /// <summary>Where the item lies that a customer's ids of prompt and responses name.</summary>
    public static string TaskIdOfResponses(string projectId, string promptId, IEnumerable<string> responses) =>
        TaskIdOf(projectId, OfResponses(promptId, responses));

    /// <summary>In whatever order the file has them.</summary>
    private static string OfResponses(string promptId, IEnumerable<string> responses) => Sha.OfParts(["responses", promptId, .. responses.Order(StringComparer.Ordinal)]);

    private EvalItem? Whole(Draft draft, long line)
    {
        var messages = draft.Messages;
        var promptId = draft.PromptId ?? "p" + EvalMessage.HashOf(messages)[..16];
        var responses = Responses(draft, promptId);
        var (meta, bookkeeping) = Metadata(draft);
        return new EvalItem(
            project.ProjectId, "", promptId, messages, responses, draft.Subdomain ?? "general", draft.Audience ?? "unknown", OrNull(draft.Jurisdiction) ?? "unspecified", draft.Language ?? "en", draft.RiskTier ?? "routine",
            batchId, line, "", draft.Rubric, draft.Tags)
        {
            ItemId = draft.ItemId,
            Specialty = OrNull(draft.Specialty),
            Theme = draft.Theme,
            TaskType = draft.TaskType,
            Mode = draft.Mode,
            Benchmark = draft.Benchmark,
            Reference = draft.Reference,
            Statements = draft.Statements.Count == 0 ? null : draft.Statements,
            Meta = meta,
            Bookkeeping = bookkeeping,
            Claims = Claims(draft, responses),
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

            responses.Add(new EvalResponse(id, response.Content, hash, OrNull(response.Model), OrNull(response.Reasoning)));
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
            OfResponses(prompt, draft.Responses.Select(response => response.ResponseId!)),
        _ => Sha.OfParts("content", content),
    };

    /// <summary>One response of a long record is the same item as that response on a line of its own.</summary>
    private EvalItem Part(Draft draft, EvalItem part)
    {
        var content = part.ContentHash();
        return Finish(part, content, Under(draft, (draft, part.Responses[0].ResponseId) switch
        {
            ({ ItemId: { } id }, var response) => Sha.OfParts("item", id, response),
            ({ PromptId: { } prompt }, var response) when draft.Responses.Exists(given => given.ResponseId == response) => Sha.OfParts("responses", prompt, response),
            _ => Sha.OfParts("content", content),
        }));
    }

    /// <summary>The same answer under another version of a benchmark has another rubric, and is judged anew.</summary>
    private string Under(Draft draft, string identity)
    {
        var under = draft.Benchmark is { } of ? Sha.OfParts("benchmark", of.BenchmarkId, $"{of.Version}", identity) : identity;
        return reading is null ? under : Sha.OfParts("reading", reading, under);
    }

    private static EvalItem Finish(EvalItem item, string content, string identity) =>
        item with { TaskId = TaskIdOf(item.ProjectId, identity), ContentSha256 = content };

    private static string TaskIdOf(string projectId, string identity) => "t" + Sha.OfParts(projectId, identity)[..24];

    private bool Fits(Draft draft, EvalItem item)
    {
        // six bytes per character is the most that JSON makes of one: only an item that could be too large is measured
        var characters = item.Messages.Sum(message => message.Content.Length) + item.Responses.Sum(response => response.Content.Length + (response.Reasoning?.Length ?? 0));
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

    /// <summary>What changes without the record being another one is kept apart from what tells it from others.</summary>
    private (SortedDictionary<string, JsonElement>? Meta, SortedDictionary<string, JsonElement>? Bookkeeping) Metadata(Draft draft)
    {
        if (keepsOldIdentity || !draft.Meta.Keys.Any(IsBookkeeping))
        {
            return (draft.Meta.Count == 0 ? null : draft.Meta, null);
        }

        var (meta, bookkeeping) = (new SortedDictionary<string, JsonElement>(StringComparer.Ordinal), new SortedDictionary<string, JsonElement>(StringComparer.Ordinal));
        foreach (var (name, value) in draft.Meta)
        {
            (IsBookkeeping(name) ? bookkeeping : meta)[name] = value;
        }

        return (meta.Count == 0 ? null : meta, bookkeeping);

        bool IsBookkeeping(string name) => draft.Bookkeeping.Contains(name) || Names.IsBookkeeping(name);
    }

    private static List<GivenClaim>? Claims(Draft draft, List<EvalResponse> responses)
    {
        var claims = new List<GivenClaim>();
        foreach (var given in draft.Claims)
        {
            var response = given.Response is { } place ? responses.ElementAtOrDefault(place)
                : given.ResponseId is { } id ? responses.Find(response => response.ResponseId == id)
                : responses.Count == 1 ? responses[0] : responses.Find(response => given.Quote is { } words && response.Content.Contains(words, StringComparison.Ordinal));
            if (response is null || Place(given, response.Content) is not var (text, start, end))
            {
                draft.Note("claim_without_its_answer_left_out");
                continue;
            }

            claims.Add(new GivenClaim($"k{claims.Count + 1}", response.ResponseId, text, start, end, given.Importance));
        }

        return claims.Count == 0 ? null : claims;
    }

    /// <summary>A quote is looked for; offsets are cut out. Null for offsets outside of the answer.</summary>
    private static (string Text, int? Start, int? End)? Place(DraftClaim claim, string content)
    {
        if (claim.Quote is { Length: > 0 } quote)
        {
            return content.IndexOf(quote, StringComparison.Ordinal) is >= 0 and var at
                ? (quote, Screening.CodePoints(content.AsSpan(0, at)), Screening.CodePoints(content.AsSpan(0, at + quote.Length)))
                : (quote, null, null);
        }

        var runes = content.EnumerateRunes().ToArray();
        return claim is { Start: >= 0 and var start, End: { } end } && end > start && end <= runes.Length
            ? (string.Concat(runes[start..end].Select(rune => rune.ToString())), start, end)
            : null;
    }

    private static string? OrNull(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

/// <summary>What one record became: an item, or one per response when there are more than people can compare at once.</summary>
/// <param name="Claims">What the customer's ids in it stand for.</param>
internal sealed record BuiltRecord(IReadOnlyList<EvalItem> Items, IdClaim[] Claims)
{
    public bool IsGroup => Items.Count > 1;
}
