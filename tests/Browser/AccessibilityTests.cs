using HealthEval.People;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

public sealed class AccessibilityTests(Site site)
{
    private readonly List<string> _found = [];

    [Fact]
    public async Task Axe_finds_nothing_serious_on_any_screen_light_or_dark()
    {
        await using var clinic = await site.ClinicAsync([Lines.Pair, .. Lines.Singles(2)]);
        await SignInScreensAsync(await clinic.WindowAsync(), clinic.Url);
        await JudgingScreensAsync(await clinic.SignInAsync(Roles.Annotator));
        await LeadScreensAsync(await clinic.SignInAsync(Roles.Admin));
        Assert.True(_found.Count == 0, string.Join('\n', _found));
    }

    private async Task SignInScreensAsync(IPage page, string url)
    {
        await page.GotoAsync($"{url}/#/sign-in/never-a-valid-token-at-all");
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await LookAsync(page, "sign-in");
    }

    private async Task JudgingScreensAsync(IPage page)
    {
        await LookAsync(page, "home");
        await TaskForm.NextAsync(page);
        await LookAsync(page, "task");
        await page.Keyboard.PressAsync("?");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await LookAsync(page, "keys");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await page.Keyboard.PressAsync("g");
        await page.GetByRole(AriaRole.Complementary).WaitForAsync();
        await LookAsync(page, "guideline panel");
        await page.Keyboard.PressAsync("Escape");
        foreach (var key in new[] { "t", "m", "ArrowDown", "Enter" })
        {
            await page.Keyboard.PressAsync(key);
        }

        await page.Keyboard.PressAsync("f");
        await LookAsync(page, "mark");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it a claim" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a source" }).ClickAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator("#submit-panel").WaitForAsync();
        await LookAsync(page, "claim and what is missing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give back" }).ClickAsync();
        await LookAsync(page, "give back");
    }

    private async Task LeadScreensAsync(IPage page)
    {
        foreach (var name in await page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link).AllInnerTextsAsync())
        {
            await page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
            await page.Locator("main h1").WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await LookAsync(page, name);
        }
    }

    private async Task LookAsync(IPage page, string screen) => _found.AddRange(await Axe.SeriousAsync(page, screen));
}
