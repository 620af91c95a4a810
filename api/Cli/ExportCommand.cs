using System.CommandLine;
using System.Text.Json;
using HealthEval.Projects;
using HealthEval.Reports;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval export</c>: all judgements of a project in another program's format.</summary>
internal static class ExportCommand
{
    public static Command Build()
    {
        var project = new Option<string>("--project") { Description = "The project's id", Required = true, HelpName = "P" };
        var format = new Option<string>("--format") { Description = "\n" + string.Join('\n', DatasetExport.Formats.Select(f => $"{f.Key}: {f.Value}")), Required = true, HelpName = "FORMAT" };
        var output = new Option<FileInfo>("--out") { Description = "The file to write", Required = true, HelpName = "FILE" };
        format.AcceptOnlyFromAmong([.. DatasetExport.Formats.Keys]);
        var command = new Command("export", "Write all judgements of a project in another program's format") { project, format, output };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetValue(project)!, parsed.GetValue(format)!, parsed.GetValue(output)!.FullName, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string projectId, string format, string path, CancellationToken cancellation)
    {
        await using var app = Services.Open(parsed);
        var store = app.Services.GetRequiredService<IDocumentStore>();
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            Console.Error.WriteLine($"healtheval: there is no project '{projectId}' in this store. Check --project and --data.");
            return ExitCode.Usage;
        }

        long lines;
        try
        {
            await using var target = JsonLines.Create(path);
            lines = await app.Services.GetRequiredService<DatasetExport>().WriteAsync(projectId, format, target, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"healtheval: '{path}' cannot be written ({failure.Message}). Choose another file with --out.");
            return ExitCode.Failed;
        }

        Console.WriteLine(parsed.GetValue(CommandLine.JsonOutput)
            ? JsonSerializer.Serialize(new { file = path, format, records = lines }, Json.Options)
            : $"{lines:N0} records in {path} ({format}: {DatasetExport.Formats[format]})");
        return ExitCode.Done;
    }
}
