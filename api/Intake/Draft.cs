using System.Text.Json;

namespace HealthEval.Intake;

/// <summary>A record on its way to becoming an item: what a format found in it, and what it found wrong. Reference and metadata borrow the record's document.</summary>
internal sealed class Draft
{
    public string? ItemId { get; set; }

    public string? PromptId { get; set; }

    /// <summary>The format has rows without an answer; such a one is kept, but nobody is asked to judge it.</summary>
    public bool PromptOnly { get; set; }

    /// <summary>A question whose answer comes in another file.</summary>
    public bool IsRequest { get; set; }

    /// <summary>What was asked lies in a benchmark, under the prompt's id.</summary>
    public bool PromptElsewhere { get; set; }

    /// <summary>Of which benchmark the prompt is.</summary>
    public BenchmarkStamp? Benchmark { get; set; }

    public List<EvalMessage> Messages { get; set; } = [];

    public List<DraftResponse> Responses { get; } = [];

    public string? Subdomain { get; set; }

    public string? Specialty { get; set; }

    public string? Audience { get; set; }

    public string? Jurisdiction { get; set; }

    public string? Language { get; set; }

    public string? RiskTier { get; set; }

    public string? Theme { get; set; }

    public string? TaskType { get; set; }

    public string? Mode { get; set; }

    public int? Chosen { get; set; }

    public JsonElement? Reference { get; set; }

    public List<RubricCriterion> Rubric { get; } = [];

    /// <summary>Criteria that the reference holds, where there are no others.</summary>
    public List<RubricCriterion> Statements { get; } = [];

    public List<string> Tags { get; } = [];

    public List<DraftClaim> Claims { get; } = [];

    public SortedDictionary<string, JsonElement> Meta { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of metadata by which this record is no other one.</summary>
    public HashSet<string> Bookkeeping { get; } = new(StringComparer.Ordinal);

    public List<Problem> Problems { get; } = [];

    /// <summary>Things worth a line in the receipt that keep nobody from judging: <c>empty_response</c> and the like.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>A warning, once however often it applies to this record.</summary>
    public void Note(string warning)
    {
        if (!Warnings.Contains(warning))
        {
            Warnings.Add(warning);
        }
    }

    public void Refuse(string? path, string reason) => Problems.Add(new Problem(path, reason));
}

/// <param name="PromptId">In the benchmark.</param>
internal sealed record BenchmarkStamp(string BenchmarkId, int Version, string PromptId);

internal sealed record DraftResponse(string? ResponseId, string? Model, string Content)
{
    /// <summary>What the model thought before it answered, where the file has it apart.</summary>
    public string? Reasoning { get; init; }
}

/// <summary>A claim that came with an answer: its words, or where they stand.</summary>
/// <param name="Start">In Unicode code points of the response.</param>
/// <param name="Importance">must, should or not: how much it matters that it is checked.</param>
/// <param name="ResponseId">Of which response, where there are several.</param>
internal sealed record DraftClaim(string? Quote, int? Start, int? End, string? Importance, string? ResponseId)
{
    /// <summary>The place of its response among the draft's, where the claim stands inside of one.</summary>
    public int? Response { get; init; }
}

/// <summary>A field of one record and what is wrong with it.</summary>
internal sealed record Problem(string? Path, string Reason);
