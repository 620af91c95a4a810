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
