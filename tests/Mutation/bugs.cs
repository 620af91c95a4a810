// Bugs of the kind that a tired engineer makes, put in one by one: dotnet run tests/Mutation/bugs.cs -- [words of their names]
// Each line of bugs.json names a place, what stands there and what is put in its stead, and the test class that must fail then. A bug that no
// test sees is printed as SURVIVED, and so is one whose place has gone: mend the line with the code. Every file is put back as it was.
using System.Diagnostics;
using System.Text.Json;

var folder = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Directory.GetCurrentDirectory();
var root = Path.GetFullPath(Path.Combine(folder, "..", ".."));
var bugs = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "bugs.json"))).RootElement.EnumerateArray().Select(Bug.Of)
    .Where(bug => args.Length == 0 || args.Any(word => bug.Name.Contains(word, StringComparison.OrdinalIgnoreCase))).ToList();
var survived = 0;
Console.WriteLine("| bug | test class | |\n|---|---|---|");
foreach (var bug in bugs)
{
    var outcome = await TryAsync(bug);
    survived += outcome == "caught" ? 0 : 1;
    Console.WriteLine($"| {bug.Name} | {bug.Class} | {outcome} |");
}

Console.WriteLine($"{bugs.Count - survived} of {bugs.Count} caught");
return survived == 0 ? 0 : 1;

async Task<string> TryAsync(Bug bug)
{
    var path = Path.Combine(root, bug.File);
    var good = await File.ReadAllTextAsync(path);
    if (!good.Contains(bug.From, StringComparison.Ordinal))
    {
        return "SURVIVED: its place has gone";
    }

    try
    {
        var at = good.IndexOf(bug.From, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, good[..at] + bug.To + good[(at + bug.From.Length)..]);
        if (bug.Class.EndsWith(".test.ts", StringComparison.Ordinal))
        {
            return await RunAsync("npx", $"vitest run {bug.Class}", "web") == 0 ? "SURVIVED" : "caught";
        }

        const string build = "build api --no-restore --nologo -v quiet -p:SkipWeb=true"; // the tests stay as they were built
        if (await RunAsync("dotnet", build, ".") != 0)
        {
            return "does not compile";
        }

        File.Copy(Path.Combine(root, "api", "bin", "Debug", "net10.0", "healtheval.dll"), Path.Combine(root, "tests", "bin", "Debug", "net10.0", "healtheval.dll"), overwrite: true);
        return await RunAsync("tests/bin/Debug/net10.0/HealthEval.Tests", $"-noLogo -class HealthEval.Tests.{bug.Class}", ".") == 0 ? "SURVIVED" : "caught";
    }
    finally
    {
        await File.WriteAllTextAsync(path, good);
    }
}

async Task<int> RunAsync(string file, string arguments, string at)
{
    using var process = Process.Start(new ProcessStartInfo(file.StartsWith("tests/", StringComparison.Ordinal) ? Path.Combine(root, file) : file, arguments)
    {
        WorkingDirectory = Path.Combine(root, at),
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;
    var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    await process.WaitForExitAsync();
    _ = (await output, await error);
    return process.ExitCode;
}

internal sealed record Bug(string Name, string File, string From, string To, string Class)
{
    public static Bug Of(JsonElement line)
    {
        string Text(string name) => line.GetProperty(name).GetString()!;
        return new Bug(Text("bug"), Text("file"), Text("from"), Text("to"), Text("class"));
    }
}
