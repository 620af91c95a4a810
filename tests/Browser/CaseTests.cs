using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class CaseTests(Site site)
{
    [Fact]
    public async Task An_adjudicator_settles_a_case_from_sign_in_to_hand_in()
    {
        await using var clinic = await site.ClinicAsync(2, Lines.Pair);
        await JudgeAsync(clinic, 3);
        await JudgeAsync(clinic, 5);
        await JudgeAsync(clinic, 4); // where two disagree, a third is asked first

        var page = await clinic.SignInAsync(Roles.Adjudicator);
        await page.GetByRole(AriaRole.Link, new() { Name = "Next case" }).ClickAsync();
        var points = page.Locator("section.point");
        await Expect(points).ToHaveCountAsync(10); // five dimensions of two responses, two points apart
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Hand in" })).ToBeDisabledAsync();
        Assert.Empty(await Axe.SeriousAsync(page, "case"));
        await DecideAsync(points.First);
        await Expect(page.GetByText("Saved on the server")).ToBeVisibleAsync();
        await page.EvaluateAsync("localStorage.clear()"); // as on another device
        await page.ReloadAsync();
        await Expect(points.First.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("The text says so.");
        for (var i = 1; i < 10; i++)
        {
            await DecideAsync(points.Nth(i));
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.Empty(await Axe.SeriousAsync(page, "case, decided, dark"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Hand in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing to settle for you now" })).ToBeVisibleAsync();
    }

    private static async Task DecideAsync(ILocator point)
    {
        await point.GetByRole(AriaRole.Radio, new() { Name = "4", Exact = true }).CheckAsync();
        await point.GetByRole(AriaRole.Textbox).FillAsync("The text says so.");
    }

    private static async Task JudgeAsync(Clinic clinic, int score)
    {
        var rater = await clinic.SignInAsync(Roles.Annotator);
        var form = await TaskForm.NextAsync(rater);
        await form.JudgeAsync("A", score);
        await form.JudgeAsync("B", score);
        await form.PreferAsync("B");
        await form.HandInAsync();
        await Expect(rater.GetByRole(AriaRole.Heading, new() { Name = "Nothing for you now" })).ToBeVisibleAsync();
    }
}
