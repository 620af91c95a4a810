using System.Text.Json;
using HealthEval.People;
using HealthEval.Tests.TestHost;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

/// <summary>A report read in the browser: made by a lead, then read, printed and looked at for what keeps people out.</summary>
public sealed class ReportPageTests(Site site)
{
    [Fact]
    public async Task A_campaign_report_is_made_read_and_printed_and_axe_finds_nothing_serious()
    {
        await using var clinic = await site.ClinicAsync(2, [.. Enumerable.Range(1, 8).Select(Pair)]);
        var data = Path.GetFullPath(Path.Combine(clinic.DropFolder, "..", "..", ".."));
        var (exitCode, _, error) = await RealProcess.RunAsync("simulate", "--project", clinic.ProjectId, "--raters", "3", "--seed", "5", "--data", data);
        Assert.True(exitCode == 0, error);

        var page = await clinic.SignInAsync(Roles.Lead);
        await page.GotoAsync($"{clinic.Url}/#/reports/{clinic.ProjectId}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compile the campaign report" }).ClickAsync();
        var report = page.GetByRole(AriaRole.Region, new() { Name = "Campaign reports" }).GetByRole(AriaRole.Heading).GetByRole(AriaRole.Link);
        await report.First.WaitForAsync();
        List<string> found = [.. await Axe.SeriousAsync(page, "reports")];
        await report.First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Trend", Exact = true }).WaitForAsync();
        found.AddRange(await Axe.SeriousAsync(page, "report"));
        Assert.True(found.Count == 0, string.Join('\n', found));

        await Assertions.Expect(page.GetByText("model-a against model-b, 8 prompts in common")).ToBeVisibleAsync();
        await page.GetByText("model-a against model-b, inside risk tiers and sub-domains").First.ClickAsync(); // long tables open on request
        var strata = page.GetByRole(AriaRole.Region, new() { Name = "model-a against model-b, inside risk tiers and sub-domains" });
        await Assertions.Expect(strata.GetByRole(AriaRole.Row)).ToHaveCountAsync(13); // one tier, one sub-domain; six figures each
        await Assertions.Expect(strata.GetByText("low n").First).ToBeVisibleAsync();

        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Print" })).ToBeHiddenAsync();
        var wide = await page.EvaluateAsync<int>("() => [...document.querySelectorAll('.report table')].filter(table => table.scrollWidth > table.parentElement.clientWidth + 1).length");
        Assert.Equal(0, wide);
    }

    [Fact]
    public async Task What_still_counts_as_not_worse_is_agreed_on_the_projects_page()
    {
        await using var clinic = await site.ClinicAsync(Pair(1));
        var page = await clinic.SignInAsync(Roles.Lead);
        await OpenAsync("index");
        await page.GetByLabel("Quality index, points of 100").FillAsync("1.5");
        await page.GetByLabel("Win rate, percentage points").FillAsync("2.5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).WaitForAsync(); // back among the projects
        await OpenAsync("agreed");
        await Assertions.Expect(page.GetByLabel("Quality index, points of 100")).ToHaveValueAsync("1.5");
        await Assertions.Expect(page.GetByLabel("Win rate, percentage points")).ToHaveValueAsync("2.5");

        async Task OpenAsync(string state)
        {
            await page.GotoAsync($"{clinic.Url}/#/projects/{clinic.ProjectId}");
            var more = page.GetByText("How much worse still counts as not worse");
            await more.WaitForAsync();
            if (state == "index")
            {
                await more.ClickAsync(); // nothing is agreed, so it is closed
            }
        }
    }

    private static string Pair(int n) => JsonSerializer.Serialize(new
    {
        prompt_id = $"p{n}",
        prompt = new[] { new { role = "user", content = $"Question {n}: how much paracetamol may I take?" } },
        responses = new[] { "model-a", "model-b" }.Select(model => new
        {
            response_id = $"{model}-{n}",
            model,
            content = $"At most {n + 2} g a day for an adult who is healthy, says {(model == "model-a" ? "the label. Ask a pharmacist when in doubt" : "everybody")}. Rest and drink.",
        }),
    });
}
