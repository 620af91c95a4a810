using System.Diagnostics;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>Programs that a script calls, which write down how they were called and answer what a test wants.</summary>
internal sealed class StandIns : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <param name="answers">Lines of a shell's <c>case</c> over all arguments.</param>
    public void Make(string answers, params string[] tools)
    {
        Directory.CreateDirectory(_folder["bin"]);
        foreach (var tool in tools)
        {
            var where = tool == "healtheval" ? " on $Storage__CosmosEndpoint" : "";
            File.WriteAllText(_folder[$"bin/{tool}"], $"#!/bin/sh\necho \"{tool} $*{where}\" >> \"{_folder["calls"]}\"\ncase \"$*\" in\n{answers}\nesac\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_folder[$"bin/{tool}"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }
    }

    public string[] Calls() => File.ReadAllLines(_folder["calls"]);

    public async Task<(int Exit, string Output)> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, script), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{_folder["bin"]}:{start.Environment["PATH"]}";
        start.Environment["HEALTHEVAL"] = "healtheval";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output + errors);
    }

    public void Dispose() => _folder.Dispose();
}
