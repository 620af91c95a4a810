using System.Globalization;
using System.Text.RegularExpressions;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>docs/azure-costs.md: its months follow from its prices, its assumptions and the request units that are measured.</summary>
public sealed class CostTests
{
    private static readonly string Page = Repository.Text("docs/azure-costs.md");
    private static readonly Dictionary<string, double> Units = Table("Request units");
    private static readonly Dictionary<string, double> Prices = Table("Prices");
    private static readonly Dictionary<string, double> Assumed = Table("Assumptions");

    [Fact]
    public void The_months_follow_from_prices_assumptions_and_measured_units()
    {
        var (small, large) = (2_000 * Assumed["weeks in a month"], 50_000 * Assumed["weeks in a month"]);
        var items = small / Assumed["judgements per item"];
        Dictionary<string, double>[] months =
        [
            Month(small, loaded: items, items, small), Month(small, loaded: items, items * 12, small * 12),
            Month(0, loaded: 10_000_000, 10_000_000, 0), Month(large, loaded: 0, 10_000_000, large), Month(large, loaded: 0, 10_000_000, large * 11),
        ];
        var stated = Regex.Matches(Section("Month by month"), @"(?m)^\| ([^|]+) \|((?: [\d.,]+ \|){5})$").ToDictionary(
            row => row.Groups[1].Value.Trim('*'),
            row => row.Groups[2].Value.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Number).ToList());

        Assert.Equal(months[0].Keys, stated.Keys);
        Assert.All(stated, row => Assert.All(row.Value.Zip(months), cell =>
            Assert.True(Math.Abs(cell.First - cell.Second[row.Key]) <= Math.Max(0.06, cell.Second[row.Key] * 0.04), $"{row.Key}: {cell.First}, computed {cell.Second[row.Key]:F2}")));
    }

    [Fact]
    public async Task The_alerts_are_counted_as_they_are()
    {
        var all = await Bicep.ResourcesAsync();

        Assert.Equal(Assumed["alerts on logs"], all.Count(resource => (string)resource!["type"]! == "Microsoft.Insights/scheduledQueryRules"));
        Assert.Equal(Assumed["alerts on metrics"], all.Count(resource => (string)resource!["type"]! == "Microsoft.Insights/metricAlerts"));
    }

    /// <param name="loaded">Items that are loaded in this month.</param>
    /// <param name="items">Items there are at its end.</param>
    /// <param name="kept">Judgements there are at its end.</param>
    private static Dictionary<string, double> Month(double judgements, double loaded, double items, double kept)
    {
        var drafts = Assumed["drafts saved per judgement"];
        var calls = judgements * (1 + drafts + 1 + Assumed["other calls per judgement"]);
        var units = (loaded * Units["ingest, per item of 2 KB"])
            + (judgements * (Units["next task"] + (drafts * Units["save a draft"]) + Units["submit a judgement"] + (Units["read a week, per 1,000 judgements of 1 KB"] / 1000)));
        var room = ((items * Assumed["KB of documents and indexes per item"]) + (kept * Assumed["KB of documents and indexes per judgement"])) / 1e6;
        var gigabyteSeconds = calls * Assumed["GB-seconds per call"];
        var month = new Dictionary<string, double>
        {
            ["million request units"] = units / 1e6,
            ["thousand calls"] = calls / 1e3,
            ["Cosmos DB, units"] = units / 1e6 * Prices["a million request units, serverless"],
            ["Cosmos DB, room"] = room * Prices["1 GB of documents and indexes, a month"],
            ["Functions"] = (Math.Max(0, gigabyteSeconds - 100_000) * Prices["1 GB-second of Functions, Flex Consumption, past 100,000 a month"])
                + (Math.Max(0, calls - 250_000) / 1e6 * Prices["a million calls of Functions, past 250,000 a month"]),
            ["logs"] = Math.Max(0, (calls * Assumed["KB of logs per call"] / 1e6) - 5) * Prices["1 GB of logs, past 5 a month"],
            ["files"] = items * Assumed["KB of files per item"] / 1e6 * Prices["1 GB of files, a month"],
            ["site and alerts"] = Prices["the site, Static Web Apps Standard, a month"] + (Assumed["alerts on logs"] * Prices["an alert on logs, a month"])
                + (Assumed["alerts on metrics"] * Prices["an alert on a metric, a month"]),
        };
        month["together"] = month.Skip(2).Sum(cost => cost.Value);
        return month;
    }

    private static string Section(string title) => Regex.Match(Page, $@"(?ms)^## {title}\n(.*?)(?=^## |\z)").Groups[1].Value;

    private static Dictionary<string, double> Table(string title) =>
        Regex.Matches(Section(title), @"(?m)^\| ([^|]+) \| ([\d.,]+) \|").ToDictionary(row => row.Groups[1].Value, row => Number(row.Groups[2].Value));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
