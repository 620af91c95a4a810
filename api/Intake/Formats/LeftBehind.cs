using System.Runtime.InteropServices;
using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// Texts that become metadata, which no rater sees, although their names say that somebody asked, answered or was given them: the receipt says so, since
/// without them an answer may be judged to something else than what was asked.
/// </summary>
internal static class LeftBehind
{
    private static readonly NameSet Asked = new([.. Names.Prompts, "instruction", "instructions", "task_instruction", "question_title", "followup_question",
        "follow_up_question", "follow_up"]);

    private static readonly NameSet Given = new("context", "contexts", "passage", "passages", "document", "documents", "article", "abstract", "background",
        "patient_context", "clinical_context", "clinical_note", "clinical_notes", "ehr", "ehr_note", "patient_record", "medical_record", "vignette",
        "case_description", "patient_history", "medical_history", "retrieved_contexts", "retrieved_documents", "retrieval_context", "source_text", "excerpt",
        "discharge_summary", "case_report", "scenario", "patient_info", "patient_information");

    private static readonly NameSet Rules = new(Names.Systems);

    /// <param name="hash">Of its name.</param>
    public static void Note(JsonProperty field, uint hash, Draft draft)
    {
        if (Asked.Has(hash))
        {
            Say("another_question_kept_as_metadata", field.Value, draft);
        }
        else if (Given.Has(hash))
        {
            Say("context_kept_as_metadata", field.Value, draft);
        }
        else if (Rules.Has(hash))
        {
            Say("another_system_prompt_kept_as_metadata", field.Value, draft);
        }
        else if (IsProse(field.Value) && (Names.IsAnswer(hash) || Wide.IsSaid(field.Name)))
        {
            draft.Note("another_answer_kept_as_metadata");
        }
    }

    public static bool IsProse(JsonElement value) =>
        value.ValueKind is JsonValueKind.String && JsonMarshal.GetRawUtf8Value(value) is { Length: > 12 } text && text.Contains((byte)' ');

    /// <summary>Unless raters see it all the same: a prompt is often made of what stands beside it.</summary>
    private static void Say(string note, JsonElement value, Draft draft)
    {
        var texts = value.ValueKind is JsonValueKind.Array ? value.EnumerateArray().Where(IsProse) : IsProse(value) ? [value] : [];
        if (texts.Select(text => text.GetString()!.Trim())
            .Any(text => !draft.Messages.Exists(message => message.Content.Contains(text, StringComparison.Ordinal))))
        {
            draft.Note(note);
        }
    }
}
