using HealthEval.Audit;
using HealthEval.Intake;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches.Benchmarks;

/// <summary>Adds benchmarks to a project, and notes which answers were a run of one.</summary>
internal sealed class BenchmarkLibrary(IDocumentStore documents, IFileStore files, IngestOptions options, AuditTrail trail, TimeProvider clock)
{
    private const int MostErrors = 20;
    private const int MostVersions = 1_000;

    /// <summary>As the next version of its name, unless the latest has the same content. Null, and why, when there is nothing to add.</summary>
    public async Task<(BenchmarkAdded? Added, string Fault)> AddAsync(Project project, string name, BatchSource source, string by,
        CancellationToken cancellation)
    {
        if (Benchmark.IdOf(name) is not { } id)
        {
            return (null, Benchmark.IdRule);
        }

        var kept = (await ImportProfiles.LatestAsync(documents, project.ProjectId, cancellation)).ConvertAll(stored => stored.Profile);
        var read = await Task.Run(() => BenchmarkFile.Read(source, kept, options, cancellation), cancellation);
        if (read.Fault is { } fault)
        {
            return (null, fault);
        }

        var lines = Joined(read.Prompts.Values);
        var latest = (await Benchmark.LatestAsync(documents, project.ProjectId, cancellation)).Find(one => one.BenchmarkId == id);
        var errors = read.Errors.Take(MostErrors).ToList();
        if (latest?.Sha256 == Sha.Of(lines))
        {
            return (new BenchmarkAdded(latest, IsNew: false, read.Errors.Count, errors), "");
        }

        for (var version = (latest?.Version ?? 0) + 1; version <= MostVersions; version++)
        {
            // the prompts first: a version that is named has them; where somebody has put theirs already, that is another version
            if (await files.WriteBytesAsync(Benchmark.PathOf(project.ProjectId, id, version), lines, FileCondition.IfAbsent, cancellation) is not null)
            {
                var made = new Benchmark(project.ProjectId, id, version, name.Trim(), source.Name, Sha.Of(lines), read.Prompts.Count, read.Criteria,
                    read.References, read.Themes, by, clock.GetUtcNow());
                if ((await documents.CommitAsync(new Write.Create(made.Key(), made), cancellation)).Succeeded)
                {
                    await trail.RecordAsync(project.ProjectId, by, AuditActions.BenchmarkAdded, $"{id}@{version}", to: $"sha256:{made.Sha256[..16]}");
                    return (new BenchmarkAdded(made, IsNew: true, read.Errors.Count, errors), "");
                }
            }
        }

        return (null, $"There are more than {MostVersions} versions of this benchmark.");
    }

    /// <summary>
    /// The answers of these batches to the benchmark, model by model, as runs of that day; noted again they are counted again. Empty when no answer in them
    /// is to one of its prompts. Runs that were noted by themselves of nothing but these batches are these runs, on another day.
    /// </summary>
    /// <param name="model">Of this model only.</param>
    public async Task<List<BenchmarkRun>> AddRunsAsync(Project project, string benchmarkId, IReadOnlyList<string> batches, string? model, DateOnly date,
        string by, CancellationToken cancellation)
    {
        var runs = new List<BenchmarkRun>();
        foreach (var ((_, version, name), count) in (await CountAsync(project.ProjectId, batches, cancellation))
            .Where(counted => counted.Key.BenchmarkId == benchmarkId && (model is null || counted.Key.Model == model)))
        {
            runs.Add(await SaveAsync(project.ProjectId, benchmarkId, version, name, date, batches, count, by, cancellation));
        }

        foreach (var other in (await BenchmarkRun.AllAsync(documents, project.ProjectId, cancellation)).Where(other => other.By == AuditTrail.Program
            && other.Batches.All(batches.Contains) && runs.Exists(run => run.RunId != other.RunId && run.IsOf(other.BenchmarkId, other.Version, other.Model))))
        {
            await documents.CommitAsync(new Write.Delete(other.Key()), cancellation);
        }

        return runs;
    }

    public static bool HasAnswers(Batch batch) => batch.Warnings.Any(warning => warning.Class is BenchmarkIndex.Attached or CameAgain.Note);

