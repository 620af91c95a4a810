using System.Net;
using System.Text;
using System.Text.Json;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.People;

/// <summary>The headers of Static Web Apps and App Service: who they are believed for, and who not.</summary>
public sealed class PlatformSignInTests
{
    private const string Header = "x-ms-client-principal";
    private const string ObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    private const string EmailClaim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";

    [Fact]
    public async Task Who_was_entered_with_this_e_mail_address_is_that_person_whatever_its_case()
    {
        await using var app = await PlatformAsync();
        var person = await EnterAsync(app, Someone.With(Roles.Annotator) with { Email = "ada@clinic.example" });

        var me = await (await GetAsync(app, "me", StaticWebApp("Ada@Clinic.EXAMPLE", "anonymous", "authenticated"))).JsonAsync();

        Assert.Equal((person.PersonId, "platform", "/.auth/logout?post_logout_redirect_uri=/"), ((string)me["personId"]!, (string)me["authMode"]!, (string)me["signOut"]!));
    }

    [Fact]
    public async Task App_Services_claims_name_the_same_person()
    {
        await using var app = await PlatformAsync();
        var person = await EnterAsync(app, Someone.With(Roles.Customer, "p1") with { Email = "ada@clinic.example" });

        var me = await (await GetAsync(app, "me", AppService("aad", (ObjectId, "oid-1"), ("preferred_username", "ada@clinic.example"), ("roles", "lead")))).JsonAsync();

        Assert.Equal((person.PersonId, Roles.Customer), ((string)me["personId"]!, (string)me["roles"]!.AsArray().Single()!)); // what was entered here counts, not the platform's role
    }

    [Theory]
    [InlineData("admin", Roles.Admin)]
    [InlineData("ADMIN", Roles.Admin)]
    [InlineData("Lead", Roles.Lead)]
    public async Task A_role_given_on_the_platform_makes_a_person_at_the_first_visit(string given, string role)
    {
        await using var app = await PlatformAsync();

        foreach (var header in new[] { StaticWebApp("boss@clinic.example", "authenticated", given), AppService("aad", (ObjectId, "id-of-boss@clinic.example"), ("preferred_username", "boss@clinic.example"), ("roles", given)) })
        {
            Assert.Equal([role], (await (await GetAsync(app, "me", header)).JsonAsync())["roles"]!.AsArray().Select(known => (string)known!));
        }

        Assert.Equal(1 + Neighbour.People.Count, await app.Store.CountAsync(new DocumentQuery(DocumentKind.Person), default)); // both are one person
    }

    [Theory]
    [InlineData("annotator")] // needs a credential, which a lead enters
    [InlineData("customer")] // needs projects
    [InlineData("authenticated")]
    [InlineData("emperor")]
    [InlineData("admin ")]
    [InlineData("admin,lead")]
    public async Task Any_other_role_of_the_platform_lets_nobody_in(string role)
    {
        await using var app = await PlatformAsync();

        Assert.Equal("signed_out", await (await GetAsync(app, "me", StaticWebApp("who@clinic.example", role))).ProblemAsync(401));
        Assert.Equal(Neighbour.People.Count, await app.Store.CountAsync(new DocumentQuery(DocumentKind.Person), default));
    }

