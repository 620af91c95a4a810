using System.Text.Json;

namespace HealthEval.Batches.Formats;

/// <summary>The documented form, one response a line or one prompt with its responses.</summary>
internal static class Canonical
{
    public static Format Format { get; } = new(
        "canonical",
        CommonFields.And(("prompt", ["messages", "prompt"]), ("response", ["responses[].content", "response"]), ("model", ["responses[].model", "model"]), ("promptId", ["prompt_id"]), ("responseId", ["responses[].response_id", "response_id"]), ("itemId", ["item_id"])),
        record => (record.Has("prompt") || record.Has("messages")) && (record.Has("response") || record.Has("responses")),
        Read);

    private static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.PromptId = fields.Id("prompt_id");
        draft.ItemId = fields.Id("item_id");
        if (fields.TakeFirst("messages", "prompt") is var (prompt, path))
        {
            draft.Messages = Conversation.Read(prompt, path, draft);
        }
        else
        {
            fields.Missing("prompt", "a text or a list of messages (or 'messages')");
        }

        if (fields.Take("responses") is { } responses)
        {
            Grouped(responses, fields.At("responses"), draft);
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
        var draft = fields.Draft;
        draft.SingleResponse = true;
        if (fields.Take("response") is not { } response)
        {
            fields.Missing("response", "the text to judge (or 'responses', a list)");
            return;
        }

        var content = Conversation.Content(response, fields.At("response"), draft);
        draft.Responses.Add(new DraftResponse(fields.Id("response_id"), fields.Text("model"), content ?? ""));
    }

    private static void Grouped(JsonElement responses, string path, Draft draft)
    {
        if (responses.ValueKind is not JsonValueKind.Array || responses.GetArrayLength() == 0)
        {
            draft.Refuse(path, responses.ValueKind is JsonValueKind.Array ? "The list of responses is empty; there is nothing to judge." : $"Expected a list of responses, found {Intake.JsonRecord.Name(responses.ValueKind)}.");
            return;
        }

        foreach (var (response, index) in responses.EnumerateArray().Select((response, index) => (response, index)))
        {
            if (response.ValueKind is JsonValueKind.Object)
            {
                Response(new Fields(response, draft, $"{path}[{index}]"));
            }
            else
            {
                draft.Refuse($"{path}[{index}]", $"Expected a response {{\"model\":…,\"content\":…}}, found {Intake.JsonRecord.Name(response.ValueKind)}.");
            }
        }
    }

    private static void Response(Fields fields)
    {
        if (fields.TakeFirst("content", "response", "text") is not var (value, path))
        {
            fields.Draft.Refuse(fields.At("content"), "Required: the text of the response.");
            return;
        }

        var content = Conversation.Content(value, path, fields.Draft);
        fields.Draft.Responses.Add(new DraftResponse(fields.Id("response_id", "id"), fields.Text("model"), content ?? ""));
        fields.RestToMeta();
    }
}
