using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>What large files cost the worker: nothing that grows with them.</summary>
public sealed class MemoryTests(CosmosFixture cosmos, AzuriteFixture azurite)
{
    private const long Large = 87_000_000;
    private const long Growth = 20_000_000;

    [Fact]
    public async Task A_large_file_is_streamed_whichever_way_it_comes_or_goes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of a process is read from /proc.");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("HEALTHEVAL_LONG") is { Length: > 0 }, "Measured on a machine with nothing else to do: dotnet run ci.cs -- --long.");
        var (name, blob) = ($"m{Guid.NewGuid():N}", await azurite.EndpointAsync());
        await BlobClients.Create(blob).GetBlobContainerClient(name).CreateAsync();
        var files = new BlobFileStore(BlobClients.Create(blob), name);
        using var rig = await HostRig.StartAsync(new Dictionary<string, string>
        {
            ["Auth:Mode"] = "Platform",
            ["Storage:Kind"] = "Azure",
            ["Storage:CosmosEndpoint"] = (await cosmos.ServerAsync()).Endpoint.ToString(),
            ["Storage:CosmosDatabase"] = name,
            ["Storage:BlobEndpoint"] = blob.ToString(),
            ["Storage:BlobContainer"] = name,
            ["Steps:Budget"] = "00:00:00.0000001", // a step reads the whole file for its hash, and stores one chunk
            ["Ingest:RecordsAtOnce"] = "100",
        });
        var admin = HostRig.Principal("admin@example.org", "admin");
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 } });
        async Task BlobAsync(string file, long bytes)
        {
            await files.WriteAsync($"drop/p1/{file}", (target, token) => WriteAsync(target, bytes, token), FileCondition.None, default);
            await rig.BlobAsync($"drop/p1/{file}");
        }

        async Task UploadAsync(string file, long bytes)
        {
            using var answer = await rig.ApiAsync(HttpMethod.Post, $"batches/p1?name={file}", admin, new Generated(bytes));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        async Task DownloadAsync(string path)
        {
            using var busy = await rig.ApiAsync(HttpMethod.Get, path, admin);
            using var answer = busy.StatusCode is HttpStatusCode.ServiceUnavailable ? await rig.ApiAsync(HttpMethod.Get, path, admin) : busy; // the call came too late: as a client would
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()} {rig.Output} {rig.Host.Console}");
            await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null);
        }

        for (var n = 0; n < 3; n++) // a process that has just started grows by itself
        {
            await BlobAsync($"small-{n}.jsonl", 9_000_000 + n);
            await UploadAsync($"also-small-{n}.jsonl", 9_000_100 + n);
        }

        var batch = (string)(await rig.JsonAsync(HttpMethod.Get, "batches/p1", admin))["batches"]![0]!["batchId"]!;
        await files.WriteAsync($"receipts/p1/{batch}.rejects.jsonl", (target, token) => WriteAsync(target, 20_000_000, token), FileCondition.None, default);

        await MeasureAsync("a blob of 87 MB, its trigger", () => BlobAsync("large.jsonl", Large));
        await MeasureAsync("an upload of 87 MB", () => UploadAsync("also-large.jsonl", Large + 1000));
        await MeasureAsync("a download of 20 MB", () => DownloadAsync($"batches/p1/{batch}/rejects"));

        async Task MeasureAsync(string what, Func<Task> work)
        {
            GC.Collect();
            using var self = Process.GetCurrentProcess(); // the stand-in, with the servers of documents and everything else of the tests
            var (before, held) = (Memory(rig.Process, "VmRSS"), Memory(self, "VmRSS"));
            await File.WriteAllTextAsync($"/proc/{rig.Process.Id}/clear_refs", "5"); // the peak begins anew
            await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
            var clock = Stopwatch.StartNew();
            await work();
            var growth = Memory(rig.Process, "VmHWM") - before;
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: worker {before / 1e6:F0} MB, at its peak {growth / 1e6:+0;-0;0} MB; host stand-in {held / 1e6:F0} MB, {(Memory(self, "VmHWM") - held) / 1e6:+0;-0;0} MB; {clock.Elapsed.TotalSeconds:F1} s");
            Assert.InRange(growth, long.MinValue, Growth);
        }
    }

    private static long Memory(Process process, string kind) =>
        1024 * long.Parse(Regex.Match(File.ReadAllText($"/proc/{process.Id}/status"), $@"{kind}:\s+(\d+) kB").Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>Records of about two kilobytes, each with its number, until there are so many bytes.</summary>
    private static async Task WriteAsync(Stream target, long bytes, CancellationToken cancellation)
    {
        var answer = string.Join(' ', Enumerable.Repeat("The answer goes on for a while and says little.", 38));
        for (long written = 0, n = 0; written < bytes; n++)
        {
            var line = Encoding.UTF8.GetBytes($$"""{"item_id":"{{bytes}}-{{n}}","prompt":"question {{n}} of {{bytes}}","response":"{{answer}} {{n}}"}""" + "\n");
            await target.WriteAsync(line, cancellation);
            written += line.Length;
        }
    }

    private sealed class Generated(long bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => WriteAsync(stream, bytes, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
