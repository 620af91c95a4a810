using System.Text.Json;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Profiles;

/// <summary>
/// How a customer says, once, what is what in their files. Each entry is a path (<c>frage</c>, <c>result.texts[]</c>) or, after an equals sign, a constant that is the same
/// for all records (<c>=model-A</c>). A profile only names fields: every limit and every rule for records holds as it does for any format.
/// </summary>
/// <param name="Version">Counts up under one name; the latest is used.</param>
/// <param name="Prompt">In the order of the conversation; a role in front (<c>system:vorgabe</c>) where it is not the user's.</param>
/// <param name="Response">One answer per path; a model in front (<c>model-A:antwort_a</c>) where it is not in a field.</param>
/// <param name="Model">May be <c>=$file</c>: the file's name without its ending.</param>
internal sealed record ImportProfile(
    string Name,
    int Version,
    IReadOnlyList<string> Prompt,
    IReadOnlyList<string> Response,
    string? Model = null,
    string? Reference = null,
    string? Rubric = null,
    string? Claims = null,
    string? Subdomain = null,
    string? Audience = null,
    string? Jurisdiction = null,
    string? Language = null,
    string? Risk = null,
    IReadOnlyList<string>? Tags = null,
    string? ItemId = null,
    string? PromptId = null,
    string? ResponseId = null,
    IReadOnlyList<string>? Ignore = null)
{
    public const string OfFile = "=$file";
    private const int MostPaths = 50;
    private const int LongestPath = 200;
    private static readonly string[] Fields = ["name", "prompt", "response", "model", "reference", "rubric", "claims", "subdomain", "audience", "jurisdiction", "language", "risk", "tags", "itemId", "promptId", "responseId", "ignore"];

    /// <summary>From <c>prompt=system:vorgabe+frage,response=antwort,model==model-A</c>; several paths are joined by <c>+</c>.</summary>
    public static ImportProfile? Parse(string settings, string name, out string fault)
    {
        var entries = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var setting in settings.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (setting.Split('=', 2) is not [var field, { Length: > 0 } paths])
            {
                fault = $"'{Excerpt.Of(setting, 60)}' says nothing. Write FIELD=PATH, such as prompt=frage.";
                return null;
            }

            entries[field.Trim()] = paths.StartsWith('=') ? [paths] : paths.Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        return Of(entries, name, out fault);
    }

    /// <summary>From JSON whose fields are paths or lists of paths.</summary>
    public static ImportProfile? Parse(ReadOnlyMemory<byte> json, string name, out string fault)
    {
        using var document = JsonRecord.Parse(json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json, out var problem);
        if (document is null)
        {
            fault = problem!;
            return null;
        }

        var entries = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var field in document.RootElement.EnumerateObject().Where(field => field.Name is not "version" && field.Value.ValueKind is not JsonValueKind.Null))
        {
            var texts = field.Value.ValueKind is JsonValueKind.Array ? field.Value.EnumerateArray().ToList() : [field.Value];
            if (texts.Exists(text => text.ValueKind is not JsonValueKind.String))
            {
                fault = $"{Excerpt.Of(field.Name, 40)}: expected a path or a list of paths, as texts.";
                return null;
            }

            entries[field.Name] = texts.ConvertAll(text => text.GetString()!);
        }

        return Of(entries, name, out fault);
    }

    private static ImportProfile? Of(Dictionary<string, IReadOnlyList<string>> entries, string name, out string fault)
    {
        string? One(string field) => entries.TryGetValue(field, out var paths) && paths.Count > 0 ? paths[0] : null;
        IReadOnlyList<string> All(string field) => entries.GetValueOrDefault(field, []);
        var unknown = entries.Keys.FirstOrDefault(field => !Fields.Contains(field));
        var isTooLong = entries.Values.Any(paths => paths.Count > MostPaths || paths.Any(path => path.Length is 0 or > LongestPath));
        fault = unknown is not null ? $"'{Excerpt.Of(unknown, 40)}' is no field of ours. Choose from: {string.Join(", ", Fields)}."
            : All("prompt").Count == 0 ? "Say where the prompt is: prompt=PATH."
            : All("response").Count == 0 ? "Say where the answer is: response=PATH."
            : isTooLong ? $"At most {MostPaths} paths per field, each of 1 to {LongestPath} characters."
            : All("prompt").Select(RoleOf).Any(role => role is null) ? "A role in front of a prompt's path is one of system, developer, user, assistant, tool."
            : "";
        return fault.Length > 0 ? null : new ImportProfile(
            One("name") is { Length: > 0 } given ? Excerpt.Of(given, 60) : name, 1, All("prompt"), All("response"), One("model"), One("reference"), One("rubric"), One("claims"), One("subdomain"), One("audience"), One("jurisdiction"),
            One("language"), One("risk"), All("tags"), One("itemId"), One("promptId"), One("responseId"), All("ignore"));
    }

    /// <summary>Null for a word in front of the path that is no role.</summary>
    public static string? RoleOf(string part) => Split(part) is var (front, _) && front is null ? "user" : Names.RoleOf(Split(part).Front!);

    /// <summary>What stands in front of a path, and the path.</summary>
    public static (string? Front, string Path) Split(string part) =>
        !part.StartsWith('=') && part.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (part[..colon], part[(colon + 1)..]) : (null, part);
}
