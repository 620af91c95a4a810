using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class LoopTests(Site site)
{
    [Fact]
    public async Task A_dropped_file_is_judged_and_becomes_a_workbook_to_download()
    {
        await using var clinic = await site.ClinicAsync();
        Directory.CreateDirectory(clinic.DropFolder);
        await File.WriteAllTextAsync(Path.Combine(clinic.DropFolder, "answers.jsonl"), Lines.Pair);
        await clinic.LoadedAsync();

        var rater = await clinic.SignInAsync(Roles.Annotator);
        var form = await TaskForm.NextAsync(rater);
        await form.JudgeAsync("A");
        await form.JudgeAsync("B", score: 5);
        await form.PreferAsync("B");
        await form.HandInAsync();
        await Expect(rater.GetByRole(AriaRole.Heading, new() { Name = "Nothing for you now" })).ToBeVisibleAsync();

        var lead = await clinic.SignInAsync(Roles.Lead);
        await lead.GetByRole(AriaRole.Link, new() { Name = "Batches" }).First.ClickAsync();
        await Expect(lead.GetByText("answers.jsonl").First).ToBeVisibleAsync();
        await lead.GetByRole(AriaRole.Link, new() { Name = "Reports" }).First.ClickAsync();
        await lead.GetByRole(AriaRole.Button, new() { Name = "Compile now" }).First.ClickAsync();
        var download = await lead.RunAndWaitForDownloadAsync(() => lead.GetByRole(AriaRole.Link, new() { Name = "Workbook of" }).First.ClickAsync());

        await using var workbook = File.OpenRead((await download.PathAsync())!);
        Assert.EndsWith(".xlsx", download.SuggestedFilename, StringComparison.Ordinal);
        using var book = new ClosedXML.Excel.XLWorkbook(workbook);
        Assert.Contains("Summary", book.Worksheets.Select(sheet => sheet.Name));
    }
}