    /// <summary>
    /// A batch with answers to benchmarks is a run of each model in it, on the day on which it came; with the batches of that day that are one already.
    /// </summary>
    public async Task NoteAsync(Project project, Batch batch, CancellationToken cancellation)
    {
        var date = DateOnly.FromDateTime(batch.ReceivedAt.UtcDateTime);
        foreach (var ((benchmarkId, version, model), own) in await CountAsync(project.ProjectId, [batch.BatchId], cancellation))
        {
            var runId = BenchmarkRun.IdOf(benchmarkId, version, model, date);
            var known = (await documents.FindAsync<BenchmarkRun>(BenchmarkRun.Key(project.ProjectId, runId), cancellation))?.Value;
            IReadOnlyList<string> batches = known is null ? [batch.BatchId] : [.. known.Batches.Union([batch.BatchId])];
            var count = batches.Count == 1 ? own : (await CountAsync(project.ProjectId, batches, cancellation))[(benchmarkId, version, model)];
            await SaveAsync(project.ProjectId, benchmarkId, version, model, date, batches, count, known?.By ?? AuditTrail.Program, cancellation);
        }
    }

    private async Task<BenchmarkRun> SaveAsync(string projectId, string benchmarkId, int version, string model, DateOnly date, IReadOnlyList<string> batches,
        RunCount count, string by, CancellationToken cancellation)
    {
        var run = await RunAsync(projectId, benchmarkId, version, model, date, batches, count, by, cancellation);
        await documents.CommitAsync(new Write.Put(run.Key(), run), cancellation);
        await trail.RecordAsync(projectId, by, AuditActions.RunAdded, $"{benchmarkId}@{version}/{run.RunId}", to: $"covered={run.Covered}/{run.Prompts}");
        return run;
    }

    /// <summary>The answers in these batches, by benchmark, version and model.</summary>
    private async Task<SortedDictionary<(string BenchmarkId, int Version, string Model), RunCount>> CountAsync(string projectId, IReadOnlyList<string> batches,
        CancellationToken cancellation)
    {
        var counts = new SortedDictionary<(string BenchmarkId, int Version, string Model), RunCount>();
        var answers = new Dictionary<string, int>(StringComparer.Ordinal);
        var own = new AnswersOf(batches, await CameAgain.AllAsync(documents, projectId, cancellation));
        var query = new DocumentQuery(DocumentKind.Item) { ProjectId = projectId, Where = [new Filter.In("batchId", [.. own.Batches])], Top = 500 };
        await foreach (var (item, _) in documents.AllAsync<EvalItem>(query, cancellation))
        {
            foreach (var name in (own.Has(item) ? item.Responses : []).Select(response => BenchmarkRun.NameOf(response.Model)))
            {
                answers[name] = answers.GetValueOrDefault(name) + 1;
                if (item.Benchmark is { } of)
                {
                    var key = (of.BenchmarkId, of.Version, name);
                    var count = counts.TryGetValue(key, out var known) ? known : counts[key] = new RunCount();
                    count.Answers++;
                    count.Prompts.Add(of.PromptId);
                }
            }
        }

        foreach (var ((benchmarkId, _, model), count) in counts)
        {
            count.Surplus = answers[model] - counts.Where(other => (other.Key.BenchmarkId, other.Key.Model) == (benchmarkId, model))
                .Sum(other => other.Value.Answers);
        }

        return counts;
    }

    private async Task<BenchmarkRun> RunAsync(
        string projectId, string benchmarkId, int version, string model, DateOnly date, IReadOnlyList<string> batches, RunCount count, string by,
            CancellationToken cancellation)
    {
        var benchmark = (await documents.FindAsync<Benchmark>(Benchmark.Key(projectId, benchmarkId, version), cancellation))!.Value;
        var ids = (await Benchmark.LinesAsync(files, benchmark, cancellation)).ConvertAll(line => Json.Parse<PromptName>(line).PromptId);
        var missing = ids.FindAll(id => !count.Prompts.Contains(id));
        return new BenchmarkRun(
            projectId, BenchmarkRun.IdOf(benchmarkId, version, model, date), benchmarkId, version, model, date, batches, count.Answers,
                ids.Count - missing.Count, ids.Count, count.Surplus,
            [.. missing.Take(BenchmarkRun.MissingNamed)], by, clock.GetUtcNow());
    }

    private static byte[] Joined(IEnumerable<byte[]> lines)
    {
        var all = new MemoryStream();
        foreach (var line in lines)
        {
            all.Write(line);
            all.WriteByte((byte)'\n');
        }

        return all.ToArray();
    }

    private sealed class RunCount
    {
        public int Answers { get; set; }

        /// <summary>Of the same model in the same batches, to prompts that are not the benchmark's.</summary>
        public int Surplus { get; set; }

        public HashSet<string> Prompts { get; } = new(StringComparer.Ordinal);
    }

    private sealed record PromptName(string PromptId);
}
