using System.Text.Json;
using HealthEval.Guidelines;

namespace HealthEval.Intake.Formats;

/// <summary>What an item is a case of, where its record says so in words we know; other words stay in the metadata as they came.</summary>
internal static class ItemKinds
{
    private const string ThemeTag = "theme:";

    /// <summary>The names that HealthBench's data file has for three of its themes.</summary>
    private static readonly Dictionary<string, string> ThemeNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["communication"] = "expertise_tailored_communication",
        ["hedging"] = "responding_under_uncertainty",
        ["complex_responses"] = "response_depth",
    };

    public static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.Theme ??= Known(fields, "theme", Theme) ?? Tagged(draft.Tags);
        draft.TaskType ??= Known(fields, "task_type", TaskType) ?? Known(fields, "taskType", TaskType);
        draft.Mode ??= Known(fields, "mode", value => OneOf(Vocabulary.Modes, value)) is { } mode && mode != Vocabulary.FullMode ? mode : null;
    }

    private static string? Known(Fields fields, string name, Func<string, string?> find)
    {
        if (fields.Look(name) is { ValueKind: JsonValueKind.String } value && find(value.GetString()!) is { } found)
        {
            fields.Take(name);
            return found;
        }

        return null;
    }

    private static string? Tagged(List<string> tags) =>
        tags.Where(tag => tag.StartsWith(ThemeTag, StringComparison.Ordinal)).Select(tag => Theme(tag[ThemeTag.Length..])).OfType<string>().FirstOrDefault();

    private static string? TaskType(string value) => OneOf(Vocabulary.TaskTypes, value);

    private static string? Theme(string value) => OneOf(Vocabulary.Themes, ThemeNames.GetValueOrDefault(value.Trim(), value));

    private static string? OneOf(IReadOnlyList<string> known, string value) =>
        known.FirstOrDefault(word => word.Equals(value.Trim().Replace(' ', '_').Replace('-', '_'), StringComparison.OrdinalIgnoreCase));
}
