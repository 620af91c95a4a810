using HealthEval.Tests.TestHost;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

/// <summary>What a clinician does on the task page, in the words of the page.</summary>
internal sealed class TaskForm(IPage page)
{
    private static readonly string[] Dimensions = ["Accuracy", "Reasoning", "Completeness", "Clarity", "Tone", "Appropriateness"];

    public ILocator Rationale => page.GetByRole(AriaRole.Textbox, new() { Name = "Rationale" });

    public ILocator Draft => page.Locator("[data-draft]");

    public static async Task<TaskForm> NextAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Next task" }).ClickAsync();
        return await OpenAsync(page);
    }

    public static async Task<TaskForm> OpenAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Toolbar, new() { Name = "Task tools" }).WaitForAsync();
        return new TaskForm(page);
    }

    public ILocator Panel => page.GetByRole(AriaRole.Dialog, new() { Name = "Mark this text" });

    public Task SavedAsync() => page.Locator("[data-draft=saved]").WaitForAsync();

    public async Task JudgeAsync(string? response = null, int score = 4)
    {
        if (response is not null)
        {
            await page.GetByRole(AriaRole.Tab, new() { Name = $"Response {response}" }).ClickAsync();
        }

        foreach (var dimension in Dimensions)
        {
            var level = dimension == "Accuracy" ? Math.Min(score, 4) : score; // a 5 rests on checked claims
            await page.GetByRole(AriaRole.Group, new() { Name = dimension }).GetByRole(AriaRole.Radio, new() { Name = $"{level}:" }).CheckAsync();
        }

        await page.GetByRole(AriaRole.Group, new() { Name = "Worst plausible extent" }).GetByRole(AriaRole.Radio, new() { Name = "None" }).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "3 · High" }).CheckAsync();
    }

    public async Task PreferAsync(string response)
    {
        await page.GetByRole(AriaRole.Tab, new() { Name = "Conclude" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = $"Response {response}", Exact = true }).CheckAsync();
    }

    public Task HandInAsync() => page.GetByRole(AriaRole.Button, new() { Name = "Hand in" }).ClickAsync();

    /// <summary>The browser's own way of waiting for a sentence evaluates it in the page, which the page's policy forbids.</summary>
    public static Task UntilAsync(IPage page, string holds) => Until.TrueAsync(holds, () => page.EvaluateAsync<bool>(holds), everyMilliseconds: 100);
}
