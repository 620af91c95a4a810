using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// A format that is told by a table of paths: of each field the first path that leads somewhere is taken. What else is in the record is metadata, but for
/// the fields of the record that something was taken from.
/// </summary>
/// <param name="Needs">All of them must lead somewhere for a record to be of this format.</param>
/// <param name="Response">A path that leads to several places gives several answers.</param>
/// <param name="Error">Says why there is no answer.</param>
internal sealed record Declared(string Name, string[] Needs, string[] Prompt, string[] Response)
{
    public string[] System { get; init; } = [];

    public string[] Model { get; init; } = [];

    public string[] Reference { get; init; } = [];

    public string[] PromptId { get; init; } = [];

    public string[] ItemId { get; init; } = [];

    public string[] Error { get; init; } = [];

    /// <summary>What the tool counts, grades or repeats, which is not kept.</summary>
    public string[] Ignored { get; init; } = [];

    /// <summary>What an automatic grader found: it stays beside the item as a machine's, and makes it no other one.</summary>
    public string[] Grades { get; init; } = [];

    public Format Format() => new(
        Name,
        CommonFields.And(("prompt", Prompt), ("response", Response), ("model", Model), ("reference", Reference), ("promptId", PromptId), ("itemId", ItemId)),
        record => Array.TrueForAll(Needs, path => Paths.First(record, path) is not null),
        Read)
    {
        SuitsColumns = names => Array.TrueForAll(Needs, path => names.Any(name => Names.Same(name, path))),
    };

    private void Read(Fields fields)
    {
        var draft = fields.Draft;
        var record = fields.Record;
        draft.PromptId = Text(record, PromptId);
        draft.ItemId = Text(record, ItemId);
        foreach (var (value, path) in Find(record, Prompt).Take(1))
        {
            draft.Messages = Conversation.Read(value, path, draft);
        }

        foreach (var (value, path) in Find(record, System).Take(draft.Messages.Exists(message => message.Role is "system") ? 0 : 1))
        {
            var saying = new Saying(draft);
            draft.Messages.InsertRange(0, saying.Content(value, path) && saying.Text.Length > 0 ? [new EvalMessage("system", saying.Text)] : []);
        }

        var model = Text(record, Model);
        foreach (var (value, path) in Find(record, Response))
        {
            Answers.Add(value, path, null, model, draft);
        }

        draft.Reference = Find(record, Reference).Select(found => (JsonElement?)found.Value).FirstOrDefault();
        if (draft.Messages.Count == 0 && draft.Problems.Count == 0)
        {
            fields.Missing(Prompt[0], "what was asked");
        }

        if (draft.Responses.Count == 0 && draft.Problems.Count == 0)
        {
            if (Find(record, Error).Select(found => ((JsonElement Value, string Path)?)found).FirstOrDefault() is var (error, at))
            {
                draft.Refuse(at, $"There is an error instead of an answer: {OpenAiBatch.Message(error)}. Ask again for this one.");
            }
            else
            {
                fields.Missing(Response[0], "the text to judge");
            }
        }

        foreach (var path in (string[])[.. Needs, .. Prompt, .. Response, .. System, .. Model, .. Reference, .. PromptId, .. ItemId, .. Ignored])
        {
            fields.Ignore(path, Paths.Root(path));
        }

        foreach (var name in Grades.Where(name => fields.Look(name) is not null))
        {
            draft.Bookkeeping.Add(name);
            draft.Note(MachineGrade.Note);
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static List<(JsonElement Value, string Path)> Find(JsonElement record, string[] paths) =>
        paths.Select(path => Paths.Find(record, path).ToList()).FirstOrDefault(found => found.Count > 0) ?? [];

    private static string? Text(JsonElement record, string[] paths) => Find(record, paths).Select(found => found.Value).FirstOrDefault() switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } value ? value : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        { ValueKind: JsonValueKind.Object } nested when nested.TryField("id", out var id) && id.ValueKind is JsonValueKind.String => id.GetString(),
        _ => null,
    };
}
