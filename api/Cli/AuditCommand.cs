using System.CommandLine;
using System.Text.Json;
using HealthEval.Audit;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval audit verify</c>: whether the chains of the audit trail are whole.</summary>
internal static class AuditCommand
{
    /// <summary>Of a project that is there: making it is the first entry.</summary>
    private const string Nothing = "there is no entry, although there is such a project: its trail was removed, or the project is older than trails";

    public static Command Build()
    {
        var file = new Argument<FileInfo?>("FILE") { Description = "An exported trail, to check without the store", Arity = ArgumentArity.ZeroOrOne };
        var project = new Option<string?>("--project") { Description = "Only this project's chain; all of them, and the platform's own, when absent", HelpName = "P" };
        var head = new Option<string?>("--head") { Description = "A head noted earlier, such as 17:ab12…, that must still be part of the chain", HelpName = "NUMBER:HASH" };
        var verify = new Command("verify", "Check that no entry was changed, left out or cut off; exit 1 when one was") { file, project, head };
        verify.SetAction(async (parsed, cancellation) =>
        {
            var (exported, only, noted) = (parsed.GetValue(file), parsed.GetValue(project), parsed.GetValue(head));
            if (noted is not null && exported is null && only is null)
            {
                throw new StartupException("--head belongs to one chain. Name its project with --project, or an exported FILE.");
            }

            IReadOnlyList<TrailCheck> checks = exported is null ? await OfStoreAsync(parsed, only, noted, cancellation) : [await OfFileAsync(exported, noted, cancellation)];
            Print(checks, parsed.GetValue(CommandLine.JsonOutput));
            return checks.All(check => check.Whole) ? ExitCode.Done : ExitCode.Failed;
        });
        return new Command("audit", "The audit trail: who did what and when") { verify };
    }

    private static async Task<IReadOnlyList<TrailCheck>> OfStoreAsync(ParseResult parsed, string? only, string? noted, CancellationToken cancellation)
    {
        await using var app = Services.Open(parsed);
        var trail = app.Services.GetRequiredService<AuditTrail>();
        var projects = only is not null ? [only] : await app.Services.GetRequiredService<IDocumentStore>()
            .AllAsync<Project>(new DocumentQuery(DocumentKind.Project), cancellation).Select(project => project.Value.ProjectId).Prepend(AuditTrail.Platform).ToListAsync(cancellation);
        var checks = new List<TrailCheck>();
        foreach (var id in projects)
        {
            var check = await trail.CheckAsync(id, cancellation);
            checks.Add(await WithNotedAsync(
                check.Entries > 0 || id == AuditTrail.Platform ? check : check with { Faults = [Nothing] }, trail.EntriesAsync(id, cancellation), noted, cancellation));
        }

        return checks;
    }

    private static async Task<TrailCheck> OfFileAsync(FileInfo file, string? noted, CancellationToken cancellation)
    {
        var entries = new List<AuditEntry>();
        try
        {
            await foreach (var line in File.ReadLinesAsync(file.FullName, cancellation))
            {
                entries.Add(Json.Parse<AuditEntry>(System.Text.Encoding.UTF8.GetBytes(line)));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StartupException($"'{file}' cannot be read as an exported trail (line {entries.Count + 1}): {(failure is JsonException ? "it is not an entry" : failure.Message)}");
        }

        var head = entries is [.., var last] ? new TrailHead(last.Number, last.Hash) : null; // what was cut off an export shows only against a noted head
        var check = await TrailCheck.OfAsync(entries is [var first, ..] ? first.ProjectId : file.Name, entries.ToAsyncEnumerable(), head, cancellation);
        return await WithNotedAsync(check, entries.ToAsyncEnumerable(), noted, cancellation);
    }

    private static async Task<TrailCheck> WithNotedAsync(TrailCheck check, IAsyncEnumerable<AuditEntry> entries, string? noted, CancellationToken cancellation) =>
        noted is null || await entries.AnyAsync(entry => $"{entry.Number}:{entry.Hash}" == noted, cancellation)
            ? check
            : check with { Faults = [.. check.Faults, $"{noted} is not part of this chain"] };

    private static void Print(IReadOnlyList<TrailCheck> checks, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(checks, Json.Options));
            return;
        }

        foreach (var check in checks)
        {
            var name = check.ProjectId == AuditTrail.Platform ? "platform" : check.ProjectId;
            Console.WriteLine($"{name}: {check.Entries:N0} entries, {(check.Whole ? "whole" : "BROKEN")}{(check.Head is { } head ? $", head {head}" : "")}");
            foreach (var fault in check.Faults)
            {
                Console.WriteLine($"  {fault}");
            }
        }
    }
}