    [Theory]
    [Trait("Store", "none")]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("=====")]
    [InlineData("base64:null")]
    [InlineData("base64:[]")]
    [InlineData("base64:\"admin\"")]
    [InlineData("base64:{")]
    [InlineData("base64:{}")]
    [InlineData("base64:{\"identityProvider\":\"aad\",\"userRoles\":[\"admin\"]}")]
    [InlineData("base64:{\"identityProvider\":\"aad\",\"userId\":7,\"userRoles\":[\"admin\"]}")]
    [InlineData("base64:{\"identityProvider\":\"aad\",\"userId\":\"\",\"userRoles\":[\"admin\"]}")]
    [InlineData("base64:{\"identityProvider\":\"aad\",\"userId\":\"u\",\"userRoles\":\"admin\"}")]
    [InlineData("base64:{\"identityProvider\":\"aad\",\"userId\":\"u\",\"userRoles\":[7,null]}")]
    [InlineData("base64:{\"auth_typ\":\"aad\",\"claims\":{\"roles\":\"admin\"}}")]
    [InlineData("base64:{\"auth_typ\":\"aad\",\"claims\":[7]}")]
    [InlineData("base64:{\"auth_typ\":\"aad\",\"claims\":[{\"typ\":\"roles\",\"val\":\"admin\"}]}")]
    [InlineData("base64:[[[[[[[[[[[[{}]]]]]]]]]]]]")]
    [InlineData("base64:{\"identityProvider\":\"aad\",\"userId\":\"u\",\"userRoles\":[\"admin\"]}{}")]
    public async Task What_is_no_principal_is_nobody(string header)
    {
        await using var app = await PlatformAsync();
        var sent = header.StartsWith("base64:", StringComparison.Ordinal) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(header["base64:".Length..])) : header;

        Assert.Equal("signed_out", await (await GetAsync(app, "me", sent)).ProblemAsync(401));
    }

    [Fact]
    public async Task Two_principals_are_nobody()
    {
        await using var app = await PlatformAsync();
        var header = StaticWebApp("boss@clinic.example", "admin");

        Assert.Equal("signed_out", await (await GetAsync(app, "me", header, header)).ProblemAsync(401));
        Assert.Equal("signed_out", await (await GetAsync(app, "me", $"{header},{header}")).ProblemAsync(401));
    }

    [Fact]
    public async Task An_e_mail_claim_that_another_tenants_owner_can_write_is_not_believed()
    {
        await using var app = await PlatformAsync();
        await EnterAsync(app, Someone.With(Roles.Annotator) with { Email = "ada@clinic.example" });

        var stranger = await GetAsync(app, "me", AppService("aad", (ObjectId, "oid-2"), ("preferred_username", "eve@elsewhere.example"), (EmailClaim, "ada@clinic.example"), ("email", "ada@clinic.example")));
        var without = await GetAsync(app, "me", AppService("aad", (ObjectId, "oid-2"), (EmailClaim, "ada@clinic.example"), ("email", "ada@clinic.example")));
        var proved = await GetAsync(app, "me", AppService("google", ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", "g-1"), (EmailClaim, "ada@clinic.example")));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (stranger.StatusCode, without.StatusCode, proved.StatusCode));
    }

    [Fact]
    public async Task Id_and_provider_may_stand_in_headers_of_their_own_but_never_alone()
    {
        await using var app = await PlatformAsync();
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Add($"{Header}-id", "oid-3");
        client.DefaultRequestHeaders.Add($"{Header}-idp", "aad");
        client.DefaultRequestHeaders.Add($"{Header}-name", "boss@clinic.example");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("me")).StatusCode);

        client.DefaultRequestHeaders.Add(Header, AppService("", ("preferred_username", "boss@clinic.example"), ("roles", "admin")));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("me")).StatusCode);
    }

    [Fact]
    public async Task Somebody_set_to_inactive_and_a_simulated_rater_stay_out()
    {
        await using var app = await PlatformAsync();
        await EnterAsync(app, Someone.With(Roles.Annotator) with { Email = "gone@clinic.example", Active = false });
        await EnterAsync(app, Someone.With(Roles.Annotator) with { Email = "robot@clinic.example", Simulated = true });

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "me", StaticWebApp("gone@clinic.example"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "me", StaticWebApp("robot@clinic.example"))).StatusCode);
    }

    [Fact]
    public async Task On_one_machine_the_headers_mean_nothing()
    {
        await using var app = await TestApp.StartAsync();
        var person = Someone.With(Roles.Annotator);
        using var client = await app.SignedInAsync(person);
        client.DefaultRequestHeaders.Add(Header, StaticWebApp("boss@clinic.example", "admin"));
        client.DefaultRequestHeaders.Add($"{Header}-id", "boss");

        Assert.Equal("signed_out", await (await GetAsync(app, "me", StaticWebApp("boss@clinic.example", "admin"))).ProblemAsync(401));
        Assert.Equal("signed_out", await (await GetAsync(app, "me", AppService("aad", (ObjectId, "1"), ("roles", "admin")))).ProblemAsync(401));
        Assert.Equal(person.PersonId, (string)(await (await client.GetAsync("me")).JsonAsync())["personId"]!);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("people")).StatusCode);
    }

    [Fact]
    public async Task Where_people_have_accounts_links_and_cookies_mean_nothing()
    {
        await using var app = await PlatformAsync();
        var person = await EnterAsync(app, Someone.With(Roles.Admin) with { Email = "admin@clinic.example" });
        var (token, _) = await app.Services.GetRequiredService<SignIn>().InviteAsync(person, by: null, Invite.Lifetime, default);
        var session = await app.Services.GetRequiredService<SignIn>().UseAsync(token, default);
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", $"{LocalAuthentication.Cookie}={session}");

        Assert.Equal("signed_out", await (await client.GetAsync("me")).ProblemAsync(401));
        Assert.Equal("no_links", await (await client.PostAsync("session", Body.Of(new { token }))).ProblemAsync(409));
        client.DefaultRequestHeaders.Add(Header, StaticWebApp("admin@clinic.example"));
        Assert.Equal("no_links", await (await client.PostAsync($"people/{person.PersonId}/invite", null)).ProblemAsync(409));
    }

    [Fact]
    public async Task An_account_stays_who_it_was_whatever_addresses_are_entered_or_changed_later()
    {
        await using var app = await PlatformAsync();
        var ada = await EnterAsync(app, Someone.With(Roles.Annotator) with { Email = "ada@clinic.example" });
        Assert.Equal(ada.PersonId, await WhoAsync(app, "id-1", "ada@clinic.example"));
        await EnterAsync(app, Someone.With(Roles.Customer, "p9") with { Email = "ada@clinic.example", CreatedAt = DateTimeOffset.UnixEpoch.AddDays(-1) });
        app.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(ada.PersonId, await WhoAsync(app, "id-1", "ada@clinic.example"));
        Assert.Equal(ada.PersonId, await WhoAsync(app, "id-1", "ada@married.example"));
        Assert.NotEqual(ada.PersonId, await WhoAsync(app, "id-2", "ada@clinic.example")); // somebody who got the address later
    }

    [Fact]
    public async Task Nobody_locks_an_admin_out_by_entering_their_address()
    {
        await using var app = await PlatformAsync();
        await EnterAsync(app, Someone.With(Roles.Annotator, "p1") with { Email = "boss@clinic.example" }); // before their first visit
        var header = StaticWebApp("boss@clinic.example", "admin");
        Assert.Equal(Roles.Admin, (string)(await (await GetAsync(app, "me", header)).JsonAsync())["roles"]!.AsArray().Single()!);

        await EnterAsync(app, Someone.With(Roles.Annotator, "p1") with { Email = "boss@clinic.example", Active = false }); // and after it
        app.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(Roles.Admin, (string)(await (await GetAsync(app, "me", header)).JsonAsync())["roles"]!.AsArray().Single()!);
    }

    [Fact]
    public async Task The_first_entered_of_two_with_one_address_is_found_and_an_admin_is_who_was_entered_as_one()
    {
        await using var app = await PlatformAsync();
        await EnterAsync(app, Someone.With(Roles.Annotator, "p2") with { Email = "ada@clinic.example", CreatedAt = DateTimeOffset.UnixEpoch.AddDays(2) });
        var first = await EnterAsync(app, Someone.With(Roles.Annotator, "p1") with { Email = "ada@clinic.example", CreatedAt = DateTimeOffset.UnixEpoch.AddDays(1) });
        var admin = await EnterAsync(app, Someone.With(Roles.Admin) with { Email = "boss@clinic.example" });

        Assert.Equal(first.PersonId, await WhoAsync(app, "id-1", "ada@clinic.example"));
        Assert.Equal(admin.PersonId, (string)(await (await GetAsync(app, "me", StaticWebApp("boss@clinic.example", "admin"))).JsonAsync())["personId"]!);
    }

    [Fact]
    public async Task An_account_of_another_tenant_is_nobody()
    {
        await using var app = await TestApp.StartAsync(builder => (builder.Configuration["Auth:Mode"], builder.Configuration["Auth:Tenant"]) = (PeopleSetup.PlatformMode, "tenant-1"));
        await EnterAsync(app, Someone.With(Roles.Annotator) with { Email = "ada@clinic.example" });
        static string Of(string tenant) => AppService("aad", (ObjectId, "oid"), ("tid", tenant), ("preferred_username", "ada@clinic.example"), ("roles", "admin"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "me", Of("tenant-2"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "me", Of("TENANT-1"))).StatusCode);
    }

    private static async Task<string?> WhoAsync(TestApp app, string account, string email)
    {
        var answer = await GetAsync(app, "me", Encode(new { identityProvider = "aad", userId = account, userDetails = email, userRoles = new[] { "authenticated" } }));
        return answer.StatusCode == HttpStatusCode.OK ? (string)(await answer.JsonAsync())["personId"]! : null;
    }

    [Fact]
    public async Task Everybody_is_told_how_to_sign_in_here()
    {
        await using var platform = await PlatformAsync();
        await using var local = await TestApp.StartAsync();

        Assert.Equal("""{"authMode":"platform","signIn":"/.auth/login/aad?post_login_redirect_uri=/","signOut":"/.auth/logout?post_logout_redirect_uri=/"}""", await platform.Anonymous().GetStringAsync("session"));
        Assert.Contains("\"authMode\":\"local\"", await local.Anonymous().GetStringAsync("session"), StringComparison.Ordinal);
    }

    private static Task<TestApp> PlatformAsync() => TestApp.StartAsync(builder => builder.Configuration["Auth:Mode"] = PeopleSetup.PlatformMode);

    private static async Task<Person> EnterAsync(TestApp app, Person person)
    {
        await app.Store.CommitAsync(new Write.Create(Person.Key(person.PersonId), person), default);
        return person;
    }

    private static async Task<HttpResponseMessage> GetAsync(TestApp app, string path, params string[] principals)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(Header, principals);
        return await app.Anonymous().SendAsync(request);
    }

    private static string StaticWebApp(string email, params string[] roles) => Encode(new { identityProvider = "aad", userId = $"id-of-{email.ToLowerInvariant()}", userDetails = email, userRoles = roles });

    private static string AppService(string provider, params (string Type, string Value)[] claims) =>
        Encode(new { auth_typ = provider, name_typ = EmailClaim, role_typ = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role", claims = claims.Select(claim => new { typ = claim.Type, val = claim.Value }) });

    private static string Encode(object principal) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(principal));
}
