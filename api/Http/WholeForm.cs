using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.Storage;

namespace HealthEval.Http;

/// <summary>
/// A PUT says everything, so that nothing is reset by not being mentioned; a PATCH says what changes (JSON merge patch, RFC 7396), so that what it
/// does not mention stays.
/// </summary>
internal static class WholeForm
{
    public const string MergePatch = "application/merge-patch+json";

    /// <summary>The form, or null with the fields that are missing among the faults.</summary>
    /// <param name="mayBeNull">Fields for which null is a value.</param>
    public static T? Whole<T>(JsonObject body, Faults faults, params IReadOnlyList<string> mayBeNull)
        where T : class
    {
        foreach (var field in Fields<T>())
        {
            faults.Require(body.ContainsKey(field), field, "Say this too: a PUT replaces everything. To change only a part, send a PATCH.");
            faults.Require(!body.ContainsKey(field) || body[field] is not null || mayBeNull.Contains(field), field, "This cannot be null.");
        }

        return faults.Any ? null : Read<T>(body);
    }

    /// <summary>What is there with the changes, or null with what cannot be changed among the faults.</summary>
    public static T? Merged<T>(T current, JsonObject patch, Faults faults, params IReadOnlyList<string> mayBeNull)
        where T : class
    {
        var fields = Fields<T>();
        foreach (var (field, value) in patch)
        {
            faults.Require(fields.Contains(field), field.Length <= 60 ? field : field[..60], $"There is no such field. Those that can be changed: {string.Join(", ", fields)}.");
            faults.Require(value is not null || mayBeNull.Contains(field) || !fields.Contains(field), field, "This cannot be null.");
        }

        return faults.Any ? null : Read<T>(Merge(JsonSerializer.SerializeToNode(current, Json.Options)!.AsObject(), patch));
    }

    private static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value is JsonObject inner ? Merge(target[name] as JsonObject ?? [], inner) : value.DeepClone();
            }
        }

        return target;
    }

    private static T Read<T>(JsonObject json)
        where T : class
    {
        try
        {
            return json.Deserialize<T>(Json.Options)!;
        }
        catch (JsonException failure)
        {
            throw new BadHttpRequestException("The body is not what is expected here.", failure);
        }
    }

    private static List<string> Fields<T>() => [.. Json.Options.GetTypeInfo(typeof(T)).Properties.Select(property => property.Name)];
}
