using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Tests.Storage;

public sealed class FolderFileStoreTests : FileStoreContract
{
    private readonly TempFolder _folder = new();

    private protected override Task<IFileStore> OpenAsync() => Task.FromResult<IFileStore>(new FolderFileStore(_folder["files"]));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_folder_is_not_followed()
    {
        Directory.CreateDirectory(_folder["outside"]);
        await File.WriteAllTextAsync(_folder["outside/secret.txt"], "secret");
        Directory.CreateSymbolicLink(_folder[$"files/{Folder}"], _folder["outside"]);
        File.CreateSymbolicLink(_folder["files/link.txt"], _folder["outside/secret.txt"]);

        await Assert.ThrowsAsync<UnsafePathException>(() => Files.OpenAsync($"{Folder}/secret.txt", CancellationToken.None));
        await Assert.ThrowsAsync<UnsafePathException>(() => Files.OpenAsync("link.txt", CancellationToken.None));
        Assert.Empty(await ListAsync(""));
        Directory.Delete(_folder[$"files/{Folder}"]);
    }

    [Fact]
    public async Task What_a_killed_process_left_half_written_is_invisible_and_removed_and_what_is_being_written_is_not()
    {
        await WriteAsync("whole.txt", "whole");
        var fresh = _folder[$"files/{Folder}/.unfinished-fresh"];
        var old = _folder[$"files/{Folder}/.unfinished-old"];
        await File.WriteAllTextAsync(fresh, "half");
        var slow = _folder[$"files/{Folder}/.unfinished-slow"];
        await File.WriteAllTextAsync(old, "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddMinutes(-2));
        using var writing = new FileStream(slow, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        File.SetLastWriteTimeUtc(slow, DateTime.UtcNow.AddMinutes(-20));

        await OpenAsync();

        Assert.Equal([$"{Folder}/whole.txt"], await ListAsync($"{Folder}/"));
        Assert.Equal((true, false, true), (File.Exists(fresh), File.Exists(old), File.Exists(slow)));
    }

    /// <summary>The time of writing is the ETag: it moves on although the disk's clock is coarse, or was set back.</summary>
    [Fact]
    public async Task Writes_that_follow_each_other_in_one_tick_of_the_clock_have_ETags_of_their_own()
    {
        var files = new FolderFileStore(_folder["files"]);
        var tags = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            tags.Add((await files.WriteBytesAsync("a.txt", "same"u8.ToArray(), FileCondition.None, CancellationToken.None))!.ETag);
        }

        File.SetLastWriteTimeUtc(_folder["files/a.txt"], DateTime.UtcNow.AddHours(1));
        var ahead = (await files.FindAsync("a.txt", CancellationToken.None))!.ETag;
        tags.Add(ahead);
        tags.Add((await files.WriteBytesAsync("a.txt", "same"u8.ToArray(), FileCondition.IfMatch(ahead), CancellationToken.None))!.ETag);

        Assert.Equal(tags.Count, tags.Distinct().Count());
        Assert.True((await files.FindAsync("a.txt", CancellationToken.None))!.Modified > DateTimeOffset.UtcNow.AddMinutes(59)); // never back behind what was there
        Assert.Null(await files.WriteBytesAsync("a.txt", "late"u8.ToArray(), FileCondition.IfMatch(ahead), CancellationToken.None));
    }

    [Fact]
    public async Task A_full_disk_is_a_clear_error_and_keeps_the_old_file()
    {
        using var disk = new SmallDisk("size=3m");
        var files = new FolderFileStore(disk.Path);
        await files.WriteBytesAsync("a.bin", new byte[1_000_000], FileCondition.None, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => files.WriteBytesAsync("a.bin", new byte[5_000_000], FileCondition.None, CancellationToken.None));

        Assert.Contains("the disk is full. Free some space", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1_000_000, (await files.FindAsync("a.bin", CancellationToken.None))!.Length);
        Assert.Equal(["a.bin"], new DirectoryInfo(disk.Path).EnumerateFiles().Select(file => file.Name).Where(name => name != ".lock"));
    }

    [Fact]
    public async Task A_read_only_folder_is_a_clear_error()
    {
        using var disk = new SmallDisk("size=3m");
        var files = new FolderFileStore(disk.Path);
        Assert.True(disk.Remount("ro"));

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => files.WriteBytesAsync("folder/a.bin", new byte[10], FileCondition.None, CancellationToken.None));

        Assert.Contains("the folder is read-only. Change its permissions", refused.Message, StringComparison.Ordinal);
    }
}
