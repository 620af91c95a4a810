using System.Text;
using ClosedXML.Excel;
using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

/// <summary>Workbooks as different programs write them.</summary>
public sealed class SheetTests
{
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    [Fact]
    public async Task The_sheet_with_the_columns_is_looked_for_and_the_receipt_says_which_it_was()
    {
        var read = await Book(book =>
        {
            book.AddWorksheet("Read me").Cell(1, 1).SetValue("About this file");
            var sheet = book.AddWorksheet("Answers");
            sheet.Cell(2, 1).SetValue("Export of 2026-11-02");
            Fill(sheet, 5);
        });

        Assert.Equal(("loaded", "sheet 'Answers', header in row 5"), (read.Batch.State, read.Batch.Mapping["table"]));
        Assert.Equal(["A1", "A2"], read.Answers);
        Assert.Equal(6L, read.Items[0].Line);
    }

    [Fact]
    public async Task When_no_sheet_has_them_all_are_named()
    {
        var read = await Book(book =>
        {
            book.AddWorksheet("Cover").Cell(1, 1).SetValue("About");
            book.AddWorksheet("Data").Cell(1, 1).SetValue("frage");
        });

        Assert.Contains("'Cover' begins with About; 'Data' begins with frage", read.Batch.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_totals_row_is_no_record()
    {
        var read = await Book(book =>
        {
            var sheet = book.AddWorksheet("Answers");
            Fill(sheet, 1);
            var table = sheet.Range(1, 1, 3, 2).CreateTable();
            table.ShowTotalsRow = true;
            table.Field(0).TotalsRowLabel = "Total";
            table.Field(1).TotalsRowFunction = XLTotalsRowFunction.Count;
        });

        Assert.Equal(["A1", "A2"], read.Answers);
    }

    [Theory]
    [InlineData("xl/SharedStrings.xml", "sharedStrings.xml", "xl/workbook.xml", "/xl/workbook.xml", "false", "2022-11-01")]
    [InlineData("xl/strings/all.xml", "/xl/strings/all.xml", "xl/Book.xml", "xl/Book.xml", "1", "2026-11-02")]
    [InlineData("xl\\sharedStrings.xml", "sharedStrings.xml", "xl\\workbook.xml", "xl/workbook.xml", "0", "2022-11-01")]
    public async Task Parts_are_found_by_how_they_are_related(string strings, string stringsTarget, string workbook, string workbookTarget, string from1904, string day)
    {
        var folder = workbook.Replace('\\', '/').Split('/')[^1];
        var file = PackedFileTests.Zip(
            ("_rels/.rels", Part($"""<r:Relationships xmlns:r="p"><r:Relationship Id="a" Type="{Relations}/officeDocument" Target="{workbookTarget}"/></r:Relationships>""")),
            (workbook, Part($"""<x:workbook xmlns:x="m" xmlns:q="{Relations}"><x:workbookPr date1904="{from1904}"/><x:sheets><x:sheet name="s" q:id="k1"/></x:sheets></x:workbook>""")),
            ($"xl/_rels/{folder}.rels", Part($"""
                <Relationships><Relationship Id="k1" Type="{Relations}/worksheet" Target="../xl/tables/one.xml"/><Relationship Id="k2" Type="{Relations}/sharedStrings" Target="{stringsTarget}"/><Relationship Id="k3" Type="{Relations}/styles" Target="look.xml"/></Relationships>
                """)),
            (strings, Part("<sst><si><t>prompt</t></si><si><t>response</t></si><si><t>Q</t></si><si><t>A</t></si><si><t>seen</t></si></sst>")),
            ("xl/look.xml", Part("""<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>""")),
            ("xl/tables/one.xml", Part("""
                <worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>4</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c><c r="C2" s="1"><v>44866</v></c></row></sheetData></worksheet>
                """)));
        var read = await Reading.OfAsync(file, "b.xlsx");

        Assert.Equal(("loaded", "user: Q", "A"), (read.Batch.State, Assert.Single(read.Prompts), Assert.Single(read.Answers)));
        Assert.Equal(day, read.Items[0].Meta!["seen"].GetString());
    }

    private static byte[] Part(string xml) => Encoding.UTF8.GetBytes(xml.Trim());

    private static void Fill(IXLWorksheet sheet, int row)
    {
        foreach (var (cells, offset) in new[] { (new[] { "prompt", "response" }, 0), (["Q1", "A1"], 1), (["Q2", "A2"], 2) })
        {
            sheet.Cell(row + offset, 1).SetValue(cells[0]);
            sheet.Cell(row + offset, 2).SetValue(cells[1]);
        }
    }

    private static async Task<Reading> Book(Action<XLWorkbook> fill)
    {
        using var book = new XLWorkbook();
        fill(book);
        using var file = new MemoryStream();
        book.SaveAs(file);
        return await Reading.OfAsync(file.ToArray(), "b.xlsx");
    }
}
