using System.Collections.Concurrent;
using HealthEval.Tests.Reports;

[assembly: AssemblyFixture(typeof(SampleWeeks))]

namespace HealthEval.Tests.Reports;

/// <summary>The weeks of <see cref="ExportedRows.SampleOf"/>, compiled once for all tests that only read them.</summary>
public sealed class SampleWeeks : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<CompiledWeek>>> _weeks = new(StringComparer.Ordinal);

    internal Task<CompiledWeek> OfAsync(string kind) => _weeks.GetOrAdd(kind, k => new(() => CompiledWeek.OfAsync(ExportedRows.SampleOf(k)))).Value;

    public void Dispose()
    {
        foreach (var week in _weeks.Values.Where(week => week.Value.IsCompletedSuccessfully))
        {
            week.Value.Result.Dispose();
        }
    }
}
