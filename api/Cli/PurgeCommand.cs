using System.CommandLine;
using System.Text.Json;
using HealthEval.People;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval purge</c>: removes a project and everything of it, files included.</summary>
internal static class PurgeCommand
{
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
            var (documents, files) = await RunAsync(app.Services, id, cancellation);
            Console.WriteLine(parsed.GetValue(CommandLine.JsonOutput)
                ? JsonSerializer.Serialize(new { project = id, documents, files }, Json.Options)
                : $"Removed project {id}: {documents:N0} documents and {files:N0} files.");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<(long Documents, long Files)> RunAsync(IServiceProvider services, string projectId, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IFileStore>();
        var files = 0L;
        foreach (var folder in new[] { "drop", "pending", "receipts", "reports" })
        {
            await foreach (var file in store.ListAsync($"{folder}/{projectId}/", cancellation))
            {
                files += await store.DeleteAsync(file.Path, cancellation) ? 1 : 0;
            }
        }

        // documents last: should this be interrupted, the project is still there to be purged again
        var documents = services.GetRequiredService<IDocumentStore>();
        var simulated = await documents.AllAsync<Person>(new DocumentQuery(DocumentKind.Person) { ProjectId = "_" }, cancellation)
            .Where(person => person.Value.Simulated && person.Value.Projects is [var only] && only == projectId).ToListAsync(cancellation);
        foreach (var person in simulated)
        {
            await documents.CommitAsync(new Write.Delete(Person.Key(person.Value.PersonId)), cancellation);
        }

        return (await documents.DeleteProjectAsync(projectId, cancellation) + simulated.Count, files);
    }
}
