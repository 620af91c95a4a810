using System.IO.Compression;
using System.Text;

namespace HealthEval.Tests.Batches;

public sealed class PackedFileTests : IDisposable
{
    private static readonly byte[] Lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 400).Select(n => $$"""{"item_id":"{{n}}","prompt":"q{{n * 7919 % 997}}","response":"a{{n}}"}""" + "\n")));
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Gzip_is_read_under_any_name_and_with_any_number_of_members()
    {
        byte[] twoMembers = [.. Gzip(Lines[..5_000]), .. Gzip(Lines[5_000..]), .. new byte[100]];
        var receipt = (await _rig.IngestAsync(twoMembers, "batch.jsonl")).Batch;

        Assert.Equal(("canonical, jsonl, gzip", 400L, 0L), (receipt.Format, receipt.Accepted, receipt.Rejected));
    }

    [Fact]
    public async Task Two_identical_members_are_both_read()
    {
        byte[] twice = [.. Gzip(Lines), .. Gzip(Lines)];
        var receipt = (await _rig.IngestAsync(twice)).Batch;

        Assert.Equal((800L, 400L, 400L), (receipt.Read, receipt.Accepted, receipt.Duplicate));
    }

    public static TheoryData<string, byte[]> Damaged()
    {
        var good = Gzip(Lines);
        byte[] flipped = [.. good];
        flipped[^6] ^= 1;
        byte[] broken = [.. good];
        broken[good.Length / 2] ^= 0xFF;
        return new TheoryData<string, byte[]>
        {
            { "checksum", flipped },
            { "inside", broken },
            { "cut in its data", good[..(good.Length / 2)] },
            { "cut in its trailer", good[..^3] },
            { "cut in its header", good[..5] },
            { "followed by something", [.. good, .. "more"u8] },
            { "three times over", Gzip(Gzip(Gzip(Lines))) },
        };
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public async Task A_damaged_gzip_file_loads_nothing(string how, byte[] content)
    {
        var receipt = (await _rig.IngestAsync(content, "batch.jsonl.gz")).Batch;

        Assert.True(receipt is { State: "failed", Accepted: 0 }, $"{how}: {receipt.State}");
        Assert.Empty(await _rig.ItemsAsync());
    }

    [Fact]
    public async Task A_bomb_is_stopped_while_it_is_unpacked()
    {
        _rig.Options.FreeUnpackedBytes = 1 << 20;
        var receipt = (await _rig.IngestAsync(Gzip(new byte[50 << 20]))).Batch;

        Assert.Equal("failed", receipt.State);
        Assert.Contains("100 times", receipt.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jsonl")]
    [InlineData("xl/worksheets/sheet1.xml")]
    public async Task A_bomb_in_a_zip_or_in_a_workbook_is_stopped_too(string entry)
    {
        _rig.Options.FreeUnpackedBytes = 1 << 20;
        var book = """<workbook xmlns:r="r"><sheets><sheet name="s" r:id="1"/></sheets></workbook>""".Replace("xmlns:r=\"r\"", "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"", StringComparison.Ordinal);
        (string, byte[])[] workbook = entry is "a.jsonl" ? [] : [("xl/workbook.xml", Encoding.UTF8.GetBytes(book)), ("xl/_rels/workbook.xml.rels", """<Relationships><Relationship Id="1" Target="worksheets/sheet1.xml"/></Relationships>"""u8.ToArray())];
        byte[] spaces = [.. "<worksheet>"u8, .. Enumerable.Repeat((byte)' ', 30 << 20)];
        var receipt = (await _rig.IngestAsync(Zip([.. workbook, (entry, spaces)]), "bomb.bin")).Batch;

        Assert.Equal("failed", receipt.State);
        Assert.Contains("100 times", receipt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gzip_in_gzip_and_gzip_in_zip_are_read()
    {
        var twice = (await _rig.IngestAsync(Gzip(Gzip(Lines)))).Batch;
        var inZip = (await _rig.IngestAsync(Zip(("a.jsonl.gz", Gzip(Lines))))).Batch;

        Assert.Equal(("canonical, jsonl, gzip, gzip", 400L), (twice.Format, twice.Accepted));
        Assert.Equal(("canonical, jsonl, gzip, zip", 400L), (inZip.Format, inZip.Duplicate));
    }

    [Fact]
    public async Task An_encrypted_zip_is_refused_and_says_why()
    {
        var zip = Zip(("a.jsonl", Lines));
        zip[6] |= 1;
        zip[zip.AsSpan().LastIndexOf("PK\x1\x2"u8) + 8] |= 1;
        var receipt = (await _rig.IngestAsync(zip, "a.zip")).Batch;

        Assert.Equal("failed", receipt.State);
        Assert.Contains("encrypted", receipt.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string> Unusable()
    {
        var zip = Zip(("a.jsonl", Lines));
        byte[] lying = [.. zip];
        lying[zip.AsSpan().LastIndexOf("PK\x1\x2"u8) + 24] ^= 0x55; // the size that the directory promises
        return new TheoryData<string, byte[], string>
        {
            { "cut off", zip[..^30], "cut off" },
            { "another size", lying, "damaged" },
            { "an archive in it", Zip(("inner.zip", zip)), "archive inside the archive" },
            { "nothing in it", Zip(), "no files" },
            { "too many files", Zip([.. Enumerable.Range(1, 1_001).Select(n => ($"{n}.jsonl", Array.Empty<byte>()))]), "1,001 entries" },
        };
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_zip_that_cannot_be_used_loads_nothing_and_says_why(string how, byte[] content, string reason)
    {
        var receipt = (await _rig.IngestAsync(content, "a.zip")).Batch;

        Assert.True(receipt is { State: "failed", Accepted: 0 }, $"{how}: {receipt.State}");
        Assert.Contains(reason, receipt.Reason, StringComparison.Ordinal);
        Assert.Empty(await _rig.ItemsAsync());
    }

    [Fact]
    public async Task The_absolute_limit_holds_for_all_files_of_a_zip_together()
    {
        _rig.Options.MaxUnpackedBytes = Lines.Length * 3 / 2;
        var receipt = (await _rig.IngestAsync(Zip(("a.jsonl", Lines), ("b.jsonl", Lines)))).Batch;

        Assert.Equal("failed", receipt.State);
        Assert.Contains("Split the file", receipt.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.jsonl")]
    [InlineData("/etc/outside.jsonl")]
    [InlineData("a\\..\\..\\outside.jsonl")]
    [InlineData("C:\\outside.jsonl")]
    public async Task A_zip_with_an_entry_that_leads_out_is_refused_as_a_whole(string name)
    {
        var receipt = (await _rig.IngestAsync(Zip(("ok.jsonl", Lines), (name, Lines)), "a.zip")).Batch;

        Assert.Equal(("failed", 0L), (receipt.State, receipt.Accepted));
    }

    [Fact]
    public async Task A_zip_whose_data_do_not_match_their_checksum_loads_nothing()
    {
        var zip = Zip(("a.jsonl", Lines));
        var directory = zip.AsSpan().LastIndexOf("PK\x1\x2"u8);
        zip[directory + 16] ^= 1;
        var receipt = (await _rig.IngestAsync(zip, "a.zip")).Batch;

        Assert.Equal("failed", receipt.State);
        Assert.Contains("damaged", receipt.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.zip")]
    [InlineData("a.xlsx")]
    [InlineData("a.jsonl.gz")]
    public async Task A_name_that_promises_another_container_is_not_believed(string name)
    {
        var receipt = (await _rig.IngestAsync(Lines, name)).Batch;

        Assert.Equal("failed", receipt.State);
        Assert.Contains("The name ends in", receipt.Reason, StringComparison.Ordinal);
    }

    internal static byte[] Zip(params ReadOnlySpan<(string Name, byte[] Content)> files)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return zip.ToArray();
    }

    internal static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
