using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>What a record says beside its answer about how asking went: that it failed, or that the answer ends where the limit was.</summary>
internal static class Outcome
{
    private static readonly string[] Errors = ["error", "error_message", "error_msg", "errors", "exception", "failure_reason"];
    private static readonly NameSet Failed = new(Errors);
    private static readonly NameSet Ended = new(Answers.Endings);

    public static void Read(Fields fields)
    {
        var draft = fields.Draft;
        if (fields.HasAny(Ended))
        {
            Answers.NoteCut(fields.Record, draft);
        }

        if (draft.Responses.Count == 0 || !fields.HasAny(Failed) || !draft.Responses.TrueForAll(response => string.IsNullOrWhiteSpace(response.Content)))
        {
            return;
        }

        foreach (var name in Errors)
        {
            if (fields.Look(name) is { } error && Says(error))
            {
                draft.Refuse(fields.At(name), $"There is an error instead of an answer: {OpenAiBatch.Message(error)}. Ask again for this one.");
                return;
            }
        }
    }

    /// <summary>And not that there was none.</summary>
    private static bool Says(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.String => error.GetString()!.Trim() is not
            ("" or "None" or "none" or "null" or "nan" or "NaN" or "False" or "false" or "0" or "[]" or "{}"),
        JsonValueKind.Object => error.GetPropertyCount() > 0,
        JsonValueKind.Array => error.GetArrayLength() > 0,
        _ => false,
    };
}
