using System.CommandLine;
using System.Text.Json;
using HealthEval.Reports;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval verify DIR</c>: computes a report again from its own exports and compares every hash. Needs no store.</summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "A folder that 'healtheval report' wrote, or an unpacked download" };
        var command = new Command("verify", "Compute a report again from its own exports and compare") { folder };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetValue(folder)!, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, DirectoryInfo folder, CancellationToken cancellation)
    {
        if (!folder.Exists)
        {
            Console.Error.WriteLine($"healtheval: there is no folder '{folder.FullName}'.");
            return ExitCode.Usage;
        }

        var verification = await Verification.OfAsync(folder.FullName, cancellation);
        if (parsed.GetValue(CommandLine.JsonOutput))
        {
            Console.WriteLine(JsonSerializer.Serialize(verification, Json.Options));
        }
        else if (verification.Same)
        {
            Console.WriteLine($"The same: {verification.FilesChecked} files have the hashes of the manifest, and the workbook computed again from the exports is identical.");
        }
        else
        {
            Console.WriteLine($"Not the same: {verification.Differences.Count} {(verification.Differences.Count == 1 ? "difference" : "differences")}.");
            foreach (var difference in verification.Differences)
            {
                Console.WriteLine("  " + difference);
            }
        }

        return verification.Same ? ExitCode.Done : ExitCode.Failed;
    }
}
