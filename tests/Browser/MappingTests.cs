using System.Text;
using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

/// <summary>A customer whose file has other names says what is what, and one whose prompts have no answers makes a benchmark of them.</summary>
public sealed class MappingTests(Site site)
{
    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task From_a_failed_receipt_to_a_loaded_file(int width)
    {
        await using var clinic = await site.ClinicAsync();
        var customer = await clinic.SignInAsync(Roles.Customer);
        await customer.SetViewportSizeAsync(width, 800);
        await UploadAsync(customer, clinic, "export.csv", "nr;vorgabe;frage;ausgabe;quelle\n7;Sei knapp.;Was hilft bei Gicht?;Ruhe und Wasser.;Klinik\n8;Sei knapp.;Und bei Fieber?;Trinken Sie viel.;Klinik\n");
        await customer.GetByRole(AriaRole.Link, new() { Name = "Receipt of export.csv" }).ClickAsync();
        await customer.GetByRole(AriaRole.Link, new() { Name = "Tell us what is what" }).ClickAsync();

        await Expect(customer.GetByLabel("What frage is")).ToHaveValueAsync("user");
        await Expect(customer.GetByLabel("What vorgabe is")).ToHaveValueAsync("system");
        await Expect(customer.GetByText("Was hilft bei Gicht?").Nth(1)).ToBeVisibleAsync(); // once as an example, once as raters would see it
        await customer.GetByLabel("What quelle is").SelectOptionAsync("tags");
        await customer.GetByLabel("Language of all records").FillAsync("de");
        await customer.GetByRole(AriaRole.Button, new() { Name = "Dry run over the whole file" }).ClickAsync();
        await Expect(customer.GetByText("All 2 records were read: 2 would be loaded.").Last).ToBeVisibleAsync();
        Assert.Empty(await Axe.SeriousAsync(customer, "mapping"));
        Assert.True(await customer.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways");
        await KeepPictureAsync(customer, $"mapping-{width}");
        await customer.GetByRole(AriaRole.Button, new() { Name = "This is right: load the file" }).ClickAsync();

        await Expect(customer.GetByText("2 records read: 2 accepted.")).ToBeVisibleAsync();
        await Expect(customer.GetByText("profile export v1, csv")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Prompts_become_a_benchmark_and_answers_a_run_of_it()
    {
        await using var clinic = await site.ClinicAsync();
        var lead = await clinic.SignInAsync(Roles.Lead);
        await UploadAsync(lead, clinic, "prompts.jsonl", string.Join('\n', Enumerable.Range(1, 2).Select(n => $$"""{"prompt_id":"q{{n}}","prompt":[{"role":"user","content":"Question {{n}}?"}],"rubrics":[{"criterion":"Says so","points":5,"tags":["axis:accuracy"]}]}""")));
        await lead.GetByRole(AriaRole.Link, new() { Name = "Receipt of prompts.jsonl" }).ClickAsync();
        await lead.GetByRole(AriaRole.Button, new() { Name = "Make a benchmark of the prompts" }).ClickAsync();
        await Expect(lead.GetByRole(AriaRole.Heading, new() { Name = "Benchmarks", Exact = true })).ToBeVisibleAsync();

        await UploadAsync(lead, clinic, "answers.jsonl", """{"prompt_id":"q1","response":"Yes.","model":"m1"}""");
        await clinic.LoadedAsync();
        await lead.GotoAsync($"{clinic.Url}/#/batches/{clinic.ProjectId}/_benchmarks");
        await lead.GetByLabel("Answers in").SelectOptionAsync(new SelectOptionValue { Label = "answers.jsonl (1 answer)" });
        await lead.GetByRole(AriaRole.Button, new() { Name = "Note as a run" }).ClickAsync();
        await Expect(lead.GetByRole(AriaRole.Cell, new() { Name = "1 of 2 prompts answered; missing: q2." })).ToBeVisibleAsync();
        await Expect(lead.GetByText("not judged yet")).ToBeVisibleAsync();
        Assert.Empty(await Axe.SeriousAsync(lead, "benchmarks"));
        await KeepPictureAsync(lead, "benchmarks");
    }

    private static async Task UploadAsync(IPage page, Clinic clinic, string name, string content)
    {
        await page.GotoAsync($"{clinic.Url}/#/batches/{clinic.ProjectId}");
        await page.GetByLabel("I state that these files").CheckAsync();
        await page.Locator("#drop-input").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes(content) });
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = $"Receipt of {name}" })).ToBeVisibleAsync();
    }

    /// <summary>For people who look at the screens: only where the environment names a folder.</summary>
    private static async Task KeepPictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }
}
