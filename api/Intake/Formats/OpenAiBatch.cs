using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// OpenAI's Batch API: a file of requests and a file of answers, related by <c>custom_id</c>. Neither is a batch by itself;
/// what is loaded is an answer with its request beside it, as <see cref="Pairing.Joining"/> puts them together.
/// </summary>
internal static class OpenAiBatch
{
    public static Format Input { get; } = new(
        "openai-batch-input",
        [("request", ["body"]), ("customId", ["custom_id"])],
        record => record.Has("custom_id") && record.Has("body", JsonValueKind.Object) && !record.Has("response"),
        fields =>
        {
            fields.Draft.IsRequest = true;
            if (string.IsNullOrEmpty(fields.Text("custom_id")))
            {
                fields.Missing("custom_id", "the id by which the answer is found");
            }

            if (fields.Take("body") is not { ValueKind: JsonValueKind.Object })
            {
                fields.Missing("body", "the request");
            }
        })
    {
        Side = PairSide.Request,
    };

    public static Format Output { get; } = new(
        "openai-batch",
        [("prompt", ["custom_id → body.messages, input or prompt of the input file"]), ("response", ["response.body.choices[].message.content, .text or output[].content[].text"]), ("model", ["response.body.model"])],
        record => record.Has("custom_id") && (record.Has("response", JsonValueKind.Object) || record.Has("error")) && !record.Has("body"),
        Read)
    {
        Side = PairSide.Answer,
    };

    private static void Read(Fields fields)
    {
        if (fields.Take("answer") is not { ValueKind: JsonValueKind.Object } answer || fields.Take("request") is not { ValueKind: JsonValueKind.Object } request)
        {
            fields.Missing("custom_id", "the id by which the request is found");
            return;
        }

        var draft = fields.Draft;
        var requestBody = request.GetProperty("body");
        ReadRequest(new Fields(requestBody, draft, "request.body"));
        var line = new Fields(answer, draft);
        draft.Meta["custom_id"] = answer.GetProperty("custom_id");
        if (line.Take("error") is { } error)
        {
            draft.Refuse("error", $"The provider reports an error instead of an answer: {Message(error)}. Ask again for this one.");
            return;
        }

        if (line.Take("response") is not { ValueKind: JsonValueKind.Object } response)
        {
            line.Missing("response", "the provider's response");
            return;
        }

        var status = response.TryGetProperty("status_code", out var code) && code.ValueKind is JsonValueKind.Number && code.TryGetInt32(out var number) ? number : 200;
        if (!response.TryGetProperty("body", out var body) || body.ValueKind is not JsonValueKind.Object || status is < 200 or > 299)
        {
            draft.Refuse(
                status is < 200 or > 299 ? "response.status_code" : "response.body",
                status is < 200 or > 299 ? $"The provider answered with HTTP {status}: {Message(body)}. Ask again for this one." : "Required: the provider's answer, an object.");
            return;
        }

        OpenAiAnswer.Read(new Fields(body, draft, "response.body"), Text(requestBody, "model"));
    }

    public static void ReadRequest(Fields fields)
    {
        var draft = fields.Draft;
        if (fields.TakeFirst("messages", "prompt", "input") is not var (prompt, path))
        {
            fields.Missing("messages", "the conversation that was sent");
            return;
        }

        draft.Messages.AddRange(Conversation.Read(prompt, path, draft));
        if (fields.TakeFirst("instructions", "system") is var (instructions, at))
        {
            var saying = new Saying(draft);
            draft.Messages.InsertRange(0, saying.Content(instructions, at) && saying.Text.Length > 0 ? [new EvalMessage("system", saying.Text)] : []);
        }

        if (fields.Take("metadata") is { ValueKind: JsonValueKind.Object } metadata)
        {
            var own = new Fields(metadata, draft, "metadata");
            CommonFields.Read(own);
            own.RestToMeta();
        }

        fields.Ignore("model", "stream");
        fields.RestToMeta();
    }

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;

    /// <summary>What the provider says is wrong, shortened: it may quote the request.</summary>
    public static string Message(JsonElement error)
    {
        if (error.ValueKind is JsonValueKind.Object && error.TryGetProperty("error", out var inner) && inner.ValueKind is JsonValueKind.Object)
        {
            error = inner;
        }

        var message = error.ValueKind switch
        {
            JsonValueKind.Object => string.Join(": ", new[] { Text(error, "code") ?? Text(error, "type"), Text(error, "message") }.OfType<string>()),
            JsonValueKind.String => error.GetString()!,
            _ => "",
        };
        return message.Length == 0 ? "no reason given" : Excerpt.Of(message, 120);
    }
}
