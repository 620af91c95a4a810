using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Tests.TestHost;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

/// <summary>A project, people who may see it alone, and their browser windows, which are closed with the test.</summary>
internal sealed class Clinic(HttpClient admin, IBrowser browser, string url, string files) : IAsyncDisposable
{
    private static int _number;
    private readonly List<IBrowserContext> _windows = [];

    public string ProjectId { get; } = $"clinic-{Interlocked.Increment(ref _number)}";

    public string Url => url;

    /// <summary>Where the customer of this project drops files.</summary>
    public string DropFolder => Path.Combine(files, "drop", ProjectId);

    public async Task OpenAsync(IReadOnlyList<string> lines, int overlap = 1, int guideline = 2)
    {
        (await admin.PostAsync("projects", Body.Of(new ProjectForm(ProjectId, $"Clinic {ProjectId}", "Customer", new GuidelineReference("healtheval", guideline), Overlap: overlap)))).EnsureSuccessStatusCode();
        if (lines.Count > 0)
        {
            (await admin.PostAsync($"batches/{ProjectId}?name=batch.jsonl", new StringContent(string.Join('\n', lines)))).EnsureSuccessStatusCode();
            await LoadedAsync();
        }
    }

    /// <summary>Waits until the newest batch is in, whichever way it came.</summary>
    public async Task LoadedAsync()
    {
        await Until.TrueAsync("the loaded batch", async () =>
            (await (await admin.GetAsync($"batches/{ProjectId}")).JsonAsync())["batches"]!.AsArray() is [{ } newest, ..] && newest["state"]!.GetValue<string>() is "loaded");
    }

    /// <summary>A new person of this project, on their home page.</summary>
    /// <param name="at">Another address of the same program, where the form is kept for working without a network.</param>
    /// <param name="everything">With every project there is, the demo's too.</param>
    public async Task<IPage> SignInAsync(string role, ColorScheme colours = ColorScheme.Light, string? at = null, bool everything = false)
    {
        var credential = role is Roles.Annotator or Roles.Adjudicator ? new Credential("MD", 8, Vocabulary.Subdomains, ["en"]) : null;
        var person = await admin.PostAsync("people", Body.Of(new PersonForm($"Rosa {role}", Email: null, [role], [everything ? "*" : ProjectId], credential)));
        var id = (await person.JsonAsync())["personId"]!.GetValue<string>();
        var invite = await (await admin.PostAsync($"people/{id}/invite", content: null)).JsonAsync();
        var page = await WindowAsync(colours, keepsForm: at is not null);
        await page.GotoAsync(invite["link"]!.GetValue<string>().Replace(url, at ?? url, StringComparison.Ordinal));
        await page.Locator("he-home").WaitForAsync(new() { State = WaitForSelectorState.Attached }); // from here on it hears keys; the menu stands there earlier
        return page;
    }

    /// <param name="keepsForm">With the worker that keeps the form, past which a test cannot look at requests.</param>
    public async Task<IPage> WindowAsync(ColorScheme colours = ColorScheme.Light, bool keepsForm = false)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colours,
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
            ServiceWorkers = keepsForm ? ServiceWorkerPolicy.Allow : ServiceWorkerPolicy.Block,
        });
        context.SetDefaultTimeout(90_000); // other tests run beside this one
        _windows.Add(context);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var window in _windows)
        {
            await window.CloseAsync();
        }
    }
}
