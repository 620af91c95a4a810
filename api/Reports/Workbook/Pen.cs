using ClosedXML.Excel;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports.Workbook;

/// <param name="Width">Characters; tables below each other share the widest wish.</param>
/// <param name="Format">A number format; null is text.</param>
/// <param name="Bar">Draws data bars from 0 (or the first number) to this.</param>
internal sealed record Column(string Header, double Width, string? Format = null, bool Wrap = false, (double From, double To)? Bar = null)
{
    public static Column Text(string header, double width, bool wrap = true) => new(header, width, null, wrap);

    public static Column Number(string header, string format, double width = 10) => new(header, width, format);
}

/// <summary>Writes one sheet from top to bottom.</summary>
internal sealed class Pen(IXLWorksheet sheet)
{
    private const double LineHeight = 13.5;
    private const int MostLines = 6;
    /// <summary>Where <see cref="Helpers"/> begin.</summary>
    public const int HelperColumn = 60;
    private readonly List<(Block Block, IReadOnlyList<Column> Columns)> _blocks = [];
    private readonly List<int> _notes = [];
    private int _tables;

    public IXLWorksheet Sheet { get; } = sheet;

    public int Row { get; private set; } = 1;

    /// <summary>What the sheet shows, in a sentence.</summary>
    public string Explanation { get; private set; } = "";

    public void Title(string title, string explanation)
    {
        Sheet.Cell(Row, 1).SetValue(CellText.Clean(title)).Style.Font.SetBold().Font.SetFontSize(16).Font.SetFontColor(Look.Color(Look.Ink));
        Sheet.Row(Row++).Height = 24;
        Explanation = explanation;
        Note(explanation);
        Row++;
    }

    public void Heading(string text)
    {
        Sheet.Cell(Row, 1).SetValue(CellText.Clean(text)).Style.Font.SetBold().Font.SetFontSize(12).Font.SetFontColor(Look.Color(Look.Accent));
        Sheet.Row(Row++).Height = 20;
    }

    public void Note(string text)
    {
        _notes.Add(Row);
        Sheet.Cell(Row++, 1).SetValue(CellText.Clean(text)).Style.Font.SetFontColor(Look.Color(Look.Muted));
    }

    /// <summary>Notes over the width of the tables, in as many lines as they need: a text that runs on to the right makes a program print the whole sheet smaller.</summary>
    public void FitNotes(int columns)
    {
        var width = Enumerable.Range(1, columns).Sum(c => Sheet.Column(c).Width);
        foreach (var row in _notes)
        {
            Sheet.Range(row, 1, row, columns).Merge().Style.Alignment.SetWrapText().Alignment.SetVertical(XLAlignmentVerticalValues.Top);
            Sheet.Row(row).Height = LineHeight * Lines(Sheet.Cell(row, 1).GetString(), width);
        }
    }

    public void Skip(int rows = 1) => Row += rows;

    /// <summary>Numbers that only a chart needs, beside a table's rows, far to the right and hidden; references to them, column by column.</summary>
    public IReadOnlyList<Numbers> Helpers(Block block, params ReadOnlySpan<IReadOnlyList<double?>> columns)
    {
        var references = new List<Numbers>();
        foreach (var values in columns)
        {
            var column = HelperColumn + references.Count;
            for (var i = 0; i < values.Count; i++)
            {
                Put(Sheet.Cell(block.FirstRow + i, column), values[i]);
            }

            Sheet.Column(column).Hide();
            references.Add(new Numbers(block.Reference(column), [.. values]));
        }

        return references;
    }

