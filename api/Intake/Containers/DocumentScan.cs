using System.Text.Json;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Containers;

/// <summary>
/// Where in one JSON document its records are. Documents of any length are walked token by token, with no more of them in memory than one token; what is found
/// is a place, from which the records are then streamed. A place counts when a format recognises what is there.
/// </summary>
internal sealed class DocumentScan(Func<Stream> open, IngestOptions options)
{
    private const int MaxDepth = 64;
    private const int MostNested = 4;
    private const int MostTried = 50;

    internal enum Kind
    {
        /// <summary>A list of objects somewhere inside.</summary>
        List,

        /// <summary>A list of objects each of which has the records in a list of its own, such as one run after the other.</summary>
        Nested,

        /// <summary>An object of objects, by their ids.</summary>
        ById,

        /// <summary><c>columns</c> and <c>data</c>: the names once, then a list of values per record.</summary>
        Rows,
    }

    /// <param name="Offset">Of the list, or of the object, in the text behind its byte order mark.</param>
    /// <param name="Line">How many lines are before it.</param>
    /// <param name="Head">The names of columns, or of LLM Comparator's models: the JSON that belongs to every record; or the name of the inner list.</param>
    internal sealed record Place(Kind Kind, string Name, long Offset, long Line, string Head)
    {
        /// <summary>Lists beside it with records of the same format, such as the test part of a data set.</summary>
        public IReadOnlyList<Place> Beside { get; init; } = [];

        /// <summary>The model that the list is named after, or what it lies in; null where that is none.</summary>
        public string? Model { get; init; }

        /// <summary>The path of what it lies in.</summary>
        public string Parent { get; init; } = "";

        /// <summary>There are other lists with records, which are not read.</summary>
        public bool HasOthers { get; init; }
    }

