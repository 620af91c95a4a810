using System.Net.Sockets;
using System.Text.Json.Nodes;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Configuration;

namespace HealthEval.Tests.Cli;

/// <summary>The real program in a terminal: what it says, and with which exit code it ends.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("healtheval-cli-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("serve --port many")]
    [InlineData("simulate")]
    [InlineData("simulate --project p1 --raters 0")]
    [InlineData("purge --project demo")]
    [InlineData("ingest --project p1")]
    [InlineData("ingest nowhere.jsonl --project p1")]
    [InlineData("simulate --project missing")]
    public async Task A_wrong_call_says_what_to_do_and_ends_with_2(string call)
    {
        var (exitCode, output, error) = await RealProcess.RunAsync([.. call.Split(' '), "--data", _data]);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("healtheval: ", error, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_verb()
    {
        var (exitCode, output, _) = await RealProcess.RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(["serve", "ingest", "report", "verify", "export", "stats", "simulate", "purge", "--data", "--json"], verb => Assert.Contains(verb, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_line()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;

        var (exitCode, _, error) = await RealProcess.RunAsync("serve", "--data", _data, "--port", port.ToString());

        Assert.Equal(2, exitCode);
        Assert.Contains($"http://127.0.0.1:{port} cannot be used", error, StringComparison.Ordinal);
        Assert.Contains("--port", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5999")]
    [InlineData("http://[::]:5999")]
    [InlineData("http://*:5999")]
    [InlineData("http://example.org:5999")]
    public async Task Local_sign_in_is_served_on_this_machine_only(string url)
    {
        var (exitCode, _, error) = await RealProcess.RunAsync("serve", "--data", _data, "--urls", url);

        Assert.Equal(2, exitCode);
        Assert.Contains("this machine only", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_said_in_one_line()
    {
        var file = Path.Combine(_data, "file");
        await File.WriteAllTextAsync(file, "");

        var (exitCode, _, error) = await RealProcess.RunAsync("serve", "--data", file, "--port", "0");

        Assert.Equal(2, exitCode);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Auth__Mode", "Platform", "runs only behind the Functions host")]
    [InlineData("Kestrel__Endpoints__Open__Url", "http://0.0.0.0:0", "serves this machine only")]
    [InlineData("Kestrel__Endpoints__Open__Url", "http://*:0", "serves this machine only")]
    public async Task What_would_let_others_in_stops_the_start(string setting, string value, string reason)
    {
        var (exitCode, output, error) = await RealProcess.RunAsync(new Dictionary<string, string> { [setting] = value }, "serve", "--data", _data, "--port", "0");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Limits__RequestsOfPerson", "many", "Limits:RequestsOfPerson")]
    [InlineData("Limits__LinkGuesses", "0", "Limits:LinkGuesses")]
    [InlineData("Ingest__RecordsAtOnce", "0", "Ingest:RecordsAtOnce")]
    [InlineData("Ingest__SettleFor", "-00:00:01", "Ingest:SettleFor")]
    [InlineData("Steps__Lease", "00:00:00", "Steps:Lease")]
    [InlineData("Retention__RawDrops", "-1.00:00:00", "Retention:RawDrops")]
    [InlineData("Retention__Drafts", "soon", "Retention:Drafts")]
    [InlineData("Auth__IdleTimeout", "never", "Auth:IdleTimeout")]
    public async Task A_setting_that_cannot_be_is_said_in_one_sentence(string setting, string value, string name)
    {
        var (exitCode, _, error) = await RealProcess.RunAsync(new Dictionary<string, string> { [setting] = value }, "serve", "--data", _data, "--port", "0");

        Assert.Equal(2, exitCode);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains(name, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_settings_file_that_is_damaged_is_named()
    {
        var file = Path.Combine(_data, "appsettings.json");
        File.WriteAllText(file, "{\"Limits\":{");

        var failure = Record.Exception(() => new ConfigurationBuilder().AddJsonFile(file).Build());

        Assert.Contains(file, Settings.FaultOf(failure!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_store_gets_the_demo_and_one_link_per_role_and_a_full_one_stays_as_it_is()
    {
        using (var first = await RealProcess.ServeAsync(_data))
        {
            Assert.Equal(["adjudicator", "admin", "annotator", "customer", "lead"], first.SignInLinks.Keys.Order());
        }

        using (var second = await RealProcess.ServeAsync(_data))
        {
            Assert.Empty(second.SignInLinks); // whoever reads a log or a screen later gets nothing
        }

        using (var third = await RealProcess.ServeAsync(_data, "--links"))
        {
            Assert.Equal(5, third.SignInLinks.Count);
        }

        var (_, output, _) = await RealProcess.RunAsync("purge", "--project", "demo", "--confirm", "demo", "--data", _data, "--json");
        Assert.True(JsonNode.Parse(output)!["documents"]!.GetValue<int>() > 150);
    }

    [Fact]
    public async Task Ingest_simulate_and_purge_work_on_one_store()
    {
        var batch = Path.Combine(_data, "mine.jsonl");
        await File.WriteAllLinesAsync(batch, Enumerable.Range(1, 10).Select(n => $$"""{"prompt":"Question {{n}}?","response":"Answer {{n}}. Rest well.","model":"m{{n % 2}}"}"""));

        var ingested = await RealProcess.RunAsync("ingest", batch, "--project", "mine", "--create", "--json", "--data", _data);
        var simulated = await RealProcess.RunAsync("simulate", "--project", "mine", "--raters", "3", "--seed", "4", "--json", "--data", _data);
        var again = await RealProcess.RunAsync("simulate", "--project", "mine", "--raters", "3", "--seed", "4", "--json", "--data", _data);
        var purged = await RealProcess.RunAsync("purge", "--project", "mine", "--confirm", "mine", "--json", "--data", _data);

        Assert.Equal((0, 10), (ingested.ExitCode, JsonNode.Parse(ingested.Output)!["accepted"]!.GetValue<int>()));
        Assert.Equal((0, 20), (simulated.ExitCode, JsonNode.Parse(simulated.Output)!["judgements"]!.GetValue<int>()));
        Assert.Equal((0, 0), (again.ExitCode, JsonNode.Parse(again.Output)!["judgements"]!.GetValue<int>()));
        Assert.Equal(0, purged.ExitCode);
        Assert.Equal(2, (await RealProcess.RunAsync("purge", "--project", "mine", "--confirm", "mine", "--data", _data)).ExitCode);
    }
}
