using System.Xml;
using HealthEval.Intake.Containers;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Sheets;

/// <summary>
/// One sheet of an Excel workbook, read as a stream of rows: the first visible one that has a row with the names of columns that we know. Formulas are not executed (the
/// value Excel stored is taken), links are not followed, document type definitions are refused. Numbers and TRUE/FALSE become the text that the file holds for them.
/// </summary>
internal sealed class Worksheet(Workbook workbook, Func<string, Stream?> entry, IngestOptions options)
{
    private const int MostSheets = 100;

    /// <summary>A filter or somebody's hand has hidden the row; what is in it is loaded all the same.</summary>
    private const string HiddenRow = "row_hidden_in_the_sheet";

    private readonly RowWriter _writer = new();

    /// <param name="HeaderRow">As the spreadsheet numbers it; 0 when no row has names that we know, and the first is taken.</param>
    private sealed record Place(string Name, string Path, long HeaderRow)
    {
        /// <summary>Another sheet has such names too, and is not read.</summary>
        public bool HasRivals { get; init; }
    }

    public static Part? Part(string name, Func<string, Stream?> entry, IngestOptions options)
    {
        try
        {
            if (Workbook.Of(entry) is not { } workbook)
            {
                return null;
            }

            var sheet = new Worksheet(workbook, entry, options);
            var sheets = workbook.Sheets();
            var place = sheet.Choose(sheets);
            sheet.Survey(place);
            return new Part(name, "xlsx", () => sheet.Records(place))
            {
                IsTable = true,
                Model = ModelNames.OfFile(place.Name) ?? ModelNames.OfFile(name),
                Header = place.HeaderRow > 1 || sheets.Count > 1
                ? $"sheet '{Excerpt.Of(place.Name, 40)}', header in row {Math.Max(1, place.HeaderRow)}" : null,
                Warning = place.HasRivals
                ? "another_sheet_was_not_read" : null
            };
        }
        catch (XmlException failure)
        {
            throw Describe(failure);
        }
    }

    private Place Choose(List<(string Name, string Path)> sheets)
    {
        if (sheets.Count == 0)
        {
            throw new UnreadableFileException("The workbook has no visible sheet.");
        }

        var strings = SharedStrings.Read(entry, workbook.SharedStrings, options);
        var seen = new List<string>();
        Place? found = null;
        foreach (var (name, path) in sheets.Take(MostSheets))
        {
            using var xml = Xml.Open(entry, path) ?? throw Missing();
            var rows = new SheetRows(xml, strings, new CellFormats([], [], workbook.IsFrom1904), MergedCells.None).Read(() => null).Take(Tables.RowsToLookAt)
                .ToList();
            if (Tables.HeaderAt(rows.ConvertAll(row => row.Cells), options.Formats) is >= 0 and var at)
            {
                if (found is not null)
                {
                    return found with { HasRivals = true };
                }

                found = new Place(name, path, rows[at].Line);
            }

            seen.Add(rows.Count == 0 ? $"'{Excerpt.Of(name, 30)}' is empty" : $"'{Excerpt.Of(name, 30)}' begins with {Excerpt.Of(string.Join(", ", rows[0].Cells.Where(cell => cell.Length > 0)), 80)}");
        }

        return found ?? (sheets.Count == 1 ? new Place(sheets[0].Name, sheets[0].Path, 0)
            : throw new UnreadableFileException($"Required columns not found in the first {Tables.RowsToLookAt} rows of any sheet. {Tables.Needs} Found: {Excerpt.Of(string.Join("; ", seen), 400)}."));
    }

    private IEnumerable<RawRecord> Records(Place place)
    {
        var strings = SharedStrings.Read(entry, workbook.SharedStrings, options);
        var formats = CellStyles.Read(entry, workbook.Styles) with { IsFrom1904 = workbook.IsFrom1904 };
        var totals = workbook.TotalsRows(place.Path);
        using var sheet = Xml.Open(entry, place.Path) ?? throw Missing();
        IReadOnlyList<string>? header = null;
        foreach (var (line, cells, problem, isHidden) in new SheetRows(sheet, strings, formats, Merged(place.Path)).Read(() => header?.Count))
        {
            if (line < place.HeaderRow || totals.Any(total => line > total.Key - total.Value && line <= total.Key))
            {
                continue;
            }

            if (problem is not null)
            {
                yield return RawRecord.Bad(line, problem);
            }
            else if (header is null)
            {
                header = Tables.Header(cells);
            }
            else if (TableRows.NamesAgain(cells, header, options.Formats) is { } again)
            {
                header = again;
            }
            else if (TableRows.Fault(cells, header) is { } fault)
            {
                yield return RawRecord.Bad(line, fault);
            }
            else if (cells.Exists(cell => cell.Length > 0))
            {
                yield return new RawRecord(line, _writer.Write(header, cells), null) { Note = isHidden ? HiddenRow : null };
            }
        }
    }

    private MergedCells Merged(string path)
    {
        using var sheet = Xml.Open(entry, path) ?? throw Missing();
        return MergedCells.Read(sheet);
    }

    /// <summary>Reads the sheet to its end: a damaged one must be found before the first row is used.</summary>
    private void Survey(Place place)
    {
        foreach (var _ in Records(place))
        {
        }
    }

    public static UnreadableFileException Describe(XmlException failure) => new(failure.Message.Contains("DTD", StringComparison.Ordinal)
        ? "The file contains a document type definition (DTD); such files are refused. Save it again without one."
        : "The file is damaged: its XML cannot be read. Save it again with the program that made it.");

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
        while (Read(reader))
        {
            if (reader.LocalName == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes to the next element.</summary>
    public static bool Read(XmlReader reader)
    {
        while (reader.Read())
        {
            if (reader.NodeType is XmlNodeType.Element)
            {
                return true;
            }
        }

        return false;
    }
}
