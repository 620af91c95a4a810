using System.Text.Encodings.Web;
using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace HealthEval.People;

/// <summary>
/// Which program is calling, from <c>Authorization: Bearer</c>, in both modes. Static Web Apps puts a header of its own in that place, so that
/// <c>X-HealthEval-Token</c> is read as well.
/// </summary>
internal sealed class TokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KnownTokens tokens, IDocumentStore store, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Mode = "Token";
    public const string Header = "X-HealthEval-Token";

    private const string Bearer = "Bearer ";
    private const int Longest = 100;
    private static readonly TimeSpan NoteEvery = TimeSpan.FromHours(1);

    /// <summary>The token that a request brings; null when it brings none of ours.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers[Header] is [{ Length: > 0 } own] ? own
        : request.Headers.Authorization is [{ } given] && given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && given[Bearer.Length..].Trim() is var token && token.StartsWith(ApiToken.Prefix, StringComparison.Ordinal) ? token
        : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Of(Request) is not { Length: <= Longest } given)
        {
            return AuthenticateResult.NoResult();
        }

        var now = time.GetUtcNow();
        var onlyReads = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        if (await tokens.FindAsync(given, onlyReads, Context.RequestAborted) is not var (token, maker, etag))
        {
            return AuthenticateResult.NoResult();
        }

        if (etag is not null && (token.LastUsedAt is null || token.LastUsedAt + NoteEvery <= now))
        {
            await NoteAsync(new Write.Replace(ApiToken.Key(given), token with { LastUsedAt = now }, etag));
        }

        Context.Features.Set(token);
        var inTheirPlace = maker with
        {
            PersonId = token.TokenId, // what it does is recorded as its own
            Name = token.Name,
            Email = null,
            Roles = [.. maker.Roles.Where(TokenScopes.Roles.Contains)],
            Projects = [token.ProjectId],
            Credential = null,
        };
        return new Caller(inTheirPlace, token.TokenId).Enter(Context, Scheme.Name);
    }

    /// <summary>
    /// Not 401: who signs in by a page is sent to it for that (staticwebapp.config.json), and a program would take the page for its answer.
    /// </summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Problems.Of(403, "token_ended", "This token does not work", "It was revoked, has expired, or was never made; or whoever made it has lost the project. Make another one.").ExecuteAsync(Context);

    /// <summary>When it was last used is worth a write, but no request fails for it.</summary>
    private async Task NoteAsync(Write write)
    {
        try
        {
            await store.CommitAsync(write, Context.RequestAborted);
        }
        catch (StorageUnavailableException)
        {
            // the next request notes it
        }
    }
}

/// <summary>What a token may be for. A route that names none of these is closed to every token.</summary>
internal static class TokenScopes
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        [TokenScope.BatchesWrite] = Policies.Customers,
        [TokenScope.BatchesRead] = Policies.Customers,
        [TokenScope.ReportsRead] = Policies.Customers,
        [TokenScope.ReportsCompile] = Policies.Leads,
        [TokenScope.ExportsRead] = Policies.Customers,
    };

    /// <summary>Of its maker, those that a token has too: it judges nothing, and is nobody's admin.</summary>
    public static readonly IReadOnlyList<string> Roles = [People.Roles.Customer, People.Roles.Lead, People.Roles.Admin];

    /// <summary>After it is known which route and who: what the token was not made for is refused, and said.</summary>
    public static IApplicationBuilder UseTokenScopes(this IApplicationBuilder app) => app.Use((context, next) =>
        context.Features.Get<ApiToken>() is { } token && context.GetEndpoint()?.Metadata.GetMetadata<TokenScope>() is var scope && (scope is null || !token.Scopes.Contains(scope.Name))
            ? Problems.Of(403, "token_scope", "Not with this token", scope is null
                ? "This route is for people who sign in, not for tokens."
                : $"This token was not made for {scope.Name}. Make one that is, or use another.").ExecuteAsync(context)
            : next(context));
}
