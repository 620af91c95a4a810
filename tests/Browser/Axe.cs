using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

internal static class Axe
{
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    /// <summary>What keeps people from using the screen as it is now; in the dark only colours differ, so only contrast is looked at again.</summary>
    /// <param name="dark">Whether to look at it in the dark as well.</param>
    /// <remarks>Without motion: a button on its way from the light colour to the dark one has neither's contrast.</remarks>
    public static async Task<IReadOnlyList<string>> SeriousAsync(IPage page, string screen, bool dark = true)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        var found = await SeriousAsync(page, screen, RunOnlyOptions.Tags(Rules));
        if (!dark)
        {
            return found;
        }

        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });
        var foundInTheDark = await SeriousAsync(page, screen + " (dark)", RunOnlyOptions.Rules("color-contrast"));
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
        return [.. found, .. foundInTheDark];
    }

    private static async Task<IReadOnlyList<string>> SeriousAsync(IPage page, string screen, RunOnlyOptions rules)
    {
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = rules, ResultTypes = [ResultType.Violations] }); // of what is well, one node is written down instead of all
        return [.. result.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{screen}: {violation.Id} – {violation.Help}: {string.Join("; ", violation.Nodes.Select(node => node.Html).Take(3))}")];
    }
}
