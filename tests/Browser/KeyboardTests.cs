using System.Text.Json;
using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class KeyboardTests(Site site)
{
    /// <summary>A box is gone as soon as it is closed; that it was is told a moment later, and a key in between was lost.</summary>
    [Fact]
    public async Task A_key_right_after_a_box_was_closed_is_not_lost()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(1));
        var page = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(page);
        await page.Keyboard.PressAsync("?");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();

        await page.EvaluateAsync("document.querySelector('dialog[open]').close(); document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'g', bubbles: true, cancelable: true }))");

        await page.GetByRole(AriaRole.Complementary).WaitForAsync();
    }

    [Fact]
    public async Task A_pair_is_judged_marked_and_handed_in_without_a_mouse()
    {
        await using var clinic = await site.ClinicAsync(Lines.Pair);
        var page = await clinic.SignInAsync(Roles.Annotator);
        JsonElement? sent = null;
        page.Request += (_, request) => sent = request is { Method: "PUT", PostData: { } body } && request.Url.Contains("/api/annotations/", StringComparison.Ordinal) ? JsonDocument.Parse(body).RootElement : sent;

        await page.Keyboard.PressAsync("n");
        await TaskForm.OpenAsync(page);
        await MarkSecondSentenceAsync(page);
        await RateAsync(page, "423451");
        await page.Keyboard.PressAsync("ArrowRight"); // extent of harm: none
        await ArrowUntilAsync(page, "None");
        await page.Keyboard.PressAsync("j"); // goes to what is still open: the confidence, then the other response, then the preference
        await ArrowUntilAsync(page, "2 · Moderate");
        await page.Keyboard.PressAsync("]");
        await RateAsync(page, "555555");
        await ArrowUntilAsync(page, "None");
        await page.Keyboard.PressAsync("j");
        await ArrowUntilAsync(page, "2 · Moderate");
        await page.Keyboard.PressAsync("j");
        await ArrowUntilAsync(page, "Response B");
        await page.Keyboard.PressAsync("Control+Enter");
        await AcknowledgeAllAsync(page);
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing for you now" })).ToBeVisibleAsync();

        var judgement = sent!.Value.GetProperty("judgement");
        var span = Assert.Single(judgement.GetProperty("spans").EnumerateArray());
        Assert.Equal("R7", span.GetProperty("code").GetString());
        Assert.Equal("critical", span.GetProperty("severity").GetString());
        Assert.EndsWith(".", span.GetProperty("quote").GetString(), StringComparison.Ordinal); // a whole sentence
        Assert.Equal("B", judgement.GetProperty("preference").GetProperty("winner").GetString());
        Assert.Equal([4, 2, 3, 4, 5, 1], Scores(judgement, 0));
        Assert.Equal([5, 5, 5, 5, 5, 5], Scores(judgement, 1));
    }

    /// <summary>To the text, into marking, the second sentence, its kind, its code by search, its severity.</summary>
    private static async Task MarkSecondSentenceAsync(IPage page)
    {
        foreach (var key in new[] { "t", "m", "ArrowDown", "ArrowDown", "Enter" })
        {
            await page.Keyboard.PressAsync(key);
        }

        var panel = page.GetByRole(AriaRole.Dialog, new() { Name = "Mark this text" });
        await panel.WaitForAsync();
        await page.Keyboard.PressAsync("u");
        await Expect(page.GetByRole(AriaRole.Searchbox, new() { NameRegex = new("Search all \\d+ codes") })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("contraindication");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("3");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(panel).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Escape");
    }

    private static async Task RateAsync(IPage page, string scores)
    {
        await page.Keyboard.PressAsync("j");
        foreach (var score in scores)
        {
            await Expect(page.Locator(".rating input:focus")).ToHaveCountAsync(1);
            var field = await page.Locator(".rating:focus-within").GetAttributeAsync("id");
            await page.Keyboard.PressAsync(score.ToString());
            await Expect(page.Locator($"#{field}:focus-within")).ToHaveCountAsync(0); // the focus has gone on to the next
        }
    }

    private static async Task ArrowUntilAsync(IPage page, string name)
    {
        for (var presses = 0; presses < 8 && await page.Locator("input:focus:checked").CountAsync() + presses >= 0; presses++)
        {
            if (await page.Locator("label:has(input:focus:checked)").GetByText(name, new() { Exact = true }).CountAsync() > 0)
            {
                return;
            }

            await page.Keyboard.PressAsync("ArrowRight");
        }

        Assert.Fail($"No arrow key led to {name}.");
    }

    private static async Task AcknowledgeAllAsync(IPage page)
    {
        await Expect(page.Locator("#submit-panel")).ToBeFocusedAsync();
        var open = await page.Locator("#submit-panel input[type=checkbox]").CountAsync();
        for (var presses = 0; open > 0 && presses < 20; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.Locator("#submit-panel input:focus").CountAsync() > 0)
            {
                await page.Keyboard.PressAsync("Space");
                await page.Keyboard.PressAsync("Tab"); // to its reason
                await page.Keyboard.TypeAsync("It is meant so.");
                open--;
            }
        }
    }

    private static int[] Scores(JsonElement judgement, int response) =>
        [.. new[] { "accuracy", "reasoning", "completeness", "clarity", "tone", "appropriateness" }.Select(key => judgement.GetProperty("ratings")[response].GetProperty(key).GetInt32())];
}
