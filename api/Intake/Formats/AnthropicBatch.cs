using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>Anthropic's Message Batches: requests (<c>params</c>) and results, related by <c>custom_id</c> as the two files of an OpenAI batch are.</summary>
internal static class AnthropicBatch
{
    public static Format Input { get; } = new(
        "anthropic-batch-input",
        [("request", ["params"]), ("customId", ["custom_id"])],
        record => record.Has("custom_id") && record.Has("params", JsonValueKind.Object),
        fields =>
        {
            fields.Draft.IsRequest = true;
            if (string.IsNullOrEmpty(fields.Text("custom_id")))
            {
                fields.Missing("custom_id", "the id by which the answer is found");
            }

            if (fields.Take("params") is not { ValueKind: JsonValueKind.Object })
            {
                fields.Missing("params", "the request");
            }
        })
    {
        Side = PairSide.Request,
    };

    public static Format Output { get; } = new(
        "anthropic-batch",
        [("prompt", ["custom_id → params.system and messages of the requests"]), ("response", ["result.message.content[].text"]), ("model", ["result.message.model"])],
        record => record.Has("custom_id") && record.TryField("result", out var result) && result.Has("type", JsonValueKind.String),
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
        if (request.TryField("params", out var asked) && asked.ValueKind is JsonValueKind.Object)
        {
            OpenAiBatch.ReadRequest(new Fields(asked, draft, "request.params"));
        }

        draft.Meta["custom_id"] = answer.GetProperty("custom_id");
        if (!answer.TryField("result", out var result) || !result.TryField("type", out var type))
        {
            new Fields(answer, draft).Missing("result", "the provider's result");
        }
        else if (type.ToString() is not "succeeded")
        {
            draft.Refuse("result.type", result.TryField("error", out var error) ? $"The provider reports an error instead of an answer: {OpenAiBatch.Message(error)}. Ask again for this one." : $"There is no answer: the request was {Excerpt.Of(type.ToString(), 20)}. Ask again for this one.");
        }
        else if (result.TryField("message", out var message) && message.ValueKind is JsonValueKind.Object)
        {
            Answers.Add(message, "result.message", null, null, draft);
        }
        else
        {
            draft.Refuse("result.message", "Required: the provider's answer, an object.");
        }
    }
}
