using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

internal static class Axe
{
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    /// <summary>What keeps people from using the screen as it is now.</summary>
    public static async Task<IReadOnlyList<string>> SeriousAsync(IPage page, string screen)
    {
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Tags(Rules) });
        return [.. result.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{screen}: {violation.Id} – {violation.Help}: {string.Join("; ", violation.Nodes.Select(node => node.Html).Take(3))}")];
    }
}
