using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>The package, and infra/deploy.sh with stand-ins for the tools that would talk to Azure.</summary>
public sealed class DeploymentTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_package_keeps_the_execute_bit_and_the_hidden_folder()
    {
        Directory.CreateDirectory(_folder["published"]);
        await File.WriteAllTextAsync(_folder["published/healtheval"], "program");
        await File.WriteAllTextAsync(_folder["published/host.json"], "{}");
        Directory.CreateDirectory(_folder["published/.azurefunctions"]); // the host's own extensions: hidden, and needed
        await File.WriteAllTextAsync(_folder["published/.azurefunctions/function.deps.json"], "{}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder["published/healtheval"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var (exit, output) = await RunAsync("dotnet", "msbuild", Path.Combine(Repository.Root, "api/HealthEval.csproj"), "-nologo", "-v:quiet", "-t:PackFunctions", $"-p:PublishDir={_folder["published"]}/", $"-p:PackageFile={_folder["app.zip"]}");

        Assert.True(exit == 0, output);
        await using var package = await ZipFile.OpenReadAsync(_folder["app.zip"]);
        Assert.Equal([".azurefunctions/function.deps.json", "healtheval", "host.json"], package.Entries.Select(entry => entry.FullName).Order());
        var executable = package.Entries.Where(entry => ((entry.ExternalAttributes >> 16) & (int)UnixFileMode.UserExecute) != 0);
        Assert.Equal("healtheval", Assert.Single(executable).FullName);
    }

    [Theory]
    [InlineData("", "az functionapp deployment source config-zip --resource-group rg-demo --name func-demo --src APP --output none")]
    [InlineData("premium=true", "az functionapp restart --resource-group rg-demo --name func-demo")]
    public async Task One_command_makes_everything_and_keeps_every_version_of_the_program(string parameter, string expected)
    {
        StandIns();

        var (exit, output) = await DeployAsync(["demo", "westeurope", "westeurope", "ops@example.org", .. parameter.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.True(exit == 0, output);
        var calls = Calls();
        var made = Assert.Single(calls, call => call.StartsWith("az deployment group create --resource-group rg-demo --name healtheval --template-file infra/main.bicep ", StringComparison.Ordinal));
        var package = Regex.Match(made, @"package=(app-\d{14}-\w+\.zip) ").Groups[1].Value;
        Assert.Contains("dotnet publish api -c Release -p:SkipWeb=true", string.Join('\n', calls), StringComparison.Ordinal);
        Assert.EndsWith($"{parameter} --output none".TrimStart(), made, StringComparison.Ordinal);
        Assert.Matches(@"webLocation=westeurope alertEmail=ops@example\.org budgetStart=\d{4}-\d\d-01 existingSystemTopic= ", made);
        Assert.Contains($"az storage blob upload --auth-mode login --account-name st-demo --container-name packages --name {package} --file APP --output none", calls);
        Assert.Contains(expected, calls);
        Assert.Contains(calls, call => Regex.IsMatch(call, @"^npx --yes @azure/static-web-apps-cli@\d+\.\d+\.\d+ deploy /.+/site --env production$"));
        Assert.DoesNotContain(calls, call => call.Contains("the-token", StringComparison.Ordinal)); // in no process list
        Assert.Contains("Ready: web-demo", output, StringComparison.Ordinal);
        Assert.All(Regex.Matches(Repository.Text("infra/deploy.sh"), @"\$\(output (\w+)\)"), name => Assert.Contains($"output {name.Groups[1].Value} string", Repository.Text("infra/main.bicep"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_first_deployment_settled_is_kept_in_the_next_one()
    {
        StandIns(answers: """
            *"consumption budget list"*) echo 2025-02-01T00:00:00Z ;;
            *"storage account list"*) echo /subscriptions/0/st-demo ;;
            *"system-topic list"*) echo theirs ;;
            """);

        var (exit, output) = await DeployAsync("demo", "westeurope", "westeurope", "ops@example.org");

        Assert.True(exit == 0, output);
        Assert.Contains(Calls(), call => call.Contains(" budgetStart=2025-02-01 existingSystemTopic=theirs ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("EnableServerless", "cosmosMode=autoscale", "an account that is serverless")]
    [InlineData("", "", "an account that is autoscale")]
    public async Task A_template_is_not_asked_to_change_how_documents_are_paid_for(string capability, string parameter, string why)
    {
        StandIns(answers: $"""
            *"cosmosdb list"*capabilities*) echo {capability} ;;
            *"cosmosdb list"*) echo cosmos-demo ;;
            """);

        var (exit, output) = await DeployAsync(["demo", "westeurope", "westeurope", "ops@example.org", .. parameter.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(2, exit);
        Assert.Contains(why, output, StringComparison.Ordinal);
        Assert.DoesNotContain(Calls(), call => call.Contains(" create ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_asks_what_would_change_and_builds_nothing()
    {
        StandIns();

        var (exit, output) = await DeployAsync("--dry-run", "demo", "westeurope", "westeurope", "ops@example.org", "intake=queue");

        Assert.True(exit == 0, output);
        var calls = Calls();
        Assert.Contains(calls, call => call.StartsWith("az deployment group what-if --resource-group rg-demo --template-file infra/main.bicep --parameters name=demo ", StringComparison.Ordinal) && call.EndsWith(" intake=queue", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.StartsWith("dotnet ", StringComparison.Ordinal) || call.Contains("deployment group create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rolling_back_is_choosing_a_package_that_is_there()
    {
        StandIns();

        var (exit, output) = await DeployAsync("--package", "20261101120000-abc1234", "demo", "westeurope", "westeurope", "ops@example.org");

        Assert.True(exit == 0, output);
        var calls = Calls();
        Assert.Contains("az storage blob download --auth-mode login --account-name st-demo --container-name packages --name app-20261101120000-abc1234.zip --file APP --output none", calls);
        Assert.Contains(calls, call => call.Contains(" package=app-20261101120000-abc1234.zip ", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.StartsWith("dotnet ", StringComparison.Ordinal) || call.Contains("blob upload", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Event_Grid_is_given_the_trigger_s_address_once_the_host_has_made_its_key()
    {
        StandIns(answers: $$"""
            *"keys list"*) if [ -e "{{_folder["asked"]}}" ]; then echo the-key; else touch "{{_folder["asked"]}}"; fi ;;
            *"storage account show"*) echo /subscriptions/0/st-demo ;;
            """);

        var (exit, output) = await RunAsync(Path.Combine(Repository.Root, "infra/subscribe.sh"), "rg-demo", "func-demo", "evgt-demo", "blobTrigger", "st-demo");

        Assert.True(exit == 0, output);
        var calls = Calls();
        Assert.Equal(2, calls.Count(call => call.Contains("keys list", StringComparison.Ordinal)));
        Assert.Contains("--endpoint https://func-demo.azurewebsites.net/runtime/webhooks/blobs?functionName=Host.Functions.IngestBatch&code=the-key ", Assert.Single(calls, call => call.Contains("event-subscription create", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.EndsWith("event-subscription delete --resource-group rg-demo --system-topic-name evgt-demo --name drops --yes --output none", calls[^1], StringComparison.Ordinal); // the queue's
    }

    [Fact]
    public async Task With_the_queue_as_intake_the_subscription_with_the_key_goes()
    {
        StandIns();

        var (exit, output) = await RunAsync(Path.Combine(Repository.Root, "infra/subscribe.sh"), "rg-demo", "func-demo", "evgt-demo", "queue", "st-demo");

        Assert.True(exit == 0, output);
        Assert.EndsWith("--name drops-webhook --yes --output none", Calls()[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(Calls(), call => call.Contains("keys list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_makes_no_key_is_given_up_with_a_sentence()
    {
        StandIns(answers: "*\"keys list\"*) ;;");

        var (exit, output) = await RunAsync(Path.Combine(Repository.Root, "infra/subscribe.sh"), "rg-demo", "func-demo", "evgt-demo", "blobTrigger", "st-demo");

        Assert.Equal(1, exit);
        Assert.Contains("made no key blobs_extension", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_tenant_signs_in_and_its_secret_is_made_once()
    {
        StandIns(answers: """
            *"account show"*) echo the-tenant ;;
            *"staticwebapp show"*) echo site.example.org ;;
            *"app list"*) echo the-application ;;
            *"appsettings list"*) echo a-secret ;;
            """);
        File.Copy(Path.Combine(Repository.Root, "web/public/staticwebapp.config.json"), _folder["config.json"]);

        var (exit, output) = await RunAsync(Path.Combine(Repository.Root, "infra/sign-in.sh"), "rg-demo", "swa-demo", _folder["config.json"]);

        Assert.True(exit == 0, output);
        Assert.Contains("/the-tenant/v2.0\"", await File.ReadAllTextAsync(_folder["config.json"]), StringComparison.Ordinal);
        Assert.DoesNotContain(Calls(), call => call.Contains("ad app create", StringComparison.Ordinal) || call.Contains("credential reset", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("401", 0, "ok      nobody reaches the program past the site")]
    [InlineData("200", 1, "WRONG   nobody reaches the program past the site: answered 200")]
    public async Task The_smoke_script_sees_whether_the_program_can_be_reached_past_the_site(string direct, int expected, string line)
    {
        StandIns(answers: $$"""
            *outputs.functionApp*) echo func-demo ;;
            *func-demo.azurewebsites.net*) printf {{direct}} ;;
            *"/api/health"*) printf 200 ;;
            *site.example.org*) printf 302 ;;
            """);

        var (exit, output) = await RunAsync(Path.Combine(Repository.Root, "infra/smoke.sh"), "rg-demo", "https://site.example.org/");

        Assert.Equal(expected, exit);
        Assert.Contains(line, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_build_changes_nothing_on_Azure()
    {
        StandIns(failing: "dotnet");

        var (exit, _) = await DeployAsync("demo", "westeurope", "westeurope", "ops@example.org");

        Assert.NotEqual(0, exit);
        Assert.DoesNotContain(Calls(), call => call.Contains(" create ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_its_arguments_it_says_what_it_needs()
    {
        StandIns();

        var (exit, output) = await DeployAsync("demo");

        Assert.Equal(2, exit);
        Assert.StartsWith("infra/deploy.sh NAME REGION WEB_REGION ALERT_EMAIL", output, StringComparison.Ordinal);
    }

    private void StandIns(string? failing = null, string answers = "")
    {
        Directory.CreateDirectory(_folder["bin"]);
        foreach (var tool in new[] { "az", "curl", "dotnet", "npm", "npx" })
        {
            File.WriteAllText(_folder[$"bin/{tool}"], $$"""
                #!/bin/sh
                echo "{{tool}} $*" | sed 's#/[^ ]*/app\.zip#APP#g' >> "{{_folder["calls"]}}"
                case "$*" in
                {{answers}}
                *outputs.functionApp*) echo func-demo ;;
                *outputs.storageAccount*) echo st-demo ;;
                *outputs.webApp*) echo swa-demo ;;
                *outputs.webAddress*) echo web-demo ;;
                *"secrets list"*) echo the-token ;;
                *"keys list"*) echo the-key ;;
                esac
                {{(tool == failing ? "exit 1" : "exit 0")}}
                """);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_folder[$"bin/{tool}"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }
    }

    private string[] Calls() => File.ReadAllLines(_folder["calls"]);

    private Task<(int Exit, string Output)> DeployAsync(params string[] arguments) => RunAsync(Path.Combine(Repository.Root, "infra/deploy.sh"), arguments);

    private async Task<(int Exit, string Output)> RunAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["SUBSCRIBE_TRIES"] = "3";
        start.Environment["SUBSCRIBE_PAUSE"] = "0";
        start.Environment["PATH"] = $"{_folder["bin"]}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output + errors);
    }
}