    /// <summary>
    /// Narrows the columns of texts until the sheet fits the width of a page at 80 % of its size or more; A3 where numbers alone are wider. With a single table
    /// its header stays in sight and is printed on every page.
    /// </summary>
    public void FitPage()
    {
        var count = _blocks.Count == 0 ? 0 : _blocks.Max(b => b.Columns.Count);
        var widths = Enumerable.Range(1, count).Select(c => Sheet.Column(c).Width).ToArray();
        if (PageWidth.Narrowed(widths) is { } narrowed)
        {
            foreach (var (width, c) in narrowed.Select((w, i) => (w, i + 1)))
            {
                Sheet.Column(c).Width = width;
            }

            _blocks.ForEach(b => Heighten(b.Block, b.Columns, narrowed));
        }

        if (count > 0)
        {
            FitNotes(count);
        }

        Sheet.PageSetup.PaperSize = PageWidth.FitsA4(narrowed: Enumerable.Range(1, count).Select(c => Sheet.Column(c).Width)) ? XLPaperSize.A4Paper : XLPaperSize.A3Paper;
        if (_blocks is [var (only, _)] && only.HeaderRow <= 8)
        {
            Sheet.SheetView.FreezeRows(only.HeaderRow);
            Sheet.PageSetup.SetRowsToRepeatAtTop(only.HeaderRow, only.HeaderRow);
        }
    }

    private void Heighten(Block block, IReadOnlyList<Column> columns, double[] widths)
    {
        Sheet.Row(block.HeaderRow).Height = 6 + (LineHeight * columns.Select((column, c) => Lines(column.Header, widths[c])).Max());
        for (var row = block.FirstRow; row <= block.LastRow; row++)
        {
            var lines = columns.Select((column, c) => column.Wrap && Sheet.Cell(row, c + 1).DataType == XLDataType.Text ? Lines(Sheet.Cell(row, c + 1).GetString(), widths[c]) : 1).Max();
            Sheet.Row(row).Height = Math.Max(Sheet.Row(row).Height, LineHeight * Math.Min(lines, MostLines));
        }
    }

    /// <summary>A real table with a styled header. Without rows it has one that says so.</summary>
    public Block Table(string name, IReadOnlyList<Column> columns, IEnumerable<object?[]> rows, string whenEmpty = "No data in this week.")
    {
        var header = Row;
        for (var c = 0; c < columns.Count; c++)
        {
            Header(Sheet.Cell(header, c + 1), columns[c]);
        }

        var any = false;
        foreach (var row in rows)
        {
            any = true;
            WriteRow(++Row, columns, row);
        }

        if (!any)
        {
            WriteRow(++Row, columns, [whenEmpty]);
        }

        var block = new Block(Sheet.Name, header, Row, columns.Count);
        Dress(name, columns, block, any);
        if (!any)
        {
            Sheet.Cell(Row, 1).Style.Alignment.SetWrapText(false); // its neighbours are empty, so it may run over them
            Sheet.Row(Row).Height = LineHeight;
        }

        Row += 2;
        return block;
    }

    public static void Put(IXLCell cell, object? value)
    {
        switch (value)
        {
            case null or "":
                break;
            case string text:
                cell.DataType = XLDataType.Text;
                cell.SetValue(CellText.Clean(text));
                break;
            case Estimate estimate:
                Put(cell, estimate.Value is { } v ? v : "not defined");
                break;
            case double number:
                cell.SetValue(number);
                break;
            case bool yes:
                Put(cell, yes ? "yes" : "no");
                break;
            case DateTimeOffset time:
                cell.SetValue(time.UtcDateTime);
                break;
            default:
                cell.SetValue(Convert.ToDouble(value));
                break;
        }
    }

    /// <summary>Lower limit, upper limit.</summary>
    public static object?[] Limits(Estimate e) => [Limit(e.Interval?.Lower), Limit(e.Interval?.Upper)];

    /// <summary>What a reader must know about the figure: why it is missing, or how little it rests on.</summary>
    public static string Remark(Estimate e) => e switch
    {
        { Value: null } => Sentence.Of(e.Undefined!),
        { Interval: null } when IsLow(e) => "low n; no interval",
        _ when IsLow(e) => "low n",
        { Interval: null } => "no interval: " + (e.Details["interval"] ?? "not computed"),
        _ => "",
    };

    /// <summary>Prompts are what is drawn, so they decide how little a figure rests on.</summary>
    private static bool IsLow(Estimate e) => (e.Details.Number("clusters") ?? e.N.Units) < Figures.LowN;

