using System.Globalization;
using HealthEval.Http;
using HealthEval.Intake.Formats;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Batches.Benchmarks;

internal static class BenchmarksApi
{
    private const long MostBytes = 256L << 20;
    private const int MostBatches = 100;

    public static void MapBenchmarks(this IEndpointRouteBuilder api)
    {
        var benchmarks = api.MapGroup("/benchmarks/{projectId}").RequireAuthorization(Policies.Customers);
        benchmarks.MapGet("/", ListAsync).WithName("ListBenchmarks");
        benchmarks.MapPost("/", AddAsync).WithName("AddBenchmark");
        benchmarks.MapGet("/{benchmarkId}/{version:int}", PromptsAsync).WithName("GetBenchmarkPrompts");
        benchmarks.MapPost("/{benchmarkId}/runs", AddRunsAsync).WithName("AddBenchmarkRuns");
    }

    private static async Task<Ok<BenchmarkList>> ListAsync(string projectId, IDocumentStore store, CancellationToken cancellation)
    {
        var all = await store.AllAsync<Benchmark>(Benchmark.Of(projectId), cancellation).Select(stored => stored.Value).ToListAsync(cancellation);
        return TypedResults.Ok(new BenchmarkList(
            [.. all.OrderBy(one => one.BenchmarkId, StringComparer.Ordinal).ThenByDescending(one => one.Version)], await BenchmarkRun.AllAsync(store,
                projectId, cancellation)));
    }

    /// <summary>From the file in the body, or from a batch that was sent before and whose file is still here.</summary>
    /// <param name="name">Of the benchmark; the same name again makes the next version.</param>
    /// <param name="file">What the file in the body is called.</param>
    private static async Task<Results<Ok<BenchmarkAdded>, ProblemHttpResult>> AddAsync(
        string projectId, string? name, string? file, string? batch, Caller caller, HttpRequest request, IDocumentStore store, IFileStore files,
            BenchmarkLibrary library, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("project");
        }

        if (batch is not null)
        {
            return await ReceivedFile.FindAsync(store, files, projectId, batch, cancellation) is { } received
                ? Answer(await library.AddAsync(project, name ?? received.Name, received.Open(files, cancellation), caller.Id, cancellation))
                : Problems.Missing("file here any more. Send it: POST …?name=NAME&file=FILE with the file as the body");
        }

        var (body, fault) = await UploadBody.OfAsync(request, file, cancellation);
        if (body?.Name is not { Length: > 0 } given)
        {
            return Problems.Malformed(body is null ? fault
                : "Name the file: POST …?name=NAME&file=FILE with the file as the body, or batch=ID for a file that was sent before.");
        }

        await using var copy = await TemporaryCopy.OfAsync(body.Content, MostBytes, cancellation);
        return copy is null ? Problems.Of(413, "too_large", "The file is too large", $"A benchmark's file has at most {MostBytes:N0} bytes.")
            : Answer(await library.AddAsync(project, name ?? Path.GetFileNameWithoutExtension(given), new BatchSource(DropFolder.SafeName(given),
                copy.Open), caller.Id, cancellation));
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> PromptsAsync(string projectId, string benchmarkId, int version,
        IDocumentStore store, IFileStore files, CancellationToken cancellation) =>
        await store.FindAsync<Benchmark>(Benchmark.Key(projectId, benchmarkId, version), cancellation) is not null
        && await files.OpenAsync(Benchmark.PathOf(projectId, benchmarkId, version), cancellation) is { } prompts
            ? TypedResults.Stream(prompts, "application/x-ndjson", $"{benchmarkId}-v{version}.jsonl")
            : Problems.Missing("benchmark");

    private static async Task<Results<Ok<RunList>, ProblemHttpResult>> AddRunsAsync(
        string projectId, string benchmarkId, RunForm form, Caller caller, IDocumentStore store, BenchmarkLibrary library, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project }
            || await store.FindAsync<Benchmark>(Benchmark.Key(projectId, benchmarkId, 1), cancellation) is null)
        {
            return Problems.Missing("benchmark");
        }

        var faults = new Faults();
        faults.Require(form.Batches is { Count: > 0 and <= MostBatches }, "batches", $"Name the batches that hold the answers, 1 to {MostBatches}.");
        var batches = new List<Batch>();
        foreach (var id in form.Batches?.Take(MostBatches).Distinct() ?? [])
        {
            var batch = await store.FindAsync<Batch>(Batch.Key(projectId, id), cancellation);
            faults.Require(batch is not null && BatchState.IsFinal(batch.Value.State), "batches",
                $"There is no batch '{Excerpt.Of(id, 40)}' that has been read to its end.");
            batches.AddRange(batch is null ? [] : [batch.Value]);
        }

        var date = DateOnly.TryParseExact(form.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var given) ? given : (DateOnly?)null;
        faults.Require(form.Date is null || date is not null, "date", "The day of the run as 2026-11-30.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        date ??= DateOnly.FromDateTime(batches.Max(batch => batch.ReceivedAt).UtcDateTime);
        var runs = await library.AddRunsAsync(project, benchmarkId, [.. batches.Select(batch => batch.BatchId)], form.Model, date.Value, caller.Id,
            cancellation);
        return runs.Count > 0 ? TypedResults.Ok(new RunList(runs))
            : Problems.Of(422, "no_answers", "These batches have no answers to this benchmark",
                "Answers attach to the latest version by prompt_id or by the same words while they are loaded: add the benchmark first, then send them.");
    }

    private static Results<Ok<BenchmarkAdded>, ProblemHttpResult> Answer((BenchmarkAdded? Added, string Fault) outcome) =>
        outcome.Added is { } added ? TypedResults.Ok(added) : Problems.Of(422, "no_benchmark", "This cannot be a benchmark", outcome.Fault);
}

/// <param name="Model">Only this one's answers; a run for each model unless said.</param>
/// <param name="Date">As 2026-11-30; the day on which the last of the batches came unless said.</param>
internal sealed record RunForm(IReadOnlyList<string>? Batches = null, string? Model = null, string? Date = null);

internal sealed record RunList(IReadOnlyList<BenchmarkRun> Runs);

/// <param name="Benchmarks">All versions, the latest of each first.</param>
internal sealed record BenchmarkList(IReadOnlyList<Benchmark> Benchmarks, IReadOnlyList<BenchmarkRun> Runs);
