using HealthEval.Http;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(HealthEval.Tests.Browser.Site))]

namespace HealthEval.Tests.Browser;

/// <summary>One real program and one real browser for all browser tests, started when the first of them runs. Without a browser they show as skipped.</summary>
public sealed class Site : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Running? _running;

    /// <summary>A project of its own for one test, with these lines loaded.</summary>
    internal Task<Clinic> ClinicAsync(params string[] lines) => ClinicAsync(overlap: 1, guideline: 2, lines);

    internal Task<Clinic> ClinicAsync(int overlap, params string[] lines) => ClinicAsync(overlap, guideline: 2, lines);

    internal async Task<Clinic> ClinicAsync(int overlap, int guideline, params string[] lines)
    {
        var running = await StartAsync();
        var clinic = new Clinic(running.Admin, running.Browser, running.Program.Url, running.Folder["files"]);
        await clinic.OpenAsync(lines, overlap, guideline);
        return clinic;
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is { } running)
        {
            await running.Browser.CloseAsync();
            running.Playwright.Dispose();
            running.Admin.Dispose();
            running.Program.Dispose();
            running.Folder.Dispose();
        }

        _gate.Dispose();
    }

    private async Task<Running> StartAsync()
    {
        var chromium = Environment.GetEnvironmentVariable("CHROMIUM") ?? Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "No Chromium. Install it (Debian: apt-get install chromium), or name one in the environment variable CHROMIUM.");
        Assert.SkipWhen(WebForm.Folder(new ConfigurationBuilder().Build()) is null, "The web form is not built. Run npm ci and npm run build in web/, or build without -p:SkipWeb=true.");
        await _gate.WaitAsync();
        try
        {
            return _running ??= await StartAsync(chromium);
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task<Running> StartAsync(string chromium)
    {
        var folder = new TempFolder();
        var program = await RealProcess.ServeAsync(folder.Path);
        var admin = new HttpClient { BaseAddress = new Uri(program.Url + "/api/") };
        (await admin.PostAsync("session", Body.Of(new { token = program.SignInLinks["admin"].Split('/')[^1] }))).EnsureSuccessStatusCode();
        Assertions.SetDefaultExpectTimeout(90_000);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        return new Running(folder, program, admin, playwright, browser);
    }

    private sealed record Running(TempFolder Folder, RealProcess Program, HttpClient Admin, IPlaywright Playwright, IBrowser Browser);
}
