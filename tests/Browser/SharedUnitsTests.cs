using System.Text.Json;
using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

/// <summary>Claims that came with an answer, and what is carried from one answer to a prompt to the next.</summary>
public sealed class SharedUnitsTests(Site site)
{
    [Fact]
    public async Task Claims_that_came_with_the_answer_are_the_units_of_the_claim_pass()
    {
        await using var clinic = await site.ClinicAsync(Lines.WithClaims);
        var page = await clinic.SignInAsync(Roles.Annotator);
        JsonElement sent = default;
        page.Request += (_, request) => sent = request is { Method: "PUT", PostData: { } body } && request.Url.Contains("/api/annotations/", StringComparison.Ordinal) ? JsonDocument.Parse(body).RootElement.GetProperty("judgement").Clone() : sent;
        await TaskForm.NextAsync(page);
        await page.Keyboard.PressAsync("c");
        var units = page.Locator("[role=option]");
        await Expect(units).ToHaveCountAsync(2);
        await Expect(units.Last).ToContainTextAsync("The dose suits adults."); // which the answer does not say in these words
        await PressAsync(page, "x", "Enter"); // not to be split or merged
        await Expect(page.Locator("he-claim-pass [role=status]")).ToContainTextAsync("everybody judges it as it is");
        await PressAsync(page, "ArrowDown", "x", "Escape");
        await new TaskForm(page).JudgeAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing for you now" })).ToBeVisibleAsync();
        Assert.Equal(["k1", "k2"], sent.GetProperty("claims").EnumerateArray().Select(claim => claim.GetProperty("given").GetString()));
    }

    [Fact]
    public async Task Statements_of_a_reference_stand_beside_the_answer_once_the_project_shows_them()
    {
        await using var clinic = await site.ClinicAsync(
            """{"prompt":"What helps?","response":"Rest.","reference":{"free_form_answer":"Only the expert says this.","must_have":["Says to drink"],"nice_to_have":["Says to rest"]}}""");
        var lead = await clinic.SignInAsync(Roles.Lead);
        await lead.GotoAsync($"{clinic.Url}/#/projects/{clinic.ProjectId}");
        await lead.GetByLabel("Must-have list").CheckAsync();
        await lead.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(lead.GetByText(": saved.")).ToBeVisibleAsync();

        var page = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(page);
        var list = page.Locator("#rubric-A");
        await Expect(list.GetByRole(AriaRole.Heading, new() { Name = "Must-have list" })).ToBeVisibleAsync();
        await Expect(list).ToContainTextAsync("Says to drink");
        await Expect(list).ToContainTextAsync("nice to have");
        await Expect(page.GetByText("Only the expert")).ToHaveCountAsync(0);
        await PressAsync(page, "k", "y", "y", "y", "y", "y", "y", "y", "y", "y", "y", "n");
        await Expect(list.Locator("summary")).ToContainTextAsync("2 of 2");
    }

    [Fact]
    public async Task What_was_found_in_one_answer_is_taken_over_for_the_next_to_the_same_prompt()
    {
        await using var clinic = await site.ClinicAsync(Lines.OnePrompt("Drink water. Take 500 mg twice a day.", "Take 500 mg twice a day. Then rest in bed.", "You may take 500 mg two times a day."));
        var page = await clinic.SignInAsync(Roles.Annotator);
        var form = await TaskForm.NextAsync(page);
        await PressAsync(page, "c", "End", "1", "e");
        await page.Keyboard.InsertTextAsync("PMID: 30215381");
        await PressAsync(page, "Enter", "1", "Escape");
        await form.JudgeAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await ConfirmAsync(page);

        await Expect(page.Locator(".carry").First).ToBeVisibleAsync();
        await PressAsync(page, "c", "r");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Earlier claims for" })).ToBeVisibleAsync();
        Assert.Empty(await Axe.SeriousAsync(page, "earlier claims"));
        await PressAsync(page, "1");
        var first = page.Locator("[role=option]").First;
        await Expect(first).ToContainTextAsync("Supported");
        await Expect(first).ToContainTextAsync("1 source");
        await PressAsync(page, "ArrowDown", "e"); // and its source is in the tray
        await Expect(page.Locator("he-source-tray")).ToContainTextAsync("pubmed.ncbi.nlm.nih.gov/30215381");
    }

    [Fact]
    public async Task Several_answers_are_rated_in_one_grid_scrolled_together_and_compared_word_by_word()
    {
        await using var clinic = await site.ClinicAsync(Lines.Long);
        var page = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(page);
        await page.GetByRole(AriaRole.Tab, new() { Name = "All ratings" }).ClickAsync();
        await PressAsync(page, "4", "3", "4", "3"); // accuracy of both, reasoning of both
        Assert.Empty(await Axe.SeriousAsync(page, "grid"));
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Accuracy of response B, rated 3" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Response A" })).ToContainTextAsync("2/8");
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Response B" })).ToContainTextAsync("2/8");

        await page.GetByRole(AriaRole.Button, new() { Name = "Side by side" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Scroll together" }).ClickAsync();
        await page.Locator("#answer-A").EvaluateAsync("answer => answer.scrollTop = (answer.scrollHeight - answer.clientHeight) / 2");
        await TaskForm.UntilAsync(page, "(() => { const b = document.querySelector('#answer-B'); return Math.abs(b.scrollTop / (b.scrollHeight - b.clientHeight) - 0.5) < 0.02; })()");

        await page.GetByRole(AriaRole.Button, new() { Name = "Differences" }).ClickAsync();
        var differences = page.GetByRole(AriaRole.Region, new() { Name = "Differences" });
        var pair = await Task.WhenAll(differences.Locator("del").First.InnerTextAsync(), differences.Locator("ins").First.InnerTextAsync());
        Assert.Equal(["tea", "water"], pair.Order()); // which of them is A is this rater's own
        Assert.Empty(await Axe.SeriousAsync(page, "differences"));
    }

    private static async Task ConfirmAsync(IPage page)
    {
        var panel = page.Locator("#submit-panel");
        await Expect(panel.Or(page.GetByText("Handed in. Here is the next task."))).ToBeVisibleAsync();
        foreach (var box in await panel.Locator("input[type=checkbox]").AllAsync())
        {
            await box.CheckAsync();
        }

        foreach (var why in await panel.GetByLabel("Why").AllAsync())
        {
            await why.FillAsync("It is meant so.");
        }

        if (await panel.IsVisibleAsync())
        {
            await page.Keyboard.PressAsync("Control+Enter");
        }

        await Expect(page.GetByText("Handed in. Here is the next task.")).ToBeVisibleAsync();
    }

    private static async Task PressAsync(IPage page, params string[] keys)
    {
        foreach (var key in keys)
        {
            await page.Keyboard.PressAsync(key);
            await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        }
    }
}
