using System.CommandLine;
using System.Text.Json;
using HealthEval.Audit;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Cli;

/// <summary><c>healtheval forget</c>: removes what is known about a person. Their judgements are records of a customer's evaluation and stay, under the pseudonym.</summary>
internal static class ForgetCommand
{
    private const string Left =
        "Their judgements and adjudications stay, under the pseudonym and the id, with the credential that reports state. An id that says who they are stays readable in them; so does what was delivered, and what backups hold.";

    public static Command Build()
    {
        var person = new Option<string>("--person") { Description = "The person's id", HelpName = "ID", Required = true };
        var confirm = new Option<string?>("--confirm") { Description = "The id once more; without it nothing is removed", HelpName = "ID" };
        var command = new Command("forget", "Remove a person's name, address and sessions; their judgements stay under the pseudonym") { person, confirm };
        command.SetAction(async (parsed, cancellation) =>
        {
            var id = parsed.GetRequiredValue(person);
            if (parsed.GetValue(confirm) != id)
            {
                Console.Error.WriteLine($"healtheval: Nothing was removed. Repeat the person's id to confirm: --confirm {id}");
                return ExitCode.Usage;
            }

            await using var app = Services.Open(parsed);
            if (await RunAsync(app.Services.GetRequiredService<IDocumentStore>(), app.Services.GetRequiredService<AuditTrail>(), id, cancellation) is not { } forgotten)
            {
                throw new StartupException($"There is nobody with the id '{id}' here. Another store is chosen with --data DIR.");
            }

            Console.WriteLine(parsed.GetValue(CommandLine.JsonOutput)
                ? JsonSerializer.Serialize(new { person = id, forgotten.Pseudonym, left = Left }, Json.Options)
                : $"Forgotten: {id}, now only {forgotten.Pseudonym}. {Left}");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<Person?> RunAsync(IDocumentStore store, AuditTrail trail, string id, CancellationToken cancellation)
    {
        while (await store.FindAsync<Person>(Person.Key(id), cancellation) is { Value: var person, ETag: var etag })
        {
            var forgotten = person with { Name = person.Pseudonym, Email = null, Active = false, Projects = [] };
            if ((await store.CommitAsync(new Write.Replace(Person.Key(id), forgotten, etag), cancellation)).Succeeded)
            {
                await RemoveAsync(store, DocumentKind.Session, "personId", id, cancellation);
                await RemoveAsync(store, DocumentKind.Invite, "personId", id, cancellation);
                await RemoveAsync(store, DocumentKind.Draft, "rater", id, cancellation);
                await RemoveAccountsAsync(store, id, cancellation);
                await trail.RecordAsync(person, AuditTrail.CommandLine, AuditActions.PersonForgotten);
                return forgotten;
            }
        }

        return null;
    }

    /// <summary>On Azure there are no sessions and invitations of ours, and drafts end by themselves.</summary>
    private static async Task RemoveAsync(IDocumentStore store, DocumentKind kind, string field, string id, CancellationToken cancellation)
    {
        var keys = store is not SqliteDocumentStore embedded ? [] : embedded.Raw(kind).Where(raw => Field(raw.Body, field) == id)
            .Select(raw => new DocumentKey(kind, new Partition(raw.Project, raw.Scope), raw.Id)).ToList();
        foreach (var key in keys)
        {
            await store.CommitAsync(new Write.Delete(key), cancellation);
        }
    }

    /// <summary>Who signs in with such an account again is nobody, or whom the platform itself appoints.</summary>
    private static async Task RemoveAccountsAsync(IDocumentStore store, string id, CancellationToken cancellation)
    {
        var query = new DocumentQuery(DocumentKind.Account) { ProjectId = Person.Partition.ProjectId, Scope = Person.Partition.Scope };
        foreach (var account in await store.AllAsync<Account>(query, cancellation).Where(account => account.Value.PersonId == id).ToListAsync(cancellation))
        {
            await store.CommitAsync(new Write.Delete(Account.Key(account.Value.AccountId)), cancellation);
        }
    }

    private static string? Field(byte[] body, string field)
    {
        using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 128 });
        return json.RootElement.TryGetProperty(field, out var value) ? value.GetString() : null;
    }
}
