using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>HelpSteer: a prompt and one rated response a row (version 2), or two that were compared (its preferences, and version 3). Others' ratings become metadata and are not shown.</summary>
internal static class HelpSteer
{
    public static Format Second { get; } = new(
        "helpsteer2",
        CommonFields.And(("prompt", ["prompt"]), ("response", ["response", "response_1"])),
        record => record.Has("prompt") && ((record.Has("response") && record.Has("helpfulness") && record.Has("correctness")) || (record.Has("response_1") && record.Has("response_2") && record.Has("preference_strength"))),
        fields =>
        {
            Columns.Read(fields);
            Choose(fields, "preference_strength");
        });

    public static Format Third { get; } = new(
        "helpsteer3",
        CommonFields.And(("prompt", ["context"]), ("response", ["response1, response2"])),
        record => record.HasList("context") && record.Has("response1") && record.Has("response2"),
        ReadThird);

    private static void ReadThird(Fields fields)
    {
        var draft = fields.Draft;
        if (fields.Take("context") is { } context)
        {
            draft.Messages = Conversation.Read(context, fields.At("context"), draft);
        }
        else
        {
            fields.Missing("context", "the conversation that the responses continue");
        }

        foreach (var name in (string[])["response1", "response2"])
        {
            if (fields.Take(name) is { } response)
            {
                Answers.Add(response, fields.At(name), null, null, draft);
            }
            else
            {
                fields.Missing(name, "the text of a response");
            }
        }

        Choose(fields, "overall_preference");
        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    /// <summary>Below zero the first response was preferred, above it the second. The number stays in the metadata.</summary>
    private static void Choose(Fields fields, string name)
    {
        if (fields.Draft.Responses.Count == 2 && fields.Look(name) is { ValueKind: JsonValueKind.Number } strength && strength.GetDouble() is not 0 and var preferred)
        {
            fields.Draft.Chosen = preferred < 0 ? 0 : 1;
        }
    }
}
