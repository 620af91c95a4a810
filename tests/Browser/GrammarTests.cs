using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class GrammarTests(Site site)
{
    [Fact]
    public async Task A_digit_belongs_to_the_question_in_focus_and_else_to_the_next_open_one_in_view()
    {
        await using var clinic = await site.ClinicAsync(Lines.Pair);
        var page = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(page);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Response B" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "1 · Low" }).FocusAsync();
        await page.Keyboard.PressAsync("5"); // no such confidence: nobody else's either
        await page.Keyboard.PressAsync("3");
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "3 · High" })).ToBeCheckedAsync();
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Response A" })).ToContainTextAsync("0/8");

        await page.GetByRole(AriaRole.Button, new() { Name = "Something is missing" }).FocusAsync();
        await page.Keyboard.PressAsync("4");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Accuracy" }).GetByRole(AriaRole.Radio, new() { Name = "4:" })).ToBeCheckedAsync();
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Response A" })).ToContainTextAsync("0/8");
        await KeysCanBeSwitchedOffAsync(page);
    }

    private static async Task KeysCanBeSwitchedOffAsync(IPage page)
    {
        var drawer = page.GetByRole(AriaRole.Complementary);
        await page.GetByRole(AriaRole.Button, new() { Name = "Keys", Exact = true }).ClickAsync();
        await page.GetByLabel("Key for: Guideline").PressAsync("x");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("g");
        await Expect(drawer).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("x");
        await Expect(drawer).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keys", Exact = true }).ClickAsync();
        await page.GetByLabel("Single keys act anywhere").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("x");
        await Expect(drawer).ToBeHiddenAsync();
    }
}
