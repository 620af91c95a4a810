using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>infra/restore.sh and the gate of infra/deploy.sh, with stand-ins for the tools that would talk to Azure.</summary>
public sealed class RestoreTests : IDisposable
{
    private const string Answers = """
        *outputs.functionApp*) echo func-demo ;;
        *outputs.Storage__CosmosEndpoint*) echo https://cosmos-demo.documents.azure.com:443/ ;;
        *outputs.Storage__CosmosDatabase*) echo healtheval ;;
        *outputs.Storage__BlobEndpoint*) echo https://st-demo.blob.core.windows.net/ ;;
        *outputs.Storage__BlobContainer*) echo healtheval ;;
        *defaultIdentity*) echo UserAssignedIdentity=/the/keeper ;;
        *locations*) echo "West Europe" ;;
        *documentEndpoint*) echo https://cosmos-restored.documents.azure.com:443/ ;;
        *"identity list"*) echo the-program ;;
        *"signed-in-user"*) echo the-operator ;;
        """;

    private readonly StandIns _tools = new();

    public void Dispose() => _tools.Dispose();

    [Fact]
    public async Task A_restore_makes_a_second_account_lets_the_program_in_checks_it_and_changes_nothing_else()
    {
        _tools.Make(Answers, "az", "healtheval");

        var (exit, output) = await _tools.RunAsync("infra/restore.sh", "rg-demo", "2026-11-30T06:00:00Z");

        Assert.True(exit == 0, output);
        var calls = _tools.Calls();
        var restore = Assert.Single(calls, call => call.Contains("cosmosdb restore", StringComparison.Ordinal));
        Assert.Matches(@"--account-name cosmos-demo --target-database-account-name cosmos-demo-\d{8} --restore-timestamp 2026-11-30T06:00:00Z --location West Europe ", restore);
        Assert.Contains("--assign-identity /the/keeper --default-identity UserAssignedIdentity=/the/keeper", restore, StringComparison.Ordinal); // without it the keys cannot be opened
        Assert.All(["the-program", "the-operator"], who => Assert.Contains(calls, call => call.Contains($"role assignment create --resource-group rg-demo --account-name cosmos-demo-", StringComparison.Ordinal)
            && call.Contains($"--principal-id {who} --role-definition-id 00000000-0000-0000-0000-000000000002", StringComparison.Ordinal)));
        Assert.Equal("healtheval check --json on https://cosmos-restored.documents.azure.com:443/", calls[^1]);
        Assert.Matches("restored and checked in \\d+ minutes, check ended with 0", output);
        Assert.DoesNotContain(calls, call => call.Contains("appsettings set", StringComparison.Ordinal) || call.Contains(" delete ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rehearsal_removes_its_account_and_no_other()
    {
        _tools.Make(Answers, "az", "healtheval");

        var (exit, output) = await _tools.RunAsync("infra/restore.sh", "--rehearse", "rg-demo");

        Assert.True(exit == 0, output);
        Assert.Matches(@"^az cosmosdb delete --resource-group rg-demo --name cosmos-demo-\d{8} --yes ", Assert.Single(_tools.Calls(), call => call.Contains(" delete ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_the_check_finds_is_the_answer_of_the_script()
    {
        _tools.Make(Answers, "az");
        _tools.Make("*) exit 1 ;;", "healtheval");

        var (exit, output) = await _tools.RunAsync("infra/restore.sh", "rg-demo", "2026-11-30T06:00:00Z");

        Assert.Equal(1, exit);
        Assert.Contains("check ended with 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_app_is_put_on_an_account_only_when_somebody_says_which()
    {
        _tools.Make(Answers, "az");

        var (exit, output) = await _tools.RunAsync("infra/restore.sh", "--use", "rg-demo", "cosmos-demo-11300600");

        Assert.True(exit == 0, output);
        Assert.Contains("az functionapp config appsettings set --resource-group rg-demo --name func-demo --settings Storage__CosmosEndpoint=https://cosmos-restored.documents.azure.com:443/ --output none", _tools.Calls());
        Assert.Contains("restoredAccount=cosmos-demo-11300600", output, StringComparison.Ordinal);
        Assert.Contains("param restoredAccount ", Repository.Text("infra/main.bicep"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("/subscriptions/0/resourceGroups/rg-demo/providers/Microsoft.DocumentDB/databaseAccounts/cosmos-demo", 3)]
    public async Task The_gate_stops_before_what_holds_data_is_touched(string touched, int expected)
    {
        _tools.Make($"*changes*) echo {touched} ;;", "az");

        var (exit, output) = await _tools.RunAsync("infra/deploy.sh", "--gate", "demo", "westeurope", "westeurope", "ops@example.org", "infra/environments/staging.bicepparam");

        Assert.True(exit == expected, output);
        Assert.DoesNotContain(_tools.Calls(), call => call.Contains("deployment group create", StringComparison.Ordinal));
        Assert.Contains(_tools.Calls(), call => call.StartsWith("az deployment group what-if --resource-group rg-demo --parameters infra/environments/staging.bicepparam name=demo ", StringComparison.Ordinal));
        Assert.Equal(expected == 3, output.Contains("cosmos-demo", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)] // staging says autoscale
    [InlineData("cosmosMode=serverless", false)]
    public async Task What_an_environment_says_counts_unless_the_line_says_otherwise(string said, bool refused)
    {
        _tools.Make("""
            *"cosmosdb list"*capabilities*) echo EnableServerless ;;
            *"cosmosdb list"*) echo cosmos-demo ;;
            """, "az");

        var (exit, output) = await _tools.RunAsync(
            "infra/deploy.sh", ["--dry-run", "demo", "westeurope", "westeurope", "ops@example.org", "infra/environments/staging.bicepparam", .. said.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(refused ? 2 : 0, exit);
        Assert.Equal(refused, output.Contains("an account that is serverless", StringComparison.Ordinal));
    }
}
