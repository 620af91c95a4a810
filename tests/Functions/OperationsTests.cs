using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>What a hospital's cloud team asks of infra/: who did what is written down and kept, what must stay stays, somebody is told, and each of these has its price.</summary>
public sealed class OperationsTests
{
    private const string Everything = """
        param diagnosticDays = 400
        param archiveDays = 2556
        param customerKeys = true
        param reportsHeldDays = 365
        param reportsHold = 'Locked'
        param probe = true
        param zoneRedundant = true
        param locked = true
        param restoreDays = 30
        param premium = true
        """;

    [Theory]
    [InlineData("cosmos-demouqhah", "DataPlaneRequests ControlPlaneRequests PartitionKeyRUConsumption")]
    [InlineData("blobServices/default", "StorageRead StorageWrite StorageDelete")]
    [InlineData("evgt-demouqhah", "DeliveryFailures")]
    [InlineData("func-demouqhah", "audit")]
    [InlineData("swa-demouqhah", "allLogs")]
    [InlineData("kv-demouqhah", "audit")]
    [InlineData("log-demouqhah", "Audit")]
    public async Task Who_did_what_is_sent_to_the_logs_of(string resource, string categories)
    {
        var all = await Bicep.ResourcesAsync(Everything);
        var setting = Assert.Single(all, one => Type(one) == "Microsoft.Insights/diagnosticSettings" && ((string)one!["id"]!).Contains($"/{resource}/providers/", StringComparison.Ordinal))!;

        Assert.Equal(categories, string.Join(' ', setting["properties"]!["logs"]!.AsArray().Select(log => (string?)log!["category"] ?? (string)log["categoryGroup"]!)));
        Assert.All(setting["properties"]!["logs"]!.AsArray(), log => Assert.True((bool)log!["enabled"]!));
        Assert.EndsWith("/log-demouqhah", (string)setting["properties"]!["workspaceId"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_to_the_logs_is_kept_in_the_archive_for_as_long_as_is_said()
    {
        var tables = (await OfAsync("Microsoft.OperationalInsights/workspaces/tables", Everything)).ToDictionary(table => Name(table).Split('/')[^1], table => table["properties"]!);

        Assert.Equal(["AZKVAuditLogs", "CDBControlPlaneRequests", "CDBDataPlaneRequests", "StorageBlobLogs"], tables.Keys.Order());
        Assert.All(tables.Values, table => Assert.Equal((400, 2556), ((int)table["retentionInDays"]!, (int)table["totalRetentionInDays"]!)));
        Assert.Empty(await OfAsync("Microsoft.OperationalInsights/workspaces/tables", ""));
    }

    [Fact]
    public async Task With_keys_of_the_customer_an_identity_of_its_own_opens_them_and_the_program_cannot()
    {
        var all = await Bicep.ResourcesAsync(Everything);
        JsonNode One(string type) => all.Single(resource => Type(resource) == type)!;
        var (files, documents) = (One("Microsoft.Storage/storageAccounts"), One("Microsoft.DocumentDB/databaseAccounts"));
        var keeper = (string)all.Single(resource => Type(resource) == "Microsoft.ManagedIdentity/userAssignedIdentities" && Name(resource!) == "id-data-demouqhah")!["id"]!;

        Assert.Equal(("Microsoft.Keyvault", "data"), ((string)files["properties"]!["encryption"]!["keySource"]!, (string)files["properties"]!["encryption"]!["keyvaultproperties"]!["keyname"]!));
        Assert.Equal(["blob", "file", "queue", "table"], files["properties"]!["encryption"]!["services"]!.AsObject().Select(service => service.Key).Order());
        Assert.All(files["properties"]!["encryption"]!["services"]!.AsObject(), service => Assert.Equal("Account", (string)service.Value!["keyType"]!));
        Assert.Contains("keys/data", (string)documents["properties"]!["keyVaultKeyUri"]!, StringComparison.Ordinal);
        Assert.Equal($"UserAssignedIdentity={keeper}", (string)documents["properties"]!["defaultIdentity"]!);
        Assert.All([files, documents], account => Assert.Equal([keeper], account["identity"]!["userAssignedIdentities"]!.AsObject().Select(identity => identity.Key)));
        var grants = all.Where(resource => Type(resource) == "Microsoft.Authorization/roleAssignments" && ((string)resource!["id"]!).Contains("/vaults/", StringComparison.Ordinal))
            .Select(grant => (Regex.Match((string)grant!["id"]!, "/keys/(\\w+)").Groups[1].Value, Regex.Match((string)grant["properties"]!["principalId"]!, "/(id[a-z-]*)-demo").Groups[1].Value)).Order();
        Assert.Equal([("data", "id-data"), ("reports", "id")], grants);
        Assert.True((bool)One("Microsoft.KeyVault/vaults")["properties"]!["enablePurgeProtection"]!); // an account whose key is gone is gone

        var plain = await Bicep.ResourcesAsync();
        Assert.Null(plain.Single(resource => Type(resource) == "Microsoft.Storage/storageAccounts")!["properties"]!["encryption"]);
        Assert.Null(plain.Single(resource => Type(resource) == "Microsoft.DocumentDB/databaseAccounts")!["properties"]!["keyVaultKeyUri"]);
    }

    [Fact]
    public async Task Finished_reports_are_held_where_that_is_said_and_the_container_supports_it()
    {
        var all = await Bicep.ResourcesAsync(Everything);
        var settings = all.Single(resource => Type(resource) == "Microsoft.Web/sites/config" && Name(resource!).EndsWith("/appsettings", StringComparison.Ordinal))!["properties"]!;
        var containers = all.Where(resource => Type(resource) == "Microsoft.Storage/storageAccounts/blobServices/containers")
            .ToDictionary(container => Name(container!).Split('/')[^1], container => container!["properties"]!["immutableStorageWithVersioning"]);

        Assert.Equal(("365.00:00:00", "True"), ((string)settings["Storage__HoldReports"]!, (string)settings["Storage__HoldLocked"]!));
        Assert.True((bool)containers["healtheval"]!["enabled"]!);
        Assert.All(["packages", "undelivered-events"], other => Assert.Null(containers[other]));
        Assert.True((bool)all.Single(resource => Type(resource) == "Microsoft.Storage/storageAccounts/blobServices")!["properties"]!["isVersioningEnabled"]!);
        Assert.Null((await Bicep.ResourcesAsync()).Single(resource => Type(resource) == "Microsoft.Web/sites/config" && Name(resource!).EndsWith("/appsettings", StringComparison.Ordinal))!["properties"]!["Storage__HoldReports"]);
    }

    [Fact]
    public async Task A_probe_asks_the_live_route_from_five_places_and_tells_people_when_two_get_no_answer()
    {
        var all = await Bicep.ResourcesAsync(Everything);
        var test = all.Single(resource => Type(resource) == "Microsoft.Insights/webtests")!;
        var alert = all.Single(resource => Name(resource!) == "unreachable-demouqhah")!["properties"]!;

        Assert.Contains("/api/health/live", (string)test["properties"]!["Request"]!["RequestUrl"]!, StringComparison.Ordinal);
        Assert.Contains("\"/api/health/live\", \"methods\": [\"GET\"], \"allowedRoles\": [\"anonymous\"]", Repository.Text("web/public/staticwebapp.config.json"), StringComparison.Ordinal);
        Assert.Equal(5, test["properties"]!["Locations"]!.AsArray().Count);
        Assert.Equal(("\"live\":true", true), ((string)test["properties"]!["ValidationRules"]!["ContentValidation"]!["ContentMatch"]!, (bool)test["properties"]!["ValidationRules"]!["SSLCheck"]!));
        Assert.Equal((2, (string)test["id"]!), ((int)alert["criteria"]!["failedLocationCount"]!, (string)alert["criteria"]!["webTestId"]!));
        Assert.EndsWith("/actionGroups/ag-demouqhah", (string)alert["actions"]![0]!["actionGroupId"]!, StringComparison.Ordinal);
        Assert.Contains("| `unreachable` |", Repository.Text("docs/operations.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dev", "Standard_LRS", "Continuous7Days", 0)]
    [InlineData("staging", "Standard_LRS", "Continuous7Days", 7)]
    [InlineData("production", "Standard_ZRS", "Continuous30Days", 7)]
    public async Task Each_environment_has_a_file_of_its_own(string environment, string disks, string backup, int logged)
    {
        var all = await Bicep.EnvironmentAsync(environment);
        JsonNode Properties(string type) => all.First(resource => Type(resource) == type)!["properties"]!;

        Assert.Equal(disks, (string)all.First(resource => Type(resource) == "Microsoft.Storage/storageAccounts")!["sku"]!["name"]!);
        Assert.Equal(backup, (string)Properties("Microsoft.DocumentDB/databaseAccounts")["backupPolicy"]!["continuousModeProperties"]!["tier"]!);
        Assert.Equal(logged, all.Count(resource => Type(resource) == "Microsoft.Insights/diagnosticSettings"));
        Assert.Equal(environment == "production" ? 2 : 0, all.Count(resource => Type(resource) == "Microsoft.Authorization/locks"));
        Assert.All(["HEALTHEVAL_NAME", "HEALTHEVAL_WEB_LOCATION", "HEALTHEVAL_ALERT_EMAIL"], variable =>
            Assert.True(Repository.Text($"infra/environments/{environment}.bicepparam").Contains(variable, StringComparison.Ordinal) && Repository.Text("infra/deploy.sh").Contains($"{variable}=", StringComparison.Ordinal)));
    }

    [Fact]
    public void Whatever_costs_more_by_a_parameter_has_its_price_written_down()
    {
        var costs = Repository.Text("docs/azure-costs.md");

        Assert.All(
            ["premium", "cosmosMode", "zoneRedundant", "restoreDays", "diagnosticDays", "archiveDays", "customerKeys", "reportsHeldDays", "probe", "locked"],
            parameter =>
            {
                Assert.Contains($"param {parameter} ", Repository.Text("infra/main.bicep"), StringComparison.Ordinal);
                Assert.Contains($"| `{parameter}` |", costs, StringComparison.Ordinal);
            });
    }

    [Fact]
    public void The_example_of_a_pipeline_signs_in_without_a_secret_and_waits_at_a_gate()
    {
        var workflow = Repository.Text("infra/examples/github-deploy.yml");

        Assert.Contains("id-token: write", workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("secrets.", workflow, StringComparison.Ordinal);
        Assert.Contains("infra/deploy.sh --gate ", workflow, StringComparison.Ordinal);
        Assert.Contains("needs: what-if", workflow, StringComparison.Ordinal);
        Assert.All(Regex.Matches(workflow, @"infra/[\w-]+\.sh"), script => Assert.True(File.Exists(Path.Combine(Repository.Root, script.Value)), script.Value));
        var offered = Regex.Match(workflow, @"options: \[ ([\w, ]+) \]").Groups[1].Value.Split(", ");
        Assert.All(offered, environment => Assert.True(File.Exists(Path.Combine(Repository.Root, $"infra/environments/{environment}.bicepparam")), environment));
    }

    [Fact]
    public async Task After_a_restore_the_template_keeps_the_program_on_the_account_that_was_restored()
    {
        var settings = (await OfAsync("Microsoft.Web/sites/config", "param restoredAccount = 'cosmos-demo-r'")).First(config => Name(config).EndsWith("/appsettings", StringComparison.Ordinal));

        Assert.Contains("cosmos-demo-r", (string)settings["properties"]!["Storage__CosmosEndpoint"]!, StringComparison.Ordinal);
    }

    private static async Task<List<JsonNode>> OfAsync(string type, string parameters) => [.. (await Bicep.ResourcesAsync(parameters)).Where(resource => Type(resource) == type).Select(resource => resource!)];

    private static string Type(JsonNode? resource) => (string)resource!["type"]!;

    private static string Name(JsonNode resource) => (string)resource["name"]!;
}
