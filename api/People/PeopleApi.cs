using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.People;

internal static class PeopleApi
{
    private static readonly string[] MayBeNull = ["email", "credential"];

    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").RequireAuthorization(Policies.Leads).Reaches(RouteScope.People);
        people.MapGet("/", ListAsync).WithName("ListPeople");
        people.MapPost("/", AddAsync).WithName("AddPerson");
        people.MapPut("/{personId}", ReplaceAsync).Accepts<PersonForm>("application/json").WithName("ReplacePerson");
        people.MapPatch("/{personId}", PatchAsync).Accepts<PersonForm>(WholeForm.MergePatch, "application/json").WithName("ChangePerson");
        api.MapLinks();
        api.MapTokens();
    }

    private static async Task<Ok<PeopleList>> ListAsync(Caller caller, IDocumentStore store, CancellationToken cancellation)
    {
        var asked = await store.AllAsync<LinkRequest>(LinkRequest.All, cancellation).ToDictionaryAsync(request => request.Value.PersonId, request => request.Value, cancellationToken: cancellation);
        var people = await store.AllAsync<Person>(Person.Everybody, cancellation).Where(person => caller.Sees(person.Value))
            .Select(person => PersonView.Of(person, caller, asked.GetValueOrDefault(person.Value.PersonId))).ToListAsync(cancellation);
        return TypedResults.Ok(new PeopleList([.. people.OrderBy(person => person.Name, StringComparer.OrdinalIgnoreCase)]));
    }

    private static async Task<Results<Created<PersonView>, ProblemHttpResult>> AddAsync(
        PersonForm form, Caller caller, IDocumentStore store, AuditTrail trail, PlatformPeople accounts, TimeProvider time, CancellationToken cancellation)
    {
        var faults = form.Check(caller, before: null);
        await CheckAddressAsync(form, null, caller, store, faults, cancellation);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var person = form.ToPerson($"p-{Guid.CreateVersion7():N}", time.GetUtcNow());
        var committed = (Committed)await store.CommitAsync(new Write.Create(Person.Key(person.PersonId), person), cancellation);
        accounts.LookAgain();
        await trail.RecordAsync(person, caller.Id, AuditActions.PersonAdded, to: $"roles={string.Join(',', person.Roles)};projects={string.Join(',', person.Projects)}");
        return TypedResults.Created($"/api/people/{person.PersonId}", PersonView.Of(new Stored<Person>(person, committed.ETags[0]), caller));
    }

    private static Task<Results<Ok<PersonView>, ProblemHttpResult>> ReplaceAsync(
        string personId, JsonObject body, Caller caller, HttpRequest request, IDocumentStore store, Tokens tokens, AuditTrail trail, CancellationToken cancellation) =>
        ChangeAsync(personId, (_, faults) => WholeForm.Whole<PersonForm>(body, faults, MayBeNull), caller, request, store, tokens, trail, cancellation);

    private static Task<Results<Ok<PersonView>, ProblemHttpResult>> PatchAsync(
        string personId, JsonObject patch, Caller caller, HttpRequest request, IDocumentStore store, Tokens tokens, AuditTrail trail, CancellationToken cancellation) =>
        ChangeAsync(personId, (now, faults) => WholeForm.Merged(PersonForm.Of(now), patch, faults, MayBeNull), caller, request, store, tokens, trail, cancellation);

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> ChangeAsync(
        string personId, Func<Person, Faults, PersonForm?> read, Caller caller, HttpRequest request, IDocumentStore store, Tokens tokens, AuditTrail trail,
        CancellationToken cancellation)
    {
        if (await store.FindAsync<Person>(Person.Key(personId), cancellation) is not { Value: var before } || !caller.Sees(before))
        {
            return Problems.Missing("person");
        }

        if (!caller.Manages(before))
        {
            return Problems.Of(403, "not_yours", "Not yours to change", "This person is a lead or an admin, or works for other projects too. Ask an admin.");
        }

        if (request.IfMatch() is not { } etag)
        {
            return Problems.IfMatchNeeded("person");
        }

        var faults = new Faults();
        if (read(before, faults) is not { } form)
        {
            return Problems.Invalid(faults);
        }

        faults = form.Check(caller, before);
        await CheckAddressAsync(form, personId, caller, store, faults, cancellation);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var changed = form.ChangeOf(before);
        if (await store.CommitAsync(new Write.Replace(Person.Key(personId), changed, etag), cancellation) is not Committed committed)
        {
            return Problems.Stale("person");
        }

        var (from, to) = AuditedChange.Between(before, changed, "name", "email");
        await trail.RecordAsync(changed, caller.Id, AuditActions.PersonChanged, from, to, also: before.Projects);
        await tokens.EndThoseOfAsync(before, changed, caller.Id, cancellation);
        return TypedResults.Ok(PersonView.Of(new Stored<Person>(changed, committed.ETags[0]), caller));
    }

    /// <summary>One address is one person among those whom the caller sees. Of others they learn nothing; an account finds whoever was entered first.</summary>
    private static async Task CheckAddressAsync(PersonForm form, string? personId, Caller caller, IDocumentStore store, Faults faults, CancellationToken cancellation)
    {
        if (form.Email?.Trim() is { Length: > 0 } address)
        {
            var taken = await store.AllAsync<Person>(Person.Everybody, cancellation).AnyAsync(
                person => person.Value.PersonId != personId && caller.Sees(person.Value) && string.Equals(person.Value.Email, address, StringComparison.OrdinalIgnoreCase), cancellation);
            faults.Require(!taken, "email", "Somebody else here has this address.");
        }
    }
}

internal sealed record PeopleList(IReadOnlyList<PersonView> People);

/// <remarks>What was read can be sent back: null is said.</remarks>
/// <param name="Projects">Those that the caller has too.</param>
/// <param name="Manageable">Whether the caller may change them.</param>
/// <param name="LinkAskedFor">When a lead asked for a sign-in link that nobody has made yet.</param>
internal sealed record PersonView(
    string PersonId, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Email, string Pseudonym, IReadOnlyList<string> Roles,
    IReadOnlyList<string> Projects, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Credential? Credential, bool Active, bool Simulated,
    bool Manageable, DateTimeOffset? LinkAskedFor, string Etag)
{
    public static PersonView Of(Stored<Person> stored, Caller caller, LinkRequest? asked = null) => new(
        stored.Value.PersonId, stored.Value.Name, stored.Value.Email, stored.Value.Pseudonym, stored.Value.Roles, [.. stored.Value.Projects.Where(caller.Reach.Covers)],
        stored.Value.Credential, stored.Value.Active, stored.Value.Simulated, caller.Manages(stored.Value), asked?.At, stored.ETag);
}
