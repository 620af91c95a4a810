using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class LayoutTests(Site site)
{
    [Fact]
    public async Task Wide_text_scrolls_in_its_own_box_on_every_screen_and_runs_in_its_own_direction()
    {
        await using var clinic = await site.ClinicAsync(Lines.Wide);
        var page = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(page);
        foreach (var width in new[] { 1280, 768, 390 })
        {
            await page.SetViewportSizeAsync(width, 800);
            Assert.Equal("", await page.EvaluateAsync<string>(
                """
                [...document.querySelectorAll('html, .pane, .turn, .answer')].filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.className || 'page')
                    .concat([...document.querySelectorAll('pre, .md-table')].filter(box => box.tabIndex !== 0).map(() => 'not focusable')).join()
                """));
            Assert.Equal(3, await page.EvaluateAsync<int>("[...document.querySelectorAll('pre, .md-table')].filter(box => box.scrollWidth > box.clientWidth).length"));
        }

        foreach (var box in new[] { "ul", ".md-table" })
        {
            Assert.Equal("rtl", await page.Locator($".answer {box}").Last.EvaluateAsync<string>("box => getComputedStyle(box).direction"));
        }

        await page.Keyboard.PressAsync("?");
        var dialog = (await page.GetByRole(AriaRole.Dialog).BoundingBoxAsync())!;
        Assert.True(dialog.X >= 0 && dialog.X + dialog.Width <= 390, $"The dialog lies at {dialog.X}, {dialog.Width} wide.");
        await page.Keyboard.PressAsync("Escape");
        await PhoneKeepsItsPlacesAsync(page);
    }

    [Fact]
    public async Task What_has_the_focus_is_never_under_a_bar_and_what_is_chosen_shows_in_forced_colours()
    {
        await using var clinic = await site.ClinicAsync(Lines.Pair);
        var page = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(page);
        await page.SetViewportSizeAsync(1280, 560);
        await page.Keyboard.PressAsync("4");
        var covered = new List<string>();
        for (var tabs = 0; tabs < 30; tabs++)
        {
            await page.Keyboard.PressAsync("Tab");
            covered.AddRange(await page.EvaluateAsync<string[]>(
                """
                (() => {
                    const control = document.activeElement, pane = control.closest('.pane.judge');
                    if (!pane || control.closest('.submit-bar, .parts')) return [];
                    const box = (control.matches('input[type=radio]') ? control.parentElement : control).getBoundingClientRect();
                    const top = document.querySelector('.parts').getBoundingClientRect().bottom, bottom = document.querySelector('.submit-bar').getBoundingClientRect().top;
                    return box.bottom > bottom + 1 || box.top < top - 1 ? [control.outerHTML.slice(0, 120)] : [];
                })()
                """));
        }

        Assert.Empty(covered);
        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        var colours = await page.EvaluateAsync<string[]>("[':checked', ':not(:checked)'].map(state => getComputedStyle(document.querySelector(`.notch input${state} + span`)).backgroundColor)");
        Assert.NotEqual(colours[0], colours[1]);
    }

    private static async Task PhoneKeepsItsPlacesAsync(IPage page)
    {
        await page.EvaluateAsync("scrollTo(0, 900)");
        await ShowAsync(page, "Judge");
        var bar = (await page.Locator(".task-bar").BoundingBoxAsync())!.Height;
        await page.EvaluateAsync("document.querySelector('.notch input').click()");
        await page.Locator("[data-draft=saved]").WaitForAsync();
        Assert.Equal(bar, (await page.Locator(".task-bar").BoundingBoxAsync())!.Height); // the status says more, and nothing moves
        await page.EvaluateAsync("scrollTo(0, 350)");
        await ShowAsync(page, "Read");
        await Expect(page.Locator(".pane.read")).ToBeVisibleAsync();
        Assert.Equal(900, await page.EvaluateAsync<int>("scrollY"));
        await ShowAsync(page, "Judge");
        Assert.Equal(350, await page.EvaluateAsync<int>("scrollY"));
    }

    /// <summary>By the button's own click: the browser's driver would scroll to it first.</summary>
    private static async Task ShowAsync(IPage page, string side) =>
        await page.GetByRole(AriaRole.Group, new() { Name = "Show" }).GetByRole(AriaRole.Button, new() { Name = side }).EvaluateAsync("button => button.click()");
}
