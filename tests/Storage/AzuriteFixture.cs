using System.Diagnostics;
using System.Text.RegularExpressions;
using HealthEval.Storage.Azure;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace HealthEval.Tests.Storage;

/// <summary>The Blob emulator, started on a free port when the first test asks, in memory only, ended with the tests.</summary>
public sealed partial class AzuriteFixture : IAsyncDisposable
{
    public const string Container = "healtheval";
    private readonly SemaphoreSlim _starting = new(1, 1);

    public AzuriteFixture() => Current = this;

    /// <summary>For the test host, which is not made by the test framework.</summary>
    public static AzuriteFixture Current { get; private set; } = null!;

    private Process? _process;
    private Uri? _endpoint;

    /// <summary>Skips the test where the emulator is not installed.</summary>
    public async Task<Uri> EndpointAsync()
    {
        var program = Path.Combine(Repository.Root, "tests/Azurite/node_modules/azurite/dist/src/blob/main.js");
        Assert.SkipUnless(File.Exists(program), "The Blob emulator is not installed: run 'npm ci' in tests/Azurite, or 'dotnet run ci.cs'.");
        await _starting.WaitAsync();
        try
        {
            return _endpoint ??= await StartAsync(program);
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _starting.Dispose();
    }

    private async Task<Uri> StartAsync(string program)
    {
        string[] arguments = [program, "--inMemoryPersistence", "--blobHost", "127.0.0.1", "--blobPort", "0", "--disableTelemetry", "--skipApiVersionCheck", "--silent"];
        _process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(TestHost.Until.Longest) is { } line)
        {
            if (Listening.Match(line) is { Success: true } match)
            {
                _ = _process.StandardOutput.ReadToEndAsync(); // a full pipe would stop it
                var endpoint = new Uri($"{match.Value}/devstoreaccount1");
                await BlobClients.Create(endpoint).GetBlobContainerClient(Container).CreateAsync();
                return endpoint;
            }
        }

        throw new InvalidOperationException("The Blob emulator ended before it listened.");
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:\\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening { get; }
}
