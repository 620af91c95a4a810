using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Batches;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>infra/, host.json, the functions and the program must not drift apart: names, settings, queues, keys, indexes, roles, alerts.</summary>
public sealed class InfrastructureTests
{
    private static readonly StorageOptions Options = new();

    [Fact]
    public async Task It_compiles_without_a_warning() => Assert.Equal("", await Bicep.ComplaintsAsync());

    [Fact]
    public async Task The_containers_have_the_keys_and_indexes_that_the_program_asks_for()
    {
        var containers = await AllAsync("Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers");
        var wanted = CosmosContainers.All().ToList();

        Assert.Equal(wanted.Select(container => $"cosmos-demouqhah/{Options.CosmosDatabase}/{container.Id}"), containers.Select(Name));
        Assert.All(wanted.Zip(containers), pair =>
        {
            var (program, declared) = (pair.First, pair.Second["properties"]!["resource"]!);
            var index = declared["indexingPolicy"]!;
            Assert.Equal(program.Id, (string)declared["id"]!);
            Assert.Equal(program.PartitionKeyPaths, Texts(declared["partitionKey"]!["paths"]));
            Assert.Equal(("MultiHash", 2), ((string)declared["partitionKey"]!["kind"]!, (int)declared["partitionKey"]!["version"]!));
            Assert.Equal(program.DefaultTimeToLive, (int)declared["defaultTtl"]!);
            Assert.Equal(program.IndexingPolicy.IndexingMode.ToString(), (string)index["indexingMode"]!, ignoreCase: true);
            Assert.Equal(program.IndexingPolicy.IncludedPaths.Select(path => path.Path), index["includedPaths"]!.AsArray().Select(path => (string)path!["path"]!));
            Assert.Equal(program.IndexingPolicy.ExcludedPaths.Select(path => path.Path), index["excludedPaths"]!.AsArray().Select(path => (string)path!["path"]!));
            Assert.Equal(
                program.IndexingPolicy.CompositeIndexes.Select(order => string.Join(',', order.Select(path => $"{path.Path} {path.Order}"))),
                index["compositeIndexes"]!.AsArray().Select(order => string.Join(',', order!.AsArray().Select(path => $"{path!["path"]} {path["order"]}"))),
                StringComparer.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Every_setting_that_is_deployed_is_one_that_somebody_reads()
    {
        var settings = (await OneAsync("Microsoft.Web/sites/config", "appsettings"))["properties"]!.AsObject();
        var program = typeof(StorageOptions).GetProperties().Select(property => $"Storage__{property.Name}").Append("Auth__Mode").Append("Auth__Tenant").Append("Http__MaxContentLength").Append("Reports__SigningKey");
        string[] host = ["AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "AZURE_CLIENT_ID", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"];

        Assert.Empty(settings.Select(setting => setting.Key).Except(program).Except(host));
        Assert.Equal(("Platform", "Azure", Options.CosmosDatabase, Options.BlobContainer), ((string)settings["Auth__Mode"]!, (string)settings["Storage__Kind"]!, (string)settings["Storage__CosmosDatabase"]!, (string)settings["Storage__BlobContainer"]!));
        Assert.Contains("tenant().tenantId", (string)settings["Auth__Tenant"]!, StringComparison.Ordinal); // the one whose people infra/sign-in.sh lets in
        Assert.Contains("documentEndpoint", (string)settings["Storage__CosmosEndpoint"]!, StringComparison.Ordinal);
        Assert.Contains("primaryEndpoints.blob", (string)settings["Storage__BlobEndpoint"]!, StringComparison.Ordinal);
        var outputs = (await Bicep.TemplateAsync())["outputs"]!.AsObject().Select(output => output.Key).Where(name => name.Contains("__", StringComparison.Ordinal)).ToList();
        Assert.Equal(["Storage__CosmosEndpoint", "Storage__CosmosDatabase", "Storage__BlobEndpoint", "Storage__BlobContainer"], outputs);
    }

    [Fact]
    public async Task Every_queue_that_a_function_waits_for_is_made()
    {
        var waitedFor = Triggers("queueTrigger").Select(trigger => (string)trigger["queueName"]!).Where(queue => !queue.StartsWith("webjobs-", StringComparison.Ordinal)); // the host makes its own
        var made = (await AllAsync("Microsoft.Storage/storageAccounts/queueServices/queues")).Select(queue => Name(queue).Split('/')[^1]).ToList();

        Assert.Equal(made.Order(), waitedFor.Order());
        Assert.All(made.Where(queue => !queue.EndsWith("-poison", StringComparison.Ordinal)), queue => Assert.Contains($"{queue}-poison", made)); // the host's own name for it
        Assert.All(Triggers("queueTrigger").Concat(Triggers("blobTrigger")), trigger => Assert.Null(trigger["connection"])); // AzureWebJobsStorage
    }

    [Fact]
    public async Task New_drops_call_the_blob_trigger_or_go_into_their_queue_as_the_intake_says()
    {
        var byQueue = await Bicep.ResourcesAsync("param intake = 'queue'");
        JsonNode One(string type, string name) => byQueue.Single(resource => (string)resource!["type"]! == type && Name(resource).EndsWith(name, StringComparison.Ordinal))!["properties"]!;
        var events = One("Microsoft.EventGrid/systemTopics/eventSubscriptions", "/drops");
        var filter = $"/blobServices/default/containers/{Options.BlobContainer}/blobs/{DropFolder.Root}";

        Assert.Equal("drops", (string)events["deliveryWithResourceIdentity"]!["destination"]!["properties"]!["queueName"]!);
        Assert.Equal(filter, (string)events["filter"]!["subjectBeginsWith"]!);
        Assert.Equal(["Microsoft.Storage.BlobCreated"], Texts(events["filter"]!["includedEventTypes"]));
        Assert.Equal("undelivered-events", (string)events["deadLetterWithResourceIdentity"]!["deadLetterDestination"]!["properties"]!["blobContainerName"]!);
        Assert.Equal("true", (string)One("Microsoft.Web/sites/config", "/appsettings")["AzureWebJobs.IngestBatch.Disabled"]!);
        Assert.Empty(Texts(One("Microsoft.Web/sites/config", "/authsettingsV2")["globalValidation"]!["excludedPaths"]));

        Assert.Empty(await AllAsync("Microsoft.EventGrid/systemTopics/eventSubscriptions")); // infra/subscribe.sh makes it: the address has a key that is not there yet
        Assert.Null((await OneAsync("Microsoft.Web/sites/config", "appsettings"))["properties"]!["AzureWebJobs.IngestBatch.Disabled"]);
        Assert.Equal(["/runtime/webhooks/blobs"], Texts((await OneAsync("Microsoft.Web/sites/config", "authsettingsV2"))["properties"]!["globalValidation"]!["excludedPaths"]));
        Assert.Contains($"--subject-begins-with {filter} ", Repository.Text("infra/subscribe.sh"), StringComparison.Ordinal);
        Assert.Contains("functionName=Host.Functions.IngestBatch&", Repository.Text("infra/subscribe.sh"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("my-app")]
    [InlineData("Demo")]
    [InlineData("1demo")]
    [InlineData("de_mo")]
    public async Task A_name_that_a_storage_account_may_not_have_is_refused_before_anything_is_made(string name) =>
        Assert.Contains("3 to 12 lower-case letters and digits", await Bicep.ComplaintsAboutNameAsync(name), StringComparison.Ordinal);

    [Fact]
    public async Task A_second_deployment_in_another_month_changes_no_budget_and_no_topic_of_somebody_else()
    {
        var parameters = (await Bicep.TemplateAsync())["parameters"]!;
        var without = await Bicep.ResourcesAsync("param existingSystemTopic = 'theirs'", budgetStart: "");

        Assert.Equal("", (string)parameters["budgetStart"]!["defaultValue"]!); // a running month would be another one next time
        Assert.Null(parameters["webLocation"]!["defaultValue"]);
        Assert.DoesNotContain(without, resource => (string)resource!["type"]! is "Microsoft.Consumption/budgets" or "Microsoft.EventGrid/systemTopics");
        Assert.Equal("2026-11-01", (string)(await OneAsync("Microsoft.Consumption/budgets"))["properties"]!["timePeriod"]!["startDate"]!);
        Assert.Equal("Custom", (string)(await OneAsync("Microsoft.Web/staticSites"))["properties"]!["provider"]!);
    }

    [Fact]
    public async Task What_a_hospital_expects_is_a_parameter()
    {
        var guarded = await Bicep.ResourcesAsync("param zoneRedundant = true\nparam locked = true\nparam diagnosticDays = 400\nparam restoreDays = 30\nparam premium = true");
        JsonNode Properties(string type) => guarded.First(resource => (string)resource!["type"]! == type)!["properties"]!;
        var documents = Properties("Microsoft.DocumentDB/databaseAccounts");

        Assert.Equal("Standard_LRS", (string)(await OneAsync("Microsoft.Storage/storageAccounts"))["sku"]!["name"]!); // not every region has zones
        Assert.Equal("Standard_ZRS", (string)guarded.First(resource => (string)resource!["type"]! == "Microsoft.Storage/storageAccounts")!["sku"]!["name"]!);
        Assert.True((bool)documents["locations"]![0]!["isZoneRedundant"]!);
        Assert.Equal("Continuous30Days", (string)documents["backupPolicy"]!["continuousModeProperties"]!["tier"]!);
        Assert.True((bool)Properties("Microsoft.Web/serverfarms")["zoneRedundant"]!);
        Assert.Equal(400, (int)Properties("Microsoft.OperationalInsights/workspaces")["retentionInDays"]!);
        Assert.Equal(["documents-stay", "files-stay"], guarded.Where(resource => (string)resource!["type"]! == "Microsoft.Authorization/locks").Select(resource => Name(resource!)).Order());
        Assert.DoesNotContain(await Bicep.ResourcesAsync(), resource => (string)resource!["type"]! is "Microsoft.Authorization/locks" or "Microsoft.Insights/diagnosticSettings");
    }

    [Fact]
    public async Task Files_are_private_and_old_ones_cost_less()
    {
        var account = (await OneAsync("Microsoft.Storage/storageAccounts"))["properties"]!;
        var containers = await AllAsync("Microsoft.Storage/storageAccounts/blobServices/containers");
        var rules = (await OneAsync("Microsoft.Storage/storageAccounts/managementPolicies"))["properties"]!["policy"]!["rules"]!.AsArray();

        Assert.All(["allowSharedKeyAccess", "allowBlobPublicAccess", "allowCrossTenantReplication"], setting => Assert.False((bool)account[setting]!));
        Assert.True((bool)account["supportsHttpsTrafficOnly"]!);
        Assert.Equal("Block", (string)account["sasPolicy"]!["expirationAction"]!);
        Assert.True(UploadLink.Lifetime < TimeSpan.ParseExact((string)account["sasPolicy"]!["sasExpirationPeriod"]!, @"dd\.hh\:mm\:ss", null));
        Assert.Equal([Options.BlobContainer, "packages", "undelivered-events"], containers.Select(container => Name(container).Split('/')[^1]));
        Assert.All(containers, container => Assert.Equal("None", (string)container["properties"]!["publicAccess"]!));
        Assert.Contains(rules, rule => Texts(rule!["definition"]!["filters"]!["prefixMatch"]) is [var prefix] && prefix == $"{Options.BlobContainer}/{DropFolder.Root}");
        Assert.DoesNotContain(rules, rule => rule!["definition"]!["actions"]!["baseBlob"]?["delete"] is not null && !Texts(rule["definition"]!["filters"]!["prefixMatch"]).SequenceEqual(["undelivered-events/"])); // nobody's file is ever deleted by a rule
    }

    [Fact]
    public async Task Nothing_is_opened_with_a_key()
    {
        var text = (await Bicep.TemplateAsync()).ToJsonString();

        Assert.DoesNotMatch("(?i)listKeys|listAccountSas|listServiceSas|listConnectionStrings|accountKey|sharedAccessKey", text);
        Assert.True((bool)(await OneAsync("Microsoft.DocumentDB/databaseAccounts"))["properties"]!["disableLocalAuth"]!);
        Assert.True((bool)(await OneAsync("Microsoft.Insights/components"))["properties"]!["DisableLocalAuth"]!);
        Assert.All(await AllAsync("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), door => Assert.False((bool)door["properties"]!["allow"]!));
    }

    [Fact]
    public async Task Each_identity_has_the_roles_that_it_needs_and_where_it_needs_them()
    {
        var roles = (await AllAsync("Microsoft.Authorization/roleAssignments")).Select(role => (
            Who: Regex.Match((string)role["properties"]!["principalId"]!, "/(evgt|id)-demo").Groups[1].Value,
            Role: ((string)role["properties"]!["roleDefinitionId"]!).Split('/')[^1],
            Where: string.Join('/', Regex.Split((string)role["id"]!, "/providers/Microsoft.Authorization|', 'Microsoft.Authorization")[0].Split('/')[^2..]))).Order();

        Assert.Equal(
            [
                ("evgt", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "containers/undelivered-events"), // Storage Blob Data Contributor
                ("id", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "storageAccounts/stdemouqhah"), // Storage Table Data Contributor
                ("id", "12338af0-0e69-4776-bea7-57ae8d297424", "keys/reports"), // Key Vault Crypto User
                ("id", "3913510d-42f4-4e42-8a64-420c390055eb", "components/appi-demouqhah"), // Monitoring Metrics Publisher
                ("id", "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "storageAccounts/stdemouqhah"), // Storage Queue Data Contributor
                ("id", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "storageAccounts/stdemouqhah"), // Storage Blob Data Owner
            ],
            roles);
        var documents = (await AllAsync("Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments")).Single()["properties"]!;
        Assert.EndsWith("/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002", (string)documents["roleDefinitionId"]!, StringComparison.Ordinal); // Cosmos DB Built-in Data Contributor
    }

    [Fact]
    public async Task The_program_runs_as_an_isolated_worker_that_only_the_web_form_can_reach()
    {
        var app = (await OneAsync("Microsoft.Web/sites"))["properties"]!;
        var door = (await OneAsync("Microsoft.Web/sites/config", "authsettingsV2"))["properties"]!;
        var link = (await OneAsync("Microsoft.Web/staticSites/linkedBackends"))["properties"]!;

        Assert.Equal(("dotnet-isolated", "10.0"), ((string)app["functionAppConfig"]!["runtime"]!["name"]!, (string)app["functionAppConfig"]!["runtime"]!["version"]!));
        Assert.True((bool)app["httpsOnly"]!);
        Assert.Equal((string)(await OneAsync("Microsoft.Web/sites"))["id"]!, (string)link["backendResourceId"]!);
        Assert.Equal((true, "Return401"), ((bool)door["globalValidation"]!["requireAuthentication"]!, (string)door["globalValidation"]!["unauthenticatedClientAction"]!));
        Assert.Equal(["azureStaticWebApps"], door["identityProviders"]!.AsObject().Select(provider => provider.Key));
    }

    [Fact]
    public async Task Serverless_and_Flex_Consumption_by_default_autoscale_and_Premium_by_parameter()
    {
        var other = await Bicep.ResourcesAsync("param premium = true\nparam cosmosMode = 'autoscale'\nparam cosmosMaxThroughput = 4000\nparam package = 'app-7.zip'\nparam otlpEndpoint = 'https://collector.example.org'");
        JsonNode Other(string type) => other.First(resource => (string)resource!["type"]! == type)!;

        Assert.Equal("EnableServerless", (string)(await OneAsync("Microsoft.DocumentDB/databaseAccounts"))["properties"]!["capabilities"]![0]!["name"]!);
        Assert.Equal("FC1", (string)(await OneAsync("Microsoft.Web/serverfarms"))["sku"]!["name"]!);
        Assert.Empty(Other("Microsoft.DocumentDB/databaseAccounts")["properties"]!["capabilities"]!.AsArray());
        var throughput = other.Where(resource => (string)resource!["type"]! == "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers").ToDictionary(container => Name(container!).Split('/')[^1], container => (int)container!["properties"]!["options"]!["autoscaleSettings"]!["maxThroughput"]!);
        Assert.Equal((1000, 4000), (throughput["catalog"], throughput["work"]));
        Assert.Equal("EP1", (string)Other("Microsoft.Web/serverfarms")["sku"]!["name"]!);
        Assert.Null(Other("Microsoft.Web/sites")["properties"]!["functionAppConfig"]);
        var settings = Other("Microsoft.Web/sites/config")["properties"]!;
        Assert.Equal("DOTNET-ISOLATED|10.0", (string)Other("Microsoft.Web/sites")["properties"]!["siteConfig"]!["linuxFxVersion"]!);
        Assert.Contains("app-7.zip", (string)settings["WEBSITE_RUN_FROM_PACKAGE"]!, StringComparison.Ordinal);
        Assert.Equal(("dotnet-isolated", "https://collector.example.org"), ((string)settings["FUNCTIONS_WORKER_RUNTIME"]!, (string)settings["OTEL_EXPORTER_OTLP_ENDPOINT"]!));
    }

    [Fact]
    public async Task Alerts_wait_for_words_that_the_program_logs_and_functions_that_it_has()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "api"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));
        var queries = (await AllAsync("Microsoft.Insights/scheduledQueryRules")).ToDictionary(rule => Name(rule)[..^"-demouqhah".Length], rule => (string)rule["properties"]!["criteria"]!["allOf"]![0]!["query"]!);

        Assert.Equal(["batch-failed", "no-traffic", "poison-message", "queue-age", "report-failed", "report-overdue", "server-errors", "storage-silent"], queries.Keys.Order());
        Assert.Contains("Batch {BatchId} of {ProjectId}: {State}, ", sources, StringComparison.Ordinal);
        Assert.Contains($"\": {BatchState.Failed},\"", queries["batch-failed"], StringComparison.Ordinal);
        Assert.All(["report-failed", "storage-silent", "queue-age"], rule => Assert.Contains(Regex.Match(queries[rule], "contains \"([^\"]+)\"").Groups[1].Value, sources, StringComparison.Ordinal));
        Assert.All(queries.Values.SelectMany(query => Regex.Matches(query, "name == \"(\\w+)\"")), function => Assert.Contains(function.Groups[1].Value, AppFunctions.All.Keys));
        Assert.Contains("name endswith \"Poison\"", queries["poison-message"], StringComparison.Ordinal);
        Assert.All(
            AppFunctions.All.Where(function => function.Value.Any(binding => ((string?)binding["queueName"])?.EndsWith("-poison", StringComparison.Ordinal) == true)),
            function => Assert.EndsWith("Poison", function.Key, StringComparison.Ordinal));
        var unsampled = ((string)JsonNode.Parse(Repository.Text("host.json"))!["logging"]!["applicationInsights"]!["samplingSettings"]!["excludedTypes"]!).Split(';');
        Assert.All(["Request", "Trace"], type => Assert.Contains(type, unsampled)); // what an alert waits for must not be left out
    }

    [Fact]
    public async Task Every_alert_reaches_somebody_and_the_runbook_says_what_to_do()
    {
        var runbook = Repository.Text("docs/operations.md");
        var alerts = (await AllAsync("Microsoft.Insights/scheduledQueryRules")).Select(rule => (Rule: rule, Told: Texts(rule["properties"]!["actions"]!["actionGroups"])))
            .Concat((await AllAsync("Microsoft.Insights/metricAlerts")).Select(rule => (Rule: rule, Told: rule["properties"]!["actions"]!.AsArray().Select(action => (string)action!["actionGroupId"]!).ToList())));

        Assert.All(alerts, alert =>
        {
            Assert.EndsWith("/actionGroups/ag-demouqhah", Assert.Single(alert.Told), StringComparison.Ordinal);
            Assert.Contains($"| `{Name(alert.Rule)[..^"-demouqhah".Length]}` |", runbook, StringComparison.Ordinal);
        });
        Assert.Equal(2, (await OneAsync("Microsoft.Consumption/budgets"))["properties"]!["notifications"]!.AsObject().Count);
    }

    private static async Task<List<JsonNode>> AllAsync(string type) => [.. (await Bicep.ResourcesAsync()).Where(resource => (string)resource!["type"]! == type).Select(resource => resource!)];

    private static async Task<JsonNode> OneAsync(string type, string? name = null) => Assert.Single(await AllAsync(type), resource => name is null || Name(resource).EndsWith($"/{name}", StringComparison.Ordinal));

    private static string Name(JsonNode resource) => (string)resource["name"]!;

    private static List<string> Texts(JsonNode? list) => [.. list?.AsArray().Select(text => (string)text!) ?? []];

    private static IEnumerable<JsonNode> Triggers(string type) => AppFunctions.All.Values.SelectMany(function => function).Where(binding => (string)binding["type"]! == type);
}
