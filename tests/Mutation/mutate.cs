// Mutation testing of the statistics library, file by file: dotnet run tests/Mutation/mutate.cs -- [names of files, without .cs]
// Runs Stryker on these files and keeps the report of each; without names it runs nothing and only adds up the reports there are.
// A run over all files takes hours; in parts it can be stopped and gone on with.
using System.Diagnostics;
using System.Text.Json;

var root = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Directory.GetCurrentDirectory();
var (tests, reports) = (Path.Combine(root, "Tests"), Directory.CreateDirectory(Path.Combine(root, "Tests", "StrykerOutput", "files")).FullName);
var library = Path.Combine(root, "..", "..", "api", "Agreement", "Statistics");

if (args.FirstOrDefault(a => !File.Exists(Path.Combine(library, a + ".cs"))) is { } unknown)
{
    Console.Error.WriteLine($"There is no {unknown}.cs in {Path.GetFullPath(library)}.");
    return 2;
}
if (args.Length > 0)
{
    var output = Path.Combine(tests, "StrykerOutput", "last");
    var code = await Run("dotnet", ["dotnet-stryker", "--skip-version-check", "-O", output, .. args.SelectMany(a => new[] { "-m", $"**/{a}.cs" })]);
    if (code != 0)
    {
        return code;
    }
    using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "reports", "mutation-report.json")));
    foreach (var file in report.RootElement.GetProperty("files").EnumerateObject().Where(f => args.Contains(Path.GetFileNameWithoutExtension(f.Name))))
    {
        await File.WriteAllTextAsync(Path.Combine(reports, Path.GetFileNameWithoutExtension(file.Name) + ".json"), file.Value.GetRawText());
    }
}
Print();
return 0;

async Task<int> Run(string program, string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = tests })!;
    await process.WaitForExitAsync();
    return process.ExitCode;
}

void Print()
{
    var (allKilled, all) = (0, 0);
    Console.WriteLine("| file | mutants | killed | score |\n|---|---|---|---|");
    foreach (var path in Directory.EnumerateFiles(reports, "*.json").Order(StringComparer.Ordinal))
    {
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        string[] outcomes = [.. file.RootElement.GetProperty("mutants").EnumerateArray().Select(m => m.GetProperty("status").GetString()!).Where(s => s is not ("Ignored" or "CompileError"))];
        var killed = outcomes.Count(s => s is "Killed" or "Timeout");
        (allKilled, all) = (allKilled + killed, all + outcomes.Length);
        var stale = File.ReadAllText(Path.Combine(library, Path.GetFileNameWithoutExtension(path) + ".cs")) != file.RootElement.GetProperty("source").GetString();
        Console.WriteLine($"| {Path.GetFileNameWithoutExtension(path)}{(stale ? " (changed since)" : "")} | {outcomes.Length} | {killed} | {Score(killed, outcomes.Length)} |");
    }
    Console.WriteLine($"| all | {all} | {allKilled} | {Score(allKilled, all)} |");

    static string Score(int killed, int of) => of == 0 ? "–" : $"{100.0 * killed / of:0.0} %";
}
