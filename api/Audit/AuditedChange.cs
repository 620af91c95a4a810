using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Storage;

namespace HealthEval.Audit;

/// <summary>What changed between two versions of a document, as the trail keeps it: settings with their values, names and addresses only as having changed.</summary>
internal static partial class AuditedChange
{
    private const int LongestSide = 200;

    /// <param name="unsaid">Fields whose values are somebody's words or address.</param>
    public static (string? From, string? To) Between<T>(T before, T after, params IReadOnlyList<string> unsaid)
        where T : class
    {
        var (old, now) = (Fields(before), Fields(after));
        var changed = old.Select(field => field.Key).Union(now.Select(field => field.Key)).Where(name => !JsonNode.DeepEquals(old[name], now[name])).Order(StringComparer.Ordinal).ToList();
        return changed.Count == 0 ? (null, null) : (Side(old, changed, unsaid), Side(now, changed, unsaid));
    }

    private static string Side(JsonObject fields, List<string> changed, IReadOnlyList<string> unsaid)
    {
        var said = string.Join(';', changed.Select(name => unsaid.Contains(name) ? name : $"{name}={Code(fields[name])}"));
        return said.Length <= LongestSide ? said : string.Join(';', changed);
    }

    private static string Code(JsonNode? value)
    {
        var text = value switch
        {
            null => "",
            JsonArray list => string.Join(',', list.Select(Code)),
            JsonObject inner => string.Join(',', inner.Select(field => $"{field.Key}:{Code(field.Value)}")),
            _ => value.ToString(),
        };
        return CodePattern.IsMatch(text) ? text : $"sha256:{Sha.Of(text)[..12]}";
    }

    private static JsonObject Fields<T>(T value)
        where T : class => JsonSerializer.SerializeToNode(value, Json.Options)!.AsObject();

    [GeneratedRegex(@"^[A-Za-z0-9_.:@*,/+|-]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex CodePattern { get; }
}
