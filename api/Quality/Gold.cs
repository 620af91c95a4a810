using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Quality;

/// <summary>Keeps a project's gold items: takes them in, retires them, never deletes one.</summary>
internal sealed class Gold(IDocumentStore store, GuidelineLibrary guidelines, AuditTrail trail, TimeProvider time)
{
    public static DocumentQuery JudgementsOf(string projectId, string? rater = null) => new(DocumentKind.AsideAnnotation)
    {
        ProjectId = projectId,
        Where = rater is null ? [] : [new Filter.Equal("rater", rater)],
        OrderBy = "submittedAt",
        Top = 500,
    };

    /// <summary>
    /// Takes in expert judgements, one JSON object a line, of items that the project has. The good lines are taken although others are refused; the
    /// same line again changes nothing, another judgement of the same item is its next version.
    /// </summary>
    public async Task<GoldImport> ImportAsync(Project project, Stream lines, string by, CancellationToken cancellation)
    {
        var guideline = await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation) ?? GuidelineLibrary.Default;
        var known = await store.AllAsync<GoldItem>(GoldItem.Of(project.ProjectId), cancellation).Select(gold => gold.Value).ToListAsync(cancellation);
        var result = new GoldImport();
        using var reader = new StreamReader(lines);
        for (var line = 1; await reader.ReadLineAsync(cancellation) is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            var read = await new GoldLine(project, guideline, store).ReadAsync(text, cancellation);
            if (read.Gold is not { } gold)
            {
                result.Errors.Add(new GoldError(line, read.Faults));
                continue;
            }

            var before = known.Where(other => other.GoldId == gold.GoldId).MaxBy(other => other.Version);
            if (before?.Sha256 == gold.Sha256)
            {
                result.Unchanged++;
                continue;
            }

            await AddAsync(gold, before, read.Source!, by, cancellation);
            known.Add(gold with { Version = (before?.Version ?? 0) + 1 });
            result.Added++;
        }

        if (result.Added > 0)
        {
            await trail.RecordAsync(project.ProjectId, by, AuditActions.GoldAdded, about: null, from: null, to: $"{result.Added}");
        }

        return result;
    }

    /// <summary>False when there is no such live gold item.</summary>
    public async Task<bool> RetireAsync(string projectId, string goldId, string by, CancellationToken cancellation)
    {
        var live = (await store.AllAsync<GoldItem>(GoldItem.Of(projectId), cancellation).ToListAsync(cancellation)).Where(gold => gold.Value.GoldId == goldId && gold.Value.IsLive).ToList();
        foreach (var gold in live)
        {
            await store.CommitAsync(new Write.Replace(gold.Value.Key(), gold.Value with { RetiredAt = time.GetUtcNow(), RetiredBy = by }, gold.ETag), cancellation);
            await trail.RecordAsync(projectId, by, AuditActions.GoldRetired, $"{goldId}:{gold.Value.Version}");
        }

        return live.Count > 0;
    }

    private async Task AddAsync(GoldItem read, GoldItem? before, EvalItem source, string by, CancellationToken cancellation)
    {
        var version = (before?.Version ?? 0) + 1;
        var now = time.GetUtcNow();
        var gold = read with { Version = version, TaskId = GoldItem.TaskIdOf(read.ProjectId, read.GoldId, version), AddedBy = by, AddedAt = now };
        var (item, task) = gold.Copy(source, now);

        // the copy first: what is listed as gold can be handed out; a second attempt finds it there
        await store.CommitAsync([new Write.Create(item.Key(), item), new Write.Create(GoldItem.TaskKey(gold), task)], cancellation);
        await store.CommitAsync(new Write.Put(gold.Key(), gold), cancellation);
        if (before is { IsLive: true })
        {
            await store.CommitAsync(new Write.Put(before.Key(), before with { RetiredAt = now, RetiredBy = by }), cancellation);
        }
    }
}

internal sealed class GoldImport
{
    public int Added { get; set; }

    public int Unchanged { get; set; }

    public List<GoldError> Errors { get; } = [];
}

internal sealed record GoldError(int Line, IReadOnlyDictionary<string, List<string>> Reasons);
