// The gate, for people and for CI: dotnet run ci.cs
// Installs what it needs, builds everything, runs every test; what does not need each other runs side by side. "dotnet run ci.cs -- --long" repeats
// what is repeated to find rare faults (kills of the program) more often. A test that failed runs once more when the machine is quiet; one that passes
// then is named as unsteady (docs/testing.md says which never get that chance). The last line counts the tests of all runners.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

var root = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Directory.GetCurrentDirectory();
var results = Directory.CreateDirectory(Path.Combine(root, "TestResults")).FullName;
var total = Stopwatch.StartNew();
var isLong = args.Contains("--long");
var minutes = Environment.GetEnvironmentVariable("HEALTHEVAL_TEST_MINUTES") ?? (isLong ? "120" : "25"); // for one part
var limit = TimeSpan.FromMinutes(int.Parse(minutes, CultureInfo.InvariantCulture));
var parts = new ConcurrentQueue<(string Name, TimeSpan Begun, TimeSpan Took)>();
var slowest = new ConcurrentBag<(double Seconds, string Test)>();
var (fallen, leftOut, told) = (new ConcurrentQueue<Fallen>(), new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
var unsteady = new List<Fallen>();
var printing = new Lock();
var (passed, failed, skipped) = (0, 0, 0);
if (isLong)
{
    Environment.SetEnvironmentVariable("HEALTHEVAL_LONG", "1");
}

RequireNode();
EnsureChromium();
string[] browser = ["Browser.*"], deployed = ["Functions.*"];
SideBySide(
    () => Step("restore", "dotnet", "restore HealthEvalFunctions.sln --locked-mode"),
    () => Step("Blob emulator", "npm", "ci --no-audit --no-fund --loglevel=error", Path.Combine("tests", "Azurite")),
    () =>
    {
        Step("web packages", "npm", "ci --no-audit --no-fund", "web");
        Step("web types", "npm", "run check", "web");
        Step("web build", "npm", "run build", "web");
    });
Step("build", "dotnet", "build HealthEvalFunctions.sln --no-restore --nologo -v quiet -p:SkipWeb=true -p:RunAnalyzersDuringBuild=true");
TwoAtATime( // the longest first
    () => RunTests("tests", ["*"], [.. browser, .. deployed]),
    AzureTests,
    () =>
    {
        Publish();
        RunTests("tests of the Functions host", deployed);
    },
    () => RunTests("browser tests", browser),
    WebTests,
    () => Step("format", "dotnet", "format whitespace HealthEvalFunctions.sln --verify-no-changes --no-restore"));
Repeat();
PrintParts();

Console.WriteLine();
Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
return failed == 0 && passed > 0 ? 0 : 1;

void RequireNode()
{
    var version = Output("node", "--version");
    if (version is null || !int.TryParse(version.TrimStart('v').Split('.')[0], out var major) || major < 20)
    {
        var found = version is null ? "none was found" : $"found {version}";
        Stop($"Node.js 20 or newer is needed to build the web form ({found}). Install it, for example with 'apt-get install nodejs npm'.");
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

string? Chromium() => new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
    .FirstOrDefault(File.Exists);

// The tests of the deployed program start what is deployed, not what was built beside them.
void Publish()
{
    if (OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64)
    {
        var published = Path.Combine(results, "published");
        Step("publish", "dotnet", $"publish api -c Release --nologo -v quiet -p:SkipWeb=true -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -o {published}");
        Environment.SetEnvironmentVariable("HEALTHEVAL_PUBLISHED", published);
    }
}

void WebTests()
{
    var report = Path.Combine(results, "web.json");
    File.Delete(report);
    Run("web tests", "npx", $"vitest run --reporter=default --reporter=json --outputFile={report}", "web", []);
    if (!File.Exists(report))
    {
        Stop("The web tests did not run.");
    }

    using var json = JsonDocument.Parse(File.ReadAllText(report));
    int Number(string name) => json.RootElement.GetProperty(name).GetInt32();
    var unloaded = !json.RootElement.GetProperty("success").GetBoolean() && Number("numFailedTests") == 0 ? 1 : 0; // a test file that could not be loaded
    Count("web tests", Number("numPassedTests"), Number("numFailedTests") + unloaded, Number("numPendingTests"));
    foreach (var test in json.RootElement.GetProperty("testResults").EnumerateArray().SelectMany(file => file.GetProperty("assertionResults").EnumerateArray()))
    {
        if (test.GetProperty("status").GetString() == "failed")
        {
            fallen.Enqueue(new($"{test.GetProperty("fullName").GetString()} (web tests)\n{string.Join('\n', test.GetProperty("failureMessages").EnumerateArray())}", null, null, []));
        }
    }
}

// The same program once more, with Cosmos DB (the tests' own server) and Blob Storage (the emulator) behind it.
void AzureTests()
{
    string[] whole =
    [
        "Agreement.QualityApiTests", "Annotations.*", "Architecture.*", "Batches.BatchesApiTests", "Batches.HeldAgainTests", "Batches.HeldItemsTests",
        "Batches.PrivacyTests", "Batches.SamplesTests", "Guidelines.*", "People.*", "Projects.*", "Prompts.*", "Reports.ExportsApiTests",
        "Reports.ReportsApiTests", "Reports.WeeklyReportsTests",
        "Oversight.*", "Tasks.ModelTests", "Tasks.NeighbouringWorkTests", "Tasks.NextTaskTests", "Tasks.RaceTests",
    ];
    RunTests("tests on the stores of Azure", whole, [], "-trait- Store=none", ("HEALTHEVAL_TEST_STORE", "azure"));
}

void RunTests(string name, string[] classes, string[]? without = null, string more = "", params (string Name, string Value)[] environment)
{
    var report = Path.Combine(results, name.Replace(' ', '-') + ".xml");
    File.Delete(report);
    environment = [.. environment, ("DOTNET_GCgen0size", "0x4000000")]; // 64 MB: fewer collections
    string[] chosen = [.. classes.Select(c => $"-class HealthEval.Tests.{c}"), .. (without ?? []).Select(c => $"-class- HealthEval.Tests.{c}")];
    var arguments = $"-noColor -noLogo -longRunning 120 {string.Join(' ', chosen)} {more} -result-xml \"{report}\"";
    var output = Run(name, TestProgram(), arguments, ".", environment);
    var counts = @"Total: (?<total>\d+), Errors: (?<errors>\d+), Failed: (?<failed>\d+), Skipped: (?<skipped>\d+)";
    var summary = Regex.Match(output, counts, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    if (!summary.Success)
    {
        Stop($"The {name} ended without a summary.");
    }

    int Number(string group) => int.Parse(summary.Groups[group].Value, CultureInfo.InvariantCulture);
    Count(name, Number("total") - Number("failed") - Number("skipped"), Number("errors") + Number("failed"), Number("skipped"));
    foreach (var test in File.Exists(report) ? XDocument.Load(report).Descendants("test") : [])
    {
        var called = test.Attribute("name")?.Value ?? "?";
        slowest.Add((double.Parse(test.Attribute("time")?.Value ?? "0", CultureInfo.InvariantCulture), called));
        if (isLong && test.Element("output")?.Value.Trim() is { Length: > 0 } said)
        {
            told.Enqueue(said);
        }

        if (test.Attribute("result")?.Value == "Fail")
        {
            var why = $"{called} ({name})\n{test.Descendants("message").FirstOrDefault()?.Value}\n{test.Descendants("stack-trace").FirstOrDefault()?.Value}";
            fallen.Enqueue(new(why, test.Attribute("type")?.Value, test.Attribute("method")?.Value, environment));
        }
        else if (test.Attribute("result")?.Value == "Skip")
        {
            leftOut.Enqueue(test.Descendants("reason").FirstOrDefault()?.Value ?? "no reason given");
        }
    }
}

// What fails twice is broken, and so is a gate with many failures. What passes now is a fault of the test, or a rare one of the program, that somebody
// has to look at: it is named. Tests of races and kills are never repeated: what they see once, a rater or a customer may have lost.
void Repeat()
{
    const int Most = 5;
    string[] never = ["RaceTests", "KillTests", "KilledTests", "ModelTests", "LongRunTests"];
    if (fallen.Count > Most)
    {
        return;
    }

    foreach (var test in fallen.ToList())
    {
        if (test.Class is null || test.Method is null || never.Any(kind => test.Class.EndsWith(kind, StringComparison.Ordinal)))
        {
            continue;
        }

        var (output, isGood) = RunToEnd($"once more: {test.Method}", TestProgram(), $"-noColor -noLogo -method {test.Class}.{test.Method}", ".", test.Environment, onlyIfFailed: false);
        if (isGood && Regex.IsMatch(output, "Total: [1-9]", RegexOptions.NonBacktracking))
        {
            unsteady.Add(test);
            (failed, passed) = (failed - 1, passed + 1);
        }
    }
}

string TestProgram() => Path.Combine(root, "tests", "bin", "Debug", "net10.0", "HealthEval.Tests");

void PrintParts()
{
    Console.WriteLine();
    Console.WriteLine($"== parts: name, begun, took (all together {total.Elapsed.TotalSeconds:F0} s)");
    foreach (var (name, begun, took) in parts.OrderBy(part => part.Begun))
    {
        Console.WriteLine($"   {name,-34}{begun.TotalSeconds,6:F0} s {took.TotalSeconds,6:F0} s");
    }

    Console.WriteLine("== the ten slowest tests");
    foreach (var (seconds, test) in slowest.OrderByDescending(test => test.Seconds).Take(10))
    {
        Console.WriteLine($"   {seconds,6:F1} s  {test.Replace("HealthEval.Tests.", "", StringComparison.Ordinal)}");
    }

    foreach (var said in told.OrderBy(said => said, StringComparer.Ordinal))
    {
        Console.WriteLine(said); // what was counted and measured: rows of acknowledged, lost, doubled, stuck, and memory
    }

    foreach (var why in leftOut.CountBy(reason => reason))
    {
        Console.WriteLine($"== skipped: {why.Value} tests: {why.Key}");
    }

    foreach (var test in fallen) // here too, where a cut log still has them
    {
        Console.WriteLine($"== {(unsteady.Contains(test) ? "unsteady, passed when it ran again" : "failed")}: {test.Why}");
    }
}

// For two processors: more of them wait for each other longer than some tests are patient.
void TwoAtATime(params Action[] all)
{
    var left = new ConcurrentQueue<Action>(all);
    SideBySide(Work, Work);

    void Work()
    {
        while (left.TryDequeue(out var next))
        {
            next();
        }
    }
}

void SideBySide(params Action[] all) => Task.WaitAll([.. all.Select(one => Task.Factory.StartNew(one, TaskCreationOptions.LongRunning))]);

void Count(string name, int good, int bad, int left)
{
    lock (printing)
    {
        passed += good;
        failed += bad;
        skipped += left;
        Console.WriteLine($"== {name}: {good} passed, {bad} failed, {left} skipped");
    }
}

void Step(string name, string file, string arguments, string folder = ".")
{
    var output = Run(name, file, arguments, folder, onlyIfFailed: true);
    if (output.Length > 0)
    {
        Stop($"{name} failed: {file} {arguments}");
    }
}

// Runs to the end or to the limit, and prints what was said in one piece, since others run beside it. For a step nothing but a failure is worth its lines.
string Run(string name, string file, string arguments, string folder, (string Name, string Value)[]? environment = null, bool onlyIfFailed = false) =>
    RunToEnd(name, file, arguments, folder, environment, onlyIfFailed).Output;

(string Output, bool IsGood) RunToEnd(string name, string file, string arguments, string folder, (string Name, string Value)[]? environment, bool onlyIfFailed)
{
    var (begun, output, open, skip) = (total.Elapsed, new StringBuilder(), new CountdownEvent(2), false);
    using var process = Start(file, arguments, folder, environment ?? []);
    process.OutputDataReceived += (_, line) => Append(line.Data);
    process.ErrorDataReceived += (_, line) => Append(line.Data);
    process.BeginOutputReadLine();
    process.BeginErrorReadLine();
    var ended = process.WaitForExit(limit);
    if (!ended)
    {
        Append($"== {name} did not end within {limit.TotalMinutes:F0} minutes; tests that ran too long are named above. Memory is kept in {Dump(process)}.");
        process.Kill(entireProcessTree: true);
    }

    open.Wait(TimeSpan.FromSeconds(5)); // for the last lines; a compiler server that stays behind may hold the pipe open
    var took = total.Elapsed - begun;
    parts.Enqueue((name, begun, took));
    var good = ended && process.ExitCode == 0;
    lock (printing)
    {
        if (!good || !onlyIfFailed)
        {
            lock (output)
            {
                Console.Write(output);
            }
        }

        Console.WriteLine($"== {name}: {(good ? "ok" : "FAILED")} ({took.TotalSeconds:F1} s)");
    }

    return (onlyIfFailed && good ? "" : output.Append(' ').ToString(), good);

    void Append(string? line)
    {
        if (line is null)
        {
            open.Signal();
            return;
        }

        if (line.Contains("ServiceInteropImpl.cpp", StringComparison.Ordinal) && line.EndsWith("with 0x80020013.", StringComparison.Ordinal))
        {
            return; // Cosmos DB's own planner says that the SDK's first buffer (1,024 bytes) was too small for a query's plan; the SDK then gives it a larger one
        }

        skip = line.EndsWith(" [SKIP]", StringComparison.Ordinal) || (skip && line.StartsWith("      ", StringComparison.Ordinal));
        if (skip)
        {
            return; // counted by their reasons at the end
        }

        lock (output)
        {
            output.AppendLine(line);
        }
    }
}

// With the runtime's own tool, which lies beside it: what each thread was at can be read with "dotnet-dump analyze".
string Dump(Process process)
{
    var tool = Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "createdump");
    var dump = Path.Combine(results, $"hung-{process.Id}.dmp");
    if (!File.Exists(tool))
    {
        return "no file: there is no createdump beside this runtime";
    }

    using var taking = Start(tool, $"--withheap -f \"{dump}\" {process.Id}", ".", []);
    return taking.WaitForExit(TimeSpan.FromMinutes(2)) && File.Exists(dump) ? dump : "no file: it could not be written";
}

Process Start(string file, string arguments, string folder, (string Name, string Value)[] environment)
{
    var start = new ProcessStartInfo(file, arguments)
    {
        WorkingDirectory = Path.Combine(root, folder),
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };
    foreach (var (name, value) in environment)
    {
        start.Environment[name] = value;
    }

    try
    {
        return Process.Start(start)!;
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

/// <param name="Why">Its name, its part, and what it said.</param>
/// <param name="Class">Nothing for a test of the form, which has no part of its own to run again.</param>
internal sealed record Fallen(string Why, string? Class, string? Method, (string Name, string Value)[] Environment);
