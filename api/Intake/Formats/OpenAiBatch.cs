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
        });

    public static Format Output { get; } = new(
        "openai-batch",
        [("prompt", ["custom_id → body.messages, input or prompt of the input file"]), ("response", ["response.body.choices[].message.content, .text or output[].content[].text"]), ("model", ["response.body.model"])],
        record => record.Has("custom_id") && (record.Has("response", JsonValueKind.Object) || record.Has("error")) && !record.Has("body"),
        Read);

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

    private static void ReadRequest(Fields fields)
    {
        var draft = fields.Draft;
        if (fields.TakeFirst("messages", "prompt", "input") is not var (prompt, path))
        {
            fields.Missing("messages", "the conversation that was sent");
            return;
        }

        if (fields.Text("instructions") is { Length: > 0 } instructions)
        {
            draft.Messages.Add(new EvalMessage("system", instructions));
        }

        var single = path.EndsWith("prompt", StringComparison.Ordinal) && prompt.ValueKind is JsonValueKind.Array && prompt.GetArrayLength() == 1 ? prompt[0] : prompt;
        draft.Messages.AddRange(Conversation.Read(single, path, draft));
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
    private static string Message(JsonElement error)
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

/// <summary>The three shapes of an answer: chat completions, the Responses API, and plain completions.</summary>
internal static class OpenAiAnswer
{
    public static void Read(Fields body, string? askedModel)
    {
        var draft = body.Draft;
        var model = body.Text("model") ?? askedModel;
        if (body.Take("choices") is { ValueKind: JsonValueKind.Array } choices)
        {
            foreach (var (choice, index) in choices.EnumerateArray().Select((choice, index) => (choice, index)))
            {
                Add(Choice(choice, body.At($"choices[{index}]"), draft), model, draft);
            }
        }
        else if (body.Take("output") is { ValueKind: JsonValueKind.Array } output)
        {
            Add(Output(output), model, draft);
            NoteCut(body.Text("status") is "incomplete", draft);
        }
        else
        {
            body.Missing("choices", "the choices of a chat completion, or the output of a response");
        }

        draft.SingleResponse = draft.Responses.Count == 1;
    }

    private static void Add(string? content, string? model, Draft draft)
    {
        if (content is not null)
        {
            draft.Responses.Add(new DraftResponse(null, model, content));
        }
    }

    private static string? Choice(JsonElement choice, string path, Draft draft)
    {
        if (choice.ValueKind is not JsonValueKind.Object)
        {
            draft.Refuse(path, $"Expected a choice, found {JsonRecord.Name(choice.ValueKind)}.");
            return null;
        }

        NoteCut(choice.Has("finish_reason", JsonValueKind.String) && choice.GetProperty("finish_reason").GetString() is "length" or "content_filter", draft);
        if (choice.Has("message", JsonValueKind.Object))
        {
            var message = choice.GetProperty("message");
            return message.Has("content") ? Conversation.Content(message.GetProperty("content"), $"{path}.message.content", draft)
                : message.Has("refusal", JsonValueKind.String) ? message.GetProperty("refusal").GetString()
                : message.Has("tool_calls", JsonValueKind.Array) ? message.GetProperty("tool_calls").GetRawText()
                : "";
        }

        if (choice.Has("text", JsonValueKind.String))
        {
            return choice.GetProperty("text").GetString();
        }

        draft.Refuse(path, "Expected a choice with a message or a text.");
        return null;
    }

    /// <summary>The texts and refusals of the assistant's messages; what it thought and which tools it called is left out.</summary>
    private static string Output(JsonElement output)
    {
        var texts =
            from item in output.EnumerateArray()
            where item.ValueKind is JsonValueKind.Object && item.Has("content", JsonValueKind.Array) && (!item.Has("type", JsonValueKind.String) || item.GetProperty("type").GetString() is "message")
            from part in item.GetProperty("content").EnumerateArray()
            where part.ValueKind is JsonValueKind.Object
            select part.Has("text", JsonValueKind.String) ? part.GetProperty("text").GetString()
                : part.Has("refusal", JsonValueKind.String) ? part.GetProperty("refusal").GetString()
                : null;
        return string.Join('\n', texts.Where(text => text is not null));
    }

    private static void NoteCut(bool isCut, Draft draft)
    {
        if (isCut)
        {
            draft.Warnings.Add("answer_cut_off");
        }
    }
}
