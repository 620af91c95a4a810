using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>The documented form, one response a line or one prompt with its responses.</summary>
internal static class Canonical
{
    /// <summary>Where an element of a list of responses may have its text.</summary>
    public static readonly string[] Contents = ["content", "response", "text", "body", "html", "messages", "message", "completion", "answer", "output"];

    public static Format Format { get; } = new(
        "canonical",
        CommonFields.And(("prompt", ["messages", "prompt"]), ("response", ["responses[].content", "response"]), ("model", ["responses[].model", "model"]), ("promptId", ["prompt_id"]), ("responseId", ["responses[].response_id", "response_id"]), ("itemId", ["item_id"])),
        record => (record.Has("prompt") || record.Has("messages")) && (record.Has("response") || record.Has("responses")),
        Read)
    {
        SeveralIn = Wide.SaidByPlace,
    };

    private static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.PromptId = fields.Id("prompt_id");
        draft.ItemId = fields.Id("item_id");
        if (fields.TakeFirst("messages", "prompt") is var (prompt, path))
        {
            draft.Messages = Conversation.Read(prompt, path, draft);
        }
        else if (draft.PromptId is not null)
        {
            draft.PromptElsewhere = true;
        }
        else
        {
            fields.Missing("prompt", "a text or a list of messages (or 'messages')");
        }

        Conversation.AddSystem(fields);
        if (fields.Take("responses") is { } responses)
        {
            Grouped(responses, fields.At("responses"), fields);
        }
        else
        {
            Single(fields);
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static void Single(Fields fields)
    {
        var (draft, problems) = (fields.Draft, fields.Draft.Problems.Count);
        if (fields.Look("response") is not null && (Wide.ReadContestants(fields) || draft.Problems.Count > problems))
        {
            return;
        }

        if (fields.Take("response") is not { } response)
        {
            fields.Missing("response", "the text to judge (or 'responses', a list)");
            return;
        }

        Answers.Add(response, fields.At("response"), fields.Id("response_id"), fields.Model(), draft);
    }

    /// <summary>Where none of them says whose it is, they are those of the one model that the record names.</summary>
    public static void Grouped(JsonElement responses, string path, Fields fields)
    {
        var draft = fields.Draft;
        All(responses, path, fields);
        if (draft.Responses.TrueForAll(response => response.Model is null) && fields.Model() is { } model)
        {
            for (var i = 0; i < draft.Responses.Count; i++)
            {
                draft.Responses[i] = draft.Responses[i] with { Model = model };
            }
        }
    }

    private static void All(JsonElement responses, string path, Fields fields)
    {
        var draft = fields.Draft;
        responses = Structured.Any(responses);
        if (Lists.IsByModel(responses))
        {
            foreach (var answer in responses.EnumerateObject())
            {
                Answers.Add(answer.Value, $"{path}.{answer.Name}", null, answer.Name, draft);
            }

            return;
        }

        if (responses.ValueKind is not JsonValueKind.Array || responses.GetArrayLength() == 0)
        {
            draft.Refuse(path, responses.ValueKind is JsonValueKind.Array ? "The list of responses is empty; there is nothing to judge." : $"Expected a list of responses, found {JsonRecord.Name(responses.ValueKind)}.");
            return;
        }

        var models = responses.EnumerateArray().Any(response => response.ValueKind is JsonValueKind.String) ? ModelsBeside(fields, responses.GetArrayLength()) : [];
        var index = 0;
        foreach (var response in responses.EnumerateArray())
        {
            if (response.ValueKind is JsonValueKind.String)
            {
                Answers.Add(response, $"{path}[{index}]", null, models.ElementAtOrDefault(index), draft);
            }
            else if (response.ValueKind is JsonValueKind.Object)
            {
                Response(new Fields(response, draft, $"{path}[{index}]"));
            }
            else
            {
                draft.Refuse($"{path}[{index}]", $"Expected a response {{\"model\":…,\"content\":…}}, found {JsonRecord.Name(response.ValueKind)}.");
            }

            index++;
        }
    }

    /// <summary>Texts without names may have their models in a list beside them.</summary>
    private static List<string> ModelsBeside(Fields fields, int count)
    {
        var models = new List<string>();
        foreach (var name in (string[])["models", "generation_models", "model_names"])
        {
            if (models.Count == 0 && fields.Look(name) is { } given && Structured.Any(given) is { ValueKind: JsonValueKind.Array } list
                && list.GetArrayLength() == count
                && list.EnumerateArray().All(model => model.ValueKind is JsonValueKind.String))
            {
                fields.Take(name);
                models.AddRange(list.EnumerateArray().Select(model => model.GetString()!));
            }
        }

        return models;
    }

    private static void Response(Fields fields)
    {
        if (fields.TakeFirst(Contents) is not var (value, path))
        {
            fields.Draft.Refuse(fields.At("content"), "Required: the text of the response.");
            return;
        }

        Answers.Add(value, path, fields.Id("response_id", "id"), fields.Model("model", "model_name", "title", "generator"), fields.Draft);
        GivenClaims.Read(fields, fields.Draft.Responses.Count - 1);
        fields.RestToMeta();
    }
}
