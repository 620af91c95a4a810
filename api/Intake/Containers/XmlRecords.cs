using System.Text;
using System.Text.Json;
using System.Xml;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Containers;

/// <summary>
/// XML whose records are elements with one element per field, such as MedQuAD's question-answer pairs. An element is a record when its children are named
/// as the columns
/// of a table would be. Attributes are fields too, those of the elements around it under their names: <c>document_id</c>; elements inside of fields are
/// <c>patient.question</c>, and
/// an element that is there several times is a list. Entities and document types are refused.
/// </summary>
internal static class XmlRecords
{
    private const int MaxDepth = 32;
    private const int MaxDepthOfField = 8;
    private const int MostElements = 10_000;

    /// <summary>
    /// The name of the elements that are records: those that a format knows, or else the ones with fields that there are most of, so that somebody can say
    /// what they are.
    /// Null when there are none. Throws when the document must not be read.
    /// </summary>
    public static string? Find(Func<Stream> open, IngestOptions options)
    {
        using var stream = open();
        using var xml = Reader(stream, options);
        var opened = new Stack<(string Name, HashSet<string> Children)>();
        var counted = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            for (var elements = 0; xml.Read() && elements < MostElements && opened.Count < MaxDepth;)
            {
                if (xml.NodeType is XmlNodeType.Element)
                {
                    elements++;
                    if (opened.Count > 0)
                    {
                        opened.Peek().Children.Add(xml.LocalName);
                    }

                    if (!xml.IsEmptyElement)
                    {
                        opened.Push((xml.LocalName, []));
                    }
                }
                else if (xml.NodeType is XmlNodeType.EndElement && opened.TryPop(out var closed))
                {
                    if (options.Formats.SuitsColumns([.. closed.Children.Select(Tables.Normal)]))
                    {
                        return closed.Name;
                    }

                    counted[closed.Name] = counted.GetValueOrDefault(closed.Name) + (closed.Children.Count > 1 ? 1 : 0);
                }
            }
        }
        catch (XmlException failure) when (failure.Message.Contains("DTD", StringComparison.Ordinal))
        {
            throw new UnreadableFileException("The file contains a document type definition (DTD); such files are refused. Save it without one.");
        }
        catch (XmlException)
        {
            return null; // no XML; or none that can be read
        }