    private static readonly string[] About = ["metadata", "meta", "config", "info", "run", "args", "settings", "params", "experiment"];
    private static readonly Place Whole = new(Kind.List, "", 0, 0, "");
    private string _parent = "";
    private readonly List<string> _path = [];
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);
    private (long Offset, long Line)? _columns;
    private (long Offset, long Line)? _models;

    /// <summary>Null when the document has no such place.</summary>
    public Place? Find()
    {
        Place? rows = null;
        var (found, format, beside, hasOthers) = ((Place?)null, (Format?)null, new List<Place>(), false);
        var lists = new List<Place>();
        var tried = 0;
        foreach (var (name, offset, line, kind) in Places())
        {
            if (found is null && kind is Kind.Rows && rows is null && Names.Same(name, "data") && _columns is { } columns)
            {
                rows = new Place(Kind.Rows, name, offset, line, Value(columns.Offset));
                if (FormatOf(rows) is not null)
                {
                    return rows;
                }
            }
            else if (kind is Kind.List && tried++ >= MostTried)
            {
                hasOthers = true;
            }
            else if (kind is Kind.List)
            {
                var place = new Place(Kind.List, name, offset, line, name is "examples" && _models is { } models ? Value(models.Offset) : "")
                {
                    Parent = _parent,
                    Model = Array.Find([name, _parent[(_parent.LastIndexOf('/') + 1)..]], ModelNames.IsOne),
                };
                if (FormatOf(place) is not { } known)
                {
                    lists.Add(place);
                }
                else if (found is null)
                {
                    (found, format) = (place, known);
                }
                else if (known == format && (place.Parent == found.Parent || name == found.Name))
                {
                    beside.Add(place);
                }
                else
                {
                    hasOthers = true;
                }
            }
            else if (found is null && kind is Kind.ById)
            {
                var place = new Place(Kind.ById, "", 0, 0, "");
                if (FormatOf(place) is not null)
                {
                    return place;
                }
            }
        }

        return found is null ? lists.SelectMany(Inner).FirstOrDefault(place => FormatOf(place) is not null) : Named(found) with { Beside = beside.ConvertAll(Named), HasOthers = hasOthers };
    }

    /// <summary>Of a document that is a list: where its entries have the records in lists of their own; null where they are the records.</summary>
    public Place? FindInList() => FormatOf(Whole) is null ? Inner(Whole).FirstOrDefault(place => FormatOf(place) is not null) : null;

    /// <summary>With the model that is named beside the list or around it.</summary>
    private Place Named(Place place)
    {
        for (var at = place.Parent; place.Model is null && at.Length > 0; at = at[..Math.Max(0, at.LastIndexOf('/'))])
        {
            place = place with { Model = NamedAt(at) };
        }

        return place with { Model = place.Model ?? NamedAt("") };
    }

    private string? NamedAt(string path) => _named.GetValueOrDefault(path)
        ?? About.Select(about => _named.GetValueOrDefault(path.Length == 0 ? about : $"{path}/{about}")).FirstOrDefault(model => model is not null);

    /// <summary>The lists that the first entry of a list has.</summary>
    private IEnumerable<Place> Inner(Place list)
    {
        var names = new List<string>();
        try
        {
            foreach (var entry in WrappedList.Read(open, list, options).Take(1).Where(entry => entry.Problem is null))
            {
                using var document = JsonRecord.Parse(entry.Json, out _);
                names.AddRange(document?.RootElement.EnumerateObject().Where(field => field.Value.ValueKind is JsonValueKind.Array).Select(field => field.Name) ?? []);
            }
        }
        catch (UnreadableFileException)
        {
            // nothing can be read there
        }

        return names.Select(name => list with { Kind = Kind.Nested, Head = name });
    }

    /// <summary>The JSON of the value that begins there.</summary>
    private string Value(long offset)
    {
        using var stream = At(open, offset);
        return JsonValues.One(stream, options) ?? "[]";
    }

    public static Stream At(Func<Stream> open, long offset)
    {
        var stream = open();
        var buffer = new byte[1 << 16];
        var start = stream.ReadAtLeast(buffer.AsSpan(0, 3), 3, throwOnEndOfStream: false);
        var hasMark = buffer.AsSpan(0, start).StartsWith("\uFEFF"u8);
        for (var left = offset + (hasMark ? 3 : 0) - start; left > 0;)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
            {
                break;
            }

            left -= read;
        }

        return offset + (hasMark ? 3 : 0) >= start ? stream : new Prefixed(buffer.AsMemory(0, start), stream);
    }

    private Format? FormatOf(Place place)
    {
        try
        {
            foreach (var record in WrappedList.Read(open, place, options).Take(place.Kind is Kind.ById ? 1 : 3))
            {
                using var document = record.Problem is null ? JsonRecord.Parse(record.Json, out _) : null;
                if (document is not null && options.Formats.Recognise(document.RootElement) is { } format)
                {
                    return format;
                }
            }
        }
        catch (UnreadableFileException)
        {
            // not there
        }

        return null;
    }

    /// <summary>Lists of objects and of lists that no list surrounds, in the order of the document; and the document itself, where its first field is an object.</summary>
    private IEnumerable<(string Name, long Offset, long Line, Kind Kind)> Places()
    {
        using var buffer = new RecordBuffer(open(), options.MaxRecordBytes);
        buffer.SkipByteOrderMark();
        var begin = buffer.Consumed;
        var state = new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth });
        var (line, lists, first) = (0L, 0, true);
        (string Name, long Offset, long Line)? opened = null;
        var found = new List<(string, long, long, Kind)>();
        while (Step(buffer, ref state, ref line, ref lists, ref first, ref opened, begin, found) is true)
        {
            foreach (var place in found)
            {
                yield return place;
            }

            found.Clear();
        }

        foreach (var place in found)
        {
            yield return place;
        }
    }

    /// <summary>What is in the buffer; false at the end, or where it is no JSON any more.</summary>
    private bool Step(
        RecordBuffer buffer, ref JsonReaderState state, ref long line, ref int lists, ref bool first, ref (string Name, long Offset, long Line)? opened, long begin, List<(string Name, long Offset, long Line, Kind Kind)> found)
    {
        var text = buffer.Unread;
        var reader = new Utf8JsonReader(text, isFinalBlock: buffer.AtEnd, state);
        try
        {
            while (found.Count == 0 && reader.Read())
            {
                var place = (Offset: buffer.Consumed - begin + reader.TokenStartIndex, Line: line + text[..(int)reader.TokenStartIndex].Count((byte)'\n'));
                Token(ref reader, place, ref lists, ref first, ref opened, found);
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false; // reading the records says what is wrong
        }

        if (reader is { CurrentDepth: 0, TokenType: JsonTokenType.EndObject })
        {
            return false;
        }

        state = reader.CurrentState;
        var consumed = (int)reader.BytesConsumed;
        line += text[..consumed].Count((byte)'\n');
        buffer.Consume(consumed);
        return found.Count > 0 || (!buffer.IsFull && buffer.Fill());
    }

    private void Token(
        ref Utf8JsonReader reader, (long Offset, long Line) place, ref int lists, ref bool first, ref (string Name, long Offset, long Line)? opened, List<(string Name, long Offset, long Line, Kind Kind)> found)
    {
        var type = reader.TokenType;
        if (opened is var (name, offset, line))
        {
            opened = null;
            if (type is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                found.Add((name, offset, line, type is JsonTokenType.StartObject ? Kind.List : Kind.Rows));
            }
        }

        switch (type)
        {
            case JsonTokenType.PropertyName when lists == 0:
                _path.RemoveRange(Math.Min(_path.Count, reader.CurrentDepth - 1), Math.Max(0, _path.Count - (reader.CurrentDepth - 1)));
                _path.Add(reader.GetString()!);
                break;
            case JsonTokenType.String when lists == 0 && _path.Count > 0 && Array.Exists(Names.Models, name => Names.Same(name, _path[^1])):
                _named.TryAdd(string.Join('/', _path[..^1]), reader.GetString()!);
                break;
            case JsonTokenType.StartArray:
                if (lists++ == 0 && reader.CurrentDepth <= MostNested && _path.Count > 0)
                {
                    opened = (_path[^1], place.Offset, place.Line);
                    _parent = string.Join('/', _path[..^1]);
                    _columns = Names.Same(_path[^1], "columns") ? place : _columns;
                    _models = _path is ["models"] ? place : _models;
                }

                break;
            case JsonTokenType.EndArray:
                lists--;
                break;
            case JsonTokenType.StartObject when first && reader.CurrentDepth == 0:
                first = false;
                found.Add(("", 0, 0, Kind.ById));
                break;
            default:
                break;
        }
    }
}
