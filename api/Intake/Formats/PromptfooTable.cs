using System.Text.Json;
using System.Text.RegularExpressions;

namespace HealthEval.Intake.Formats;

/// <summary>
/// promptfoo's table: a column per variable, then one per provider, headed <c>[provider] prompt template</c>, with <c>[PASS]</c> or <c>[FAIL]</c> in front of each answer.
/// What was asked is the template with the row's variables in it.
/// </summary>
internal static partial class PromptfooTable
{
    public static Format Format { get; } = new(
        "promptfoo-table",
        CommonFields.And(("prompt", ["the template in the heading, with the row's variables"]), ("response", ["[provider] columns"]), ("model", ["[provider]"])),
        record => record.ValueKind is JsonValueKind.Object && Suit(record.EnumerateObject().Select(field => field.Name)),
        Read)
    {
        SuitsColumns = Suit,
    };

    private static bool Suit(IEnumerable<string> names) => names.Any(name => Heading().IsMatch(name));

    private static void Read(Fields fields)
    {
        var draft = fields.Draft;
        var variables = fields.Left.Where(name => !Heading().IsMatch(name)).ToList();
        string? asked = null;
        foreach (var name in fields.Left.Where(name => Heading().IsMatch(name)).ToList())
        {
            var heading = Heading().Match(name);
            var prompt = Variable().Replace(heading.Groups["template"].Value, match => Value(fields, variables, match.Groups["name"].Value) ?? match.Value).Trim();
            if (asked is not null && asked != prompt)
            {
                draft.Refuse(name, "The columns ask different prompts, so their answers cannot stand side by side. Export the results as JSON or JSON Lines, where each has its own.");
                return;
            }

            asked = prompt;
            if (fields.Text(name) is { Length: > 0 } cell)
            {
                Answers.Add(JsonSerializer.SerializeToElement(Verdict().Replace(cell, "", 1)), name, null, heading.Groups["provider"].Value, draft);
            }
        }

        if (asked is not null)
        {
            draft.Messages = Conversation.Read(JsonSerializer.SerializeToElement(asked), "prompt", draft);
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static string? Value(Fields fields, List<string> variables, string name) =>
        variables.Find(variable => Names.Same(variable, name)) is { } found && fields.Look(found) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    [GeneratedRegex(@"^\[(?<provider>[^\]\r\n]{1,200})\]\s*(?<template>\S[\s\S]*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\{\{\s*(?<name>[\w .-]{1,100}?)\s*\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Variable();

    /// <summary>With the score and, after a failure, the grader's reason above a line of dashes.</summary>
    [GeneratedRegex(@"^\[(PASS|FAIL|ERROR)\][ \t]*(\([\d.]+\)[ \t]*)?(\r?\n)?([\s\S]*?\r?\n---\r?\n)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Verdict();
}
