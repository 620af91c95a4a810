using System.Xml;
using HealthEval.Intake.Containers;

namespace HealthEval.Intake.Sheets;

/// <summary>
/// The first visible sheet of an Excel workbook, read as a stream of rows. Formulas are not executed (the value Excel stored is taken),
/// links are not followed, document type definitions are refused. Numbers and TRUE/FALSE become the text that the file holds for them.
/// </summary>
internal sealed class Worksheet(Func<string, Stream?> entry, IngestOptions options)
{
    private readonly RowWriter _writer = new();

    public static Part Part(string name, Func<string, Stream?> entry, IngestOptions options)
    {
        var sheet = new Worksheet(entry, options);
        try
        {
            var path = sheet.FirstVisible();
            sheet.Survey(path);
            return new Part(name, "xlsx", () => sheet.Records(path));
        }
        catch (XmlException failure)
        {
            throw Describe(failure);
        }
    }

    private IEnumerable<RawRecord> Records(string path)
    {
        var strings = SharedStrings.Read(entry, options);
        var dates = DateStyles.Read(entry);
        using var sheet = Xml.Open(entry, path) ?? throw Missing();
        IReadOnlyList<string>? header = null;
        foreach (var (line, cells, problem) in new SheetRows(sheet, strings, dates, Merged(path)).Read(() => header?.Count))
        {
            if (problem is not null)
            {
                yield return RawRecord.Bad(line, problem);
            }
            else if (header is null)
            {
                header = Tables.Header(cells, options.Formats);
            }
            else if (cells.Exists(cell => cell.Length > 0))
            {
                yield return new RawRecord(line, _writer.Write(header, cells), null);
            }
        }
    }

    private MergedCells Merged(string path)
    {
        using var sheet = Xml.Open(entry, path) ?? throw Missing();
        return MergedCells.Read(sheet);
    }

    /// <summary>Reads the sheet to its end: a damaged one must be found before the first row is used.</summary>
    private void Survey(string path)
    {
        foreach (var _ in Records(path))
        {
        }
    }

    private string FirstVisible()
    {
        var targets = new Dictionary<string, string>();
        using (var relations = Xml.Open(entry, "xl/_rels/workbook.xml.rels"))
        {
            while (relations is not null && Xml.Next(relations, "Relationship"))
            {
                targets[relations.GetAttribute("Id") ?? ""] = relations.GetAttribute("Target") ?? "";
            }
        }

        using var workbook = Xml.Open(entry, "xl/workbook.xml") ?? throw Missing();
        while (Xml.Next(workbook, "sheet"))
        {
            if ((workbook.GetAttribute("state") is null or "visible") && targets.TryGetValue(workbook.GetAttribute("r:id") ?? "", out var target))
            {
                return target.StartsWith('/') ? target[1..] : $"xl/{target}";
            }
        }

        throw new UnreadableFileException("The workbook has no visible sheet.");
    }

    public static UnreadableFileException Describe(XmlException failure) => new(failure.Message.Contains("DTD", StringComparison.Ordinal)
        ? "The workbook contains a document type definition (DTD); such files are refused. Save it again with a spreadsheet program."
        : "The workbook is damaged: its XML cannot be read. Save it again with a spreadsheet program.");

    private static UnreadableFileException Missing() => new("The workbook is damaged: a sheet is missing. Save it again with a spreadsheet program.");
}

internal static class Xml
{
    public static XmlReader? Open(Func<string, Stream?> entry, string path) => entry(path) is { } stream
        ? XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true, IgnoreComments = true, IgnoreProcessingInstructions = true })
        : null;

    /// <summary>Goes to the next element of this name, in whatever namespace (there are two dialects of the format).</summary>
    public static bool Next(XmlReader reader, string name)
    {
        while (reader.Read())
        {
            if (reader.NodeType is XmlNodeType.Element && reader.LocalName == name)
            {
                return true;
            }
        }

        return false;
    }
}
