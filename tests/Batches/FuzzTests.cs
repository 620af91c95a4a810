using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HealthEval.Batches;
using HealthEval.Storage;

namespace HealthEval.Tests.Batches;

/// <summary>Whatever a customer sends: a receipt that adds up, nothing half-stored, nothing altered.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Seeds =
    [
        """{"prompt":"q","response":"a"}""" + "\n" + """{"prompt_id":"p","prompt":[{"role":"user","content":"q"}],"responses":[{"content":"a"},{"content":"b"}]}""" + "\n",
        """[{"prompt":"q","chosen":"a","rejected":"b"},{"prompt":"q","chosen":"c","rejected":"d"}]""",
        "prompt,response\n\"a,\"\"b\",c\r\nd,e\n",
        """{"models":[{"name":"m"}],"examples":[{"input_text":"q","output_text_a":"a","output_text_b":"b"}]}""",
        """{"features":[],"rows":[{"row_idx":0,"row":{"question":"q","answer":"a"}}]}""",
        """{"custom_id":"c","method":"POST","body":{"messages":[{"role":"user","content":"q"}]}}""" + "\n",
        """{"custom_id":"c","response":{"status_code":200,"body":{"choices":[{"message":{"content":"a"}}]}},"error":null}""" + "\n",
        """{"custom_id":"c","answer":1,"request":{"body":{}},"response":{},"error":null}""",
    ];

    private static readonly string[] Containers = ["none", "gzip", "gzip twice", "zip", "sheet", "strings"];

    private static readonly byte[][] Bases = [.. Seeds.Select(Encoding.UTF8.GetBytes), .. Seeds.Select(seed => PackedFileTests.Gzip(Encoding.UTF8.GetBytes(seed))), PackedFileTests.Zip(("a.jsonl", Encoding.UTF8.GetBytes(Seeds[0])))];

    [Fact]
    public void Any_bytes_yield_a_receipt_that_adds_up()
    {
        using var rig = new IngestRig();
        Check(ArbMap.Default.GeneratorFor<byte[]>(), 150, bytes => HoldsAsync(rig, bytes));
    }

    [Fact]
    public void Any_damage_to_a_good_file_yields_a_receipt_that_adds_up()
    {
        using var rig = new IngestRig();
        var damaged =
            from original in Gen.Elements(Bases)
            from at in Gen.Choose(0, original.Length - 1)
            from cut in Gen.Choose(0, 6)
            from insert in ArbMap.Default.GeneratorFor<byte[]>()
            select (byte[])[.. original[..at], .. insert, .. original[Math.Min(original.Length, at + cut)..]];
        Check(damaged, 300, bytes => HoldsAsync(rig, bytes));
    }

    /// <summary>The container is whole, so that what is wrong is met further in.</summary>
    [Fact]
    public void Any_damage_inside_a_whole_container_yields_a_receipt_that_adds_up()
    {
        using var rig = new IngestRig();
        var damaged =
            from container in Gen.Elements(Containers)
            from seed in container is "sheet" or "strings" ? Gen.Elements(Encoding.UTF8.GetBytes(Sheet), Encoding.UTF8.GetBytes(Strings)) : Gen.Elements(Seeds).Select(Encoding.UTF8.GetBytes)
            from at in Gen.Choose(0, seed.Length - 1)
            from cut in Gen.Choose(0, 6)
            from insert in ArbMap.Default.GeneratorFor<byte[]>()
            select Packed(container, [.. seed[..at], .. insert, .. seed[Math.Min(seed.Length, at + cut)..]]);
        Check(damaged, 200, bytes => HoldsAsync(rig, bytes));
    }

    [Fact]
    public void What_is_accepted_from_a_table_comes_back_byte_for_byte()
    {
        using var rig = new IngestRig();
        Check(ArbMap.Default.GeneratorFor<string>().Two(), 100, async texts =>
        {
            var (prompt, response) = (Cell("q" + texts.Item1), Cell("a" + texts.Item2));
            var receipt = (await rig.IngestAsync($"item_id,prompt,response\n{Guid.NewGuid()},{Quoted(prompt)},{Quoted(response)}\n", "t.csv")).Batch;
            var item = (await rig.ItemsAsync()).Single(item => item.BatchId == receipt.BatchId);
            return item.Messages[0].Content == prompt && item.Responses[0].Content == response;
        });
    }

    /// <summary>Where lines are compared, which of them lie together depends on how a file is split; that each is there once does not.</summary>
    [Fact]
    public void In_a_project_that_compares_every_line_is_there_once_however_they_are_arranged()
    {
        var lines = Enumerable.Range(1, 14).Select(n => $$"""{"prompt":"q{{n % 4}}","response":"a{{n}}"}""").ToArray();
        Check(Gen.Shuffle(lines).Zip(Gen.Choose(1, 13)), 20, async arranged =>
        {
            using var rig = new IngestRig();
            rig.Project = rig.Project with { Comparison = true };
            var (order, cut) = arranged;
            var first = (await rig.IngestAsync(string.Join('\n', order[..cut]))).Batch;
            var second = (await rig.IngestAsync(string.Join('\n', order[(cut / 2)..].Concat(order[..2])))).Batch;
            var stored = (await rig.ItemsAsync()).SelectMany(item => item.Responses.Select(response => $$"""{"prompt":"{{item.Messages[0].Content}}","response":"{{response.Content}}"}"""));
            return first.Accepted + second.Accepted == 14 && stored.Order(StringComparer.Ordinal).SequenceEqual(lines.Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void What_is_accepted_comes_back_byte_for_byte()
    {
        using var rig = new IngestRig();
        Check(ArbMap.Default.GeneratorFor<string>().Two(), 150, async texts =>
        {
            var (prompt, response) = (Whole("q" + texts.Item1), Whole(texts.Item2));
            var receipt = (await rig.IngestAsync(System.Text.Json.JsonSerializer.Serialize(new { item_id = Guid.NewGuid(), prompt, response }))).Batch;
            var item = (await rig.ItemsAsync()).Single(item => item.BatchId == receipt.BatchId);
            return item.Messages[0].Content == prompt && item.Responses[0].Content == response;
        });
    }

    [Fact]
    public async Task Shuffling_splitting_and_repeating_lines_gives_the_same_store()
    {
        var lines = Enumerable.Range(1, 12).Select(n => n % 3 == 0
            ? $$"""{"prompt_id":"{{n}}","prompt":"q{{n}}","responses":[{"content":"a"},{"content":"b"},{"content":"c"},{"content":"d"},{"content":"e{{n}}"}]}"""
            : $$"""{"prompt":"q{{n}}","response":"a{{n}}"}""").ToArray();
        using var whole = new IngestRig();
        await whole.IngestAsync(string.Join('\n', lines));
        var expected = await StoreAsync(whole);
        Check(Gen.Shuffle(lines).Zip(Gen.Choose(1, 11)), 25, async arranged =>
        {
            using var rig = new IngestRig();
            var (order, cut) = arranged;
            await rig.IngestAsync(string.Join('\n', order[..cut]));
            await rig.IngestAsync(string.Join('\n', order[(cut / 2)..].Concat(order[..2])));
            return (await StoreAsync(rig)).SequenceEqual(expected);
        });
    }

    private static async Task<bool> HoldsAsync(IngestRig rig, byte[] bytes)
    {
        var batch = (await rig.IngestAsync(bytes).WaitAsync(TimeSpan.FromMinutes(1))).Batch;
        var stored = (await rig.ItemsAsync()).Where(item => item.BatchId == batch.BatchId).ToList();
        return BatchState.IsFinal(batch.State)
            && batch.Reason?.Contains("The program failed", StringComparison.Ordinal) != true
            && batch.Read == batch.Accepted + batch.Duplicate + batch.Rejected
            && (batch.State == BatchState.Failed || batch.WaitsUntil is not null) == (batch.Accepted + batch.Duplicate == 0)
            && stored.Count == batch.Items
            && stored.All(item => item.ContentHash() == item.ContentSha256 && item.Responses.All(response => Sha.Of(response.Content) == response.Sha256));
    }

    private static async Task<List<string>> StoreAsync(IngestRig rig) =>
        [.. (await rig.ItemsAsync()).Select(item => item.TaskId + item.ContentSha256).Order(StringComparer.Ordinal)];

    private const string Strings = "<sst><si><t>prompt</t></si><si><t>response</t></si><si><t>q</t></si></sst>";
    private const string Sheet = """<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>7</v></c></row></sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>""";

    private static byte[] Packed(string container, byte[] content) => container switch
    {
        "gzip" => PackedFileTests.Gzip(content),
        "gzip twice" => PackedFileTests.Gzip(PackedFileTests.Gzip(content)),
        "zip" => PackedFileTests.Zip(("a.jsonl", content), ("b.jsonl", Encoding.UTF8.GetBytes(Seeds[0]))),
        "sheet" => Book(content, Encoding.UTF8.GetBytes(Strings)),
        "strings" => Book(Encoding.UTF8.GetBytes(Sheet), content),
        _ => content,
    };

    private static byte[] Book(byte[] sheet, byte[] strings) => PackedFileTests.Zip(
        ("xl/workbook.xml", """<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" r:id="1"/></sheets></workbook>"""u8.ToArray()),
        ("xl/_rels/workbook.xml.rels", """<Relationships><Relationship Id="1" Target="worksheets/sheet1.xml"/></Relationships>"""u8.ToArray()),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet));

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A table with too many control characters is taken for no text at all.</summary>
    private static string Cell(string text) => new([.. Whole(text).Where(c => !char.IsControl(c) || c is '\n' or '\r' or '\t')]);

    private static string Whole(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")); // no half surrogates: those are refused

    private static void Check<T>(Gen<T> values, int times, Func<T, Task<bool>> holds) =>
        Prop.ForAll(Arb.From(values), value => holds(value).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(times).WithReplay(20261122, 7));
}
