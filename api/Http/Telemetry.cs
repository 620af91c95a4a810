using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace HealthEval.Http;

/// <summary>
/// What the program counts and times of its own; docs/operations.md lists it with what .NET brings. No attribute holds a text, a name, an id or
/// a key: outcomes and states only. Costs nothing while nobody listens.
/// </summary>
internal static class Telemetry
{
    public const string Name = "HealthEval";

    public static readonly ActivitySource Activities = new(Name, Program.Version);
    private static readonly Meter Meter = new(Name, Program.Version);

    public static readonly Counter<long> IngestLines = Meter.CreateCounter<long>("healtheval.ingest.lines", "{line}", "Records of customers' files, by what became of them");
    public static readonly Counter<long> Claims = Meter.CreateCounter<long>("healtheval.claims", "{claim}", "Tasks handed out under a new lease");
    public static readonly Counter<long> ClaimConflicts = Meter.CreateCounter<long>("healtheval.claim.conflicts", "{conflict}", "Claims lost to somebody who was faster, and repeated with another task");
    public static readonly Counter<long> Submits = Meter.CreateCounter<long>("healtheval.submits", "{submit}", "Judgements sent, by what became of them");
    public static readonly Histogram<double> ReportDuration = Meter.CreateHistogram(
        "healtheval.report.duration", "s", "Compiling one week of one project", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900] });

    public static KeyValuePair<string, object?> Outcome(string outcome) => new("healtheval.outcome", outcome);

    /// <summary>The outcome that a result record is named after: <c>RecordedBefore</c> is recorded_before.</summary>
    public static KeyValuePair<string, object?> Outcome(object result) => Outcome(JsonNamingPolicy.SnakeCaseLower.ConvertName(result.GetType().Name));
}
