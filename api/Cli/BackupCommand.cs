using System.CommandLine;
using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval backup DIR</c> and <c>healtheval restore DIR</c>, for the embedded store.</summary>
internal static class BackupCommand
{
    public static Command Build()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "A folder that does not exist yet, or is empty" };
        var command = new Command("backup", "Copy the store, also while the program runs, and verify the copy") { folder };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, async (data, clock) =>
        {
            RequireEmbedded();
            var made = await StoreBackup.MakeAsync(data, parsed.GetValue(folder)!.FullName, clock, cancellation);
            return ($"Backed up and verified: {made.Documents.Values.Sum():N0} documents, {made.Files.Count:N0} files{(made.Key is null ? "" : ", the key that reports are signed with")}, as of {made.MadeAt:yyyy-MM-dd HH:mm:ss} UTC, in {parsed.GetValue(folder)!.FullName}.",
                new { folder = parsed.GetValue(folder)!.FullName, made.MadeAt, documents = made.Documents.Values.Sum(), files = made.Files.Count, signingKey = made.Key is not null });
        }));
        return command;
    }

    public static Command BuildRestore()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "A folder that 'healtheval backup' made" };
        var replace = new Option<bool>("--replace") { Description = "There is a store already: move it aside, where it stays" };
        var command = new Command("restore", "Verify a backup and make it the store") { folder, replace };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, async (data, clock) =>
        {
            RequireEmbedded();
            var (restored, aside) = await StoreBackup.RestoreAsync(parsed.GetValue(folder)!.FullName, data, parsed.GetValue(replace), clock, cancellation);
            return ($"Restored {restored.Documents.Values.Sum():N0} documents and {restored.Files.Count:N0} files as of {restored.MadeAt:yyyy-MM-dd HH:mm:ss} UTC into {data}.{(aside is null ? "" : $" The store that was there is now in {aside}.")}",
                new { data, restored.MadeAt, documents = restored.Documents.Values.Sum(), files = restored.Files.Count, aside });
        }));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<string, TimeProvider, Task<(string Text, object Json)>> run)
    {
        try
        {
            var (text, json) = await run(Path.TrimEndingDirectorySeparator(parsed.GetValue(CommandLine.Data)!.FullName), TimeProvider.System);
            Console.WriteLine(parsed.GetValue(CommandLine.JsonOutput) ? JsonSerializer.Serialize(json, Json.Options) : text);
            return ExitCode.Done;
        }
        catch (BackupException failure)
        {
            Console.Error.WriteLine($"healtheval: {failure.Message}");
            return ExitCode.Failed;
        }
    }

    private static void RequireEmbedded()
    {
        if (Environment.GetEnvironmentVariable("Storage__Kind") is { } kind && !kind.Equals(nameof(StorageKind.Embedded), StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException("Only the embedded store is backed up by this program. On Azure the platform does it: see docs/backup.md.");
        }
    }
}
