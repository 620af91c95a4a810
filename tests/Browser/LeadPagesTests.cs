using System.Text.RegularExpressions;
using HealthEval.People;
using HealthEval.Tests.TestHost;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

/// <summary>A lead's pages and a rater's own, on the demo project as a newcomer has it: readable at a desk and on a phone, and their buttons do what they say.</summary>
public sealed class LeadPagesTests(Site site)
{
    private const int Phone = 390;

    [Fact]
    public async Task Every_page_of_a_lead_is_accessible_and_fits_a_phone()
    {
        await using var clinic = await site.ClinicAsync();
        var page = await clinic.SignInAsync(Roles.Admin, everything: true);
        var item = await FirstLinkAsync(page, clinic, "items/demo", "items/demo/");
        var rater = await FirstLinkAsync(page, clinic, "raters/demo", "raters/demo/simulated");
        var found = new List<string>();
        foreach (var address in (string[])
            ["inbox/demo", "items/demo", item, $"{item}/gold", "raters/demo", rater, "raters/demo/_standards", "batches/demo", "batches/demo/_design", "quality/demo", "guidelines/healtheval/2/training", "guidelines/healtheval/2/edit", "questions/demo"])
        {
            found.AddRange(await LookAsync(page, clinic, address));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task A_raters_own_pages_are_accessible_and_fit_a_phone()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(2));
        var admin = await clinic.SignInAsync(Roles.Admin);
        await admin.GotoAsync($"{clinic.Url}/#/raters/{clinic.ProjectId}/_standards");
        await admin.GetByLabel("Quiz", new() { Exact = false }).First.CheckAsync();
        await admin.GetByLabel("Calibration", new() { Exact = false }).First.CheckAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(admin.GetByText("It holds for the next task")).ToBeVisibleAsync();
        var page = await clinic.SignInAsync(Roles.Annotator);
        var found = new List<string>();
        foreach (var address in (string[])["my-quality", $"training/{clinic.ProjectId}/quiz", $"training/{clinic.ProjectId}/calibration", "mine"])
        {
            found.AddRange(await LookAsync(page, clinic, address));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task A_lead_pauses_a_rater_resumes_them_waives_a_step_and_makes_a_judgement_gold()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(3));
        var rater = await clinic.SignInAsync(Roles.Annotator);
        var page = await clinic.SignInAsync(Roles.Admin, everything: true);
        await page.GotoAsync($"{clinic.Url}/#/raters/{clinic.ProjectId}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Rosa annotator", Exact = true }).ClickAsync();
        await DecideAsync(page, "Pause …", "Pause", "Let us talk first.");
        await Assertions.Expect(page.GetByText("Let us talk first.").First).ToBeVisibleAsync();
        await rater.GotoAsync($"{clinic.Url}/#/my-quality");
        await Assertions.Expect(rater.GetByText("Let us talk first.").First).ToBeVisibleAsync();
        await DecideAsync(page, "Resume …", "Resume", "We talked.");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause …" })).ToBeVisibleAsync();

        await page.GotoAsync($"{clinic.Url}/#/raters/{clinic.ProjectId}/_standards");
        await page.GetByLabel("Quiz", new() { Exact = false }).First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        var row = page.Locator("tr", new() { HasText = "Rosa annotator" });
        await Assertions.Expect(row.GetByText("At: quiz")).ToBeVisibleAsync();
        await DecideAsync(page, "Decide about a step of Rosa annotator", "Decide", "Wrote the questions.");
        await Assertions.Expect(page.GetByText("Wrote the questions.")).ToBeVisibleAsync();
        await Assertions.Expect(row.GetByText("At: quiz")).ToHaveCountAsync(0);

