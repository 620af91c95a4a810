using System.CommandLine;
using System.Text.Json;
using HealthEval.Audit;
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
        var excludeSimulated = new Option<bool?>("--exclude-simulated") { Description = "Leave out judgements made by a program; the default for dpo, helpsteer, kto, sft and trl-preference", HelpName = "true|false" };
        var minRaters = new Option<int>("--min-raters") { Description = "Fewest raters of a row", DefaultValueFactory = _ => 1, HelpName = "N" };
        var minMargin = new Option<double>("--min-margin") { Description = "Fewest votes by which a pair is decided (dpo: places apart)", HelpName = "N" };
        var apply = new Option<bool>("--apply-adjudications") { Description = "What adjudicators let stand takes the place of what raters said (consensus, helpsteer, kto)" };
        var split = new Option<string?>("--split") { Description = "Shares of train, validation and test, by prompt: three files", HelpName = "0.8,0.1,0.1" };
        var seed = new Option<int>("--seed") { Description = "Seed of the split", HelpName = "N" };
        format.AcceptOnlyFromAmong([.. DatasetExport.Formats.Keys]);
        var command = new Command("export", "Write all judgements of a project in another program's format") { project, format, output, excludeSimulated, minRaters, minMargin, apply, split, seed };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetValue(project)!, parsed.GetValue(format)!, parsed.GetValue(output)!.FullName,
            new ExportOptions(
                parsed.GetValue(excludeSimulated), parsed.GetValue(minRaters), parsed.GetValue(minMargin), parsed.GetValue(apply), ExportOptions.ParseSplit(parsed.GetValue(split)), parsed.GetValue(seed)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string projectId, string format, string path, ExportOptions options, CancellationToken cancellation)
    {
        if (options.Refusal(format) is { } refusal)
        {
            Console.Error.WriteLine("healtheval: " + refusal);
            return ExitCode.Usage;
        }

        await using var app = Services.Open(parsed);
        var store = app.Services.GetRequiredService<IDocumentStore>();
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            Console.Error.WriteLine($"healtheval: there is no project '{projectId}' in this store. Check --project and --data.");
            return ExitCode.Usage;
        }

        await app.Services.GetRequiredService<AuditTrail>().RecordAsync(projectId, AuditTrail.CommandLine, AuditActions.ExportTaken, format);
        Exported written;
        var streams = new List<FileStream>();
        try
        {
            written = await app.Services.GetRequiredService<DatasetExport>().WriteAsync(projectId, format, options, Open, cancellation);
            if (format == DatasetExport.OneArray)
            {
                await File.WriteAllTextAsync(path + ".config.xml", LabelStudio.Config(written.Guidelines), cancellation);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"healtheval: '{path}' cannot be written ({failure.Message}). Choose another file with --out.");
            return ExitCode.Failed;
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }

        Console.WriteLine(parsed.GetValue(CommandLine.JsonOutput)
            ? JsonSerializer.Serialize(new { files = streams.Select(s => s.Name), format, records = written.Records, written.SimulatedLeftOut, written.TooFewLeftOut }, Json.Options)
            : $"{written.Records:N0} records in {string.Join(", ", streams.Select(s => s.Name))} ({format}: {DatasetExport.Formats[format]}){written.Words}");
        return ExitCode.Done;

        FileStream Open(string? part)
        {
            var stream = JsonLines.Create(part is null ? path : Path.Combine(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}.{part}{Path.GetExtension(path)}"));
            streams.Add(stream);
            return stream;
        }
    }
}
