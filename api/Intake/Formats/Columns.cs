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

    private static bool Suit(IEnumerable<string> names)
    {
        var columns = names.Select(Names.Plain).ToHashSet(StringComparer.Ordinal);
        bool Has(string name) => columns.Contains(Names.Plain(name));
        return ((Names.Prompts.Any(Has) || Has("instruction")) && (Names.Answers.Any(Has) || Contestants.Any(contestant => Has(contestant.Response)) || columns.Any(Wide.IsAnswer)))
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

    /// <summary>What a column says about an answer, which is no answer.</summary>
    private static readonly string[] About =
    [
        "id", "ids", "time", "date", "length", "len", "tokens", "score", "scores", "type", "format", "model", "text", "raw", "cost", "latency", "ms", "count", "status", "code", "metadata", "meta", "quality", "rating", "label", "labels", "key", "index", "start", "url",
        "source", "sources", "language", "lang", "count", "idx", "choice", "option", "options", "correct", "hash",
    ];

    /// <param name="plain">The name without case and separators.</param>
    public static bool IsAnswer(string plain) => Array.Exists(Prefixes, prefix => plain.Length > prefix.Length && plain.StartsWith(prefix, StringComparison.Ordinal) && !Array.Exists(About, about => plain[prefix.Length..] == about));

    /// <summary>The models are named by the rest of the columns' names, as they are written.</summary>
    public static bool Read(Fields fields)
    {
        foreach (var name in fields.Left.Where(name => IsAnswer(Names.Plain(name)) && Model(name) is not null).ToList())
        {
            if (fields.Take(name) is { } answer)
            {
                Answers.Add(answer, fields.At(name), null, Model(name), fields.Draft);
            }
        }

        return fields.Draft.Responses.Count > 0;
    }

    private static string? Model(string name) =>
        name.IndexOfAny(['_', '-', ' ', '.']) is > 0 and var cut && Prefixes.Contains(name[..cut].ToLowerInvariant()) && name[(cut + 1)..].Trim() is { Length: > 0 } model ? model : null;
}
