using System.Text;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Batches.Privacy;
using HealthEval.Http;
using HealthEval.Intake;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthEval.Tests.Batches;

/// <summary>The loader on a store of its own, without the rest of the program.</summary>
internal sealed class IngestRig : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteDocumentStore _documents;

    public IngestRig(IngestOptions? options = null)
    {
        Options = options ?? new IngestOptions();
        Options.RecordsAtOnce = 1_000;
        _documents = new SqliteDocumentStore(System.IO.Path.Combine(_folder.Path, "healtheval.db"));
        Files = new FolderFileStore(System.IO.Path.Combine(_folder.Path, "files"));
        Held = new HeldItems(_documents, Files, Open, ErasureAt(TimeProvider.System), TimeProvider.System);
        Ingest = Loader(_documents);
    }

    public Project Project { get; set; } = Project.Default("p1", new GuidelineReference("healtheval", 1), DateTimeOffset.UnixEpoch);

    public IngestOptions Options { get; }

    public LimitOptions Limits { get; } = new();

    public IDocumentStore Documents => _documents;

    public FolderFileStore Files { get; }

    public HeldItems Held { get; }

    public IngestBatch Ingest { get; }

    public AuditTrail Trail => new(_documents, TimeProvider.System);

    public StepOptions Steps { get; } = new() { Lease = TimeSpan.FromSeconds(10) };

    public Steps StepsOf(IDocumentStore documents) => new(documents, TimeProvider.System, Steps);

    public IngestBatch Loader(IDocumentStore documents) => new(
        documents, Files, Open, Options, new Quotas(documents, Files, Limits, TimeProvider.System), Held, StepsOf(documents), Trail, TimeProvider.System, NullLogger<IngestBatch>.Instance);

    public SweepDrops Sweep(TimeProvider clock) => new(
        Documents, Files, Ingest, new SettledFiles(Files, Options, clock), new Refusals(Documents, Files, clock, NullLogger<Refusals>.Instance), QuotasAt(clock), ErasureAt(clock),
        TrailAt(clock), StepsOf(Documents), NullLogger<SweepDrops>.Instance);

    public Uploads Uploads(TimeProvider clock) => new(Documents, Files, Options, QuotasAt(clock), TrailAt(clock), clock, new IngestQueue());

    public Quotas QuotasAt(TimeProvider clock) => new(Documents, Files, Limits, clock);

    private Erasure ErasureAt(TimeProvider clock) => new(Documents, Files, TrailAt(clock), clock);

    private AuditTrail TrailAt(TimeProvider clock) => new(Documents, clock);

    public Task<IngestResult> IngestAsync(string content, string name = "batch.jsonl") => IngestAsync(Encoding.UTF8.GetBytes(content), name);

    public Task<IngestResult> IngestAsync(byte[] content, string name = "batch.jsonl", string? encoding = null, bool again = true) =>
        Ingest.RunAsync(Project, Source(content, name) with { Encoding = encoding }, _ => { }, again, default);

    public static BatchSource Source(byte[] content, string name = "batch.jsonl") => new(name, () => new MemoryStream(content, writable: false));

    /// <summary>Everything that was loaded, in the order of the lines it came from.</summary>
    public async Task<List<EvalItem>> ItemsAsync()
    {
        var items = new List<EvalItem>();
        await foreach (var item in Documents.AllAsync<EvalItem>(new DocumentQuery(DocumentKind.Item) { ProjectId = Project.ProjectId }, default))
        {
            items.Add(item.Value);
        }

        return [.. items.OrderBy(item => item.Line).ThenBy(item => item.TaskId, StringComparer.Ordinal)];
    }

    public Task<long> TasksAsync() => Documents.CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = Project.ProjectId }, default);

    public void Dispose()
    {
        Ingest.Dispose();
        _documents.Dispose();
        _folder.Dispose();
    }

    private static Write.Create Open(EvalItem item, Project project, string? notFor) =>
        new(new DocumentKey(DocumentKind.Task, new Partition(item.ProjectId, item.TaskId), item.TaskId), new OpenedTask(item.TaskId));

    internal sealed record OpenedTask(string TaskId);
}