        return counted.Reverse().Where(element => element.Value > 0).OrderByDescending(element => element.Value).Select(element => element.Key)
            .FirstOrDefault();
    }

    public static IEnumerable<RawRecord> Read(Stream stream, string name, IngestOptions options)
    {
        using var xml = Reader(stream, options);
        var around = new Stack<(string Name, List<(string, string)> Attributes)>();
        while (xml.Read())
        {
            if (xml.NodeType is XmlNodeType.EndElement)
            {
                around.Pop();
            }
            else if (xml.NodeType is XmlNodeType.Element && xml.LocalName != name)
            {
                var attributes = Attributes(xml, $"{xml.LocalName}_");
                if (!xml.IsEmptyElement)
                {
                    around.Push((xml.LocalName, attributes));
                }
            }
            else if (xml.NodeType is XmlNodeType.Element)
            {
                yield return Record(xml, [.. around.Reverse().SelectMany(element => element.Attributes)], options);
            }
        }
    }

    private static RawRecord Record(XmlReader xml, List<(string Name, string Value)> attributes, IngestOptions options)
    {
        var line = ((IXmlLineInfo)xml).LineNumber;
        attributes.AddRange(Attributes(xml, ""));
        using var record = xml.ReadSubtree();
        record.Read();
        var (elements, inner) = (new List<(string Name, string Value)>(), new List<(string Name, string Value)>());
        var path = new List<XmlField>();
        var length = 0L;
        while (record.Read())
        {
            if (record.NodeType is XmlNodeType.Element && path.Count == MaxDepthOfField)
            {
                return RawRecord.Bad(line, $"The record has elements in more than {MaxDepthOfField} levels inside of each other, the most that one may have.");
            }

            if (record.NodeType is XmlNodeType.Element)
            {
                inner.AddRange(path.Count == 0 ? Attributes(record, $"{record.LocalName}_") : []);
                if (path.Count > 0)
                {
                    path[^1].Open(record.LocalName);
                }

                if (!record.IsEmptyElement)
                {
                    path.Add(new XmlField(record.LocalName, elements.Count));
                }
            }
            else if (record.NodeType is XmlNodeType.EndElement && path.Count > 0)
            {
                Close(path, elements);
            }
            else if (path.Count > 0 && record.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                length += record.Value.Length;
                path[^1].Text.Append(length <= options.MaxRecordBytes ? record.Value : "");
                path[^1].HasOwn |= !string.IsNullOrWhiteSpace(record.Value);
            }
        }

        return length > options.MaxRecordBytes
            ? RawRecord.Bad(line, $"The record is longer than {options.MaxRecordBytes:N0} bytes, the most that one record may have.")
            : new RawRecord(line, Json([.. elements, .. inner.Where(one => !elements.Exists(element => element.Name == one.Name))], attributes), null);
    }

    /// <summary>A text with marks in it is one field; what is made of other elements alone is the fields that they are.</summary>
    private static void Close(List<XmlField> path, List<(string Name, string Value)> elements)
    {
        var field = path[^1];
        var whole = field.Text.ToString();
        if (field.IsText)
        {
            elements.RemoveRange(field.Begin, elements.Count - field.Begin);
            elements.Add((string.Join('.', path.Select(step => step.Name)), whole.Trim()));
        }

        path.RemoveAt(path.Count - 1);
        if (path.Count > 0)
        {
            path[^1].Text.Append(whole);
        }
    }

    private static byte[] Json(List<(string Name, string Value)> elements, List<(string Name, string Value)> attributes)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var field in elements.GroupBy(field => field.Name))
            {
                if (field.Skip(1).Any())
                {
                    writer.WriteStartArray(field.Key);
                    field.ToList().ForEach(value => writer.WriteStringValue(value.Value));
                    writer.WriteEndArray();
                }
                else
                {
                    writer.WriteString(field.Key, field.First().Value);
                }
            }

            foreach (var field in attributes.Where(field => !elements.Exists(element => element.Name == field.Name)).DistinctBy(field => field.Name))
            {
                writer.WriteString(field.Name, field.Value);
            }

            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    private static List<(string Name, string Value)> Attributes(XmlReader xml, string prefix)
    {
        var attributes = new List<(string, string)>();
        for (var has = xml.MoveToFirstAttribute(); has; has = xml.MoveToNextAttribute())
        {
            if (xml.Prefix is not "xmlns" && xml.LocalName is not "xmlns")
            {
                attributes.Add(($"{prefix}{xml.LocalName}".ToLowerInvariant(), xml.Value));
            }
        }

        xml.MoveToElement();
        return attributes;
    }

    /// <param name="begin">How many fields there were before it.</param>
    private sealed class XmlField(string name, int begin)
    {
        private static readonly HashSet<string> Prose =
            [.. "p br div span b i u em strong sub sup a li ul ol dl dt dd h1 h2 h3 h4 h5 h6 table tbody thead tr td th pre code para paragraph sentence".Split(' ')];

        private bool _hasFields;

        public string Name { get; } = name;

        public int Begin { get; } = begin;

        public StringBuilder Text { get; } = new();

        /// <summary>Some of the text stands in the element itself, and not only in those inside of it.</summary>
        public bool HasOwn { get; set; }

        public bool IsText => HasOwn || !_hasFields;

        /// <summary>Paragraphs that follow each other are lines.</summary>
        public void Open(string inner)
        {
            _hasFields |= !Prose.Contains(inner);
            if (HasOwn)
            {
                return;
            }

            while (Text.Length > 0 && char.IsWhiteSpace(Text[^1]))
            {
                Text.Length--;
            }

            Text.Append(Text.Length > 0 ? "\n" : "");
        }
    }

    private static XmlReader Reader(Stream stream, IngestOptions options) => XmlReader.Create(
        stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = options.MaxUnpackedBytes
        });
}
