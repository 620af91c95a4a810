using System.Text;

namespace HealthEval.Tests.Batches;

public sealed class WorkbookTests : IDisposable
{
    private const string Book = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="secret" sheetId="1" state="hidden" r:id="rId1"/><sheet name="batch" sheetId="2" r:id="rId2"/></sheets></workbook>""";
    private const string Relations = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>""";
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_first_visible_sheet_is_read_and_typed_cells_become_the_text_they_hold()
    {
        var receipt = (await _rig.IngestAsync(Workbook("""
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>response</t></is></c><c r="C1" t="inlineStr"><is><t>seen</t></is></c></row>
            <row r="2"><c r="A2" t="inlineStr"><is><r><t xml:space="preserve">rich </t></r><r><t>text_x000D_</t></r></is></c><c r="B2"><f>1+1</f><v>2</v></c><c r="C2" s="1"><v>45000</v></c></row>
            <row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4"><v>3.5</v></c></row>
            <row r="5"><c r="A5" t="inlineStr"><is><t>only a prompt</t></is></c></row>
            <row r="6"><c r="A6" t="e"><v>#REF!</v></c><c r="B6" t="inlineStr"><is><t>x</t></is></c></row>
            <row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>
            """), "a.xlsx")).Batch;

        Assert.Equal(("canonical, xlsx", 2L, 2L), (receipt.Format, receipt.Accepted, receipt.Rejected));
        var items = await _rig.ItemsAsync();
        Assert.Equal(["rich text\r", "TRUE"], items.Select(item => item.Messages[0].Content));
        Assert.Equal(["2", "3.5"], items.Select(item => item.Responses[0].Content));
        Assert.Equal("2023-03-15", items[0].Meta!["seen"].GetString());
        Assert.Equal([5L, 6L], receipt.Errors.Select(error => error.Line));
    }

    [Fact]
    public async Task A_cell_merged_over_several_rows_is_read_in_each_and_one_merged_over_columns_in_the_first()
    {
        var receipt = (await _rig.IngestAsync(Workbook("""
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>model</t></is></c><c r="C1" t="inlineStr"><is><t>response</t></is></c></row>
            <row r="2"><c r="A2" t="inlineStr"><is><t>q</t></is></c><c r="B2" t="inlineStr"><is><t>m1</t></is></c><c r="C2" t="inlineStr"><is><t>a</t></is></c></row>
            <row r="3"><c r="A3"/><c r="B3" t="inlineStr"><is><t>m2</t></is></c><c r="C3" t="inlineStr"><is><t>b</t></is></c></row>
            <row r="4"><c r="B4" t="inlineStr"><is><t>m3</t></is></c><c r="C4" t="inlineStr"><is><t>c</t></is></c></row>
            <row r="5"><c r="A5" t="inlineStr"><is><t>section two</t></is></c></row>
            <row r="6"><c r="A6" t="inlineStr"><is><t>other</t></is></c><c r="C6" t="inlineStr"><is><t>d</t></is></c></row>
            """, after: """<mergeCells count="2"><mergeCell ref="A2:A4"/><mergeCell ref="A5:C5"/></mergeCells>"""), "a.xlsx")).Batch;

        Assert.Equal((4L, 1L, 5L), (receipt.Accepted, receipt.Rejected, receipt.Errors[0].Line));
        Assert.Equal(["q a m1", "q b m2", "q c m3", "other d "], (await _rig.ItemsAsync()).Select(item => $"{item.Messages[0].Content} {item.Responses[0].Content} {item.Responses[0].Model}"));
    }

    [Fact]
    public async Task Formulas_and_links_to_other_files_are_neither_calculated_nor_followed()
    {
        var receipt = (await _rig.IngestAsync(Workbook("""
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>response</t></is></c></row>
            <row r="2"><c r="A2" t="str"><f>[1]Sheet1!A1</f><v>what Excel saw last</v></c><c r="B2" t="str"><f>HYPERLINK("http://example.org","x")</f><v>x</v></c></row>
            <row r="3"><c r="A3" t="inlineStr"><is><t>=cmd|' /C calc'!A0</t></is></c><c r="B3"><f>NOW()</f></c></row>
            """, after: """<hyperlinks><hyperlink ref="A2" r:id="rId9" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></hyperlinks>"""), "a.xlsx")).Batch;

        Assert.Equal((1L, 1L, 3L), (receipt.Accepted, receipt.Rejected, receipt.Errors[0].Line));
        Assert.Equal(("what Excel saw last", "x"), ((await _rig.ItemsAsync())[0].Messages[0].Content, (await _rig.ItemsAsync())[0].Responses[0].Content));
    }

    [Theory]
    [InlineData("""<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>""", "DTD")]
    [InlineData("""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>""", "DTD")]
    [InlineData("<broken", "damaged")]
    public async Task Entities_are_refused_and_never_expanded(string prolog, string reason)
    {
        var receipt = (await _rig.IngestAsync(Workbook("<row><c t=\"inlineStr\"><is><t>&b;</t></is></c></row>", prolog), "a.xlsx")).Batch;

        Assert.Equal("failed", receipt.State);
        Assert.Contains(reason, receipt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sheet_that_breaks_off_loads_nothing()
    {
        var receipt = (await _rig.IngestAsync(Workbook("""
            <row r="1"><c t="inlineStr"><is><t>prompt</t></is></c><c t="inlineStr"><is><t>response</t></is></c></row>
            <row r="2"><c t="inlineStr"><is><t>q</t></is></c><c t="inlineStr"><is><t>a</t></is></c></row>
            <row r="3"><c
            """), "a.xlsx")).Batch;

        Assert.Equal(("failed", 0), (receipt.State, (await _rig.ItemsAsync()).Count));
    }

    private static byte[] Workbook(string rows, string prolog = "", string after = "") => PackedFileTests.Zip(
        ("[Content_Types].xml", "<Types/>"u8.ToArray()),
        ("xl/workbook.xml", Encoding.UTF8.GetBytes(Book)),
        ("xl/_rels/workbook.xml.rels", Encoding.UTF8.GetBytes(Relations)),
        ("xl/sharedStrings.xml", "<sst><si><t>prompt</t><rPh><t>no</t></rPh></si></sst>"u8.ToArray()),
        ("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"u8.ToArray()),
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c><v>hidden</v></c></row></sheetData></worksheet>"u8.ToArray()),
        ("xl/worksheets/sheet2.xml", Encoding.UTF8.GetBytes($"{prolog}<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData>{after}</worksheet>")));
}
