using System.Globalization;
using System.Text;

namespace HealthEval.Tests.Agreement;

public sealed class DocumentationTests
{
    private const string Mark = "<!-- published values: written by DocumentationTests, do not edit below -->\n";

    [Fact]
    public void The_documented_table_is_what_the_library_computes()
    {
        var table = new StringBuilder("| measure and data | published | ours | decimals | source |\n|---|---|---|---|---|\n");
        foreach (var value in Published.Values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            var decimals = value.Tolerance <= 1e-9 ? "exact" : Math.Max(0, (int)Math.Floor(-Math.Log10(value.Tolerance * 1.9))).ToString(CultureInfo.InvariantCulture);
            var ours = Math.Round(Published.Compute(value.Key), 8) + 0.0;
            table.Append(CultureInfo.InvariantCulture, $"| {value.Key} | {value.Expected} | {ours} | {decimals} | {value.Source.Replace("|", "\\|", StringComparison.Ordinal)}{(value.Recalled ? " †" : "")} |\n");
        }
        var page = Page();
        var text = File.ReadAllText(page);
        var wanted = text[..(text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)] + "\n" + table;
        if (text != wanted)
        {
            File.WriteAllText(Path.ChangeExtension(page, ".received.md"), wanted);
        }
        Assert.True(text == wanted, "docs/statistics.md is out of date: compare it with docs/statistics.received.md.");
    }

    private static string Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "docs", "statistics.md")))
        {
            folder = folder.Parent;
        }
        return Path.Combine(folder?.FullName ?? throw new FileNotFoundException("docs/statistics.md is nowhere above the tests."), "docs", "statistics.md");
    }
}
