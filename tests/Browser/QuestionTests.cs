using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class QuestionTests(Site site)
{
    [Fact]
    public async Task A_rater_asks_about_a_passage_and_the_answer_stands_in_everybody_s_guideline()
    {
        await using var clinic = await site.ClinicAsync(2, Lines.Singles(1));
        var rater = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(rater);
        await rater.Keyboard.PressAsync("c");
        await rater.Keyboard.PressAsync("End");
        await rater.Keyboard.PressAsync("q");
        var dialog = rater.GetByRole(AriaRole.Dialog, new() { Name = "Ask the lead" });
        await Expect(dialog).ToContainTextAsync("Call 112 if you faint.");
        await dialog.GetByLabel("Your question").FillAsync("Is 112 right here?");
        Assert.Empty(await Axe.SeriousAsync(rater, "ask"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(rater.GetByText("Asked. The answer will stand")).ToBeVisibleAsync();

        var lead = await clinic.SignInAsync(Roles.Lead);
        await lead.GetByRole(AriaRole.Link, new() { Name = "Questions", Exact = true }).ClickAsync();
        await Expect(lead.GetByText("Call 112 if you faint.")).ToBeVisibleAsync();
        await lead.GetByLabel("Answer", new() { Exact = true }).FillAsync("By jurisdiction: 911 in the US.");
        await lead.GetByLabel("The question, as the others read it").FillAsync("Which emergency number is right?");
        Assert.Empty(await Axe.SeriousAsync(lead, "questions"));
        await lead.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }).ClickAsync();
        await Expect(lead.GetByText("Answered for all")).ToBeVisibleAsync();

        var other = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(other);
        await other.Keyboard.PressAsync("g");
        await Expect(other.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Which emergency number is right?");
        await Expect(other.GetByRole(AriaRole.Complementary)).ToContainTextAsync("911 in the US");
        await other.GetByRole(AriaRole.Button, new() { Name = "Give back" }).ClickAsync();
        await other.GetByRole(AriaRole.Radio, new() { Name = "Outside my expertise" }).CheckAsync();
        await other.GetByLabel("What a lead should know").FillAsync("It is about dentistry.");
        await other.GetByRole(AriaRole.Button, new() { Name = "Give it back" }).ClickAsync();
        await Expect(other.GetByText("Given back.")).ToBeVisibleAsync();
        await lead.ReloadAsync();
        await Expect(lead.GetByText("Given back (Outside my expertise): It is about dentistry.").First).ToBeVisibleAsync();

        await rater.GetByRole(AriaRole.Link, new() { Name = "Home", Exact = true }).ClickAsync();
        await Expect(rater.GetByRole(AriaRole.Region, new() { Name = "Your questions" })).ToContainTextAsync("911 in the US");
    }
}
