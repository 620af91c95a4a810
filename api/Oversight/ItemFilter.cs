using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Tasks;
using Microsoft.AspNetCore.Mvc;

namespace HealthEval.Oversight;

/// <summary>Which items of a project; what is left out is not asked about.</summary>
/// <param name="State">One of <see cref="ItemState"/>.</param>
/// <param name="Harm">At least this extent, said by anybody.</param>
/// <param name="Disagreement">Scores at least so far apart.</param>
/// <param name="Flag">One of the guideline's, or "any".</param>
/// <param name="Q">Words that the conversation or a response holds, all of them, whatever their case.</param>
internal sealed record ItemFilter(
    [property: FromQuery] string? State = null, [property: FromQuery] string? Batch = null, [property: FromQuery] string? Model = null,
    [property: FromQuery] string? Subdomain = null, [property: FromQuery] string? Risk = null, [property: FromQuery] string? Language = null,
    [property: FromQuery] int? Disagreement = null, [property: FromQuery] string? Harm = null, [property: FromQuery] bool? Critical = null,
    [property: FromQuery] string? Flag = null, [property: FromQuery] string? Q = null,
    [property: FromQuery] string? Audience = null, [property: FromQuery] string? Theme = null, [property: FromQuery] string? TaskType = null)
{
    private const int LongestWords = 200;

    public IReadOnlyList<string> Words { get; } = (Q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public bool AsksForFindings => Disagreement is not null || Harm is not null || Critical == true || Flag is not null;

    /// <summary>What only the item itself tells, which costs a read for every task.</summary>
    public bool AsksOfItem => Words.Count > 0 || Audience is not null || Theme is not null || TaskType is not null;

    /// <summary>Nothing that has to be looked for in the documents themselves.</summary>
    public bool IsPlain => State is null && Model is null && Subdomain is null && Risk is null && Language is null && !AsksForFindings && !AsksOfItem;

    public Faults Check()
    {
        var faults = new Faults();
        faults.Require(State is null || ItemState.All.Contains(State), "state", $"Choose from: {string.Join(", ", ItemState.All)}.");
        faults.Require(Harm is null || Vocabulary.HarmExtents.Contains(Harm), "harm", $"Choose from: {string.Join(", ", Vocabulary.HarmExtents)}.");
        faults.Require(Disagreement is null or (>= 1 and <= 4), "disagreement", "Scores are 1 to 4 apart.");
        faults.Require(Theme is null || Vocabulary.Themes.Contains(Theme), "theme", $"Choose from: {string.Join(", ", Vocabulary.Themes)}.");
        faults.Require(TaskType is null || Vocabulary.TaskTypes.Contains(TaskType), "taskType", $"Choose from: {string.Join(", ", Vocabulary.TaskTypes)}.");
        faults.Require(Q is not { Length: > LongestWords }, "q", $"At most {LongestWords} characters.");
        return faults;
    }

    /// <summary>What the task alone tells.</summary>
    public bool Fits(EvalTask task) =>
        (Batch is null || task.BatchId == Batch)
        && (Subdomain is null || task.Lane.Split('|')[0] == Subdomain)
        && (Language is null || task.Lane.Split('|')[1] == EvalTask.PrimaryLanguage(Language))
        && (Model is null || task.Models?.Contains(Model) != false)
        && (Risk is null || task.Risk is null || task.Risk == Risk)
        && (!AsksForFindings || task.Judged > 0);

    public bool Fits(TaskFindings found) =>
        (Disagreement is null || found.Spread >= Disagreement)
        && (Harm is null || FoundInTask.Place(found.Harm) >= FoundInTask.Place(Harm))
        && (Critical != true || found.Critical)
        && (Flag is null || (Flag == "any" ? found.Flags.Count > 0 : found.Flags.Contains(Flag)));

    public bool Fits(Batches.EvalItem item) =>
        (Model is null || item.Responses.Any(response => response.Model == Model))
        && (Risk is null || item.RiskTier == Risk)
        && (Audience is null || item.Audience == Audience)
        && (Theme is null || item.Theme == Theme)
        && (TaskType is null || item.TaskType == TaskType)
        && Words.All(word => item.Messages.Any(message => Has(message.Content, word)) || item.Responses.Any(response => Has(response.Content, word)) || item.ItemId == word || item.PromptId == word);

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>How far an item is.</summary>
internal static class ItemState
{
    public const string Waiting = "waiting";
    public const string Begun = "begun";
    public const string Judged = "judged";
    public const string InAdjudication = "in_adjudication";
    public const string Settled = "settled";
    public const string Stopped = "stopped";

    public static readonly IReadOnlyList<string> All = [Waiting, Begun, Judged, InAdjudication, Settled, Stopped];

    /// <param name="case_">Its case, where there is one.</param>
    public static string Of(EvalTask task, EvalTask? case_) =>
        task.Stopped is not null ? Stopped
        : task.Judged < task.Overlap ? (task.Judged > 0 ? Begun : Waiting)
        : case_ is null ? Judged
        : case_.Judged > 0 ? Settled : InAdjudication;
}
