using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using HealthEval.Intake;

namespace HealthEval.Intake.Formats;

/// <summary>
/// One parsed record: fields are taken out by name, what has the wrong type becomes a problem of the draft with its path,
/// and what nobody took is metadata.
/// </summary>
internal sealed class Fields(JsonElement record, Draft draft, string path = "")
{
    private static readonly NameSet Models = new(Names.Models);

    /// <summary>Who judged, in tables with a row per judgement.</summary>
    private static readonly NameSet Raters = new("annotation_id", "annotator", "annotator_id", "rater", "rater_id", "rater_name", "reviewer", "reviewer_id",
        "evaluator", "evaluator_id", "assessor", "assessor_id", "labeler", "labeller", "coder", "coder_id");
    private readonly (JsonProperty Property, uint Name, bool IsTaken)[] _fields = Of(record);

    public Draft Draft => draft;

    public JsonElement Record => record;

    /// <summary>Of what nobody took yet.</summary>
    public IEnumerable<string> Left => _fields.Where(one => !one.IsTaken).Select(one => one.Property.Name);

    public string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>Whether there is a field of one of these names: a record has few fields, and there are many names.</summary>
    public bool HasAny(NameSet names)
    {
        foreach (var (_, name, _) in _fields)
        {
            if (names.Has(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes a field; absent and null are the same.</summary>
    public JsonElement? Take(string name)
    {
        if (Find(name) is not (>= 0 and var index))
        {
            return null;
        }

        _fields[index].IsTaken = true;
        return Look(index);
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
            Take(name);
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
            if (Look(name) is { ValueKind: JsonValueKind.String } value && !Remarks.IsNothing(value))
            {
                Take(name);
                return value.GetString();
            }
        }

        return null;
    }

    /// <summary>The value of a field that stays in the metadata too.</summary>
    public JsonElement? Look(string name) => Find(name) is >= 0 and var index ? Look(index) : null;

    /// <summary>The model's name: a text, an object with a name or an id, also one level down beside other facts. What is none of these stays metadata.</summary>
    public string? Model(params ReadOnlySpan<string> names)
    {
        foreach (var name in !names.IsEmpty ? names : HasAny(Models) ? Names.Models : [])
        {
            if (Look(name) is { } value && NameIn(value) is { Length: > 0 } model)
            {
                Take(name);
                return model;
            }
        }

        foreach (var name in names.IsEmpty ? (string[])["metadata", "meta", "extra", "extra_info"] : [])
        {
            if (Look(name) is { ValueKind: JsonValueKind.Object } facts && Array.Find(Names.Models, model => facts.Has(model)) is { } found && facts.TryField(found, out var inner) && NameIn(inner) is { Length: > 0 } nested)
            {
                return nested;
            }
        }

        return null;
    }

    /// <summary>A field with a name of ours, but of another type or in other words: it is metadata, and the receipt says so.</summary>
    public void Foreign() => draft.Note("foreign_field_kept_as_metadata");

    /// <summary>
    /// The viewer of Hugging Face names the cells that it has cut. One that something was made of refuses the record: nobody can judge half of a text.
    /// </summary>
    public void RefuseCutCells()
    {
        if (Look("truncated_cells") is not { ValueKind: JsonValueKind.Array } cells)
        {
            return;
        }

        Take("truncated_cells");
        foreach (var cell in cells.EnumerateArray().Where(cell => cell.ValueKind is JsonValueKind.String))
        {
            if (Find(cell.GetString()!) is >= 0 and var index && _fields[index].IsTaken)
            {
                draft.Refuse(At(cell.GetString()!), "The text of this cell was cut where the file was downloaded (truncated_cells). Download the data set itself, not the viewer's rows.");
            }
            else
            {
                Take(cell.GetString()!);
                draft.Note("cut_cell_left_out");
            }
        }
    }

    /// <summary>An identifier: a text, or a number taken as its digits. What is neither is somebody's own, and stays metadata.</summary>
    public string? Id(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Look(name) is not { } value || Remarks.IsNothing(value))
            {
                continue;
            }

            if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                Take(name);
                return value.ValueKind is JsonValueKind.Number ? value.GetRawText() : value.GetString() is { Length: > 0 } text ? text : null;
            }

            Foreign();
        }

        return null;
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

        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind is JsonValueKind.String)
            {
                into.Add(element.GetString()!);
            }
            else
            {
                Refuse($"{At(name)}[{index}]", "a text", element);
            }

            index++;
        }
    }

    /// <summary>Everything that was not taken.</summary>
    public void RestToMeta()
    {
        RefuseCutCells();
        var isAnnotated = path.Length == 0 && HasAny(Raters); // a row per annotation: what people said about it makes it no other item
        foreach (var (property, hash, isTaken) in _fields)
        {
            if (!isTaken && property.Value.ValueKind is not JsonValueKind.Null)
            {
                draft.Meta[At(property.Name)] = property.Value;
                if (path is "" or "data" or "fields")
                {
                    LeftBehind.Note(property, hash, draft);
                }

                if (isAnnotated)
                {
                    draft.Bookkeeping.Add(property.Name);
                }
            }
        }
    }

    /// <summary>A required field is missing; the fields that are there tell a reader which format they have in their hands.</summary>
    public void Missing(string name, string what)
    {
        var present = string.Join(", ", _fields.Select(field => field.Property.Name));
        draft.Refuse(At(name), $"Required: {what}. This record has: {Excerpt.Of(present, 120)}.");
    }

    public string? Refuse(string at, string expected, JsonElement found)
    {
        draft.Refuse(at, $"Expected {expected}, found {JsonRecord.Name(found.ValueKind)}.");
        return null;
    }

    private static (JsonProperty Property, uint Name, bool IsTaken)[] Of(JsonElement record)
    {
        var fields = new (JsonProperty, uint, bool)[record.GetPropertyCount()];
        var count = 0;
        foreach (var property in record.EnumerateObject())
        {
            var written = JsonMarshal.GetRawUtf8PropertyName(property);
            fields[count++] = (property, IsOtherwiseWritten(written) ? Names.HashOf(property.Name) : Names.HashOf(written), false);
        }

        return fields;
    }

    private static string? NameIn(JsonElement value) => value.ValueKind switch
    {
        _ when Remarks.IsNothing(value) => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryField("name", out var name) && name.ValueKind is JsonValueKind.String => name.GetString(),
        JsonValueKind.Object when value.TryField("id", out var id) && id.ValueKind is JsonValueKind.String => id.GetString(),
        _ => null,
    };

    private JsonElement? Look(int index) => _fields[index].Property.Value is { ValueKind: not JsonValueKind.Null } value ? value : null;

    /// <summary>A record has few fields and is asked for many: hashes are compared first. The name as we write it goes before others that are the same.</summary>
    private int Find(string name)
    {
        var (hash, found) = (Names.HashOf(name), -1);
        for (var i = 0; i < _fields.Length; i++)
        {
            if (_fields[i].Name != hash)
            {
                continue;
            }

            if (_fields[i].Property.NameEquals(name))
            {
                return i;
            }

            found = found < 0 && Names.Same(_fields[i].Property.Name, name) ? i : found;
        }

        return found;
    }

    /// <summary>With escapes or letters beyond ASCII, and so with more bytes than characters.</summary>
    private static bool IsOtherwiseWritten(ReadOnlySpan<byte> name) => name.Contains((byte)'\\') || !Ascii.IsValid(name);
}
