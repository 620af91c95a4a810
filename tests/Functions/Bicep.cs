using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>infra/ through the real compiler, which comes as a package: its complaints, the template, and what a deployment would make.</summary>
internal static class Bicep
{
    private const string Subscription = "00000000-0000-0000-0000-000000000000";
    private static readonly string Main = Path.Combine(Repository.Root, "infra/main.bicep");
    private static readonly string Compiler = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Bicep").Value!;
    private static readonly Lazy<Task<(string Template, string Complaints)>> Built = new(() => RunAsync("build", Main, "--stdout"));
    private static readonly ConcurrentDictionary<(string Parameters, string BudgetStart), Lazy<Task<JsonArray>>> Snapshots = new();

    /// <summary>Errors and warnings, those of the linter among them.</summary>
    public static async Task<string> ComplaintsAsync() => (await Built.Value).Complaints;

    public static async Task<JsonNode> TemplateAsync() => JsonNode.Parse((await Built.Value).Template)!;

    /// <summary>Every resource of a deployment with default parameters, all expressions evaluated that do not ask Azure.</summary>
    public static Task<JsonArray> ResourcesAsync() => ResourcesAsync("");

    /// <param name="parameters">Lines of a .bicepparam file.</param>
    public static Task<JsonArray> ResourcesAsync(string parameters, string budgetStart = "2026-11-01") =>
        Snapshots.GetOrAdd((parameters, budgetStart), asked => new(() => EvaluateAsync(asked.Parameters, asked.BudgetStart))).Value;

    private static async Task<JsonArray> EvaluateAsync(string parameters, string budgetStart)
    {
        using var folder = new TempFolder();
        var text = $"param name = 'demo'\nparam webLocation = 'westeurope'\nparam alertEmail = 'ops@example.org'\nparam budgetStart = '{budgetStart}'\n{parameters}";
        return await SnapshotAsync(folder, $"using '{Path.GetRelativePath(folder.Path, Main)}'\n{text}");
    }

    /// <summary>The same of one of the files in infra/environments/.</summary>
    public static async Task<JsonArray> EnvironmentAsync(string name)
    {
        using var folder = new TempFolder();
        var text = Repository.Text($"infra/environments/{name}.bicepparam");
        return await SnapshotAsync(folder, text.Replace("using '../main.bicep'", $"using '{Path.GetRelativePath(folder.Path, Main)}'", StringComparison.Ordinal));
    }

    private static async Task<JsonArray> SnapshotAsync(TempFolder folder, string text)
    {
        await File.WriteAllTextAsync(folder["p.bicepparam"], text);
        var (_, complaints) = await RunAsync("snapshot", folder["p.bicepparam"], "--mode", "overwrite", "--subscription-id", Subscription, "--resource-group", "rg-demo", "--location", "westeurope");
        Assert.Equal("", complaints);
        return JsonNode.Parse(await File.ReadAllTextAsync(folder["p.snapshot.json"]))!["predictedResources"]!.AsArray();
    }

    /// <summary>What the compiler says of a deployment with this name.</summary>
    public static async Task<string> ComplaintsAboutNameAsync(string name)
    {
        using var folder = new TempFolder();
        var text = $"using '{Path.GetRelativePath(folder.Path, Main)}'\nparam name = '{name}'\nparam webLocation = 'westeurope'\nparam alertEmail = 'ops@example.org'\n";
        await File.WriteAllTextAsync(folder["p.bicepparam"], text);
        return (await RunAsync("snapshot", folder["p.bicepparam"], "--mode", "overwrite", "--subscription-id", Subscription, "--resource-group", "rg-demo", "--location", "westeurope")).Errors;
    }

    private static async Task<(string Output, string Errors)> RunAsync(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.RuntimeIdentifier.EndsWith("-x64", StringComparison.Ordinal), "The package holds the Bicep compiler for Linux on x64.");
        if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(Compiler).HasFlag(UnixFileMode.UserExecute))
        {
            File.SetUnixFileMode(Compiler, File.GetUnixFileMode(Compiler) | UnixFileMode.UserExecute); // some ways to restore lose it
        }

        using var process = Process.Start(new ProcessStartInfo(Compiler, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (await output, process.ExitCode == 0 ? errors.Trim() : $"{errors.Trim()} (exit code {process.ExitCode})");
    }
}
