// The gate, for people and for CI: dotnet run ci.cs
// Installs what it needs, builds everything, runs every test. The last line counts the tests of all runners.
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

var root = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Directory.GetCurrentDirectory();
var results = Directory.CreateDirectory(Path.Combine(root, "TestResults")).FullName;
var (passed, failed, skipped) = (0, 0, 0);

RequireNode();
EnsureChromium();
Step("restore", "dotnet", "restore HealthEvalFunctions.sln --locked-mode");
Step("web packages", "npm", "ci --no-audit --no-fund", "web");
Step("Blob emulator", "npm", "ci --no-audit --no-fund --loglevel=error", Path.Combine("tests", "Azurite"));
Step("web types", "npm", "run check", "web");
Step("web build", "npm", "run build", "web");
Step("format", "dotnet", "format whitespace HealthEvalFunctions.sln --verify-no-changes --no-restore");
Step("build", "dotnet", "build HealthEvalFunctions.sln --no-restore --nologo -v quiet");
Publish();
WebTests();
Tests();

Console.WriteLine();
Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
return failed == 0 && passed > 0 ? 0 : 1;

void RequireNode()
{
    var version = Output("node", "--version");
    if (version is null || !int.TryParse(version.TrimStart('v').Split('.')[0], out var major) || major < 20)
    {
        Stop($"Node.js 20 or newer is needed to build the web form ({(version is null ? "none was found" : $"found {version}")}). Install it, for example with 'apt-get install nodejs npm'.");
    }
}

// The browser tests drive Debian's Chromium; they are the only part that needs something outside NuGet and npm.
void EnsureChromium()
{
    if (Chromium() is not null)
    {
        return;
    }

    if (File.Exists("/etc/debian_version") && Environment.UserName == "root")
    {
        Environment.SetEnvironmentVariable("DEBIAN_FRONTEND", "noninteractive");
        Step("chromium: package list", "apt-get", "update -qq");
        Step("chromium: install", "apt-get", "install -y -qq --no-install-recommends chromium fonts-dejavu-core");
    }

    if (Chromium() is null)
    {
        Stop("The browser tests need Chromium. Install it (Debian: 'sudo apt-get install chromium'), or set CHROMIUM to its path.");
    }
}

string? Chromium() => new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

// The tests of the deployed program start what is deployed, not what was built beside them.
void Publish()
{
    if (OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64)
    {
        var published = Path.Combine(results, "published");
        Step("publish", "dotnet", $"publish api -c Release -r linux-x64 --self-contained --nologo -v quiet -p:SkipWeb=true -o {published}");
        Environment.SetEnvironmentVariable("HEALTHEVAL_PUBLISHED", published);
    }
}

void WebTests()
{
    var report = Path.Combine(results, "web.json");
    File.Delete(report);
    Run("web tests", "npx", $"vitest run --reporter=default --reporter=json --outputFile={report}", "web");
    if (!File.Exists(report))
    {
        Stop("The web tests did not run.");
    }

    using var json = JsonDocument.Parse(File.ReadAllText(report));
    Count("web tests", json.RootElement.GetProperty("numPassedTests").GetInt32(), json.RootElement.GetProperty("numFailedTests").GetInt32(), json.RootElement.GetProperty("numPendingTests").GetInt32());
    if (!json.RootElement.GetProperty("success").GetBoolean() && failed == 0)
    {
        failed++; // a test file that could not be loaded
    }
}

void Tests()
{
    RunTests("tests", "-noColor -noLogo");

    // the same program once more, with Cosmos DB (the tests' own server) and Blob Storage (the emulator) behind it
    string[] whole = ["Agreement.QualityApiTests", "Annotations.*", "Architecture.*", "Batches.BatchesApiTests", "Batches.HeldAgainTests", "Batches.HeldItemsTests", "Batches.PrivacyTests", "Batches.SamplesTests", "Guidelines.*", "People.*", "Projects.*", "Prompts.*", "Reports.ExportsApiTests", "Reports.ReportsApiTests", "Reports.WeeklyReportsTests", "Tasks.NextTaskTests", "Tasks.RaceTests"];
    Environment.SetEnvironmentVariable("HEALTHEVAL_TEST_STORE", "azure");
    RunTests("tests on the stores of Azure", $"-noColor -noLogo {string.Join(' ', whole.Select(name => $"-class HealthEval.Tests.{name}"))}");
    Environment.SetEnvironmentVariable("HEALTHEVAL_TEST_STORE", null);
}

void RunTests(string name, string arguments)
{
    var output = Run(name, Path.Combine(root, "tests", "bin", "Debug", "net10.0", "HealthEval.Tests"), arguments, ".");
    var summary = Regex.Match(output, @"Total: (?<total>\d+), Errors: (?<errors>\d+), Failed: (?<failed>\d+), Skipped: (?<skipped>\d+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    if (!summary.Success)
    {
        Stop("The tests ended without a summary.");
    }

    int Number(string group) => int.Parse(summary.Groups[group].Value);
    Count(name, Number("total") - Number("failed") - Number("skipped"), Number("errors") + Number("failed"), Number("skipped"));
}

void Count(string name, int good, int bad, int left)
{
    passed += good;
    failed += bad;
    skipped += left;
    Console.WriteLine($"== {name}: {good} passed, {bad} failed, {left} skipped");
}

void Step(string name, string file, string arguments, string folder = ".")
{
    var clock = Stopwatch.StartNew();
    using var process = Start(file, arguments, folder, capture: false);
    process.WaitForExit();
    Console.WriteLine($"== {name}: {(process.ExitCode == 0 ? "ok" : "FAILED")} ({clock.Elapsed.TotalSeconds:F1} s)");
    if (process.ExitCode != 0)
    {
        Stop($"{name} failed: {file} {arguments}");
    }
}

string Run(string name, string file, string arguments, string folder)
{
    var clock = Stopwatch.StartNew();
    using var process = Start(file, arguments, folder, capture: true);
    var output = new System.Text.StringBuilder();
    while (process.StandardOutput.ReadLine() is { } line)
    {
        Console.WriteLine(line);
        output.AppendLine(line);
    }

    process.WaitForExit();
    Console.WriteLine($"== {name}: {clock.Elapsed.TotalSeconds:F1} s");
    if (process.ExitCode != 0 && failed == 0)
    {
        Console.WriteLine($"== {name} ended with exit code {process.ExitCode}");
    }

    return output.ToString();
}

Process Start(string file, string arguments, string folder, bool capture)
{
    try
    {
        return Process.Start(new ProcessStartInfo(file, arguments) { WorkingDirectory = Path.Combine(root, folder), RedirectStandardOutput = capture, UseShellExecute = false })!;
    }
    catch (System.ComponentModel.Win32Exception)
    {
        Stop($"'{file}' was not found.");
        throw;
    }
}

string? Output(string file, string arguments)
{
    try
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return process.StandardOutput.ReadToEnd().Trim();
    }
    catch (System.ComponentModel.Win32Exception)
    {
        return null;
    }
}

void Stop(string why)
{
    Console.Error.WriteLine(why);
    Console.WriteLine($"{passed} passed, {failed + 1} failed, {skipped} skipped");
    Environment.Exit(1);
}
