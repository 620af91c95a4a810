using System.Text;
using HealthEval.Storage;

namespace HealthEval.Tests.Storage;

/// <summary>What every file store promises. Each adapter inherits these sentences.</summary>
public abstract class FileStoreContract : IAsyncLifetime
{
    private static readonly CancellationToken Now = CancellationToken.None;

    private protected IFileStore Files { get; private set; } = null!;

    private protected string Folder { get; } = $"t-{Guid.NewGuid():N}";

    /// <summary>A store over the same files each time it is called, as another process would open it.</summary>
    private protected abstract Task<IFileStore> OpenAsync();

    public async ValueTask InitializeAsync() => Files = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Files is not null)
        {
            foreach (var path in await ListAsync($"{Folder}/"))
            {
                await Files.DeleteAsync(path, Now);
            }
        }
    }

    [Fact]
    public async Task A_missing_file_is_null()
    {
        Assert.Null(await Files.FindAsync($"{Folder}/nothing.txt", Now));
        Assert.Null(await Files.OpenAsync($"{Folder}/nothing.txt", Now));
        Assert.False(await Files.DeleteAsync($"{Folder}/nothing.txt", Now));
        Assert.Empty(await ListAsync($"{Folder}/"));
    }

    [Fact]
    public async Task A_written_file_is_read_back_byte_for_byte()
    {
        var bytes = Enumerable.Range(0, 70_000).Select(i => (byte)(i * 31)).ToArray();
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);

        var written = await Files.WriteBytesAsync($"{Folder}/a/b.bin", bytes, FileCondition.None, Now);

        Assert.Equal(($"{Folder}/a/b.bin", 70_000), (written!.Path, written.Length));
        Assert.InRange(written.Modified, before, DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(written, await Files.FindAsync($"{Folder}/a/b.bin", Now));
        Assert.Equal(bytes, await BytesAsync($"{Folder}/a/b.bin"));
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        await WriteAsync("empty", "");

        Assert.Equal(0, (await Files.FindAsync($"{Folder}/empty", Now))!.Length);
        Assert.Equal("", await TextAsync("empty"));
    }

    [Fact]
    public async Task Writing_again_replaces_the_file_and_changes_its_etag()
    {
        var etags = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            etags.Add((await WriteAsync("a", $"{i:00}"))!.ETag);
        }

        Assert.Equal(20, etags.Count);
        Assert.Equal("19", await TextAsync("a"));
    }

    [Fact]
    public async Task If_absent_refuses_to_touch_what_is_there()
    {
        Assert.NotNull(await WriteAsync("a", "first", FileCondition.IfAbsent));
        Assert.Null(await WriteAsync("a", "second", FileCondition.IfAbsent));
        Assert.Equal("first", await TextAsync("a"));
    }

    [Fact]
    public async Task If_match_refuses_when_the_file_has_changed_or_gone()
    {
        var first = await WriteAsync("a", "first");
        var second = await WriteAsync("a", "again", FileCondition.IfMatch(first!.ETag));

        Assert.NotNull(second);
        Assert.Null(await WriteAsync("a", "stale", FileCondition.IfMatch(first.ETag)));
        Assert.Equal("again", await TextAsync("a"));
        Assert.True(await Files.DeleteAsync($"{Folder}/a", Now));
        Assert.Null(await WriteAsync("a", "stale", FileCondition.IfMatch(second.ETag)));
        Assert.Null(await Files.FindAsync($"{Folder}/a", Now));
    }

    [Fact]
    public async Task Of_32_writers_of_an_absent_file_one_wins()
    {
        var other = await OpenAsync();

        var results = await AtOnceAsync(32, i => Write(i % 2 == 0 ? Files : other, "a", $"writer {i}", FileCondition.IfAbsent));

        var winner = Assert.Single(results.Index(), result => result.Item is not null);
        Assert.Equal($"writer {winner.Index}", await TextAsync("a"));
    }

    [Fact]
    public async Task Of_32_writers_with_the_same_etag_one_wins()
    {
        var other = await OpenAsync();
        var start = await WriteAsync("a", "start");

        var results = await AtOnceAsync(32, i => Write(i % 2 == 0 ? Files : other, "a", $"writer {i}", FileCondition.IfMatch(start!.ETag)));

        var winner = Assert.Single(results.Index(), result => result.Item is not null);
        Assert.Equal($"writer {winner.Index}", await TextAsync("a"));
    }

    [Fact]
    public async Task A_writer_that_fails_leaves_nothing_behind_and_the_old_file_in_place()
    {
        await WriteAsync("old", "old");

        foreach (var name in new[] { "old", "new" })
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => Files.WriteAsync($"{Folder}/{name}", async (stream, token) =>
            {
                await stream.WriteAsync(new byte[9_000_000], token);
                throw new InvalidDataException("half-way");
            }, FileCondition.None, Now));
        }

        Assert.Equal("old", await TextAsync("old"));
        Assert.Equal([$"{Folder}/old"], await ListAsync($"{Folder}/"));
    }

    [Fact]
    public async Task A_file_is_not_there_before_it_is_complete()
    {
        await Files.WriteAsync($"{Folder}/a", async (stream, token) =>
        {
            await stream.WriteAsync(new byte[9_000_000], token);
            await stream.FlushAsync(token);
            Assert.Null(await Files.FindAsync($"{Folder}/a", token));
            Assert.Empty(await ListAsync($"{Folder}/"));
        }, FileCondition.None, Now);

        Assert.Equal(9_000_000, (await Files.FindAsync($"{Folder}/a", Now))!.Length);
    }

    [Fact]
    public async Task Reading_while_the_file_is_replaced_never_mixes_the_two()
    {
        await WriteAsync("a", new string('1', 5_000_000));
        await using var reading = await Files.OpenAsync($"{Folder}/a", Now);
        var head = new byte[1000];
        await reading!.ReadExactlyAsync(head, Now);
        await WriteAsync("a", new string('2', 5_000_000));

        var rest = new MemoryStream();
        try
        {
            await reading.CopyToAsync(rest, Now);
            Assert.Equal(4_999_000, rest.Length);
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            // refusing to go on is fine too
        }

        Assert.DoesNotContain((byte)'2', rest.ToArray());
    }

    [Fact]
    public async Task Files_are_listed_by_folder_in_the_order_of_their_paths()
    {
        string[] names = ["b/2.txt", "b/10.txt", "a.txt", "b/sub/deep/x.txt", "bb/1.txt", "B/1.txt", "b-1.txt"];
        foreach (var name in names)
        {
            await WriteAsync(name, name);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal).Select(name => $"{Folder}/{name}"), await ListAsync($"{Folder}/"));
        Assert.Equal([$"{Folder}/b/10.txt", $"{Folder}/b/2.txt", $"{Folder}/b/sub/deep/x.txt"], await ListAsync($"{Folder}/b/"));
        Assert.Contains($"{Folder}/a.txt", await ListAsync(""));
    }

    [Theory]
    [InlineData("plain name.jsonl")]
    [InlineData("ünïcödé 日本語 🩺.csv")]
    [InlineData("50%25 & more + #1? = 'x' [1] {2}.jsonl")]
    [InlineData(".hidden")]
    [InlineData("...dots")]
    [InlineData("%2e%2e")]
    [InlineData("a:b@c~d;e,f!g$h")]
    [InlineData("\"quoted\" <b>|*")]
    public async Task An_awkward_name_is_only_a_name(string name)
    {
        await WriteAsync(name, name);

        Assert.Equal(name, await TextAsync(name));
        Assert.Equal([$"{Folder}/{name}"], await ListAsync($"{Folder}/"));
        Assert.True(await Files.DeleteAsync($"{Folder}/{name}", Now));
        Assert.Empty(await ListAsync($"{Folder}/"));
    }

    [Fact]
    public async Task A_name_of_240_bytes_is_taken_and_a_longer_one_refused()
    {
        await WriteAsync(new string('é', 120), "long");

        Assert.Equal("long", await TextAsync(new string('é', 120)));
        await Assert.ThrowsAsync<UnsafePathException>(() => WriteAsync(new string('é', 121), "too long"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../outside.txt")]
    [InlineData("a/../../outside.txt")]
    [InlineData("a/..")]
    [InlineData("./a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\..\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("trailing.")]
    [InlineData("trailing ")]
    public async Task A_path_that_leaves_the_store_is_refused(string path)
    {
        await Assert.ThrowsAsync<UnsafePathException>(() => Files.FindAsync(path, Now));
        await Assert.ThrowsAsync<UnsafePathException>(() => Files.OpenAsync(path, Now));
        await Assert.ThrowsAsync<UnsafePathException>(() => Files.WriteBytesAsync(path, new byte[1], FileCondition.None, Now));
        await Assert.ThrowsAsync<UnsafePathException>(() => Files.DeleteAsync(path, Now));
        if (path is not ("" or "a/"))
        {
            await Assert.ThrowsAsync<UnsafePathException>(() => ListAsync(path));
        }
    }

    [Fact]
    public async Task A_large_file_streams_through_flat_memory()
    {
        const int Megabytes = 100;
        var chunk = new byte[1 << 20];
        new Random(1).NextBytes(chunk);
        var peak = 0L;
        void Watch(int megabyte) => peak = megabyte % 25 == 0 ? Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true)) : peak; // what lives, not what waits for collection: other tests run beside this one
        var idle = GC.GetTotalMemory(forceFullCollection: true);

        await Files.WriteAsync($"{Folder}/large", async (stream, token) =>
        {
            for (var i = 0; i < Megabytes; Watch(++i))
            {
                await stream.WriteAsync(chunk, token);
            }
        }, FileCondition.None, Now);
        await using var reading = await Files.OpenAsync($"{Folder}/large", Now);
        var buffer = new byte[1 << 20];
        for (var i = 0; i < Megabytes; Watch(++i))
        {
            await reading!.ReadExactlyAsync(buffer, Now);
            Assert.True(buffer.AsSpan().SequenceEqual(chunk));
        }

        Assert.Equal(0, await reading!.ReadAsync(buffer, Now));
        Assert.InRange(peak - idle, long.MinValue, (Megabytes / 2L) << 20);
    }

    private protected Task<FileEntry?> WriteAsync(string name, string text, FileCondition? condition = null) => Write(Files, name, text, condition ?? FileCondition.None);

    private protected async Task<string> TextAsync(string name) => Encoding.UTF8.GetString(await BytesAsync($"{Folder}/{name}"));

    private protected async Task<List<string>> ListAsync(string prefix)
    {
        var paths = new List<string>();
        await foreach (var file in Files.ListAsync(prefix, Now))
        {
            paths.Add(file.Path);
        }

        return paths;
    }

    private Task<FileEntry?> Write(IFileStore store, string name, string text, FileCondition condition) =>
        store.WriteBytesAsync($"{Folder}/{name}", Encoding.UTF8.GetBytes(text), condition, Now);

    private async Task<byte[]> BytesAsync(string path)
    {
        await using var stream = await Files.OpenAsync(path, Now);
        var copy = new MemoryStream();
        await stream!.CopyToAsync(copy, Now);
        return copy.ToArray();
    }

    private static Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => work(i))));
}
