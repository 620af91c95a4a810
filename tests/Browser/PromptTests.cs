using HealthEval.People;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

public sealed class PromptTests(Site site)
{
    [Fact]
    public async Task A_prompt_is_written_refined_compared_and_taken_back()
    {
        await using var clinic = await site.ClinicAsync();
        var page = await clinic.SignInAsync(Roles.Annotator);
        await page.GetByRole(AriaRole.Link, new() { Name = "Prompts", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New prompt" }).ClickAsync();
        await page.GetByLabel("Title").FillAsync("Fall on a blood thinner");
        await page.GetByLabel("Person", new() { Exact = true }).FillAsync("My father fell. What now?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep the prompt" }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Refine Fall on a blood thinner" }).ClickAsync();
        await page.GetByLabel("Person", new() { Exact = true }).FillAsync("My father fell on apixaban. What now?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep as version 2" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).GetByText("Say what this version does better").WaitForAsync();
        await page.GetByLabel("Why this version").FillAsync("Names the drug");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep as version 2" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "What changed in version 2" }).ClickAsync();
        Assert.Equal("on apixaban", (await page.Locator("ins").AllInnerTextsAsync()).Aggregate((one, other) => one + other).Trim());
        await page.GetByRole(AriaRole.Button, new() { Name = "Start from version 1" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Person", new() { Exact = true })).ToHaveValueAsync("My father fell. What now?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep as version 3" }).ClickAsync();
        await page.GetByText("from version 1").WaitForAsync();
    }
}
