using System.Text;
using System.Text.Json;
using System.Xml;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Containers;

/// <summary>
/// XML whose records are elements with one element per field, such as MedQuAD's question-answer pairs. An element is a record when its children are named as the columns
/// of a table would be. Attributes are fields too, those of the elements around it under their names: <c>document_id</c>. Entities and document types are refused.
/// </summary>
internal static class XmlRecords
{
    private const int MaxDepth = 32;
    private const int MostElements = 10_000;

    /// <summary>The name of the elements that are records; null when there are none. Throws when the document must not be read.</summary>
    public static string? Find(Func<Stream> open, IngestOptions options)
    {
        using var stream = open();
        using var xml = Reader(stream, options);
        var opened = new Stack<(string Name, HashSet<string> Children)>();
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
                else if (xml.NodeType is XmlNodeType.EndElement && opened.TryPop(out var closed) && options.Formats.SuitsColumns([.. closed.Children.Select(Tables.Normal)]))
                {
                    return closed.Name;
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

        return null;
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

    private static RawRecord Record(XmlReader xml, List<(string Name, string Value)> fields, IngestOptions options)
    {
        var line = ((IXmlLineInfo)xml).LineNumber;
        fields.AddRange(Attributes(xml, ""));
        using var record = xml.ReadSubtree();
        record.Read();
        var text = new StringBuilder();
        var (child, length) = ("", 0L);
        while (record.Read())
        {
            if (record.NodeType is XmlNodeType.Element && record.Depth == 1)
            {
                child = record.LocalName;
                text.Clear();
                fields.AddRange(Attributes(record, $"{child}_"));
            }
            else if (record.NodeType is XmlNodeType.EndElement && record.Depth == 1)
            {
                fields.Add((child, text.ToString().Trim()));
            }
            else if (record.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                length += record.Value.Length;
                text.Append(length <= options.MaxRecordBytes ? record.Value : "");
            }
        }

        if (length > options.MaxRecordBytes)
        {
            return RawRecord.Bad(line, $"The record is longer than {options.MaxRecordBytes:N0} bytes, the most that one record may have.");
        }

        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var field in fields.GroupBy(field => field.Name).Select(group => group.First()))
            {
                writer.WriteString(field.Name, field.Value);
            }

            writer.WriteEndObject();
        }

        return new RawRecord(line, json.ToArray(), null);
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

    private static XmlReader Reader(Stream stream, IngestOptions options) => XmlReader.Create(
        stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, MaxCharactersInDocument = options.MaxUnpackedBytes });
}
