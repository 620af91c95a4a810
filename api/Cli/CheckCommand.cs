using System.CommandLine;
using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval check</c>: whether what is stored is what was stored.</summary>
internal static class CheckCommand
{
    private const int MostShown = 50;

    public static Command Build()
    {
        var command = new Command("check", "Check the store: database, files against hashes, receipts against items, reports against manifests, every judgement's hash");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var app = Services.Open(parsed);
        var check = new StoreCheck(app.Services.GetRequiredService<IDocumentStore>(), app.Services.GetRequiredService<IFileStore>());
        await check.RunAsync(cancellation);
        if (parsed.GetValue(CommandLine.JsonOutput))
        {
            Console.WriteLine(JsonSerializer.Serialize(new { check.Documents, check.Files, check.Judgements, problems = check.Problems, notes = check.Notes }, Json.Options));
        }
        else
        {
            Console.WriteLine($"Checked {check.Documents:N0} documents, {check.Judgements:N0} of them judgements, and {check.Files:N0} files: {(check.Problems.Count == 0 ? "everything is as it was written." : $"{check.Problems.Count:N0} {(check.Problems.Count == 1 ? "problem" : "problems")}.")}");
            Print("Problems", check.Problems);
            Print("To know", check.Notes);
        }

        return check.Problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(string title, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        Console.WriteLine(title);
        foreach (var finding in findings.Take(MostShown))
        {
            Console.WriteLine($"  {finding.Where}: {finding.What}");
        }

        if (findings.Count > MostShown)
        {
            Console.WriteLine($"  … and {findings.Count - MostShown:N0} more; --json lists all.");
        }
    }
}
