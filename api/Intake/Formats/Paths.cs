using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// Where something stands in a record: <c>result.completions[].text</c>. A list is entered by <c>[]</c>; names are the same however they are written, and may
/// also stand flat in the record, dots and all, as tables of traces have them.
/// </summary>
internal static class Paths
{
    /// <summary>Everything at the path; nothing where it leads nowhere. Null counts as nothing.</summary>
    public static IEnumerable<(JsonElement Value, string Path)> Find(JsonElement record, string path) => Find(record, path.Split('.'), 0, "");

    public static JsonElement? First(JsonElement record, string path)
    {
        foreach (var (value, _) in Find(record, path))
        {
            return value;
        }

        return null;
    }

    /// <summary>The field of the record that the path begins with.</summary>
    public static string Root(string path) => path.Split('.', '[')[0];

    private static IEnumerable<(JsonElement Value, string Path)> Find(JsonElement value, string[] steps, int step, string at)
    {
        if (value.ValueKind is JsonValueKind.Null)
        {
            yield break;
        }

        if (step == steps.Length)
        {
            yield return (value, at);
            yield break;
        }

        value = Structured.Any(value);
        for (var end = step == 0 ? steps.Length : step + 1; end > step; end--)
        {
            var name = string.Join('.', steps[step..end]);
            var lists = name.EndsWith("[]", StringComparison.Ordinal) ? (name.Length - name.TrimEnd('[', ']').Length) / 2 : 0;
            if (!value.TryField(name[..(name.Length - (2 * lists))], out var inner))
            {
                continue;
            }

            var found = Enter(inner, at.Length == 0 ? name[..(name.Length - (2 * lists))] : $"{at}.{name[..(name.Length - (2 * lists))]}", lists);
            foreach (var one in found.SelectMany(one => Find(one.Value, steps, end, one.Path)))
            {
                yield return one;
            }

            yield break;
        }
    }

    private static IEnumerable<(JsonElement Value, string Path)> Enter(JsonElement value, string at, int lists)
    {
        if (lists == 0)
        {
            return [(value, at)];
        }

        var list = Structured.Any(value);
        return list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().SelectMany((element, index) => Enter(element, $"{at}[{index}]", lists - 1))
            : [];
    }
}
