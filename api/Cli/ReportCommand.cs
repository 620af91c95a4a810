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
    private static readonly Option<string> ProjectId = new("--project") { Description = "The project's id", Required = true, HelpName = "P" };
    private static readonly Option<string?> Week = new("--week") { Description = "An ISO week such as 2026-W47, in UTC", HelpName = "WEEK" };
    private static readonly Option<string?> From = new("--from") { Description = "Campaign: the first week (default: the project's first)", HelpName = "WEEK" };
    private static readonly Option<string?> To = new("--to") { Description = "Campaign: the last week (default: the running one)", HelpName = "WEEK" };
    private static readonly Option<string?> Batch = new("--batch") { Description = "Campaign: only items of this batch", HelpName = "ID" };
    private static readonly Option<string?> Tag = new("--tag") { Description = "Campaign: only items with this tag", HelpName = "TAG" };
    private static readonly Option<DirectoryInfo> Output = new("--out") { Description = "The folder to write to; made when it does not exist", Required = true, HelpName = "DIR" };
    private static readonly Option<string?> Compare = new("--compare") { Description = "Candidate and baseline model, separated by a comma; else those of the project, or all pairs", HelpName = "B,A" };

    public static Command Build()
    {
        var command = new Command("report", "Compile the workbook, export files and manifest of a week, or of a campaign: several weeks, a batch, a tag")
        {
            ProjectId, Week, From, To, Batch, Tag, Output, Compare,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var app = Services.Open(parsed);
        var (projectId, folder) = (parsed.GetValue(ProjectId)!, parsed.GetValue(Output)!.FullName);
        if (await app.Services.GetRequiredService<IDocumentStore>().FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Refuse($"there is no project '{projectId}' in this store. Check --project and --data.");
        }

        var (coverage, wrong) = await CoverageAsync(parsed, app.Services.GetRequiredService<WeeklyReports>(), app.Services.GetRequiredService<IDocumentStore>(), cancellation);
        if (coverage is null)
        {
            return Refuse(wrong!);
        }

        var models = parsed.GetValue(Compare)?.Split(',', StringSplitOptions.TrimEntries);
        if (models is not null && (models.Length != 2 || models.Contains("") || models[0] == models[1]))
        {
            return Refuse($"--compare '{parsed.GetValue(Compare)}' is not two models. Write the candidate, a comma and the baseline: --compare new-model,old-model.");
        }

        var asked = models is null ? project : project with { Report = (project.Report ?? new ReportSettings()) with { Candidate = models[0], Baseline = models[1] } };
        await app.Services.GetRequiredService<AuditTrail>().RecordAsync(projectId, AuditTrail.CommandLine, AuditActions.ReportTaken, $"{coverage}/folder");
        try
        {
            await app.Services.GetRequiredService<Gathering>().WriteAsync(asked, coverage, folder, cancellation);
            var manifest = await Report.CompileAsync(folder, cancellation);
            await app.Services.GetRequiredService<ReportSigner>().SignAsync(folder, cancellation);
            Print(manifest, folder, parsed.GetValue(CommandLine.JsonOutput));
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"healtheval: '{folder}' cannot be written ({failure.Message}). Choose another folder with --out.");
            return ExitCode.Failed;
        }
    }

    private static int Refuse(string wrong)
    {
        Console.Error.WriteLine($"healtheval: {wrong}");
        return ExitCode.Usage;
    }

    private static async Task<(Coverage? Coverage, string? Wrong)> CoverageAsync(ParseResult parsed, WeeklyReports reports, IDocumentStore store, CancellationToken cancellation)
    {
        var form = new CampaignForm(parsed.GetValue(From), parsed.GetValue(To), parsed.GetValue(Batch), parsed.GetValue(Tag));
        if (parsed.GetValue(Week) is { } text)
        {
            return form != new CampaignForm() ? (null, "--week is one week; --from, --to, --batch and --tag make a campaign. Give one or the other.")
                : IsoWeek.Parse(text) is { } week ? (week, null)
                : (null, $"'{text}' is not an ISO week. Write it like 2026-W47.");
        }

        if (form == new CampaignForm())
        {
            return (null, "say which --week, or a campaign with --from, --to, --batch or --tag.");
        }

        var (faults, scope) = await form.CheckAsync(parsed.GetValue(ProjectId)!, reports, store, cancellation);
        return scope is null ? (null, string.Join(" ", faults.ByField.Select(fault => $"--{fault.Key}: {string.Join(" ", fault.Value)}"))) : (Coverage.Of(scope), null);
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
