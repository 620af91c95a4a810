using System.CommandLine;
using System.Text.Json;
using HealthEval.Audit;
using HealthEval.Projects;
using HealthEval.Reports;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval report</c>: a week's workbook, exports and manifest in a folder of one's choice.</summary>
internal static class ReportCommand
{
    public static Command Build()
    {
        var project = new Option<string>("--project") { Description = "The project's id", Required = true, HelpName = "P" };
        var week = new Option<string>("--week") { Description = "An ISO week such as 2026-W47, in UTC", Required = true, HelpName = "WEEK" };
        var output = new Option<DirectoryInfo>("--out") { Description = "The folder to write to; made when it does not exist", Required = true, HelpName = "DIR" };
        var compare = new Option<string?>("--compare") { Description = "Candidate and baseline model, separated by a comma; else those of the project, or all pairs", HelpName = "B,A" };
        var command = new Command("report", "Compile a week's workbook, export files and manifest") { project, week, output, compare };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetValue(project)!, parsed.GetValue(week)!, parsed.GetValue(output)!.FullName, parsed.GetValue(compare), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string projectId, string weekText, string folder, string? compare, CancellationToken cancellation)
    {
        if (IsoWeek.Parse(weekText) is not { } week)
        {
            Console.Error.WriteLine($"healtheval: '{weekText}' is not an ISO week. Write it like 2026-W47.");
            return ExitCode.Usage;
        }

        await using var app = Services.Open(parsed);
        var store = app.Services.GetRequiredService<IDocumentStore>();
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project)
        {
            Console.Error.WriteLine($"healtheval: there is no project '{projectId}' in this store. Check --project and --data.");
            return ExitCode.Usage;
        }

        var models = compare?.Split(',', StringSplitOptions.TrimEntries);
        if (models is not null && (models.Length != 2 || models.Contains("") || models[0] == models[1]))
        {
            Console.Error.WriteLine($"healtheval: --compare '{compare}' is not two models. Write the candidate, a comma and the baseline: --compare new-model,old-model.");
            return ExitCode.Usage;
        }

        var asked = models is null ? project.Value : project.Value with { Report = (project.Value.Report ?? new ReportSettings()) with { Candidate = models[0], Baseline = models[1] } };
        await app.Services.GetRequiredService<AuditTrail>().RecordAsync(projectId, AuditTrail.CommandLine, AuditActions.ReportTaken, $"{week}/folder");
        try
        {
            await app.Services.GetRequiredService<Gathering>().WriteAsync(asked, week, folder, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"healtheval: '{folder}' cannot be written ({failure.Message}). Choose another folder with --out.");
            return ExitCode.Failed;
        }

        Print(await Report.CompileAsync(folder, cancellation), folder, parsed.GetValue(CommandLine.JsonOutput));
        return ExitCode.Done;
    }

    private static void Print(Manifest manifest, string folder, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(manifest, Json.Options));
            return;
        }

        Console.WriteLine($"{manifest.ProjectId} {manifest.Week}: {manifest.Counts.Judgements:N0} judgements, {manifest.Counts.Ratings:N0} ratings{(manifest.Counts.SimulatedJudgements > 0 ? $" ({manifest.Counts.SimulatedJudgements:N0} judgements simulated)" : "")}{(manifest.Open ? "; the week is still open" : "")}");
        foreach (var file in manifest.Files)
        {
            Console.WriteLine($"  {file.Sha256[..12]}  {file.Bytes,12:N0}  {Path.Combine(folder, file.Path)}");
        }
    }
}
