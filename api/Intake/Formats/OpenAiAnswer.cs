using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>The shapes of an answer by a provider: chat completions, the Responses API, and plain completions.</summary>
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
                Choice(choice, body.At($"choices[{index}]"), model, draft);
            }
        }
        else if (body.Take("output") is { ValueKind: JsonValueKind.Array } output)
        {
            Answers.Output(output, body.At("output"), (null, model), draft);
            if (body.Text("status") is "incomplete")
            {
                draft.Note("answer_cut_off");
            }
        }
        else
        {
            body.Missing("choices", "the choices of a chat completion, or the output of a response");
        }
    }

    private static void Choice(JsonElement choice, string path, string? model, Draft draft)
    {
        if (choice.ValueKind is not JsonValueKind.Object)
        {
            draft.Refuse(path, $"Expected a choice, found {JsonRecord.Name(choice.ValueKind)}.");
            return;
        }

        Answers.NoteCut(choice, draft);
        if (choice.Has("message", JsonValueKind.Object))
        {
            Answers.Add(choice.GetProperty("message"), $"{path}.message", null, model, draft);
        }
        else if (choice.Has("text", JsonValueKind.String))
        {
            Answers.Add(choice.GetProperty("text"), $"{path}.text", null, model, draft);
        }
        else
        {
            draft.Refuse(path, "Expected a choice with a message or a text.");
        }
    }
}
