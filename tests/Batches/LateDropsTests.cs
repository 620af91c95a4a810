using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Logging;

namespace HealthEval.Tests.Batches;

/// <summary>The alert queue-age: the hourly sweep says when files have waited for longer than a load takes.</summary>
public sealed class LateDropsTests : IDisposable
{
    private readonly IngestRig _rig = new();
    private readonly ManualTime _clock = new(new DateTimeOffset(2026, 11, 18, 12, 7, 0, TimeSpan.Zero));
    private readonly Sayings _log = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Files_that_two_sweeps_have_found_are_told_of_and_fresh_ones_are_not()
    {
        await _rig.Documents.CommitAsync(new Write.Put(Project.Key("p1"), _rig.Project), default);
        Drop("fresh.jsonl", TimeSpan.FromMinutes(90));

        Assert.Single(await SweepAsync());
        Assert.Empty(_log.Lines);

        Drop("late.jsonl", TimeSpan.FromMinutes(121));
        Drop("later.jsonl", TimeSpan.FromHours(30));

        Assert.Equal(3, (await SweepAsync()).Length);
        Assert.Equal(["Warning: 2 dropped files have waited for more than two hours"], _log.Lines);
    }

    private async Task<string[]> SweepAsync()
    {
        var functions = new DropFunctions(_rig.Sweep(_clock), _rig.Ingest, null!, null!, _rig.Files, null!, _clock, null!, _log);
        var messages = await functions.SweepAsync(null!, default);
        return [.. messages.Select(message => (string)JsonNode.Parse(message)!["subject"]!)];
    }

    private void Drop(string name, TimeSpan age)
    {
        var file = Path.Combine(_rig.Files.Root, "drop", "p1", name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, """{"prompt":"q","response":"a"}""");
        File.SetLastWriteTimeUtc(file, (_clock.GetUtcNow() - age).UtcDateTime);
    }

    private sealed class Sayings : ILogger<DropFunctions>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
