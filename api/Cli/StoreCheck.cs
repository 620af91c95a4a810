using System.Text.Json;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Batches.Privacy;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tasks;

namespace HealthEval.Cli;

/// <param name="Where">A document or a file.</param>
internal sealed record Finding(string Where, string What);

/// <summary>Reads everything that is stored and compares it with what was noted about it. Changes nothing.</summary>
internal sealed class StoreCheck(IDocumentStore documents, IFileStore files)
{
    private readonly List<Finding> _problems = [];
    private readonly List<Finding> _notes = [];
    private readonly HashSet<string> _projects = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Project, string Task), string> _items = [];
    /// <summary>By their content: of an item whose right judgement is known there is a copy under an id of its own.</summary>
    private readonly Dictionary<(string Project, string Batch), HashSet<string>> _brought = [];
    private readonly Dictionary<(string Project, string Task), List<string>> _judged = [];

    public long Documents { get; private set; }

    public long Judgements { get; private set; }

    public long Files { get; private set; }

    public IReadOnlyList<Finding> Problems => _problems;

    public IReadOnlyList<Finding> Notes => _notes;

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (documents is SqliteDocumentStore embedded)
        {
            _problems.AddRange(embedded.Faults(quick: false).Select(fault => new Finding("the database", fault)));
        }

        foreach (var kind in DocumentKind.All)
        {
            await foreach (var (where, json) in AllAsync(kind, cancellation))
            {
                Documents++;
                Alone(where, () => Look(kind, where, json));
            }
        }

        await BatchesAsync(cancellation);
        await TasksAsync(cancellation);
        var checks = new FileChecks(documents, files, _projects, _problems, _notes);
        await checks.RunAsync(cancellation);
        Files = checks.Count;
    }

    /// <summary>Every document as the text it is stored as, also one that cannot be read.</summary>
    private async IAsyncEnumerable<(string Where, byte[] Json)> AllAsync(DocumentKind kind, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (documents is SqliteDocumentStore embedded)
        {
            foreach (var (project, scope, id, body) in embedded.Raw(kind))
            {
                yield return ($"{kind} {project}/{scope}/{id}", body);
            }

            yield break;
        }

        await foreach (var document in documents.AllAsync<JsonDocument>(new DocumentQuery(kind), cancellation))
        {
            yield return ($"{kind}", JsonSerializer.SerializeToUtf8Bytes(document.Value.RootElement, Json.Options));
        }
    }

    private void Look(DocumentKind kind, string where, byte[] json)
    {
        if (kind == DocumentKind.Item)
        {
            Look(Json.Parse<EvalItem>(json), where);
        }
        else if (kind == DocumentKind.Annotation || kind == DocumentKind.AsideAnnotation)
        {
            Look(Json.Parse<Annotation>(json), json, where);
        }
        else if (kind == DocumentKind.Held && Json.Parse<HeldItem>(json) is { State: HeldItem.Held or HeldItem.Dropped } held)
        {
            Count(held.ProjectId, held.BatchId, held.ContentSha256);
        }
        else
        {
            using var parsed = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
            if (kind == DocumentKind.Project && parsed.RootElement.TryGetProperty("projectId", out var named) && named.GetString() is { } id)
            {
                _projects.Add(id);
            }

            _ = kind == DocumentKind.Project ? Json.Parse<Project>(json) : kind == DocumentKind.Person ? Json.Parse<Person>(json) : (object?)null;
        }
    }

    private void Look(EvalItem item, string where)
    {
        _items[(item.ProjectId, item.TaskId)] = item.ContentSha256;
        Count(item.ProjectId, item.BatchId, item.ContentSha256);
        foreach (var response in item.Responses.Where(response => Sha.Of(response.Content) != response.Sha256))
        {
            _problems.Add(new Finding(where, $"The text of response {response.ResponseId} is not the one its SHA-256 was made of."));
        }
    }

    private void Look(Annotation annotation, byte[] json, string where)
    {
        Judgements++;
        using var parsed = JsonDocument.Parse(json);
        var asStored = Sha.Of(System.Text.Encoding.UTF8.GetBytes(parsed.RootElement.GetProperty("judgement").GetRawText()));
        if (annotation.ContentSha256 != asStored && annotation.ContentSha256 != Sha.Of(Json.Bytes(annotation.Judgement)))
        {
            _problems.Add(new Finding(where, "The judgement is not the one its contentSha256 was made of."));
        }

        var task = (annotation.ProjectId, annotation.TaskId);
        if (!_judged.TryGetValue(task, out var judged))
        {
            _judged[task] = judged = [];
        }

        judged.Add(annotation.AnnotationId);
        if (!_items.TryGetValue(task, out var sha256))
        {
            _problems.Add(new Finding(where, "The item that was judged is missing."));
        }
        else if (sha256 != annotation.ItemSha256)
        {
            _problems.Add(new Finding(where, "The item is not the one that was judged: it has another contentSha256."));
        }
    }

    private void Count(string projectId, string batchId, string content)
    {
        if (!_brought.TryGetValue((projectId, batchId), out var brought))
        {
            _brought[(projectId, batchId)] = brought = [];
        }

        brought.Add(content);
    }

    private async Task BatchesAsync(CancellationToken cancellation)
    {
        await foreach (var batch in OfProjectsAsync<Batch>(project => new DocumentQuery(DocumentKind.Batch) { ProjectId = project, Scope = Batch.Partition(project).Scope }, cancellation))
        {
            var where = $"batch {batch.ProjectId}/{batch.BatchId}";
            if (!BatchState.IsFinal(batch.State))
            {
                _notes.Add(new Finding(where, $"Not loaded to its end yet ({batch.State})."));
                continue;
            }

            if ((_brought.GetValueOrDefault((batch.ProjectId, batch.BatchId))?.Count ?? 0) is var found && found != batch.Items)
            {
                _problems.Add(new Finding(where, $"The receipt says {batch.Items:N0} items, the store holds {found:N0}."));
            }

            await using var stream = await files.OpenAsync(Batch.ReceiptPath(batch.ProjectId, batch.BatchId), cancellation);
            if (stream is null)
            {
                _problems.Add(new Finding(where, "The receipt file is missing."));
                continue;
            }

            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, cancellation);
            Alone(Batch.ReceiptPath(batch.ProjectId, batch.BatchId), () =>
            {
                var receipt = Json.Parse<Batch>(copy.ToArray());
                if ((receipt.Read, receipt.Accepted, receipt.Duplicate, receipt.Rejected, receipt.Items) != (batch.Read, batch.Accepted, batch.Duplicate, batch.Rejected, batch.Items))
                {
                    _problems.Add(new Finding(where, "The receipt file has other counts than the batch."));
                }
            });
        }
    }

    private async Task TasksAsync(CancellationToken cancellation)
    {
        await foreach (var task in OfProjectsAsync<EvalTask>(project => new DocumentQuery(DocumentKind.Task) { ProjectId = project, Top = 500 }, cancellation))
        {
            var where = $"task {task.ProjectId}/{task.TaskId}";
            var recorded = _judged.GetValueOrDefault((task.ProjectId, task.TaskId)) ?? [];
            var missing = task.Slots.Where(slot => slot.AnnotationId is { } id && !recorded.Contains(id)).ToList();
            if (missing.Count > 0)
            {
                _problems.Add(new Finding(where, $"{missing.Count} of its judgements {(missing.Count == 1 ? "is" : "are")} missing."));
            }

            if (!_items.ContainsKey((task.ProjectId, task.TaskId)))
            {
                _problems.Add(new Finding(where, "Its item is missing."));
            }
        }
    }

    private async IAsyncEnumerable<T> OfProjectsAsync<T>(Func<string, DocumentQuery> query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        foreach (var projectId in _projects)
        {
            await using var found = documents.AllAsync<T>(query(projectId), cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(found, projectId))
            {
                yield return found.Current.Value;
            }
        }
    }

    private async Task<bool> NextAsync<T>(IAsyncEnumerator<Stored<T>> found, string projectId)
    {
        try
        {
            return await found.MoveNextAsync();
        }
        catch (StoreDamagedException failure)
        {
            _problems.Add(new Finding($"{typeof(T).Name} of {projectId}", $"Not all could be read: {failure.InnerException?.Message ?? failure.Message}"));
            return false;
        }
    }

    private void Alone(string where, Action look)
    {
        try
        {
            look();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            _problems.Add(new Finding(where, "It cannot be read."));
        }
    }
}
