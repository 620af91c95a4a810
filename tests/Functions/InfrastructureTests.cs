using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>infra/, the functions and the program must not drift apart: names, settings, queues, keys, indexes, headers.</summary>
public sealed class InfrastructureTests
{
    private static readonly string Main = Repository.Text("infra/main.bicep");
    private static readonly Dictionary<string, string> Modules = Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra/modules"), "*.bicep").ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

    [Fact]
    public void The_containers_have_the_keys_and_indexes_that_the_program_asks_for()
    {
        var declared = Regex.Matches(Modules["cosmos"], @"name: '(\w+)'\s+included: (\[[^\]]*\])\s+orders: \[\s*((?:\[[^\]]*\]\s*)+)\]")
            .Select(match => (Name: match.Groups[1].Value, Included: Texts(match.Groups[2].Value), Orders: Regex.Matches(match.Groups[3].Value, @"\[[^\]]*\]").Select(order => Texts(order.Value)).ToList()))
            .ToList();
        var wanted = CosmosContainers.All().ToList();

        Assert.Equal(wanted.Select(container => container.Id), declared.Select(container => container.Name));
        Assert.All(wanted.Zip(declared), pair =>
        {
            Assert.Equal(pair.First.IndexingPolicy.IncludedPaths.Select(path => path.Path), pair.Second.Included.Select(path => $"{path}/?"));
            Assert.Equal(pair.First.IndexingPolicy.CompositeIndexes.Select(index => index.Select(path => path.Path)), pair.Second.Orders);
            Assert.Equal(["/*"], pair.First.IndexingPolicy.ExcludedPaths.Select(path => path.Path));
            Assert.Equal(-1, pair.First.DefaultTimeToLive);
        });
        Assert.Contains($"paths: [ {string.Join(", ", CosmosContainers.PartitionKeyPaths.Select(path => $"'{path}'"))} ]", Modules["cosmos"], StringComparison.Ordinal);
        Assert.Contains("excludedPaths: [ { path: '/*' } ]", Modules["cosmos"], StringComparison.Ordinal);
        Assert.Contains("defaultTtl: -1", Modules["cosmos"], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_that_is_deployed_is_one_that_the_program_reads()
    {
        var deployed = Regex.Matches(Main, @"^\s+(?<name>\w+__\w+): ", RegexOptions.Multiline).Select(match => match.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal)).ToHashSet();
        var known = typeof(StorageOptions).GetProperties().Select(property => $"Storage:{property.Name}").Append("Auth:Mode");

        Assert.Empty(deployed.Except(known));
        Assert.Superset(new HashSet<string> { "Auth:Mode", "Storage:Kind", "Storage:CosmosEndpoint", "Storage:BlobEndpoint" }, deployed);
        Assert.All(Regex.Matches(Main, @"output (Storage__\w+)").Select(match => match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)), output => Assert.Contains(output, deployed));
    }