    private static object Limit(double? value) => value is { } v ? v : "–";

    private static void Header(IXLCell cell, Column column)
    {
        Put(cell, column.Header);
        cell.Style.Fill.SetBackgroundColor(Look.Color(Look.Ink)).Font.SetBold().Font.SetFontColor(XLColor.White);
        cell.Style.Alignment.SetWrapText().Alignment.SetVertical(XLAlignmentVerticalValues.Center);
        cell.Style.Alignment.SetHorizontal(column.Format is null ? XLAlignmentHorizontalValues.Left : XLAlignmentHorizontalValues.Right);
        cell.Style.Alignment.SetIndent(column.Format is null && cell.Address.ColumnNumber > 1 ? 1 : 0);
    }

    private void WriteRow(int row, IReadOnlyList<Column> columns, object?[] values)
    {
        var lines = 1.0;
        for (var c = 0; c < values.Length; c++)
        {
            Put(Sheet.Cell(row, c + 1), values[c]);
            lines = columns[c].Wrap && values[c] is string text ? Math.Max(lines, Lines(text, columns[c].Width)) : lines;
        }

        if (lines > 1)
        {
            Sheet.Row(row).Height = LineHeight * Math.Min(lines, MostLines);
        }
    }

    /// <summary>An estimate: programs do not agree on fitting row heights by themselves.</summary>
    private static double Lines(string text, double width) => text.Split('\n').Sum(line => Math.Max(1, Math.Ceiling(line.Length * 1.0 / (width - 1))));

    private void Dress(string name, IReadOnlyList<Column> columns, Block block, bool any)
    {
        for (var c = 0; c < columns.Count; c++)
        {
            var column = columns[c];
            Sheet.Column(c + 1).Width = _tables == 0 ? column.Width : Math.Max(Sheet.Column(c + 1).Width, column.Width);
            var cells = Sheet.Range(block.FirstRow, c + 1, block.LastRow, c + 1);
            cells.Style.Alignment.SetVertical(XLAlignmentVerticalValues.Top).Alignment.SetWrapText(column.Wrap);
            cells.Style.Border.SetBottomBorder(XLBorderStyleValues.Hair).Border.SetBottomBorderColor(Look.Color(Look.Line));
            if (column.Format is null)
            {
                cells.Style.Alignment.SetIndent(c == 0 ? 0 : 1);
            }
            else
            {
                cells.Style.NumberFormat.SetFormat(column.Format).Alignment.SetHorizontal(XLAlignmentHorizontalValues.Right);
            }

            if (any && column.Bar is { } bar)
            {
                cells.AddConditionalFormat().DataBar(Look.Color(Look.Bar)).Minimum(XLCFContentType.Number, bar.From).Maximum(XLCFContentType.Number, bar.To);
            }
        }

        Sheet.Row(block.HeaderRow).Height = 6 + (LineHeight * columns.Max(c => Lines(c.Header, c.Width)));
        var table = Sheet.Range(block.HeaderRow, 1, block.LastRow, columns.Count).CreateTable(name);
        table.Theme = XLTableTheme.None;
        table.ShowAutoFilter = any && block.LastRow - block.HeaderRow > 1;
        _tables++;
        _blocks.Add((block, columns));
    }
}

/// <summary>Where a table landed, for charts and formulas.</summary>
internal sealed record Block(string Sheet, int HeaderRow, int LastRow, int Columns)
{
    public int FirstRow => HeaderRow + 1;

    public int Count => LastRow - HeaderRow;

    /// <summary>Absolute reference to the data cells of a column, 1-based.</summary>
    public string Reference(int column, int? most = null)
    {
        var letter = XLHelper.GetColumnLetterFromNumber(column);
        return $"'{Sheet.Replace("'", "''")}'!${letter}${FirstRow}:${letter}${(most is { } m ? Math.Min(LastRow, HeaderRow + m) : LastRow)}";
    }

    public string HeaderCell(int column) => $"'{Sheet.Replace("'", "''")}'!${XLHelper.GetColumnLetterFromNumber(column)}${HeaderRow}";
}
