using System.Text.Json;
using HealthEval.Batches.Intake;

namespace HealthEval.Batches.Formats;

/// <summary>
/// One parsed record: fields are taken out by name, what has the wrong type becomes a problem of the draft with its path,
/// and what nobody took is metadata.
/// </summary>
internal sealed class Fields(JsonElement record, Draft draft, string path = "")
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public Draft Draft => draft;

    public string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>Takes a field; absent and null are the same.</summary>
    public JsonElement? Take(string name)
    {
        _taken.Add(name);
        return record.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
    }

    /// <summary>Takes the first of several names that is there.</summary>
    public (JsonElement Value, string Path)? TakeFirst(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Take(name) is { } value)
            {
                return (value, At(name));
            }
        }

        return null;
    }

    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _taken.Add(name);
        }
    }

    /// <summary>A text, or null when absent.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        if (TakeFirst(names) is not var (value, at))
        {
            return null;
        }

        return value.ValueKind is JsonValueKind.String ? value.GetString() : Refuse(at, "a text", value);
    }

    /// <summary>The first that is a text; what has another type is left to the metadata.</summary>
    public string? TextOrNothing(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (record.Has(name, JsonValueKind.String))
            {
                return Take(name)!.Value.GetString();
            }
        }

        return null;
    }

    /// <summary>The value of a field that stays in the metadata too.</summary>
    public JsonElement? Look(string name) => record.Has(name) ? record.GetProperty(name) : null;

    /// <summary>An identifier: a text, or a number taken as its digits.</summary>
    public string? Id(params ReadOnlySpan<string> names)
    {
        if (TakeFirst(names) is not var (value, at))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            _ => Refuse(at, "a text or a number", value),
        };
    }

    public void Texts(string name, List<string> into)
    {
        if (Take(name) is not { } value)
        {
            return;
        }

        if (value.ValueKind is JsonValueKind.String)
        {
            into.Add(value.GetString()!);
            return;
        }

        if (value.ValueKind is not JsonValueKind.Array)
        {
            Refuse(At(name), "a list of texts", value);
            return;
        }

        foreach (var (element, index) in value.EnumerateArray().Select((element, index) => (element, index)))
        {
            if (element.ValueKind is JsonValueKind.String)
            {
                into.Add(element.GetString()!);
            }
            else
            {
                Refuse($"{At(name)}[{index}]", "a text", element);
            }
        }
    }

    /// <summary>Everything that was not taken.</summary>
    public void RestToMeta()
    {
        foreach (var property in record.EnumerateObject().Where(property => !_taken.Contains(property.Name) && property.Value.ValueKind is not JsonValueKind.Null))
        {
            draft.Meta[At(property.Name)] = property.Value.Clone();
        }
    }

    /// <summary>A required field is missing; the fields that are there tell a reader which format they have in their hands.</summary>
    public void Missing(string name, string what)
    {
        var present = string.Join(", ", record.EnumerateObject().Select(property => property.Name));
        draft.Refuse(At(name), $"Required: {what}. This record has: {Excerpt.Of(present, 120)}.");
    }

    public string? Refuse(string at, string expected, JsonElement found)
    {
        draft.Refuse(at, $"Expected {expected}, found {JsonRecord.Name(found.ValueKind)}.");
        return null;
    }
}

/// <summary>Never more of a customer's file in a message than this.</summary>
internal static class Excerpt
{
    public static string Of(string text, int most)
    {
        var plain = string.Create(Math.Min(text.Length, most), text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? ' ' : source[i];
            }
        });
        return text.Length > most ? plain + "…" : plain;
    }
}
