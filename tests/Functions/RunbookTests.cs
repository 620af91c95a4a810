using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using HealthEval.Http;
using HealthEval.Storage.Azure;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>docs/operations.md names only what there is, and all that somebody must know.</summary>
public sealed class RunbookTests
{
    private static readonly string Runbook = Repository.Text("docs/operations.md");

    [Fact]
    public void It_lists_every_metric_of_the_program()
    {
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(Telemetry).TypeHandle);
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(CosmosTelemetry).TypeHandle);
        var metrics = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is Telemetry.Name or CosmosTelemetry.Name)
                {
                    metrics.Add(instrument.Name);
                }
            },
        };
        listener.Start();

        Assert.True(metrics.Count >= 7);
        Assert.Equal(metrics.Order(), Regex.Matches(Runbook, @"`((?:healtheval\.[a-z.]+|db\.client\.operation\.duration|azure\.cosmosdb\.client[a-z_.]+))`").Select(match => match.Groups[1].Value).Distinct().Except(["healtheval.outcome", "healtheval.ingest", "healtheval.report"]).Order());
    }

    [Fact]
    public async Task Its_commands_files_and_settings_exist()
    {
        var settings = (await Bicep.ResourcesAsync("param reportsHeldDays = 30\nparam network = 'private'")).First(resource => ((string)resource!["name"]!).EndsWith("/appsettings", StringComparison.Ordinal))!["properties"]!.AsObject().Select(setting => setting.Key).ToList();
        var verbs = (await RealProcess.RunAsync("--help")).Output;
        var outputs = (await Bicep.TemplateAsync())["outputs"]!.AsObject().Select(output => output.Key).ToList();

        Assert.All(Regex.Matches(Runbook, @"`healtheval ([a-z]+)"), verb => Assert.Matches($@"(?m)^\s+{verb.Groups[1].Value}\b", verbs));
        Assert.All(Regex.Matches(Runbook, @"`((?:infra|docs|api)/[\w/.-]*\w)`?"), path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path.Groups[1].Value)), path.Value));
        Assert.All(Regex.Matches(Runbook, @"`((?:Storage|Auth)__\w+)`"), setting => Assert.Contains(setting.Groups[1].Value, settings));
        Assert.All(["functionApp", "storageAccount"], output => Assert.Contains(output, outputs));
        Assert.All(Regex.Matches(Runbook, @"parameter `(\w+)`|raise `(\w+)`"), parameter => Assert.Contains($"param {parameter.Groups[1].Value}{parameter.Groups[2].Value} ", Repository.Text("infra/main.bicep"), StringComparison.Ordinal));
    }
}
