using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class MarkTests(Site site)
{
    [Fact]
    public async Task A_mark_keeps_its_kind_and_its_words_whatever_happens_around_it()
    {
        await using var clinic = await site.ClinicAsync(Lines.Single("p", "What now?", "Drink water and rest. Take ten tablets at once. Call 112 if you faint."));
        var page = await clinic.SignInAsync(Roles.Annotator);
        var form = await TaskForm.NextAsync(page);
        await SearchStaysWithinTheKindAsync(page, form);
        await TypingIsNoShortcutAsync(page);
        await NothingWrittenIsLostAsync(page, form);
        await AnOmissionIsNoStrengthAsync(page);
    }

    private static async Task SearchStaysWithinTheKindAsync(IPage page, TaskForm form)
    {
        await SelectAsync(page, "Take ten tablets");
        await form.Panel.WaitForAsync();
        await page.Keyboard.PressAsync("f");
        await Expect(page.Locator("#span-code-search")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter"); // nothing searched for: nothing is taken
        await Expect(page.Locator("input[name=span-code]:checked")).ToHaveCountAsync(0);
        await page.Keyboard.TypeAsync("red flag");
        await Expect(form.Panel.GetByText("Of another kind:")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep the kind" }).ClickAsync();
        await Expect(page.Locator("input[name=span-kind]:checked")).ToHaveValueAsync("factual_error");
        await page.Locator("#span-code-search").FillAsync("dose");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("input[name=span-code]:checked")).ToHaveValueAsync("F2");
    }

    private static async Task TypingIsNoShortcutAsync(IPage page)
    {
        await page.Keyboard.PressAsync("3");
        await page.Keyboard.PressAsync("p"); // a letter of no kind, and of a kind: neither may cost what is chosen
        await page.Keyboard.PressAsync("s");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Comment" })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Stop: can I say ten?");
        await Expect(page.Locator("input[name=span-kind]:checked")).ToHaveValueAsync("factual_error");
        await Expect(page.Locator("input[name=span-severity]:checked")).ToHaveValueAsync("critical");
    }

    private static async Task NothingWrittenIsLostAsync(IPage page, TaskForm form)
    {
        await SelectAsync(page, "Call 112"); // the mark was ready: it becomes a step of its own
        await Expect(page.Locator("#spans-0")).ToContainTextAsync("Stop: can I say ten?");
        await Expect(page.GetByText("Undo takes it back")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("i");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Comment" }).FillAsync("Not ready yet");
        await SelectAsync(page, "Drink water");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on writing" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Comment" })).ToHaveValueAsync("Not ready yet");
        await Expect(page.Locator(".m-pending").First).ToContainTextAsync("Call 112"); // still to be seen in the text
        await form.SavedAsync();
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Comment" })).ToHaveValueAsync("Not ready yet");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Comment" }).FocusAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();
        await Expect(form.Panel).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete F2" }).ClickAsync();
        await Expect(page.Locator("#omit-A")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator(".toast")).ToContainTextAsync("Undone: Delete F2");
    }

    private static async Task AnOmissionIsNoStrengthAsync(IPage page)
    {
        await page.Locator("#omit-A").ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog, new() { Name = "Omission" });
        await Expect(panel.GetByRole(AriaRole.Radio, new() { Name = "Strength" })).ToHaveCountAsync(0);
        Assert.Equal(["O1", "O2", "O3", "O4", "O5"], (await panel.Locator(".code-list .code").AllInnerTextsAsync()).Take(5));
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#omit-A")).ToBeFocusedAsync();
    }

    /// <summary>As with the mouse: the words are selected and the button is let go.</summary>
    private static async Task SelectAsync(IPage page, string words) => await page.EvaluateAsync(
        """
        words => {
            const run = [...document.querySelectorAll('.answer [data-s]')].find(run => run.textContent.includes(words)).firstChild.nextSibling ?? [...document.querySelectorAll('.answer [data-s]')].find(run => run.textContent.includes(words)).firstChild;
            const text = [...run.parentElement.childNodes].find(node => node.nodeType === 3 && node.data.includes(words)), from = text.data.indexOf(words);
            document.querySelector('.answer').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerType: 'mouse' }));
            getSelection().setBaseAndExtent(text, from, text, from + words.length);
            document.querySelector('.answer').dispatchEvent(new PointerEvent('pointerup', { bubbles: true, pointerType: 'mouse' }));
            return new Promise(done => setTimeout(done, 50));
        }
        """, words);
}
