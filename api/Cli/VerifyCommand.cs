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
        var key = new Option<FileInfo?>("--key") { Description = "The publisher's key: what /api/keys answered, or a PEM file. Shows that the report is theirs", HelpName = "FILE" };
        var command = new Command("verify", "Compute a report again from its own exports and compare") { folder, key };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetValue(folder)!, parsed.GetValue(key), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, DirectoryInfo folder, FileInfo? key, CancellationToken cancellation)
    {
        if (!folder.Exists)
        {
            Console.Error.WriteLine($"healtheval: there is no folder '{folder.FullName}'.");
            return ExitCode.Usage;
        }

        var keys = key is { Exists: true } ? PublicKey.Parse(await File.ReadAllTextAsync(key.FullName, cancellation)) : null;
        if (key is not null && keys is not { Count: > 0 })
        {
            Console.Error.WriteLine($"healtheval: '{key}' {(key.Exists ? "holds no key that reports are signed with" : "is not there")}. Give a file with the answer of /api/keys, or a PEM file with the public key.");
            return ExitCode.Usage;
        }

        var verification = await Verification.OfAsync(folder.FullName, cancellation, keys);
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

        if (!parsed.GetValue(CommandLine.JsonOutput))
        {
            Console.WriteLine(verification.Origin);
        }

        return verification.Same ? ExitCode.Done : ExitCode.Failed;
    }
}
