using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>network = private: one way in, no other address outside, no key; and what the program does differently there.</summary>
public sealed class PrivateNetworkTests
{
    private const string Private = "param network = 'private'\nparam diagnosticDays = 90\nparam probe = true\nparam signInClientId = 'the-application'";

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts")]
    [InlineData("Microsoft.DocumentDB/databaseAccounts")]
    [InlineData("Microsoft.KeyVault/vaults")]
    [InlineData("Microsoft.Web/sites")]
    public async Task What_holds_data_has_no_address_outside(string type)
    {
        Assert.Equal("Disabled", (string?)(await OneAsync(type))["properties"]!["publicNetworkAccess"]);
        Assert.Null((await Bicep.ResourcesAsync()).Single(resource => (string)resource!["type"]! == type)!["properties"]!["publicNetworkAccess"]); // the public variant
    }

    [Fact]
    public async Task Each_has_a_door_inside_and_a_name_that_leads_there()
    {
        var doors = (await AllAsync("Microsoft.Network/privateEndpoints")).ToDictionary(
            door => Name(door).Split('-')[1], door => (
                Group: (string)Connection(door)["groupIds"]![0]!,
                To: Regex.Match((string)Connection(door)["privateLinkServiceId"]!, @"providers/[\w.]+/(\w+)/").Groups[1].Value,
                Subnet: ((string)door["properties"]!["subnet"]!["id"]!).Split('/')[^1]));
        var zones = (await AllAsync("Microsoft.Network/privateDnsZones")).Select(Name).Order().ToList();
        var linked = await AllAsync("Microsoft.Network/privateDnsZones/virtualNetworkLinks");
        var named = await AllAsync("Microsoft.Network/privateEndpoints/privateDnsZoneGroups");

        Assert.Equal(
            new Dictionary<string, (string, string, string)>
            {
                ["documents"] = ("Sql", "databaseAccounts", "doors"),
                ["files"] = ("blob", "storageAccounts", "doors"),
                ["queues"] = ("queue", "storageAccounts", "doors"),
                ["tables"] = ("table", "storageAccounts", "doors"),
                ["keys"] = ("vault", "vaults", "doors"),
                ["app"] = ("sites", "sites", "doors"),
            },
            doors);
        Assert.Equal(doors.Count, zones.Count);
        Assert.All(["privatelink.documents.azure.com", "privatelink.blob.", "privatelink.queue.", "privatelink.table.", "privatelink.vaultcore.azure.net", "privatelink.azurewebsites.net"],
            zone => Assert.Contains(zones, made => made.Contains(zone, StringComparison.Ordinal)));
        Assert.Equal((doors.Count, doors.Count), (linked.Count, named.Count));
        Assert.All(linked, link => Assert.EndsWith("/vnet-demouqhah", (string)link["properties"]!["virtualNetwork"]!["id"]!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "Microsoft.App/environments")]
    [InlineData("param premium = true", "Microsoft.Web/serverFarms")]
    public async Task The_app_lives_in_the_network_and_sends_everything_through_it(string plan, string delegation)
    {
        var all = await Bicep.ResourcesAsync($"{Private}\n{plan}");
        var app = all.Single(resource => (string)resource!["type"]! == "Microsoft.Web/sites")!["properties"]!;
        var subnets = all.Single(resource => (string)resource!["type"]! == "Microsoft.Network/virtualNetworks")!["properties"]!["subnets"]!.AsArray();

        Assert.EndsWith("/vnet-demouqhah/subnets/app", (string)app["virtualNetworkSubnetId"]!, StringComparison.Ordinal);
        Assert.True((bool)app["outboundVnetRouting"]!["allTraffic"]!);
        Assert.Equal(delegation, (string)subnets.Single(subnet => (string)subnet!["name"]! == "app")!["properties"]!["delegations"]![0]!["properties"]!["serviceName"]!);
    }

    [Fact]
    public async Task The_one_way_in_is_Front_Door_with_its_firewall_which_reaches_the_app_over_private_link()
    {
        var origin = (await OneAsync("Microsoft.Cdn/profiles/originGroups/origins"))["properties"]!;
        var routes = (await AllAsync("Microsoft.Cdn/profiles/afdEndpoints/routes")).ToDictionary(route => Name(route).Split('/')[^1], route => route["properties"]!);
        var firewall = (await OneAsync("Microsoft.Network/FrontDoorWebApplicationFirewallPolicies"))["properties"]!;
        var guarded = (await OneAsync("Microsoft.Cdn/profiles/securityPolicies"))["properties"]!["parameters"]!;

        Assert.Equal("Premium_AzureFrontDoor", (string)(await OneAsync("Microsoft.Cdn/profiles"))["sku"]!["name"]!);
        Assert.EndsWith("/sites/func-demouqhah", (string)origin["sharedPrivateLinkResource"]!["privateLink"]!["id"]!, StringComparison.Ordinal);
        Assert.Equal("sites", (string)origin["sharedPrivateLinkResource"]!["groupId"]!);
        Assert.Equal(["/api/*", "/.auth/*"], Texts(routes["api"]["patternsToMatch"]));
        Assert.Equal(("/api/form/", "/*"), ((string)routes["form"]["originPath"]!, Texts(routes["form"]["patternsToMatch"]).Single()));
        Assert.All(routes.Values, route => Assert.Equal(("HttpsOnly", "Enabled"), ((string)route["forwardingProtocol"]!, (string)route["httpsRedirect"]!)));
        Assert.Equal(("Enabled", "Prevention"), ((string)firewall["policySettings"]!["enabledState"]!, (string)firewall["policySettings"]!["mode"]!));
        Assert.Contains(firewall["managedRules"]!["managedRuleSets"]!.AsArray(), set => (string)set!["ruleSetType"]! == "Microsoft_DefaultRuleSet" && (string?)set["exclusions"]?[0]!["matchVariable"] == "RequestBodyJsonArgNames");
        Assert.Contains("/afdEndpoints/healtheval-demouqhah", (string)guarded["associations"]![0]!["domains"]![0]!["id"]!, StringComparison.Ordinal);
        Assert.Empty(await AllAsync("Microsoft.Web/staticSites"));
        Assert.Contains("afdEndpoints", (await OneAsync("Microsoft.Insights/webtests"))["properties"]!["Request"]!["RequestUrl"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(await AllAsync("Microsoft.Insights/diagnosticSettings"), setting => ((string)setting["id"]!).Contains("/profiles/afd-demouqhah/", StringComparison.Ordinal)
            && setting["properties"]!["logs"]!.AsArray().Select(log => (string)log!["category"]!).SequenceEqual(["FrontDoorAccessLog", "FrontDoorWebApplicationFirewallLog"]));
    }

    [Fact]
    public async Task People_sign_in_at_the_app_by_an_application_that_has_no_secret()
    {
        var config = (await AllAsync("Microsoft.Web/sites/config")).ToDictionary(one => Name(one).Split('/')[^1], one => one["properties"]!);
        var entra = config["authsettingsV2"]["identityProviders"]!["azureActiveDirectory"]!["registration"]!;

        Assert.True((bool)config["authsettingsV2"]["platform"]!["enabled"]!); // takes away what a caller says of who they are
        Assert.Equal("Standard", (string)config["authsettingsV2"]["httpSettings"]!["forwardProxy"]!["convention"]!);
        Assert.Equal(("the-application", "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"), ((string)entra["clientId"]!, (string)entra["clientSecretSettingName"]!));
        Assert.Contains("id-demouqhah", (string)config["appsettings"]["OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"]!, StringComparison.Ordinal);
        Assert.Contains("tenantId", (string)entra["openIdIssuer"]!, StringComparison.Ordinal);
        Assert.Equal("Platform", (string)config["appsettings"]["Auth__Mode"]!);
        Assert.DoesNotMatch("(?i)listKeys|sharedAccessKey|accountKey", (await Bicep.ResourcesAsync(Private)).ToJsonString());
    }

    [Fact]
    public async Task New_files_come_by_the_queue_since_nobody_can_call_the_app()
    {
        var all = await Bicep.ResourcesAsync(Private);
        var settings = all.Single(resource => Name(resource!).EndsWith("/appsettings", StringComparison.Ordinal))!["properties"]!;

        Assert.Contains(all, resource => (string)resource!["type"]! == "Microsoft.EventGrid/systemTopics/eventSubscriptions");
        Assert.Equal("true", (string)settings["AzureWebJobs.IngestBatch.Disabled"]!);
        Assert.Equal("AzureServices", (string)(await OneAsync("Microsoft.Storage/storageAccounts"))["properties"]!["networkAcls"]!["bypass"]!); // Event Grid is one that it trusts
        Assert.Equal("false", (string)settings["Storage__Links"]!);
    }

    [Fact]
    public async Task The_environment_of_that_name_is_production_in_a_network()
    {
        var (here, production) = (await Bicep.EnvironmentAsync("private"), await Bicep.EnvironmentAsync("production"));
        int Count(JsonArray all, string type) => all.Count(resource => (string)resource!["type"]! == type);

        Assert.Equal((1, 0), (Count(here, "Microsoft.Cdn/profiles"), Count(here, "Microsoft.Web/staticSites")));
        Assert.All(["Microsoft.Authorization/locks", "Microsoft.Insights/webtests", "Microsoft.OperationalInsights/workspaces/tables"], type => Assert.Equal(Count(production, type), Count(here, type)));
    }

    [Fact]
    public async Task The_program_serves_the_form_below_api_form_to_whoever_asks_and_nothing_else_of_the_api()
    {
        using var web = new TempFolder();
        Directory.CreateDirectory(web["assets"]);
        await File.WriteAllTextAsync(web["index.html"], "<!doctype html><title>HealthEval</title>");
        await File.WriteAllTextAsync(web["assets/form-1.js"], "export {}");
        using var rig = await HostRig.StartAsync(new Dictionary<string, string> { ["Auth:Mode"] = "Platform", ["Storage:DataFolder"] = web["data"], ["Web:Root"] = web.Path });

        using var page = await rig.ApiAsync(HttpMethod.Get, "form/");
        using var script = await rig.ApiAsync(HttpMethod.Get, "form/assets/form-1.js");
        using var nothing = await rig.ApiAsync(HttpMethod.Get, "form/../data/healtheval.db");
        using var stranger = await rig.ApiAsync(HttpMethod.Get, "me");

        Assert.Equal((HttpStatusCode.OK, "no-cache"), (page.StatusCode, page.Headers.CacheControl?.ToString()));
        Assert.Contains("<title>HealthEval</title>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("immutable", script.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (nothing.StatusCode, stranger.StatusCode));
        Assert.Equal("no-store", stranger.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Deploying_puts_the_form_into_the_package_and_opens_the_door()
    {
        using var tools = new StandIns();
        tools.Make("""
            *"app list"*) echo the-application ;;
            *outputs.functionApp*) echo func-demo ;;
            *outputs.webAddress*) echo https://healtheval-demo.azurefd.net ;;
            *"identity list"*) echo the-identity ;;
            *"account show"*) echo the-tenant ;;
            *"private-endpoint-connection list"*) echo /asked/by/front-door ;;
            """, "az", "npm", "npx", "dotnet");

        var (exit, output) = await tools.RunAsync("infra/deploy.sh", "demo", "westeurope", "westeurope", "ops@example.org", "infra/environments/private.bicepparam");

        Assert.True(exit == 0, output);
        var calls = tools.Calls();
        Assert.Contains(calls, call => call.StartsWith("dotnet publish api -c Release -p:SkipWeb=true -p:WithForm=true ", StringComparison.Ordinal));
        Assert.Contains(calls, call => call.Contains("deployment group create", StringComparison.Ordinal) && call.Contains(" signInClientId=the-application ", StringComparison.Ordinal));
        Assert.Contains("az ad app update --id the-application --web-redirect-uris https://healtheval-demo.azurefd.net/.auth/login/aad/callback", calls);
        Assert.Contains(calls, call => call.Contains("federated-credential create --id the-application", StringComparison.Ordinal) && call.Contains("/the-tenant/v2.0\",\"subject\":\"the-identity\"", StringComparison.Ordinal));
        Assert.Contains(calls, call => call.StartsWith("az network private-endpoint-connection approve --id /asked/by/front-door ", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.Contains("static-web-apps-cli", StringComparison.Ordinal) || call.Contains("credential reset", StringComparison.Ordinal) || call.Contains("event-subscription", StringComparison.Ordinal));
        Assert.True(calls.ToList().FindIndex(call => call.StartsWith("npm --prefix web run build", StringComparison.Ordinal)) < calls.ToList().FindIndex(call => call.StartsWith("dotnet publish", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_changes_is_written_down()
    {
        var page = Repository.Text("docs/azure-private.md");

        Assert.All(["linked backend", "upload link", "Event Grid", "Application Insights", "firewall", "sign in", "deploy"], word => Assert.Contains(word, page, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("| `network` |", Repository.Text("docs/azure-costs.md"), StringComparison.Ordinal);
    }

    private static async Task<List<JsonNode>> AllAsync(string type) => [.. (await Bicep.ResourcesAsync(Private)).Where(resource => (string)resource!["type"]! == type).Select(resource => resource!)];

    private static async Task<JsonNode> OneAsync(string type) => Assert.Single(await AllAsync(type));

    private static JsonNode Connection(JsonNode door) => door["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!;

    private static string Name(JsonNode resource) => (string)resource["name"]!;

    private static List<string> Texts(JsonNode? list) => [.. list?.AsArray().Select(text => (string)text!) ?? []];
}
