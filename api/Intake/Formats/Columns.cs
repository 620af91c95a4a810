using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>Rows of a table (and objects that look like one): a prompt column, and one response column or one per contestant.</summary>
internal static class Columns
{
    /// <summary><c>response_a</c> and <c>model_a</c>, <c>answer2</c> and <c>model2</c>, …</summary>
    private static readonly (string Response, string Model)[] Contestants =
        [.. new[] { "response", "answer", "output", "completion" }.SelectMany(name => new[] { "a", "b", "c", "d", "1", "2", "3", "4" }.Select(side => ($"{name}_{side}", $"model_{side}")))];

    public static Format Format { get; } = new(
        "table",
        CommonFields.And(
            ("instruction", ["instruction"]), ("prompt", [.. Names.Prompts, .. Names.Askers]), ("response", [.. Names.Answers, .. Contestants.Select(contestant => contestant.Response), .. Names.Answerers, .. Names.Notes]),
            ("model", [.. Names.Models, "model_a", "model_1"]), ("promptId", ["prompt_id"]), ("responseId", ["response_id"]), ("itemId", ["item_id", "id"])),
        record => record.ValueKind is JsonValueKind.Object && Suit(record.EnumerateObject().Where(field => field.Value.ValueKind is not JsonValueKind.Null).Select(field => field.Name)),
        Read)
    {
        SuitsColumns = Suit,
    };

    private static bool Suit(IEnumerable<string> given)
    {
        var names = given.ToList();
        var columns = names.Select(Names.Plain).ToHashSet(StringComparer.Ordinal);
        bool Has(string name) => columns.Contains(Names.Plain(name));
        return ((Names.Prompts.Any(Has) || Has("instruction")) && (Names.Answers.Any(Has) || Contestants.Any(contestant => Has(contestant.Response)) || names.Exists(Wide.IsAnswer)))
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
        Responses(fields);
        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind is JsonValueKind.String && value.GetString() is "";

    private static void Responses(Fields fields)
    {
        var draft = fields.Draft;
        foreach (var (response, model) in Contestants)
        {
            if (fields.Take(response) is { } content)
            {
                Answers.Add(content, fields.At(response), null, fields.Model(model), draft);
            }
        }

        if (draft.Responses.Count > 0 || draft.Problems.Exists(problem => Array.Exists(Contestants, contestant => problem.Path == fields.At(contestant.Response))))
        {
            return;
        }

        if (fields.TakeFirst([.. Names.Answers, .. Names.Answerers]) is var (answer, path))
        {
            Answers.Add(answer, path, fields.Id("response_id"), fields.Model(), draft);
        }
        else if (!Wide.Read(fields) && fields.TakeFirst(Names.Notes) is var (note, at))
        {
            Answers.Add(note, at, fields.Id("response_id"), fields.Model(), draft);
        }
        else if (draft.Responses.Count == 0 && draft.Problems.Count == 0 && !draft.PromptOnly)
        {
            fields.Missing("response", $"one of {string.Join(", ", Names.Answers)}, response_a");
        }
    }
}

/// <summary>Tables with a column of answers per model: <c>answer_chatgpt</c>, <c>response_m2</c>.</summary>
internal static class Wide
{
    private static readonly string[] Prefixes = ["answer", "response", "output", "completion", "prediction", "generation"];
    private static readonly char[] Separators = ['_', '-', ' ', '.'];

    /// <summary>Words in a column's name by which it says something about an answer, and is none.</summary>
    private static readonly HashSet<string> About =
    [
        .. ("id ids time timestamp date at by length len words chars characters tokens token score scores type format model text raw cost price latency ms s sec secs seconds count status code metadata meta quality rating ratings "
        + "rank label labels key index idx start end url urls source sources language lang choice choices option options correct correctness hash prob probs logprob logprobs embedding judge grade accuracy error errors flag flags note "
        + "notes comment comments rationale explanation version provider temperature parsed truncated finish reason reasoning feedback review reviewer annotator evaluation eval metric metrics confidence usage category").Split(' '),
    ];

    /// <summary>By its name as it is written.</summary>
    public static bool IsAnswer(string name) => Model(name) is not null;

    /// <summary>The models are named by the rest of the columns' names, as they are written.</summary>
    public static bool Read(Fields fields)
    {
        foreach (var name in fields.Left.Where(IsAnswer).ToList())
        {
            if (fields.Take(name) is { } answer)
            {
                Answers.Add(answer, fields.At(name), null, Model(name), fields.Draft);
            }
        }

        return fields.Draft.Responses.Count > 0;
    }

    private static string? Model(string name) =>
        name.IndexOfAny(Separators) is > 0 and var cut && Prefixes.Contains(name[..cut].ToLowerInvariant()) && name[(cut + 1)..].Trim() is { Length: > 0 } model
        && !Array.Exists(model.ToLowerInvariant().Split(Separators), About.Contains)
            ? model
            : null;
}
