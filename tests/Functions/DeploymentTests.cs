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
    public async Task The_package_keeps_the_execute_bit()
    {
        Directory.CreateDirectory(_folder["published"]);
        await File.WriteAllTextAsync(_folder["published/healtheval"], "program");
        await File.WriteAllTextAsync(_folder["published/host.json"], "{}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder["published/healtheval"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var (exit, output) = await RunAsync("dotnet", "msbuild", Path.Combine(Repository.Root, "api/HealthEval.csproj"), "-nologo", "-v:quiet", "-t:PackFunctions", $"-p:PublishDir={_folder["published"]}/", $"-p:PackageFile={_folder["app.zip"]}");

        Assert.True(exit == 0, output);
        await using var package = await ZipFile.OpenReadAsync(_folder["app.zip"]);
        Assert.Equal(["healtheval", "host.json"], package.Entries.Select(entry => entry.FullName).Order());
        var executable = package.Entries.Where(entry => ((entry.ExternalAttributes >> 16) & (int)UnixFileMode.UserExecute) != 0);
        Assert.Equal("healtheval", Assert.Single(executable).FullName);
    }

    [Theory]
    [InlineData("", "az functionapp deployment source config-zip --resource-group rg-demo --name func-demo --src APP --output none")]
    [InlineData("premium=true", "az storage blob upload --auth-mode login --account-name st-demo --container-name packages --name app.zip --file APP --overwrite --output none")]
    public async Task One_command_makes_everything_and_puts_the_program_where_its_plan_looks_for_it(string parameter, string expected)
    {
        StandIns(failing: null);

        var (exit, output) = await DeployAsync(["demo", "westeurope", "ops@example.org", .. parameter.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.True(exit == 0, output);
        var calls = Calls();
        Assert.StartsWith("dotnet publish api -c Release -r linux-x64 --self-contained -p:SkipWeb=true", calls[0], StringComparison.Ordinal);
        Assert.Contains($"az deployment group create --resource-group rg-demo --name healtheval --template-file infra/main.bicep --parameters name=demo alertEmail=ops@example.org {parameter}".TrimEnd() + " --output none", calls);
        Assert.Contains(expected, calls);
        Assert.Contains("npx --yes @azure/static-web-apps-cli deploy web/dist --env production", calls);
        Assert.DoesNotContain(calls, call => call.Contains("the-token", StringComparison.Ordinal)); // in no process list
        Assert.Contains("Ready: web-demo", output, StringComparison.Ordinal);
        Assert.All(Regex.Matches(Repository.Text("infra/deploy.sh"), @"\$\(output (\w+)\)"), name => Assert.Contains($"output {name.Groups[1].Value} string", Repository.Text("infra/main.bicep"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_does_not_build_changes_nothing_on_Azure()
    {
        StandIns(failing: "dotnet");

        var (exit, _) = await DeployAsync("demo", "westeurope", "ops@example.org");

        Assert.NotEqual(0, exit);
        Assert.DoesNotContain(Calls(), call => call.StartsWith("az ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_its_arguments_it_says_what_it_needs()
    {
        StandIns(failing: null);

        var (exit, output) = await DeployAsync("demo");

        Assert.Equal(2, exit);
        Assert.StartsWith("infra/deploy.sh NAME REGION ALERT_EMAIL", output, StringComparison.Ordinal);
    }

    private void StandIns(string? failing)
    {
        Directory.CreateDirectory(_folder["bin"]);
        foreach (var tool in new[] { "az", "dotnet", "npm", "npx" })
        {
            File.WriteAllText(_folder[$"bin/{tool}"], $$"""
                #!/bin/sh
                echo "{{tool}} $*" | sed 's#/[^ ]*/app\.zip#APP#g' >> "{{_folder["calls"]}}"
                case "$*" in
                *outputs.functionApp*) echo func-demo ;;
                *outputs.storageAccount*) echo st-demo ;;
                *outputs.webApp*) echo swa-demo ;;
                *outputs.webAddress*) echo web-demo ;;
                *"secrets list"*) echo the-token ;;
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
        start.Environment["PATH"] = $"{_folder["bin"]}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + errors);
    }
}