        await page.GotoAsync($"{clinic.Url}/#/items/demo");
        await page.RunAndWaitForResponseAsync(() => page.GetByLabel("State", new() { Exact = true }).SelectOptionAsync("settled"), answer => answer.Url.Contains("state=settled", StringComparison.Ordinal));
        await page.Locator("main a[href*='#/items/demo/']").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Make gold … of the judgement of") }).First.ClickAsync();
        await page.GetByLabel("Why it is right").FillAsync("As experts see it.");
        await MakeGoldAsync(page);
    }

    [Fact]
    public async Task A_lead_writes_gold_from_nothing_in_the_form_of_a_task_and_changes_it_into_its_next_version()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(1));
        var page = await clinic.SignInAsync(Roles.Lead);
        await page.GotoAsync($"{clinic.Url}/#/items/{clinic.ProjectId}");
        await page.Locator($"main a[href*='#/items/{clinic.ProjectId}/']").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Write gold …" }).ClickAsync();
        await page.GetByLabel("Why it is right").FillAsync("Rest and water do; the red flag is there.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it gold" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Still needed" })).ToBeVisibleAsync();
        await new TaskForm(page).JudgeAsync();
        await page.GetByText("Which other scores are right").ClickAsync();
        await page.GetByLabel("Tone: lowest right score").SelectOptionAsync("2");
        Assert.Empty(await Axe.SeriousAsync(page, "writing gold"));
        await page.ReloadAsync(); // what was written is kept on the device
        await Assertions.Expect(page.GetByText("You began this before")).ToBeVisibleAsync();
        await MakeGoldAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Gold and raters" }).ClickAsync();
        var row = page.Locator("tr", new() { HasText = "Rest and water do" });
        await Assertions.Expect(row.GetByText("clean control")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Link, new() { Name = "Change …" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This item is gold, version 1.")).ToBeVisibleAsync();
        await page.GetByText("Which other scores are right").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Tone: lowest right score")).ToHaveValueAsync("2");
        await page.GetByRole(AriaRole.Group, new() { Name = "Clarity" }).GetByRole(AriaRole.Radio, new() { Name = "3:" }).CheckAsync();
        await MakeGoldAsync(page);
        await Assertions.Expect(page.GetByText("It is gold now, version 2.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_lead_publishes_a_guideline_of_their_own_and_plans_and_opens_a_comparison()
    {
        await using var clinic = await site.ClinicAsync(Lines.Compared(4));
        var page = await clinic.SignInAsync(Roles.Admin);
        await page.GotoAsync($"{clinic.Url}/#/guidelines/healtheval/2/edit");
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("House rules");
        await page.GetByLabel("Id", new() { Exact = true }).FillAsync($"house-{clinic.ProjectId}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish as a new version" }).ClickAsync();
        await Assertions.Expect(page.Locator("main h1")).ToHaveTextAsync("House rules");

        await page.GotoAsync($"{clinic.Url}/#/batches/{clinic.ProjectId}/_design");
        await page.GetByLabel("Prompts", new() { Exact = true }).FillAsync("4");
        await page.GetByRole(AriaRole.Button, new() { Name = "Work it out" }).ClickAsync();
        await Assertions.Expect(page.GetByText("percentage points").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("4 of 4 that all of these models have answered")).ToBeVisibleAsync();
        await page.GetByLabel("Why", new() { Exact = true }).FillAsync("The launch.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open the comparison" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Its page" }).ClickAsync();
        await Assertions.Expect(page.Locator("main h1")).ToHaveTextAsync("Receipt");
    }

    /// <summary>Stands by whatever the judgement contradicts itself in.</summary>
    private static async Task MakeGoldAsync(IPage page)
    {
        var make = page.GetByRole(AriaRole.Button, new() { Name = "Make it gold" });
        await make.ClickAsync();
        var (done, panel) = (page.GetByText(new Regex("It is gold now|gold in just this way")), page.Locator("#submit-panel"));
        await done.Or(panel).First.WaitForAsync();
        if (await panel.CountAsync() > 0)
        {
            foreach (var box in await panel.GetByRole(AriaRole.Checkbox).AllAsync())
            {
                await box.CheckAsync();
            }

            foreach (var why in await panel.GetByRole(AriaRole.Textbox).AllAsync())
            {
                await why.FillAsync("It is meant.");
            }

            await make.ClickAsync();
        }

        await Assertions.Expect(done).ToBeVisibleAsync();
    }

    private static async Task DecideAsync(IPage page, string open, string verb, string why)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = open, Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Why").FillAsync(why);
        await dialog.GetByRole(AriaRole.Button, new() { Name = verb, Exact = true }).ClickAsync();
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    private static async Task<string> FirstLinkAsync(IPage page, Clinic clinic, string address, string begins)
    {
        await page.GotoAsync($"{clinic.Url}/#/{address}");
        var link = page.Locator($"main a[href^='#/{begins}']").First;
        await link.WaitForAsync();
        return (await link.GetAttributeAsync("href"))![2..];
    }

    /// <summary>At a desk, light and dark, and on a phone, where nothing is wider than the screen.</summary>
    private static async Task<IReadOnlyList<string>> LookAsync(IPage page, Clinic clinic, string address)
    {
        var found = new List<string>();
        foreach (var width in (int[])[1280, Phone])
        {
            await page.SetViewportSizeAsync(width, 844);
            await page.GotoAsync($"{clinic.Url}/#/{address}");
            await page.Locator("main h1").WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await Assertions.Expect(page.GetByText(new Regex("^Loading .* …$"))).ToHaveCountAsync(0);
            found.AddRange(await Axe.SeriousAsync(page, $"{address} at {width}", dark: width > Phone));
            if (await page.GetByText("There is no such").CountAsync() > 0)
            {
                found.Add($"{address}: not there");
            }

            var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            found.AddRange(wide > width ? (string[])[$"{address}: {wide} pixels wide at {width}"] : []);
        }

        return found;
    }
}
