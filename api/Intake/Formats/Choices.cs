using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// What there is to choose from, where a file of exam questions keeps it apart from the question: without it "which of the following" asks nothing.
/// </summary>
internal static class Choices
{
    private static readonly string[] Fields = ["options", "choices", "answer_choices", "answer_options", "multiple_choice_options"];

    private static readonly string[][] Lettered =
    [
        ["opa", "opb", "opc", "opd", "ope"], ["option_a", "option_b", "option_c", "option_d", "option_e"],
            ["choice_a", "choice_b", "choice_c", "choice_d", "choice_e"],
        ["A", "B", "C", "D", "E"],
    ];

    /// <summary>As a message of its own behind the question, unless the question has them.</summary>
    public static void Add(Fields fields)
    {
        var draft = fields.Draft;
        if (draft.Problems.Count > 0 || draft.Messages is not [.., { Role: "user", Content: var question }])
        {
            return;
        }

        var (choices, names) = Given(fields);
        if (choices.Count < 2 || choices.TrueForAll(choice => question.Contains(choice.Text, StringComparison.Ordinal)))
        {
            return;
        }

        foreach (var name in names)
        {
            fields.Take(name);
        }

        draft.Messages.Add(new EvalMessage("user", string.Join('\n', choices.Select(choice => $"{choice.Letter}. {choice.Text}"))));
        draft.Note("choices_shown_with_the_question");
    }

    private static (List<(string Letter, string Text)> Choices, IReadOnlyList<string> Names) Given(Fields fields)
    {
        foreach (var name in Fields)
        {
            if (fields.Look(name) is { } given && In(Structured.Any(given)) is { Count: > 1 } choices)
            {
                return (choices, [name]);
            }
        }

        foreach (var names in Lettered)
        {
            if (names.Take(3).All(name => fields.Look(name) is { ValueKind: JsonValueKind.String }))
            {
                var there = names.Where(name => fields.Look(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 })
                    .ToList();
                return (there.ConvertAll(name => (name[^1..].ToUpperInvariant(), fields.Look(name)!.Value.GetString()!)), there);
            }
        }

        return ([], []);
    }

    /// <summary>By their letters; as a list; as pairs of key and value; as a list of texts beside one of letters.</summary>
    private static List<(string Letter, string Text)> In(JsonElement given)
    {
        if (given.ValueKind is JsonValueKind.Object && given.TryField("text", out var texts) && given.TryField("label", out var labels) && AreTexts(texts)
            && AreTexts(labels))
        {
            return [.. labels.EnumerateArray().Zip(texts.EnumerateArray(), (label, text) => (label.GetString()!, text.GetString()!))];
        }

        return given.ValueKind switch
        {
            JsonValueKind.Object when given.EnumerateObject().All(one => one.Name.Length <= 3 && one.Value.ValueKind is JsonValueKind.String) =>
                [.. given.EnumerateObject().Select(one => (one.Name, one.Value.GetString()!))],
            JsonValueKind.Array when AreTexts(given) => [.. given.EnumerateArray().Select((one, index) => ($"{(char)('A' + (index % 26))}", one.GetString()!))],
            JsonValueKind.Array when given.EnumerateArray().All(one => one.Has("key", JsonValueKind.String) && one.Has("value", JsonValueKind.String)) =>
                [.. given.EnumerateArray().Select(one => (one.GetProperty("key").GetString()!, one.GetProperty("value").GetString()!))],
            _ => [],
        };
    }

    private static bool AreTexts(JsonElement list) => list.ValueKind is JsonValueKind.Array
        && list.EnumerateArray().All(text => text.ValueKind is JsonValueKind.String);
}
