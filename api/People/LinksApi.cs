using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.People;

/// <summary>
/// Sign-in links and sessions. A link is as good as being that person, so that admins alone make them, a lead asks for one, and the person is shown
/// who made each.
/// </summary>
internal static class LinksApi
{
    public static void MapLinks(this IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId}/invite", InviteAsync).RequireAuthorization(Policies.Admins).WithName("InvitePerson").Reaches(RouteScope.People);
        api.MapPost("/people/{personId}/link-request", AskAsync).RequireAuthorization(Policies.Leads).WithName("AskForLink").Reaches(RouteScope.People);
        api.MapGet("/people/{personId}/sessions", OfAsync).RequireAuthorization(Policies.Leads).WithName("ListSessionsOfPerson").Reaches(RouteScope.People);
        api.MapDelete("/people/{personId}/sessions", EndAsync).RequireAuthorization(Policies.Leads).WithName("EndSessionsOfPerson").Reaches(RouteScope.People);
        api.MapGet("/me/sessions", OwnAsync).RequireAuthorization(Policies.SignedIn).WithName("ListSessions").Reaches(RouteScope.Own);
        api.MapDelete("/me/sessions", EndOwnAsync).RequireAuthorization(Policies.SignedIn).WithName("EndSessions").Reaches(RouteScope.Own);
    }

    private static async Task<Results<Ok<InviteView>, ProblemHttpResult>> InviteAsync(
        string personId, Caller caller, HttpRequest request, IDocumentStore store, SignIn signIn, IConfiguration configuration, CancellationToken cancellation)
    {
        if (SignInWays.Of(configuration).ByAccount)
        {
            return SignInWays.NoLinks();
        }

        if (await store.ManagedAsync(personId, caller, cancellation) is not { Value: var person })
        {
            return Problems.Missing("person");
        }

        if (!person.Active || person.Simulated)
        {
            return CannotSignIn();
        }

        var (token, expiresAt) = await signIn.InviteAsync(person, caller.Id, Invite.Lifetime, cancellation);
        await store.CommitAsync(new Write.Delete(LinkRequest.Key(personId)), cancellation);
        return TypedResults.Ok(new InviteView($"{request.Scheme}://{request.Host}/#/sign-in/{token}", expiresAt));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AskAsync(
        string personId, Caller caller, IDocumentStore store, AuditTrail trail, TimeProvider time, IConfiguration configuration, CancellationToken cancellation)
    {
        if (SignInWays.Of(configuration).ByAccount)
        {
            return SignInWays.NoLinks();
        }

        if (await store.ManagedAsync(personId, caller, cancellation) is not { Value: var person })
        {
            return Problems.Missing("person");
        }

        if (!person.Active || person.Simulated)
        {
            return CannotSignIn();
        }

        await store.CommitAsync(new Write.Put(LinkRequest.Key(personId), new LinkRequest(personId, caller.Id, time.GetUtcNow())), cancellation);
        await trail.RecordAsync(person, caller.Id, AuditActions.LinkAskedFor);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(string personId, Caller caller, IDocumentStore store, SignIn signIn, CancellationToken cancellation)
    {
        if (await store.ManagedAsync(personId, caller, cancellation) is null)
        {
            return Problems.Missing("person");
        }

        await signIn.EndAllAsync(personId, caller.Id, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionList>> OwnAsync(Caller caller, HttpRequest request, SignIn signIn, CancellationToken cancellation) =>
        TypedResults.Ok(new SessionList(await signIn.SessionsAsync(caller.Person, request.Cookies[LocalAuthentication.Cookie], cancellation)));

    private static async Task<Results<Ok<SessionList>, ProblemHttpResult>> OfAsync(
        string personId, Caller caller, HttpRequest request, IDocumentStore store, SignIn signIn, CancellationToken cancellation) =>
        await store.ManagedAsync(personId, caller, cancellation) is { Value: var person }
            ? TypedResults.Ok(new SessionList(await signIn.SessionsAsync(person, request.Cookies[LocalAuthentication.Cookie], cancellation)))
            : Problems.Missing("person");

    private static async Task<NoContent> EndOwnAsync(Caller caller, SignIn signIn, HttpResponse response, CancellationToken cancellation)
    {
        await signIn.EndAllAsync(caller.Id, caller.Id, cancellation);
        response.Cookies.Delete(LocalAuthentication.Cookie);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult CannotSignIn() =>
        Problems.Conflict("cannot_sign_in", "This person cannot sign in", "Simulated and inactive people have no sign-in link. Set the person to active first.");

    private static async Task<Stored<Person>?> ManagedAsync(this IDocumentStore store, string personId, Caller caller, CancellationToken cancellation) =>
        await store.FindAsync<Person>(Person.Key(personId), cancellation) is { } stored && caller.Manages(stored.Value) ? stored : null;
}

/// <summary>A lead's wish that an admin makes a link for somebody.</summary>
internal sealed record LinkRequest(string PersonId, string By, DateTimeOffset At)
{
    private static readonly Partition Partition = new("_", "link-requests");

    public static DocumentKey Key(string personId) => new(DocumentKind.Invite, Partition, personId);

    public static DocumentQuery All => new(DocumentKind.Invite) { ProjectId = Partition.ProjectId, Scope = Partition.Scope };
}

internal sealed record InviteView(string Link, DateTimeOffset ExpiresAt);

internal sealed record SessionList(IReadOnlyList<SessionView> Sessions);

/// <param name="LinkBy">The id of who made the link it began with; null for the program itself.</param>
/// <param name="Here">The one that asks.</param>
internal sealed record SessionView(DateTimeOffset? StartedAt, DateTimeOffset? LastSeenAt, DateTimeOffset ExpiresAt, string? LinkBy, bool Here);

/// <summary>A link that was made for somebody, as that person is shown it.</summary>
/// <param name="By">The name of who made it.</param>
internal sealed record LinkView(string By, DateTimeOffset At, DateTimeOffset? UsedAt)
{
    /// <summary>Those kept (a month), newest first: a person knows best which of them they asked for.</summary>
    public static async Task<IReadOnlyList<LinkView>> OfAsync(string personId, IDocumentStore store, CancellationToken cancellation)
    {
        var links = new List<LinkView>();
        await foreach (var (invite, _) in store.AllAsync<Invite>(Invite.Of(personId), cancellation))
        {
            if (invite.MadeAt is { } made)
            {
                var by = invite.By is { } id ? (await store.FindAsync<Person>(Person.Key(id), cancellation))?.Value.Name ?? id : "the program, when it was started";
                links.Add(new LinkView(by, made, invite.UsedAt));
            }
        }

        return [.. links.OrderByDescending(link => link.At)];
    }
}
