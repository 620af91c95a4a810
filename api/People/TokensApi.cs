using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.People;

/// <summary>Tokens of a project: whoever may upload or fetch there makes them for their programs; a lead sees and revokes all, a customer their own.</summary>
internal static class TokensApi
{
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var tokens = api.MapGroup("/tokens/{projectId}").RequireAuthorization(Policies.Customers);
        tokens.MapGet("/", ListAsync).WithName("ListTokens");
        tokens.MapPost("/", MakeAsync).WithName("MakeToken");
        tokens.MapDelete("/{tokenId}", RevokeAsync).WithName("RevokeToken");
    }

    private static async Task<Ok<TokenList>> ListAsync(string projectId, Caller caller, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var all = await OfAsync(projectId, caller, store, cancellation).Select(token => TokenView.Of(token.Value, time.GetUtcNow())).ToListAsync(cancellation);
        return TypedResults.Ok(new TokenList(all, [.. TokenScopes.All.Where(scope => Allows(caller, scope.Value)).Select(scope => scope.Key)]));
    }

    private static async Task<Results<Created<MadeToken>, ProblemHttpResult>> MakeAsync(
        string projectId, TokenForm form, Caller caller, IDocumentStore store, AuditTrail trail, TimeProvider time, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(form.Name?.Trim() is { Length: > 0 and <= ApiToken.LongestName }, "name", $"Name the program that uses it, in 1 to {ApiToken.LongestName} characters.");
        faults.Require(form.Days is >= 1 and <= ApiToken.MostDays, "days", $"It works for 1 to {ApiToken.MostDays} days.");
        faults.Require(
            form.Scopes is { Count: > 0 } && form.Scopes.All(scope => TokenScopes.All.TryGetValue(scope, out var policy) && Allows(caller, policy)), "scopes",
            $"Choose from: {string.Join(", ", TokenScopes.All.Where(scope => Allows(caller, scope.Value)).Select(scope => scope.Key))}.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var now = time.GetUtcNow();
        if (await store.AllAsync<ApiToken>(ApiToken.Of(projectId), cancellation).CountAsync(token => token.Value.Works(now), cancellation) >= ApiToken.Most)
        {
            return Problems.Conflict("too_many_tokens", "There are many tokens already", $"{ApiToken.Most} tokens of this project work, the most that there may be. Revoke one that is not used any more.");
        }

        var secret = ApiToken.New();
        var made = new ApiToken(ApiToken.IdOf(secret), projectId, form.Name!.Trim(), [.. form.Scopes!.Distinct().Order(StringComparer.Ordinal)], caller.Id, now, now.AddDays(form.Days!.Value), Sha256: Sha.Of(secret));
        await trail.RecordAsync(projectId, caller.Id, AuditActions.TokenMade, made.TokenId, to: $"{string.Join(',', made.Scopes)};days={form.Days}");
        await store.CommitAsync(new Write.Create(ApiToken.Key(secret), made), cancellation);
        return TypedResults.Created((string?)null, new MadeToken(secret, TokenView.Of(made, now)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        string projectId, string tokenId, Caller caller, IDocumentStore store, Tokens tokens, CancellationToken cancellation)
    {
        if (await OfAsync(projectId, caller, store, cancellation).FirstOrDefaultAsync(token => token.Value.TokenId == tokenId, cancellation) is not { } stored)
        {
            return Problems.Missing("token");
        }

        await tokens.EndAsync(stored, caller.Id, cancellation);
        return TypedResults.NoContent();
    }

    private static IAsyncEnumerable<Stored<ApiToken>> OfAsync(string projectId, Caller caller, IDocumentStore store, CancellationToken cancellation) =>
        store.AllAsync<ApiToken>(ApiToken.Of(projectId), cancellation).Where(token => Allows(caller, Policies.Leads) || token.Value.MadeBy == caller.Id);

    private static bool Allows(Caller caller, string policy) => Policies.RolesOf[policy].Any(caller.Is);
}

/// <param name="Scopes">Those that the caller may choose from.</param>
internal sealed record TokenList(IReadOnlyList<TokenView> Tokens, IReadOnlyList<string> Scopes);

/// <param name="State">working, expired or revoked.</param>
internal sealed record TokenView(
    string TokenId, string Name, IReadOnlyList<string> Scopes, string MadeBy, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt, string State)
{
    public static TokenView Of(ApiToken token, DateTimeOffset now) => new(
        token.TokenId, token.Name, token.Scopes, token.MadeBy, token.MadeAt, token.ExpiresAt, token.LastUsedAt, token.RevokedAt,
        token.RevokedAt is not null ? "revoked" : token.Works(now) ? "working" : "expired");
}

/// <param name="Token">Shown this once.</param>
internal sealed record MadeToken(string Token, TokenView About);

internal sealed record TokenForm(string? Name, IReadOnlyList<string>? Scopes, int? Days);
