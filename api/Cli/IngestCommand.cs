using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Batches.Benchmarks;
using HealthEval.Guidelines;
using HealthEval.Intake;
using HealthEval.Intake.Profiles;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval ingest FILE… --project P</c>: loads files and prints their receipts.</summary>
internal static class IngestCommand
{
    private static readonly JsonSerializerOptions WithNulls = new(Json.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    public static Command Build()
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "JSON Lines, JSON, CSV, TSV or XLSX, as it is or packed with gzip or zip", Arity = ArgumentArity.OneOrMore };
        var project = new Option<string>("--project") { Description = "The project to load into", HelpName = "P", Required = true };
        var create = new Option<bool>("--create") { Description = "Create the project, with the default guideline, if it does not exist" };
        var encoding = new Option<string?>("--encoding") { Description = "How a text is encoded that is not UTF-8", HelpName = "windows-1252" };
        encoding.AcceptOnlyFromAmong("utf-8", "windows-1252");
        var attested = new Option<bool>("--attested") { Description = "You state that the files hold no personal data; the receipt keeps it" };
        var map = new Option<FileInfo?>("--map") { Description = "A JSON file that says what is what (an import profile), kept with the project", HelpName = "FILE" };
        var set = new Option<string?>("--set") { Description = "The same in a few words: prompt=frage,response=antwort,model==model-A", HelpName = "FIELD=PATH,…" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print how the files would be read, with three items of each, and change nothing" };
        var command = new Command("ingest", "Load batches of responses and print a receipt for each") { files, project, create, encoding, attested, map, set, dryRun };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed, parsed.GetValue(files)!, parsed.GetValue(project)!, parsed.GetValue(create), new How(parsed.GetValue(encoding), parsed.GetValue(attested), parsed.GetValue(map), parsed.GetValue(set), parsed.GetValue(dryRun)), cancellation));
        return command;
    }

    private sealed record How(string? Encoding, bool Attested, FileInfo? Map, string? Set, bool DryRun);

    private static async Task<int> RunAsync(ParseResult parsed, FileInfo[] files, string projectId, bool create, How how, CancellationToken cancellation)
    {
        if (Array.Find(files, file => !file.Exists) is { } missing)
        {
            return Usage(Directory.Exists(missing.FullName) ? $"{missing} is a folder. Name the files in it." : $"{missing} does not exist.");
        }

        var (profile, wrong) = await ProfileAsync(how, cancellation);
        if (wrong.Length > 0)
        {
            return Usage(wrong);
        }

        await using var services = Services.Open(parsed);
        var (project, fault) = await ProjectAsync(services.Services, projectId, create, how.DryRun, cancellation);
        if (project is null)
        {
            return Usage(fault);
        }

        var json = parsed.GetValue(CommandLine.JsonOutput);
        var ingest = services.Services.GetRequiredService<IngestBatch>();
        var trail = services.Services.GetRequiredService<AuditTrail>();
        var accepted = 0L;
        var batches = new List<string>();
        var attestation = how.Attested ? new Attestation("command line", services.Services.GetRequiredService<TimeProvider>().GetUtcNow()) : null;
        var sources = files.Select(file => new BatchSource(file.Name, () => new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1)) { Encoding = how.Encoding, Attested = attestation, Profile = profile }).ToArray();
        if (how.DryRun)
        {
            return await PreviewAsync(services.Services, project, sources, json, cancellation);
        }

        foreach (var (source, file) in sources.Zip(files).OrderBy(pair => sources.Length > 1 && ingest.HoldsAnswers(pair.First))) // after the requests that came along
        {
            using var progress = new ProgressLine(file.Name, file.Length, isShown: !json && !Console.IsErrorRedirected);
            IngestResult result;
            try
            {
                result = await ingest.RunAsync(project, source with { Partners = [.. batches] }, progress.Show, again: true, cancellation);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StorageUnavailableException)
            {
                Console.Error.WriteLine($"healtheval: {file.Name} could not be loaded: {failure.Message} Nothing is lost; repeat the call when this is solved.");
                return ExitCode.Failed;
            }

            progress.Clear();
            var (bytes, sha256) = (result.Batch.Bytes, result.Batch.Sha256);
            await trail.RecordAsync(projectId, AuditTrail.CommandLine, AuditActions.FileReceived, result.Batch.BatchId, to: $"bytes={bytes};sha256={sha256}");
            Console.WriteLine(json ? ToJson(result) : ReceiptText.Of(result));
            accepted += result.Batch.Accepted;
            batches.Add(result.Batch.BatchId);
        }

        if (profile is not null && accepted > 0)
        {
            await ImportProfiles.KeepAsync(
                services.Services.GetRequiredService<IDocumentStore>(), services.Services.GetRequiredService<AuditTrail>(), projectId, profile, AuditTrail.CommandLine, services.Services.GetRequiredService<TimeProvider>().GetUtcNow(), cancellation);
        }

        return accepted > 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<(ImportProfile? Profile, string Fault)> ProfileAsync(How how, CancellationToken cancellation)
    {
        if (how is { Map: not null, Set: not null })
        {
            return (null, "Say what is what either with --map or with --set.");
        }

        if (how.Map is { Exists: false })
        {
            return (null, $"{how.Map} does not exist.");
        }

        var fault = "";
        var profile = how.Map is { } file ? ImportProfile.Parse(await File.ReadAllBytesAsync(file.FullName, cancellation), Path.GetFileNameWithoutExtension(file.Name), out fault)
            : how.Set is { } words ? ImportProfile.Parse(words, "command line", out fault)
            : null;
        return (profile, fault.Length > 0 && how.Map is not null ? $"{how.Map.Name}: {fault}" : fault);
    }

    private static async Task<int> PreviewAsync(IServiceProvider services, Project project, BatchSource[] sources, bool json, CancellationToken cancellation)
    {
        var kept = (await ImportProfiles.LatestAsync(services.GetRequiredService<IDocumentStore>(), project.ProjectId, cancellation)).ConvertAll(stored => stored.Profile);
        var benchmarks = await BenchmarkIndex.OfAsync(services.GetRequiredService<IDocumentStore>(), services.GetRequiredService<IFileStore>(), project.ProjectId, cancellation);
        var accepted = 0L;
        foreach (var source in sources)
        {
            var preview = Preview.Of(project, source, kept, services.GetRequiredService<IngestOptions>(), cancellation, benchmarks: benchmarks);
            Console.WriteLine(json ? JsonSerializer.Serialize(preview, Json.Options) : PreviewText.Of(source.Name, preview));
            accepted += preview.Accepted;
        }

        return accepted > 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<(Project? Project, string Fault)> ProjectAsync(IServiceProvider services, string projectId, bool create, bool isDry, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IDocumentStore>();
        if (!ProjectForm.IsId(projectId))
        {
            return (null, $"'{projectId}' cannot be a project id. {ProjectForm.IdRule}");
        }

        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { } existing)
        {
            return (existing.Value, "");
        }

        if (!create)
        {
            return (null, $"There is no project '{projectId}'. Add --create to make it, or name another with --project.");
        }

        var reference = new GuidelineReference(GuidelineLibrary.Default.Id, GuidelineLibrary.Default.Version);
        var project = Project.Default(projectId, reference, services.GetRequiredService<TimeProvider>().GetUtcNow()) with { GoldShare = Project.StandardGoldShare };
        if (!isDry)
        {
            await store.CommitAsync(new Write.Create(Project.Key(projectId), project), cancellation);
            await services.GetRequiredService<AuditTrail>().RecordAsync(
                projectId, AuditTrail.CommandLine, AuditActions.ProjectAdded, to: $"guideline={project.Guideline.Id}@{project.Guideline.Version}");
        }

        return (project, "");
    }

    private static string ToJson(IngestResult result) => result.Batch is var batch ? JsonSerializer.Serialize(
        new
        {
            batch.BatchId,
            batch.File,
            batch.Format,
            batch.State,
            batch.Reason,
            batch.Read,
            batch.Accepted,
            batch.Duplicate,
            batch.Rejected,
            batch.Items,
            batch.Responses,
            batch.Suspicions,
            result.Errors,
            MoreErrors = batch.MoreErrors + batch.Errors.Count - result.Errors.Count,
        },
        WithNulls) : "";

    private static int Usage(string message)
    {
        Console.Error.WriteLine($"healtheval: {message}");
        return ExitCode.Usage;
    }
}
