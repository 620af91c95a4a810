using System.CommandLine;
using System.Text.Json;
using HealthEval.Audit;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Cli;

/// <summary><c>healtheval purge</c>: removes a project and everything of it, files included, and says what is out of its reach.</summary>
internal static class PurgeCommand
{
    private static readonly string[] Folders = ["benchmarks", "drop", "pending", "receipts", "reports"];

    public static Command Build()
    {
        var project = CommandLine.Project();
        var confirm = new Option<string?>("--confirm") { Description = "The project id once more; without it nothing is removed", HelpName = "P" };
        var command = new Command("purge", "Remove a project and everything of it; there is no way back") { project, confirm };
        command.SetAction(async (parsed, cancellation) =>
        {
            var id = parsed.GetRequiredValue(project);
            if (parsed.GetValue(confirm) != id)
            {
                Console.Error.WriteLine($"healtheval: Nothing was removed. Repeat the project id to confirm: --confirm {id}");
                return ExitCode.Usage;
            }

            await using var app = Services.Open(parsed);
            await CommandLine.FindProjectAsync(app.Services, id, cancellation);
            var people = await EndAccessAsync(app.Services, id, cancellation);
            var (documents, files) = await RunAsync(app.Services, id, cancellation);
            var left = Left(app.Services, id, people).ToList();
            if (parsed.GetValue(CommandLine.JsonOutput))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { project = id, documents, files, left }, Json.Options));
                return ExitCode.Done;
            }

            Console.WriteLine($"Removed project {id}: {documents:N0} documents and {files:N0} files.");
            Console.WriteLine("What is left, and why:");
            left.ForEach(line => Console.WriteLine($"  {line}"));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<(long Documents, long Files)> RunAsync(IServiceProvider services, string projectId, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IFileStore>();
        var files = 0L;
        foreach (var folder in Folders)
        {
            files += await store.EraseFolderAsync($"{folder}/{projectId}/", cancellation);
        }

        // documents last: should this be interrupted, the project is still there to be purged again
        var documents = services.GetRequiredService<IDocumentStore>();
        var simulated = await documents.AllAsync<Person>(new DocumentQuery(DocumentKind.Person) { ProjectId = "_" }, cancellation)
            .Where(person => person.Value.Simulated && person.Value.Projects is [var only] && only == projectId).ToListAsync(cancellation);
        foreach (var person in simulated)
        {
            await documents.CommitAsync(new Write.Delete(Person.Key(person.Value.PersonId)), cancellation);
        }

        var trail = services.GetRequiredService<AuditTrail>();
        var chain = await trail.HeadAsync(projectId, cancellation);
        var removed = await documents.DeleteProjectAsync(projectId, cancellation) + simulated.Count;
        await trail.RecordAsync(
            AuditTrail.Platform, AuditTrail.CommandLine, AuditActions.ProjectPurged, projectId, chain is null ? null : $"{chain.Last}:{chain.Hash}", $"documents={removed};files={files}");
        return (removed, files);
    }

    /// <summary>Nobody comes by this id, and no program by a token, into another project that is made under it later. Returns how many people had it.</summary>
    private static async Task<int> EndAccessAsync(IServiceProvider services, string projectId, CancellationToken cancellation)
    {
        var documents = services.GetRequiredService<IDocumentStore>();
        await foreach (var token in documents.AllAsync<ApiToken>(ApiToken.Of(projectId), cancellation))
        {
            await documents.CommitAsync(new Write.Delete(token.Value.Key()), cancellation);
        }

        var people = await documents.AllAsync<Person>(Person.Everybody, cancellation)
            .Where(person => !person.Value.Simulated && person.Value.Projects.Contains(projectId)).Select(person => person.Value.PersonId).ToListAsync(cancellation);
        foreach (var id in people)
        {
            await WithoutAsync<Person>(documents, Person.Key(id), person => person with { Projects = [.. person.Projects.Where(project => project != projectId)] }, cancellation);
        }

        await foreach (var (owner, _) in documents.AllAsync<GuidelineOwner>(new DocumentQuery(DocumentKind.GuidelineOwner) { ProjectId = "_" }, cancellation)
            .Where(owner => owner.Value.Projects.Contains(projectId)))
        {
            await WithoutAsync<GuidelineOwner>(
                documents, GuidelineOwner.Key(owner.GuidelineId), one => one with { Projects = [.. one.Projects.Where(project => project != projectId)] }, cancellation);
        }

        return people.Count;
    }

    private static async Task WithoutAsync<T>(IDocumentStore documents, DocumentKey key, Func<T, T> change, CancellationToken cancellation)
        where T : class
    {
        while (await documents.FindAsync<T>(key, cancellation) is var (found, etag)
            && !(await documents.CommitAsync(new Write.Replace(key, change(found), etag), cancellation)).Succeeded)
        {
            // somebody else changed it: once more
        }
    }

    private static IEnumerable<string> Left(IServiceProvider services, string projectId, int people)
    {
        if (people > 0)
        {
            yield return $"{people:N0} {(people == 1 ? "person who was" : "people who were")} entered for this project: they are entries of their own, which have it no longer. 'healtheval forget' removes a person.";
        }

        yield return "An entry of the platform's audit trail: that it was purged and when, how much there was, and where its own trail ended. Guidelines are entries of their own too.";

        if (services.GetRequiredService<IFileStore>() is FolderFileStore folder)
        {
            foreach (var entry in Folders.SelectMany(name => folder.Entries($"{name}/{projectId}/")).Where(entry => entry.Problem is not null))
            {
                yield return $"{entry.Path}: {entry.Problem} This program cannot remove it.";
            }

            yield return "Copies that were made outside of the program: backups ('healtheval backup'), snapshots of the disk, files that were downloaded. They are yours to remove.";
            yield return "Blocks of the disk that held removed files: they were overwritten in place, which some disks and file systems answer by writing elsewhere. Encrypt the disk.";
        }
        else
        {
            yield return "What Blob Storage keeps of deleted files and of their deleted versions for the account's soft-delete period (30 days by infra/modules/storage.bicep), so that a mistake can be undone.";
            if (services.GetRequiredService<IFileStore>() is Storage.Azure.BlobFileStore { HoldsReports: true })
            {
                yield return "Every version of a finished report that is held (Storage:HoldReports): it can be deleted when its day has come, and not before.";
            }

            yield return "The database's continuous backup, from which the documents can be restored until its period is over (infra/modules/cosmos.bicep).";
        }
    }
}
