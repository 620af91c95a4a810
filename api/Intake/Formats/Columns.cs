using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>Rows of a table (and objects that look like one): a prompt column, and one response column or one per contestant.</summary>
internal static class Columns
{
    public static Format Format { get; } = new(
        "table",
        CommonFields.And(
            ("instruction", ["instruction"]), ("prompt", [.. Names.Prompts, .. Names.Askers]),
            ("response", ["response", .. Names.OfModels, .. Names.Answers, .. Wide.Contestants, .. Names.Answerers, .. Names.Notes]),
            ("model", [.. Names.Models, "model_a", "model_1"]), ("promptId", ["prompt_id"]), ("responseId", ["response_id"]), ("itemId", ["item_id", "id"])),
        record => record.ValueKind is JsonValueKind.Object && Suit(record.EnumerateObject().Where(field => field.Value.ValueKind is not JsonValueKind.Null).Select(field => field.Name)),
        Read)
    {
        SuitsColumns = Suit,
        SeveralIn = Wide.Said,
    };

    private static bool Suit(IEnumerable<string> given)
    {
        var names = given.ToList();
        var columns = names.Select(Names.Plain).ToHashSet(StringComparer.Ordinal);
        bool Has(string name) => columns.Contains(Names.Plain(name));
        return ((Names.Prompts.Any(Has) || Has("instruction")) && (Names.Answers.Any(Has) || names.Exists(Wide.IsContestant) || names.Exists(Wide.IsAnswer)
            || names.Count(ModelNames.IsOne) > 1))
            || (Names.Askers.Any(Has) && Names.Answerers.Any(Has))
            || (Has("dialogue") && Names.Notes.Any(Has));
    }

    public static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.PromptId = fields.Id("prompt_id");
        draft.ItemId = fields.Id("item_id", "id");
        if (fields.Text("instruction") is { Length: > 0 } instruction)
        {
            draft.Messages.Add(new EvalMessage("user", instruction));
        }

        if (fields.TakeFirst(Names.Prompts) is var (prompt, path) && !(draft.Messages.Count > 0 && IsEmpty(prompt)))
        {
            draft.Messages.AddRange(Conversation.Read(prompt, path, draft));
        }
        else if (draft.Messages.Count == 0 && fields.TakeFirst(Names.Askers) is var (asked, at))
        {
            draft.Messages.AddRange(Conversation.Read(asked, at, draft));
        }
        else if (draft.Messages.Count == 0)
        {
            fields.Missing("prompt", $"one of {string.Join(", ", Names.Prompts)}");
        }

        Conversation.AddSystem(fields);
        Choices.Add(fields);
        Responses(fields);
        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind is JsonValueKind.String && value.GetString() is "";

    private static void Responses(Fields fields)
    {
        var draft = fields.Draft;
        var problems = draft.Problems.Count;
        if (Wide.ReadContestants(fields))
        {
            SetAside(fields);
            return;
        }

        if (draft.Problems.Count > problems)
        {
            return;
        }

        var rivals = Wide.In(fields);
        if (Wide.IsBesideWhatIsRight(fields, rivals))
        {
            SetAside(fields);
            Wide.Read(fields, rivals);
        }
        else if (fields.TakeFirst(SaidByModel(fields)) is var (answer, path))
        {
            Answers.Add(answer, path, fields.Id("response_id"), fields.Model(), draft);
        }
        else if (!Wide.Read(fields, rivals) && fields.TakeFirst(Names.Notes) is var (note, at))
        {
            Answers.Add(note, at, fields.Id("response_id"), fields.Model(), draft);
        }
        else if (draft.Responses.Count == 0 && draft.Problems.Count == problems && !draft.PromptOnly)
        {
            fields.Missing("response", $"one of {string.Join(", ", Names.Answers)}, response_a");
        }
    }

    /// <summary>The names to look under. Beside an answer that says itself that a model gave it, a plain one is what is right.</summary>
    private static string[] SaidByModel(Fields fields)
    {
        if (fields.Look("response") is not null || !Array.Exists(Names.OfModels, name => fields.Look(name) is not null))
        {
            return [.. Names.Answers, .. Names.Answerers];
        }

        SetAside(fields);
        return [.. Names.OfModels, .. Names.Answers];
    }

    /// <summary>An answer without a model beside those of models is the reference, unless the file has another one.</summary>
    private static void SetAside(Fields fields)
    {
        var draft = fields.Draft;
        if (draft.Reference is null && !Array.Exists(Names.References, name => fields.Look(name) is not null)
            && fields.TakeFirst(Names.PlainAnswers) is var (answer, _))
        {
            draft.Reference = answer;
            draft.Note("answer_beside_those_of_models_is_the_reference");
        }
    }
}
