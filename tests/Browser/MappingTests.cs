using System.Text;
using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

/// <summary>
/// A customer whose file has other names says what is what, also after it was read wrongly, and one whose prompts have no answers makes a benchmark of them.
/// </summary>
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
        await Expect(lead.GetByRole(AriaRole.Cell, new() { Name = "1 of 2 prompts answered; missing: q2." })).ToBeVisibleAsync();
        await Expect(lead.GetByText("not judged yet")).ToBeVisibleAsync();
        Assert.Empty(await Axe.SeriousAsync(lead, "benchmarks"));
        await KeepPictureAsync(lead, "benchmarks");
    }

    [Fact]
    public async Task A_workbook_of_ones_own_is_told_what_is_what()
    {
        await using var clinic = await site.ClinicAsync();
        var customer = await clinic.SignInAsync(Roles.Customer);
        using var book = new ClosedXML.Excel.XLWorkbook();
        var sheet = book.AddWorksheet("Antworten");
        sheet.Cell(1, 1).InsertData(new object[][]
        {
            ["Nr", "Anliegen der Person", "Rückmeldung System A", "Rückmeldung System B"],
            [7, "Was hilft bei Gicht?", "Ruhe und Wasser.", "Schlaf."],
            [8, "Und was hilft bei Fieber?", "Trinken Sie viel.", "Abwarten."],
        });
        using var file = new MemoryStream();
        book.SaveAs(file);
        await UploadAsync(customer, clinic, "antworten.xlsx", file.ToArray());
        await customer.GetByRole(AriaRole.Link, new() { Name = "Receipt of antworten.xlsx" }).ClickAsync();
        await customer.GetByRole(AriaRole.Link, new() { Name = "Tell us what is what" }).ClickAsync();
        await customer.GetByLabel("What anliegen_der_person is").SelectOptionAsync("user");
        await customer.GetByLabel("What rückmeldung_system_a is").SelectOptionAsync("response");
        await customer.GetByLabel("What rückmeldung_system_b is").SelectOptionAsync("response");
        await customer.GetByLabel("What nr is").SelectOptionAsync("itemId");
        await KeepPictureAsync(customer, "mapping-xlsx");
        await customer.GetByRole(AriaRole.Button, new() { Name = "Dry run over the whole file" }).ClickAsync();
        await Expect(customer.GetByText("All 2 records were read: 2 would be loaded.").Last).ToBeVisibleAsync();
        await customer.GetByRole(AriaRole.Button, new() { Name = "This is right: load the file" }).ClickAsync();

        await Expect(customer.GetByText("2 records read: 2 accepted. 2 tasks opened with 4 responses.")).ToBeVisibleAsync();
        await Expect(customer.GetByText("profile antworten v1, xlsx")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_file_that_was_read_wrongly_is_withdrawn_and_read_again()
    {
        await using var clinic = await site.ClinicAsync();
        var customer = await clinic.SignInAsync(Roles.Customer);
        await UploadAsync(customer, clinic, "march.csv", "question,answer,said\nWhat helps against gout?,What is right.,Rest and water.\n");
        await customer.GetByRole(AriaRole.Link, new() { Name = "Receipt of march.csv" }).ClickAsync();
        await customer.GetByRole(AriaRole.Link, new() { Name = "tell us what is what" }).ClickAsync();
        await Expect(customer.GetByRole(AriaRole.Button, new() { Name = "Keep this for later files" })).ToBeDisabledAsync();
        await Expect(customer.GetByText("until a lead withdraws the batch")).ToBeVisibleAsync();

        var lead = await clinic.SignInAsync(Roles.Lead);
        await lead.GotoAsync(customer.Url);
        await lead.GetByLabel("What answer is").SelectOptionAsync("reference");
        await lead.GetByLabel("What said is").SelectOptionAsync("response");
        await lead.GetByRole(AriaRole.Button, new() { Name = "Dry run over the whole file" }).ClickAsync();
        await Expect(lead.GetByText("All 1 records were read: 1 would be loaded.").Last).ToBeVisibleAsync();
        await lead.GetByLabel("Why it was wrong").FillAsync("The answer column is the reference.");
        Assert.Empty(await Axe.SeriousAsync(lead, "read again"));
        await KeepPictureAsync(lead, "mapping-loaded");
        await lead.GetByRole(AriaRole.Button, new() { Name = "Withdraw this batch and read the file again" }).ClickAsync();

        await Expect(lead.GetByText("This is reading 2 of the file")).ToBeVisibleAsync();
        await Expect(lead.GetByText("profile march v1, csv")).ToBeVisibleAsync();
        await KeepPictureAsync(lead, "receipt-reading-2");
        await lead.GetByRole(AriaRole.Link, new() { Name = "the first", Exact = true }).ClickAsync();
        await Expect(lead.GetByText("This reading was withdrawn, and the file read again")).ToBeVisibleAsync();
    }

    private static Task UploadAsync(IPage page, Clinic clinic, string name, string content) => UploadAsync(page, clinic, name, Encoding.UTF8.GetBytes(content));

    private static async Task UploadAsync(IPage page, Clinic clinic, string name, byte[] content)
    {
        await page.GotoAsync($"{clinic.Url}/#/batches/{clinic.ProjectId}");
        await page.GetByLabel("I state that these files").CheckAsync();
        await page.Locator("#drop-input").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/plain", Buffer = content });
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
