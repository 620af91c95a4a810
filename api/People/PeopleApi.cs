using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.People;

internal static class PeopleApi
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").RequireAuthorization(Policies.Leads);
        people.MapGet("/", ListAsync).WithName("ListPeople");
        people.MapPost("/", AddAsync).WithName("AddPerson");
        people.MapPut("/{personId}", ChangeAsync).WithName("ChangePerson");
        people.MapPost("/{personId}/invite", InviteAsync).WithName("InvitePerson");
    }

    private static async Task<Ok<PeopleList>> ListAsync(IDocumentStore store, CancellationToken cancellation)
    {
        var people = new List<PersonView>();
        await foreach (var person in store.AllAsync<Person>(new DocumentQuery(DocumentKind.Person) { ProjectId = "_" }, cancellation))
        {
            people.Add(PersonView.Of(person));
        }

        return TypedResults.Ok(new PeopleList([.. people.OrderBy(person => person.Name, StringComparer.OrdinalIgnoreCase)]));
    }

    private static async Task<Results<Created<PersonView>, ProblemHttpResult>> AddAsync(PersonForm form, Caller caller, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var faults = form.Check(caller);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var person = form.ToPerson($"p-{Guid.CreateVersion7():N}", time.GetUtcNow());
        var committed = (Committed)await store.CommitAsync(new Write.Create(Person.Key(person.PersonId), person), cancellation);
        return TypedResults.Created($"/api/people/{person.PersonId}", PersonView.Of(new Stored<Person>(person, committed.ETags[0])));
    }

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> ChangeAsync(string personId, PersonForm form, Caller caller, HttpRequest request, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Person>(Person.Key(personId), cancellation) is not { } stored || !MayManage(caller, stored.Value))
        {
            return Problems.Missing("person");
        }

        if (request.IfMatch() is not { } etag)
        {
            return Problems.IfMatchNeeded("person");
        }

        var faults = form.Check(caller);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var changed = form.ToPerson(personId, stored.Value.CreatedAt) with { Simulated = stored.Value.Simulated };
        return await store.CommitAsync(new Write.Replace(Person.Key(personId), changed, etag), cancellation) is Committed committed
            ? TypedResults.Ok(PersonView.Of(new Stored<Person>(changed, committed.ETags[0])))
            : Problems.Stale("person");
    }

    private static async Task<Results<Ok<InviteView>, ProblemHttpResult>> InviteAsync(string personId, Caller caller, HttpRequest request, IDocumentStore store, SignIn signIn, IConfiguration configuration, CancellationToken cancellation)
    {
        if (SignInWays.Of(configuration).ByAccount)
        {
            return SignInWays.NoLinks();
        }

        if (await store.FindAsync<Person>(Person.Key(personId), cancellation) is not { } stored || !MayManage(caller, stored.Value))
        {
            return Problems.Missing("person");
        }

        if (!stored.Value.Active || stored.Value.Simulated)
        {
            return Problems.Conflict("cannot_sign_in", "This person cannot sign in", "Simulated and inactive people have no sign-in link. Set the person to active first.");
        }

        var (token, expiresAt) = await signIn.InviteAsync(personId, cancellation);
        return TypedResults.Ok(new InviteView($"{request.Scheme}://{request.Host}/#/sign-in/{token}", expiresAt));
    }

    /// <summary>Only an admin can act on admins and leads: a sign-in link is as good as being that person.</summary>
    private static bool MayManage(Caller caller, Person person) =>
        caller.Is(Roles.Admin) || caller.Id == person.PersonId || !person.Roles.Any(role => role is Roles.Admin or Roles.Lead);
}

internal sealed record PeopleList(IReadOnlyList<PersonView> People);

internal sealed record InviteView(string Link, DateTimeOffset ExpiresAt);

internal sealed record PersonView(
    string PersonId, string Name, string? Email, string Pseudonym, IReadOnlyList<string> Roles, IReadOnlyList<string> Projects, Credential? Credential, bool Active, bool Simulated, string Etag)
{
    public static PersonView Of(Stored<Person> stored) => new(
        stored.Value.PersonId, stored.Value.Name, stored.Value.Email, stored.Value.Pseudonym, stored.Value.Roles, stored.Value.Projects,
        stored.Value.Credential, stored.Value.Active, stored.Value.Simulated, stored.ETag);
}
