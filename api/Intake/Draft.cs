using System.Text.Json;

namespace HealthEval.Intake;

/// <summary>A record on its way to becoming an item: what a format found in it, and what it found wrong. Reference and metadata borrow the record's document.</summary>
internal sealed class Draft
{
    public string? ItemId { get; set; }

    public string? PromptId { get; set; }

    /// <summary>One answer on a line of its own, so that other lines may carry the same prompt.</summary>
    public bool SingleResponse { get; set; }

    /// <summary>The format has rows without an answer; such a one is kept, but nobody is asked to judge it.</summary>
    public bool PromptOnly { get; set; }

    /// <summary>A question whose answer comes in another file.</summary>
    public bool IsRequest { get; set; }

    public List<EvalMessage> Messages { get; set; } = [];

    public List<DraftResponse> Responses { get; } = [];

    public string? Subdomain { get; set; }

    public string? Specialty { get; set; }

    public string? Audience { get; set; }

    public string? Jurisdiction { get; set; }

    public string? Language { get; set; }

    public string? RiskTier { get; set; }

    public int? Chosen { get; set; }

    public JsonElement? Reference { get; set; }

    public List<RubricCriterion> Rubric { get; } = [];

    public List<string> Tags { get; } = [];

    public SortedDictionary<string, JsonElement> Meta { get; } = new(StringComparer.Ordinal);

    public List<Problem> Problems { get; } = [];

    /// <summary>Things worth a line in the receipt that keep nobody from judging: <c>empty_response</c> and the like.</summary>
    public List<string> Warnings { get; } = [];

    public void Refuse(string? path, string reason) => Problems.Add(new Problem(path, reason));
}

internal sealed record DraftResponse(string? ResponseId, string? Model, string Content);

/// <summary>A field of one record and what is wrong with it.</summary>
internal sealed record Problem(string? Path, string Reason);
