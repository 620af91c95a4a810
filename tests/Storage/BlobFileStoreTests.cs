using System.Net;
using System.Text;
using HealthEval.Storage;
using HealthEval.Storage.Azure;

namespace HealthEval.Tests.Storage;

/// <summary>The contract through the real SDK against the Blob emulator.</summary>
public sealed class BlobFileStoreTests(AzuriteFixture azurite) : FileStoreContract
{
    private static readonly HttpClient Http = new();

    private protected override async Task<IFileStore> OpenAsync() => await StoreAsync();

    [Fact]
    public async Task An_upload_link_takes_one_new_file_and_nothing_else()
    {
        var link = await (await StoreAsync()).UploadLinkAsync($"{Folder}/drop.jsonl", DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10), CancellationToken.None);

        Assert.Equal(HttpStatusCode.Created, await PutAsync(link, "one line"));
        Assert.Equal("one line", await TextAsync("drop.jsonl"));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(link, "overwritten"));
        Assert.Equal(HttpStatusCode.Forbidden, (await Http.GetAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Http.DeleteAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(new UriBuilder(link) { Path = link.AbsolutePath.Replace("drop.jsonl", "other.jsonl", StringComparison.Ordinal) }.Uri, "elsewhere"));
        Assert.Equal("one line", await TextAsync("drop.jsonl"));
    }

    [Fact]
    public async Task An_upload_link_expires()
    {
        var link = await (await StoreAsync()).UploadLinkAsync($"{Folder}/late.jsonl", DateTimeOffset.UtcNow.AddHours(-1), TimeSpan.FromMinutes(10), CancellationToken.None);

        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(link, "late"));
        Assert.Null(await Files.FindAsync($"{Folder}/late.jsonl", CancellationToken.None));
    }

    [Fact]
    public async Task Of_two_writers_of_one_large_file_one_wins_and_the_other_is_told_to_repeat()
    {
        async Task<bool> WriteAsync(char letter)
        {
            try
            {
                await Files.WriteAsync($"{Folder}/large", async (stream, token) =>
                {
                    for (var i = 0; i < 20; i++)
                    {
                        await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(letter, 1 << 20)), token);
                    }
                }, FileCondition.None, CancellationToken.None);
                return true;
            }
            catch (StorageUnavailableException busy) when (busy.Trouble == StorageTrouble.Busy)
            {
                return false; // the service drops the staged blocks of everybody when one of them commits
            }
        }

        var won = await Task.WhenAll(WriteAsync('a'), WriteAsync('b'));

        Assert.Contains(true, won);
        var text = await TextAsync("large");
        Assert.Equal(20 << 20, text.Length);
        Assert.Single(text.Distinct());
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_clear_error()
    {
        var nobody = new BlobFileStore(BlobClients.Create(new Uri("http://127.0.0.1:9/devstoreaccount1")), "x");

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => nobody.FindAsync("a", CancellationToken.None));

        Assert.Equal(StorageTrouble.Busy, refused.Trouble);
    }

    private async Task<BlobFileStore> StoreAsync() => new(BlobClients.Create(await azurite.EndpointAsync()), AzuriteFixture.Container);

    private static async Task<HttpStatusCode> PutAsync(Uri link, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, link) { Content = new StringContent(text) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }
}
