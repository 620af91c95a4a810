using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;

namespace HealthEval.Tests.Reports;

/// <summary>A workbook read with the Open XML SDK, which has nothing to do with how it was written.</summary>
internal sealed class OpenedWorkbook(SpreadsheetDocument document) : IDisposable
{
    private readonly string[] _shared = [.. document.WorkbookPart!.SharedStringTablePart!.SharedStringTable.Elements<SharedStringItem>().Select(s => s.InnerText)];

    public IReadOnlyList<string> Sheets => [.. document.WorkbookPart!.Workbook.Descendants<Sheet>().Select(s => s.Name!.Value!)];

    public IReadOnlyList<string> Errors => [.. new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2013).Validate(document).Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}")];

    public DateTime? Created => document.PackageProperties.Created;

    public WorksheetPart Part(string sheet)
    {
        var id = document.WorkbookPart!.Workbook.Descendants<Sheet>().Single(s => s.Name == sheet).Id!;
        return (WorksheetPart)document.WorkbookPart.GetPartById(id!);
    }

    public IEnumerable<Cell> Cells(string sheet) => Part(sheet).Worksheet.Descendants<Cell>();

    public string Text(Cell cell) => cell.DataType?.Value switch
    {
        CellValues.SharedString => _shared[int.Parse(cell.CellValue?.Text ?? throw new InvalidDataException($"{cell.CellReference} refers to no string"), CultureInfo.InvariantCulture)],
        CellValues.InlineString => cell.InlineString!.InnerText,
        _ => cell.CellValue?.Text ?? "",
    };

    /// <summary>All text on a sheet, cell by cell.</summary>
    public string AllText(string sheet) => string.Join('\n', Cells(sheet).Select(Text));

    /// <summary>A table's rows, each a dictionary from header to shown value.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Table(string name)
    {
        foreach (var sheet in Sheets)
        {
            if (Part(sheet).TableDefinitionParts.FirstOrDefault(t => t.Table.Name == name)?.Table is { } table)
            {
                return Read(sheet, table.Reference!.Value!);
            }
        }

        throw new InvalidOperationException($"There is no table '{name}'.");
    }

    public void Dispose() => document.Dispose();

    private List<IReadOnlyDictionary<string, string>> Read(string sheet, string reference)
    {
        var corners = reference.Split(':').Select(Place).ToArray();
        var rows = new SortedDictionary<int, Dictionary<int, string>>();
        foreach (var cell in Cells(sheet))
        {
            var (column, row) = Place(cell.CellReference!.Value!);
            if (row >= corners[0].Row && row <= corners[1].Row && column >= corners[0].Column && column <= corners[1].Column)
            {
                (rows.TryGetValue(row, out var known) ? known : rows[row] = [])[column] = Text(cell);
            }
        }

        var headers = rows[corners[0].Row];
        return [.. rows.Where(r => r.Key > corners[0].Row).Select(r => headers.ToDictionary(h => h.Value, h => r.Value.GetValueOrDefault(h.Key, "")))];
    }

    private static (int Column, int Row) Place(string reference)
    {
        var letters = reference.TakeWhile(char.IsAsciiLetter).ToArray();
        return (letters.Aggregate(0, (n, c) => (n * 26) + c - 'A' + 1), int.Parse(reference[letters.Length..], CultureInfo.InvariantCulture));
    }
}
