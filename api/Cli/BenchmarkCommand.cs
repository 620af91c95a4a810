using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Batches.Benchmarks;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval benchmark add|list|run</c>: prompts that answers of many models and days are measured by.</summary>
internal static class BenchmarkCommand
{
    public static Command Build()
    {
        var (project, file) = (CommandLine.Project(),
            new Argument<FileInfo>("FILE") { Description = "Prompts with rubrics or references: rows of HealthBench or K-QA, or your own" });
        var name = new Option<string?>("--name") { Description = "What it is called; the same name with other content is the next version. The file's name unless said", HelpName = "NAME" };
        var add = new Command("add", "Add a benchmark, or its next version; the same content again changes nothing") { file, project, name };
        add.SetAction((parsed, cancellation) => AddAsync(parsed, parsed.GetValue(file)!, parsed.GetValue(project)!, parsed.GetValue(name), cancellation));

        var listed = CommandLine.Project();
        var list = new Command("list", "The benchmarks of a project and their runs") { listed };
        list.SetAction((parsed, cancellation) => ListAsync(parsed, parsed.GetValue(listed)!, cancellation));

        var (of, batches, benchmark) = (CommandLine.Project(),
            new Argument<string[]>("BATCH")
            {
                Description = "Ids of the batches that hold the answers, from their receipts",
                Arity = ArgumentArity.OneOrMore
            },
            new Option<string>("--benchmark") { Description = "The benchmark's id", HelpName = "ID", Required = true });
        var date = new Option<string?>("--date") { Description = "The day of the run; the day on which the answers came unless said", HelpName = "2026-11-30" };
        var run = new Command("run", "Note answers that were loaded as a run, model by model, and say how much of the benchmark they cover") { batches, of,
            benchmark, date };
        run.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetValue(of)!, parsed.GetValue(benchmark)!, parsed.GetValue(batches)!,
            parsed.GetValue(date), cancellation));
        return new Command("benchmark", "Prompts with rubrics and references that answers attach to") { add, list, run };
    }

    private static async Task<int> AddAsync(ParseResult parsed, FileInfo file, string projectId, string? name, CancellationToken cancellation)
    {
        if (!file.Exists)
        {
            return Usage($"{file} does not exist.");
        }

        await using var app = Services.Open(parsed);
        var project = await CommandLine.FindProjectAsync(app.Services, projectId, cancellation);
        var source = new BatchSource(file.Name, () => new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1));
        var (added, fault) = await app.Services.GetRequiredService<BenchmarkLibrary>()
            .AddAsync(project, name ?? Path.GetFileNameWithoutExtension(file.Name), source, AuditTrail.CommandLine, cancellation);
        if (added is null)
        {
            Console.Error.WriteLine($"healtheval: {fault}");
            return ExitCode.Failed;
        }

        if (parsed.GetValue(CommandLine.JsonOutput))
        {
            Console.WriteLine(JsonSerializer.Serialize(added, Json.Options));
            return ExitCode.Done;
        }

        var made = added.Benchmark;
        Console.WriteLine($"{made.BenchmarkId} version {made.Version}{(added.IsNew ? "" : ", as before")}: {made.Prompts:N0} prompts, {made.Criteria:N0} criteria, {made.References:N0} references");
        Console.WriteLine($"  sha256  {made.Sha256}");
        foreach (var (theme, count) in made.Themes)
        {
            Console.WriteLine($"  theme   {theme} {count:N0}");
        }

        foreach (var error in added.Errors)
        {
            Console.WriteLine($"  line {error.Line:N0}: {(error.Path is null ? "" : $"{error.Path}: ")}{error.Reason}");
        }

        Console.WriteLine(added.Rejected > 0 ? $"{added.Rejected:N0} records are not in it."
            : "Answers that are loaded from now on attach to it by prompt_id or by the same words.");
        return ExitCode.Done;
    }

    private static async Task<int> ListAsync(ParseResult parsed, string projectId, CancellationToken cancellation)
    {
        await using var app = Services.Open(parsed);
        await CommandLine.FindProjectAsync(app.Services, projectId, cancellation);
        var store = app.Services.GetRequiredService<IDocumentStore>();
        var benchmarks = await store.AllAsync<Benchmark>(Benchmark.Of(projectId), cancellation).Select(stored => stored.Value).ToListAsync(cancellation);
        Print(parsed, new BenchmarkList(benchmarks, await BenchmarkRun.AllAsync(store, projectId, cancellation)));
        return ExitCode.Done;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string projectId, string benchmarkId, string[] ids, string? date,
        CancellationToken cancellation)
    {
        DateOnly? day = DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var given) ? given : null;
        if (date is not null && day is null)
        {
            return Usage($"'{date}' is no day. Write it like 2026-11-30.");
        }

        await using var app = Services.Open(parsed);
        var project = await CommandLine.FindProjectAsync(app.Services, projectId, cancellation);
        var store = app.Services.GetRequiredService<IDocumentStore>();
        foreach (var id in ids)
        {
            if (await store.FindAsync<Batch>(Batch.Key(projectId, id), cancellation) is not { Value: var batch } || !BatchState.IsFinal(batch.State))
            {
                return Usage($"There is no batch '{id}' in {projectId} that has been read to its end.");
            }

            day = date is null && (day is null || DateOnly.FromDateTime(batch.ReceivedAt.UtcDateTime) > day)
                ? DateOnly.FromDateTime(batch.ReceivedAt.UtcDateTime) : day;
        }

        var runs = await app.Services.GetRequiredService<BenchmarkLibrary>().AddRunsAsync(project, benchmarkId, ids, model: null, day!.Value,
            AuditTrail.CommandLine, cancellation);
        if (runs.Count == 0)
        {
            Console.Error.WriteLine($"healtheval: these batches have no answers to '{benchmarkId}'. Add the benchmark before the answers are loaded; 'healtheval benchmark list' names those there are.");
            return ExitCode.Failed;
        }

        Print(parsed, new BenchmarkList([], runs));
        return ExitCode.Done;
    }

    private static void Print(ParseResult parsed, BenchmarkList list)
    {
        if (parsed.GetValue(CommandLine.JsonOutput))
        {
            Console.WriteLine(JsonSerializer.Serialize(list, Json.Options));
            return;
        }

        foreach (var one in list.Benchmarks.OrderBy(one => one.BenchmarkId, StringComparer.Ordinal).ThenBy(one => one.Version))
        {
            Console.WriteLine($"{one.BenchmarkId} version {one.Version}  {one.Prompts:N0} prompts, {one.Criteria:N0} criteria, {one.References:N0} references  {one.At:yyyy-MM-dd}  {one.Sha256[..12]}");
        }

        foreach (var run in list.Runs)
        {
            Console.WriteLine($"run {run.RunId}  {run.BenchmarkId} version {run.Version}  {run.Model}  {run.Date:yyyy-MM-dd}  {run.Covered:N0} of {run.Prompts:N0} prompts answered, {run.Answers:N0} answers, {run.Surplus:N0} to other prompts");
            if (run.Missing.Count > 0)
            {
                Console.WriteLine($"  missing: {string.Join(", ", run.Missing.Take(10))}{(run.Prompts - run.Covered > 10 ? ", …" : "")}");
            }
        }
    }

    private static int Usage(string message)
    {
        Console.Error.WriteLine($"healtheval: {message}");
        return ExitCode.Usage;
    }
}
