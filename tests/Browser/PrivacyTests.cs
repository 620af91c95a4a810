using System.Text;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class PrivacyTests(Site site)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_lead_sets_the_rule_decides_about_held_items_and_raters_read_what_is_left(ColorScheme colours, int width)
    {
        await using var clinic = await site.ClinicAsync();
        var lead = await clinic.SignInAsync(Roles.Lead, colours);
        await lead.SetViewportSizeAsync(width, 800);
        await HoldAsync(lead, clinic);
        await lead.GotoAsync($"{clinic.Url}/#/batches/{clinic.ProjectId}");
        await UploadAsync(lead, "held.jsonl", [Lines.Single("p1", "Maria asks: call me on 020 7946 0958 at night?", "Rest. 😀"), .. Enumerable.Range(2, 3).Select(n => Lines.Single($"p{n}", $"MRN: 004821{n}, what now?", "Rest."))]);

        await lead.GetByRole(AriaRole.Link, new() { Name = "4 held: decide" }).ClickAsync();
        await Expect(lead.GetByRole(AriaRole.Heading, new() { Name = "Held items" })).ToBeFocusedAsync();
        await Expect(lead.GetByText("### #### ####")).ToBeVisibleAsync();
        await Expect(lead.GetByText("020 7946 0958")).ToHaveCountAsync(0);
        await LookAsync(lead, "held");

        await RedactFirstAsync(lead);
        await Expect(lead.GetByRole(AriaRole.Heading, new() { Name = "Held items" })).ToBeFocusedAsync();
        await Expect(lead.GetByText("Name in turn 1, character 1; Phone in turn 1, character 24")).ToBeVisibleAsync();
        await lead.GetByLabel("All 3 shown").CheckAsync();
        await lead.GetByRole(AriaRole.Button, new() { Name = "Drop …" }).ClickAsync();
        await lead.GetByLabel("Why").FillAsync("Real numbers");
        await lead.GetByRole(AriaRole.Button, new() { Name = "Drop 3 items" }).ClickAsync();
        await Expect(lead.GetByRole(AriaRole.Heading, new() { Name = "Nothing is held" })).ToBeVisibleAsync();
        await LookAsync(lead, "decided");
        Assert.True(await lead.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways");

        var rater = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(rater);
        await Expect(rater.GetByText("[NAME] asks: call me on [PHONE] at night?")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_customer_drops_the_corrected_file_on_its_receipt_and_only_what_was_missing_is_added()
    {
        await using var clinic = await site.ClinicAsync();
        var customer = await clinic.SignInAsync(Roles.Customer);
        await customer.GotoAsync($"{clinic.Url}/#/batches/{clinic.ProjectId}");
        var good = Lines.Singles(2);
        await UploadAsync(customer, "batch.jsonl", good[0], """{"prompt_id":"p9","messages":[{"role":"user","content":"q"}],"response":7}""", good[1]);
        await customer.GetByRole(AriaRole.Link, new() { Name = "Receipt of batch.jsonl" }).ClickAsync();
        await Expect(customer.GetByText("Expected a text or a list of text parts, found a number.")).ToBeVisibleAsync();
        await LookAsync(customer, "receipt");
        var download = await customer.RunAndWaitForDownloadAsync(() => customer.GetByRole(AriaRole.Link, new() { Name = "Rejects with their reasons" }).ClickAsync());
        Assert.Contains("\"line\":2", await File.ReadAllTextAsync((await download.PathAsync())!), StringComparison.Ordinal);

        await UploadAsync(customer, "batch.jsonl", good[0], Lines.Single("p9", "q", "a"), good[1]);
        await Expect(customer.GetByText("3 records read: 1 accepted, 2 already here. 1 task opened with 1 response.")).ToBeVisibleAsync();
        await Expect(customer.GetByText("stated on", new() { Exact = false })).ToBeVisibleAsync();

        await customer.GotoAsync($"{clinic.Url}/#/batches/someone-elses");
        await Expect(customer.GetByText("There is no such project")).ToBeVisibleAsync();
    }

    private static async Task HoldAsync(IPage lead, Clinic clinic)
    {
        await lead.GotoAsync($"{clinic.Url}/#/projects/{clinic.ProjectId}");
        await lead.GetByLabel("When a file seems to hold personal data").SelectOptionAsync("hold");
        await Expect(lead.GetByText("a lead releases, redacts or drops each held item")).ToBeVisibleAsync();
        await lead.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(lead.GetByText("saved.", new() { Exact = false })).ToBeVisibleAsync();
    }

    private static async Task UploadAsync(IPage page, string name, params string[] lines)
    {
        await page.GetByLabel("I state that these files hold no personal data").CheckAsync();
        await page.Locator("#drop-input").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = Encoding.UTF8.GetBytes(string.Join('\n', lines)) });
    }

    /// <summary>With the keyboard alone: one more place by its words, one of the screen's left and taken back.</summary>
    private static async Task RedactFirstAsync(IPage lead)
    {
        await lead.GetByRole(AriaRole.Button, new() { Name = "Look and decide about line 1", Exact = true }).FocusAsync();
        await lead.Keyboard.PressAsync("Enter");
        var box = lead.GetByRole(AriaRole.Dialog);
        var phone = box.GetByRole(AriaRole.Button, new() { Name = "020 7946 0958" });
        await phone.FocusAsync();
        await lead.Keyboard.PressAsync("Space");
        await Expect(phone).ToHaveAttributeAsync("aria-pressed", "false");
        await lead.Keyboard.PressAsync("Space");
        await box.GetByLabel("Mark more").FocusAsync();
        await lead.Keyboard.TypeAsync("maria");
        await lead.Keyboard.PressAsync("Enter");
        await Expect(box.GetByText("1 place marked.")).ToBeVisibleAsync();
        await LookAsync(lead, "redaction");
        await box.GetByRole(AriaRole.Button, new() { Name = "Redact 2 places" }).ClickAsync();
        await Expect(box.GetByText("Say why")).ToBeVisibleAsync();
        await box.GetByLabel("Why").FillAsync("A name and a number");
        await box.GetByRole(AriaRole.Button, new() { Name = "Redact 2 places" }).ClickAsync();
        await Expect(box).ToBeHiddenAsync();
    }

    private static async Task LookAsync(IPage page, string screen)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{screen}-{page.ViewportSize!.Width}.png"), FullPage = true });
        }

        var result = await page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa") });
        Assert.True(result.Violations.Length == 0, $"{screen}: {string.Join('\n', result.Violations.Select(violation => $"{violation.Id}: {string.Join("; ", violation.Nodes.Select(node => node.Html).Take(3))}"))}");
    }
}
