using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Intake.Formats;

/// <summary>
/// What an automatic grader found of one criterion. It is a machine's judgement: it lies beside the item, and no figure of people takes it in.
/// </summary>
/// <param name="Judge">The grader, where the file names it.</param>
internal sealed record MachineGrade(string CriterionId, bool Met, string? Explanation, string? Judge = null)
{
    /// <summary>Where they are kept in an item's bookkeeping.</summary>
    public const string Kept = "machine_grades";

    /// <summary>What the receipt says of them.</summary>
    public const string Note = "machine_grades_kept_apart";

    private static readonly string[] Judges = ["grader_model", "grader", "judge_model", "judge", "grader_name", "autograder", "eval_model"];

    /// <param name="criteria">Of the rubric that has been read into the draft, in its order.</param>
    public static void Keep(JsonElement criteria, Fields fields)
    {
        var draft = fields.Draft;
        var graded = criteria.ValueKind is JsonValueKind.Array ? criteria.EnumerateArray().Select((item, index) => (item, index))
            .Where(at => at.item.Has("criteria_met")).ToList() : [];
        if (graded.Count == 0)
        {
            return;
        }

        var judge = fields.Model(Judges);
        draft.Meta[Kept] = JsonSerializer.SerializeToElement(graded.Select(at => new MachineGrade(
            at.index < draft.Rubric.Count ? draft.Rubric[at.index].Id : $"c{at.index + 1}",
            at.item.TryField("criteria_met", out var met) && met.ValueKind is JsonValueKind.True,
            at.item.TryField("explanation", out var why) && why.ValueKind is JsonValueKind.String ? why.GetString() : null,
            judge)), Json.Options);
        draft.Bookkeeping.Add(Kept);
        draft.Bookkeeping.Add("score");
        draft.Note(Note);
    }

    /// <summary>Those that were kept beside an item; none where there are none.</summary>
    public static IReadOnlyList<MachineGrade> In(IReadOnlyDictionary<string, JsonElement>? bookkeeping) =>
        bookkeeping?.TryGetValue(Kept, out var kept) == true && kept.ValueKind is JsonValueKind.Array ? kept.Deserialize<List<MachineGrade>>(Json.Options) ?? []
            : [];
}
