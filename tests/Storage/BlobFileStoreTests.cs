using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using Microsoft.AspNetCore.WebUtilities;

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
    public async Task A_download_link_reads_one_file_under_its_name_and_nothing_else()
    {
        var store = await StoreAsync();
        await WriteAsync("week.xlsx", "a workbook");
        await WriteAsync("other.xlsx", "another's");
        var link = await store.DownloadLinkAsync($"{Folder}/week.xlsx", "p1-2026-W47.xlsx", "application/x-test", DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5), CancellationToken.None);
        var late = await store.DownloadLinkAsync($"{Folder}/week.xlsx", "p1-2026-W47.xlsx", "application/x-test", DateTimeOffset.UtcNow.AddHours(-1), TimeSpan.FromMinutes(5), CancellationToken.None);

        using var read = await Http.GetAsync(link);
        Assert.Equal(("a workbook", "application/x-test"), (await read.Content.ReadAsStringAsync(), read.Content.Headers.ContentType?.MediaType));
        Assert.Equal("p1-2026-W47.xlsx", read.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(link, "overwritten"));
        Assert.Equal(HttpStatusCode.Forbidden, (await Http.DeleteAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Http.GetAsync(new UriBuilder(link) { Path = link.AbsolutePath.Replace("week", "other", StringComparison.Ordinal) }.Uri)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Http.GetAsync(late)).StatusCode);
    }

    [Fact]
    public async Task On_Azure_a_link_is_signed_with_a_key_lent_to_the_programs_identity_for_as_long_as_the_link_lives()
    {
        var asked = "";
        var answer = new Answer(async request =>
        {
            asked = $"{request.Method} {request.RequestUri!.Query} {await request.Content!.ReadAsStringAsync()} {request.Headers.Authorization}";
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent("<?xml version=\"1.0\"?><UserDelegationKey><SignedOid>the-identity</SignedOid><SignedTid>the-tenant</SignedTid><SignedStart>2026-11-18T08:55:00Z</SignedStart><SignedExpiry>2026-11-18T10:00:00Z</SignedExpiry><SignedService>b</SignedService><SignedVersion>2022-11-02</SignedVersion><Value>c2VjcmV0</Value></UserDelegationKey>", Encoding.UTF8, "application/xml"),
            };
        });
        var credential = DelegatedTokenCredential.Create((_, _) => new AccessToken("token-of-the-identity", DateTimeOffset.MaxValue));
        using var transport = new HttpClientTransport(answer);
        var store = new BlobFileStore(new BlobServiceClient(new Uri("https://st.blob.core.windows.net/"), credential, new BlobClientOptions { Transport = transport }), "healtheval");
        var now = new DateTimeOffset(2026, 11, 18, 9, 0, 0, TimeSpan.Zero);

        var up = await store.UploadLinkAsync("drop/p1/a b.jsonl", now, TimeSpan.FromHours(1), CancellationToken.None);
        var down = await store.DownloadLinkAsync("reports/p1/2026-W47/workbook.xlsx", "w.xlsx", "application/x-test", now, TimeSpan.FromMinutes(5), CancellationToken.None);

        Assert.StartsWith("POST ?restype=service&comp=userdelegationkey", asked, StringComparison.Ordinal);
        Assert.Contains("<Expiry>2026-11-18T09:05:00Z</Expiry>", asked, StringComparison.Ordinal);
        Assert.EndsWith("Bearer token-of-the-identity", asked, StringComparison.Ordinal);
        Assert.Equal("https://st.blob.core.windows.net/healtheval/drop/p1/a%20b.jsonl", up.GetLeftPart(UriPartial.Path));
        Assert.Equal(("c", "b", "https", "the-identity", "2026-11-18T10:00:00Z"), Signed(up));
        Assert.Equal(("r", "b", "https", "the-identity", "2026-11-18T09:05:00Z"), Signed(down));
    }

    [Fact]
    public async Task What_is_erased_has_no_snapshot_left_and_its_neighbours_stay()
    {
        await WriteAsync("a.jsonl", "text");
        await WriteAsync("a.jsonl.more", "another file");
        var blobs = BlobClients.Create(await azurite.EndpointAsync()).GetBlobContainerClient(AzuriteFixture.Container);
        await blobs.GetBlobClient($"{Folder}/a.jsonl").CreateSnapshotAsync();

        Assert.True(await Files.EraseAsync($"{Folder}/a.jsonl", CancellationToken.None));

        Assert.Equal([$"{Folder}/a.jsonl.more"], await blobs.GetBlobsAsync(BlobTraits.None, BlobStates.Snapshots, $"{Folder}/", default).Select(blob => blob.Name).ToListAsync());
        Assert.False(await Files.EraseAsync($"{Folder}/a.jsonl", CancellationToken.None));
        Assert.Equal(1, await Files.EraseFolderAsync($"{Folder}/", CancellationToken.None));
    }

    /// <summary>The emulator keeps no versions, so these are the calls that the SDK makes.</summary>
    [Theory]
    [InlineData(false, "a.jsonl?v1 a.jsonl?v2")]
    [InlineData(true, "a.jsonl?v1 a.jsonl?v2 a.jsonl.more?v3 gone.jsonl?v4")]
    public async Task Erasing_reaches_the_versions_that_replacing_and_deleting_have_left(bool folder, string expected)
    {
        var deleted = new List<string>();
        using var transport = new HttpClientTransport(new Answer(request =>
        {
            var query = QueryHelpers.ParseQuery(request.RequestUri!.Query);
            if (request.Method == HttpMethod.Delete)
            {
                deleted.Add($"{request.RequestUri.Segments[^1]}{(query.TryGetValue("versionid", out var version) ? $"?{version}" : "")}");
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted));
            }

            string[] blobs = query.TryGetValue("include", out var include) && "versions".Equals(include, StringComparison.OrdinalIgnoreCase) ? ["a.jsonl?v1", "a.jsonl?v2", "a.jsonl.more?v3", "gone.jsonl?v4"] : ["a.jsonl", "a.jsonl.more"];
            var xml = string.Concat(blobs.Select(blob => blob.Split('?')).Select(blob =>
                $"<Blob><Name>drop/p1/{blob[0]}</Name>{(blob.Length > 1 ? $"<VersionId>{blob[1]}</VersionId>" : "")}<Properties><BlobType>BlockBlob</BlobType></Properties></Blob>"));
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent($"<?xml version=\"1.0\"?><EnumerationResults><Blobs>{xml}</Blobs><NextMarker/></EnumerationResults>", Encoding.UTF8, "application/xml"),
            });
        }));
        var credential = DelegatedTokenCredential.Create((_, _) => new AccessToken("token", DateTimeOffset.MaxValue));
        var store = new BlobFileStore(new BlobServiceClient(new Uri("https://st.blob.core.windows.net/"), credential, new BlobClientOptions { Transport = transport }), "healtheval");

        Assert.Equal(folder ? 2 : 1, folder ? await store.EraseFolderAsync("drop/p1/", default) : await store.EraseAsync("drop/p1/a.jsonl", default) ? 1 : 0);

        Assert.Equal(expected, string.Join(' ', deleted.Where(blob => blob.Contains('?', StringComparison.Ordinal))));
        Assert.Equal(folder ? "a.jsonl a.jsonl.more" : "a.jsonl", string.Join(' ', deleted.Where(blob => !blob.Contains('?', StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20 << 20)]
    public async Task A_file_that_is_not_what_was_written_is_an_error_at_its_end(int bytes)
    {
        var content = new byte[bytes];
        new Random(4).NextBytes(content);
        await Files.WriteAsync($"{Folder}/a", (stream, token) => stream.WriteAsync(content, token).AsTask(), FileCondition.None, CancellationToken.None);
        var blob = BlobClients.Create(await azurite.EndpointAsync()).GetBlobContainerClient(AzuriteFixture.Container).GetBlobClient($"{Folder}/a");
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(content);
        Assert.Equal(md5.GetHashAndReset(), (await blob.GetPropertiesAsync()).Value.ContentHash);
        await using (var whole = await Files.OpenAsync($"{Folder}/a", CancellationToken.None))
        {
            await whole!.CopyToAsync(Stream.Null);
        }

        await blob.SetHttpHeadersAsync(new BlobHttpHeaders { ContentHash = new byte[16] });
        await using var damaged = await Files.OpenAsync($"{Folder}/a", CancellationToken.None);
        var error = await Assert.ThrowsAsync<IOException>(() => damaged!.CopyToAsync(Stream.Null));
        Assert.Contains("MD5", error.Message, StringComparison.Ordinal);
        await using var again = await Files.OpenAsync($"{Folder}/a", CancellationToken.None);
        Assert.Throws<IOException>(() => again!.CopyTo(Stream.Null));
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

    private static (string? Permissions, string? Resource, string? Protocol, string? Identity, string? Expiry) Signed(Uri link)
    {
        var query = QueryHelpers.ParseQuery(link.Query);
        return (query["sp"], query["sr"], query["spr"], query["skoid"], query["se"]);
    }

    private sealed class Answer(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request);
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
