using System.Text.Encodings.Web;
using System.Text.Json;
using HealthEval.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace HealthEval.People;

/// <summary>
/// Who is calling, from the headers that Static Web Apps, or App Service, puts in place of any that a client sends. They are believed only in
/// Auth:Mode = Platform, which runs only behind the Functions host, on loopback; infra/modules/web.bicep and door.bicep let nobody past the platform.
/// </summary>
internal sealed class PlatformAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, PlatformPeople people)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Header = "x-ms-client-principal";
    private const string IdHeader = $"{Header}-id";
    private const string ProviderHeader = $"{Header}-idp";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[Header] is not [{ Length: > 0 } header]
            || PlatformPrincipal.Parse(header, Request.Headers[IdHeader], Request.Headers[ProviderHeader]) is not { } principal
            || await people.FindAsync(principal, Context.RequestAborted) is not { } person)
        {
            return AuthenticateResult.NoResult();
        }

        return new Caller(person, principal.Account).Enter(Context, Scheme.Name);
    }
}

/// <summary>What the platform says about somebody: a stable id, the e-mail address, and the roles given to them there.</summary>
/// <param name="Tenant">Whose directory the account is in, where the platform says so.</param>
internal sealed record PlatformPrincipal(string Provider, string UserId, string Email, IReadOnlyList<string> Roles, string? Tenant = null)
{
    private const string TenantClaim = "http://schemas.microsoft.com/identity/claims/tenantid";
    private const string Claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
    private const string IdClaim = "http://schemas.microsoft.com/identity/claims/objectidentifier";

    /// <summary>In Microsoft Entra ID whoever runs a tenant writes the e-mail claim as they like; the user name lies in a domain that the tenant has proved.</summary>
    private static readonly string[] EntraNames = ["preferred_username", "upn", $"{Claims}upn"];

    /// <summary>What the account is called in a store: the same for the same provider and id, whatever its address.</summary>
    public string Account => "a" + Sha.OfParts(Provider, UserId)[..24];

    /// <summary>Null for anything that is not a signed-in principal.</summary>
    /// <param name="id">App Service's header for it, where the claims have none.</param>
    /// <param name="provider">App Service's header for it, where the principal has none.</param>
    public static PlatformPrincipal? Parse(string header, string? id = null, string? provider = null)
    {
        try
        {
            using var json = JsonDocument.Parse(Convert.FromBase64String(header), new JsonDocumentOptions { MaxDepth = 8 });
            var root = json.RootElement;
            return root.ValueKind != JsonValueKind.Object ? null : root.TryGetProperty("claims", out var claims) && root.TryGetProperty("auth_typ", out _) ? FromAppService(root, claims, id, provider) : FromStaticWebApps(root);
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static PlatformPrincipal? FromStaticWebApps(JsonElement root) => Create(
        Text(root, "identityProvider"),
        Text(root, "userId"),
        Text(root, "userDetails"),
        root.TryGetProperty("userRoles", out var roles) ? [.. roles.EnumerateArray().Select(role => role.GetString() ?? "")] : []);

    private static PlatformPrincipal? FromAppService(JsonElement root, JsonElement claims, string? id, string? provider)
    {
        var values = claims.EnumerateArray().Select(claim => (Type: Text(claim, "typ"), Value: Text(claim, "val"))).ToList();
        var roleType = Text(root, "role_typ") is { Length: > 0 } type ? type : "roles";
        var from = Text(root, "auth_typ") is { Length: > 0 } named ? named : provider ?? "";
        return Create(
            from,
            First(IdClaim, "oid", "sub", $"{Claims}nameidentifier") is { Length: > 0 } known ? known : id ?? "",
            First(from == "aad" ? EntraNames : [.. EntraNames, $"{Claims}emailaddress", "email"]),
            [.. values.Where(claim => claim.Type == roleType || claim.Type == "roles").Select(claim => claim.Value)],
            First(TenantClaim, "tid") is { Length: > 0 } tenant ? tenant : null);

        string First(params string[] types) => types.Select(wanted => values.Find(claim => claim.Type == wanted).Value).FirstOrDefault(value => value is { Length: > 0 }) ?? "";
    }

    private static PlatformPrincipal? Create(string provider, string userId, string email, IReadOnlyList<string> roles, string? tenant = null) =>
        provider.Length > 0 && userId.Length > 0
            ? new PlatformPrincipal(provider, userId, email.Trim(), [.. People.Roles.All.Intersect(roles, StringComparer.OrdinalIgnoreCase)], tenant)
            : null;

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
