using System.Text.Json.Nodes;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>staticwebapp.config.json, held next to what the program itself sends on one machine.</summary>
public sealed class StaticWebAppTests
{
    private static readonly JsonObject Config = JsonNode.Parse(Repository.Text("web/public/staticwebapp.config.json"))!.AsObject();

    private static IEnumerable<JsonObject> Routes => Config["routes"]!.AsArray().Select(route => route!.AsObject());

    [Fact]
    public async Task Its_headers_are_those_that_the_program_sends_and_no_others()
    {
        await using var app = await TestApp.StartAsync();
        using var page = await app.Anonymous().GetAsync("/");
        string[] notAboutSafety = ["Accept-Ranges", "Cache-Control", "Date", "ETag", "Last-Modified", "Transfer-Encoding", "Vary"];
        var sent = page.Headers.Where(header => !notAboutSafety.Contains(header.Key)).ToDictionary(header => header.Key, header => header.Value.Single());
        var declared = Config["globalHeaders"]!.AsObject().ToDictionary(header => header.Key, header => (string)header.Value!);

        Assert.Equal(sent.OrderBy(header => header.Key, StringComparer.Ordinal), declared.OrderBy(header => header.Key, StringComparer.Ordinal));
        Assert.DoesNotContain("unsafe", declared["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_asks_for_sign_in_except_what_must_be_open()
    {
        var anonymous = Routes.Where(route => Roles(route).Contains("anonymous")).Select(route => $"{string.Join(',', route["methods"]!.AsArray())} {route["route"]}");

        string[] forTokens = ["GET,POST /api/batches/*", "GET,POST /api/reports/*", "GET /api/exports/*"]; // the program itself asks for a session or a token there
        Assert.Equal(["GET /api/health", "GET /api/health/live", "GET /api/session", .. forTokens], anonymous);
        Assert.All(Routes.Where(route => !Roles(route).Contains("anonymous") && route["statusCode"] is null), route => Assert.Equal(["authenticated"], Roles(route)));
        Assert.Equal("/*", (string)Routes.Last()["route"]!);
        Assert.Equal(302, (int)Config["responseOverrides"]!["401"]!["statusCode"]!);
        Assert.StartsWith("/.auth/login/aad", (string)Config["responseOverrides"]!["401"]!["redirect"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_accounts_whose_name_is_an_e_mail_address_can_sign_in() =>
        Assert.All(["github", "twitter"], provider => Assert.Equal(404, (int)Routes.Single(route => (string)route["route"]! == $"/.auth/login/{provider}")["statusCode"]!));

    [Fact]
    public void Nobody_signs_in_before_a_tenant_is_named()
    {
        var registration = Config["auth"]!["identityProviders"]!["azureActiveDirectory"]!["registration"]!;

        Assert.Contains("/TENANT/", (string)registration["openIdIssuer"]!, StringComparison.Ordinal); // infra/sign-in.sh puts the tenant's own id there
        Assert.All(["clientIdSettingName", "clientSecretSettingName"], name => Assert.Contains((string)registration[name]!, Repository.Text("infra/sign-in.sh"), StringComparison.Ordinal));
    }

    [Fact]
    public void Built_files_are_kept_and_the_page_is_asked_for_anew()
    {
        string? Cached(string path) => (string?)Routes.Single(route => (string)route["route"]! == path)["headers"]?["Cache-Control"];

        Assert.Equal("public, max-age=31536000, immutable", Cached("/assets/*"));
        Assert.Equal("no-cache", Cached("/*"));
        Assert.Null(Cached("/api/*")); // the program's own no-store stands
    }

    private static List<string> Roles(JsonObject route) => [.. route["allowedRoles"]?.AsArray().Select(role => (string)role!) ?? []];
}