    [Fact]
    public void Names_are_the_same_on_both_sides()
    {
        var options = new StorageOptions();
        var drops = (string)JsonNode.Parse(Repository.Text("api/Batches/IngestBatch.function.json"))!["bindings"]![0]!["queueName"]!;

        Assert.Contains($"name: '{options.BlobContainer}'", Modules["storage"], StringComparison.Ordinal);
        Assert.Contains($"resource: {{ id: '{options.CosmosDatabase}' }}", Modules["cosmos"], StringComparison.Ordinal);
        Assert.Contains($"name: '{drops}'", Modules["storage"], StringComparison.Ordinal);
        Assert.Contains($"name: '{drops}-poison'", Modules["storage"], StringComparison.Ordinal);
        Assert.Contains($"queueName: '{drops}'", Modules["storage"], StringComparison.Ordinal);
        Assert.Contains($"subjectBeginsWith: '/blobServices/default/containers/{options.BlobContainer}/blobs/{HealthEval.Batches.DropFolder.Root}'", Modules["storage"], StringComparison.Ordinal);
        Assert.Contains($"prefixMatch: [ '{options.BlobContainer}/{HealthEval.Batches.DropFolder.Root}' ]", Modules["storage"], StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_opened_with_a_key()
    {
        Assert.All(Modules.Values.Append(Main), text => Assert.DoesNotMatch(@"(?i)listKeys|accountKey|sharedAccess(?!Key\w*: false)|connectionStrings\(", text));
        Assert.Contains("allowSharedKeyAccess: false", Modules["storage"], StringComparison.Ordinal);
        Assert.Contains("allowBlobPublicAccess: false", Modules["storage"], StringComparison.Ordinal);
        Assert.Contains("disableLocalAuth: true", Modules["cosmos"], StringComparison.Ordinal);
        Assert.DoesNotContain(Modules.Values, text => text.Contains("publicAccess: 'Blob'", StringComparison.Ordinal) || text.Contains("publicAccess: 'Container'", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_module_gets_the_parameters_that_it_declares()
    {
        foreach (var (name, text) in Modules)
        {
            var declared = Regex.Matches(text, @"^param (?<name>\w+)", RegexOptions.Multiline).Select(match => match.Groups["name"].Value).Order();
            var call = Regex.Match(Main, $@"modules/{name}\.bicep' = \{{\n  name: '\w+'\n  params: \{{(?<given>.*?)\}}\n\}}", RegexOptions.Singleline).Groups["given"].Value;
            var given = Regex.Matches(Regex.Replace(call, @"settings: \{[^}]*\}", "settings: x"), @"(\w+): [^,\n]+").Select(match => match.Groups[1].Value).Order();

            Assert.Equal(declared, given);
        }
    }

    [Fact]
    public void Brackets_are_balanced() => Assert.All(Modules.Values.Append(Main), text =>
    {
        foreach (var (open, close) in new[] { ('{', '}'), ('[', ']'), ('(', ')') })
        {
            Assert.Equal(text.Count(c => c == open), text.Count(c => c == close));
        }
    });

    [Fact]
    public void Alerts_wait_for_words_that_the_program_logs()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "api"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));

        Assert.Contains("was given up after all tries", sources, StringComparison.Ordinal);
        Assert.Contains("Storage does not answer", sources, StringComparison.Ordinal);
        Assert.Contains("Batch {BatchId} of {ProjectId}: {State},", sources, StringComparison.Ordinal);
        Assert.All(["was given up after all tries", "Storage does not answer"], text => Assert.Contains(text, Modules["monitoring"], StringComparison.Ordinal));
    }

    [Fact]
    public void The_deployed_form_has_the_headers_of_the_local_one_and_asks_for_sign_in()
    {
        var config = JsonNode.Parse(Repository.Text("web/public/staticwebapp.config.json"))!;
        var form = Repository.Text("api/Http/WebForm.cs");

        Assert.All(config["globalHeaders"]!.AsObject(), header => Assert.Contains($"\"{(string)header.Value!}\"", form, StringComparison.Ordinal));
        Assert.Equal(5, config["globalHeaders"]!.AsObject().Count);
        var routes = config["routes"]!.AsArray();
        Assert.Equal(["authenticated"], routes.Single(route => (string)route!["route"]! == "/*")!["allowedRoles"]!.AsArray().Select(role => (string)role!));
        Assert.Equal(["/api/health"], routes.Where(route => route!["allowedRoles"]?.AsArray().Any(role => (string)role! == "anonymous") == true).Select(route => (string)route!["route"]!));
        Assert.All(["github", "twitter"], provider => Assert.Equal(404, (int)routes.Single(route => (string)route!["route"]! == $"/.auth/login/{provider}")!["statusCode"]!)); // their names are not e-mail addresses
    }

    private static List<string> Texts(string list) => [.. Regex.Matches(list, "'([^']*)'").Select(match => match.Groups[1].Value)];
}
