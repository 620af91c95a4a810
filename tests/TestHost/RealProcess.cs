using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HealthEval.Tests.TestHost;

/// <summary>The built program as a process of its own, on a free port.</summary>
internal sealed class RealProcess : IDisposable
{
    private readonly Process _process;

    private RealProcess(Process process, string url, IReadOnlyDictionary<string, string> links) => (_process, Url, SignInLinks) = (process, url, links);

    public static string Executable => Path.Combine(AppContext.BaseDirectory, "healtheval");

    public string Url { get; }

    /// <summary>Role → one-time link.</summary>
    public IReadOnlyDictionary<string, string> SignInLinks { get; }

    public static Task<RealProcess> ServeAsync(string dataFolder, params string[] arguments) => ServeAsync(dataFolder, [], arguments);

    /// <param name="environment">Settings as the environment has them.</param>
    public static async Task<RealProcess> ServeAsync(string dataFolder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, ["serve", "--data", dataFolder, "--port", "0", "--json", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Until.Longest) is { } line)
        {
            if (line.StartsWith("{\"url\"", StringComparison.Ordinal))
            {
                var ready = JsonNode.Parse(line)!;
                _ = process.StandardOutput.ReadToEndAsync();
                return new RealProcess(process, ready["url"]!.GetValue<string>(), ready["signIn"]!.AsObject().ToDictionary(link => link.Key, link => link.Value!.GetValue<string>()));
            }
        }

        throw new InvalidOperationException($"The program ended with {process.ExitCode} before it was ready.");
    }

    /// <summary>Runs a verb to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync([], arguments);

    /// <param name="environment">Settings as the environment has them.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Until.Longest);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said goodbye to.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
