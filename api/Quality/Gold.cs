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
        var known = await store.AllAsync<GoldItem>(GoldItem.Of(project.ProjectId), cancellation).Select(gold => gold.Value).ToListAsync(cancellation);
        var result = new GoldImport();
        using var reader = new StreamReader(lines);
        for (var line = 1; await reader.ReadLineAsync(cancellation) is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            var read = await new GoldLine(project, guidelines, store).ReadAsync(text, cancellation);
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

    /// <summary>Takes a lead's own judgement of an item as its reference; null when there is no such item.</summary>
    public async Task<GoldWriting?> WriteAsync(Project project, string taskId, GoldForm form, string by, CancellationToken cancellation) =>
        await store.FindAsync<EvalItem>(EvalItem.KeyOf(project.ProjectId, taskId), cancellation) is { Value: var item }
            ? await TakeAsync(project.Guideline, item, form.Judgement, form.Acceptable ?? GoldForm.Nothing, form.Note?.Trim(), by, cancellation)
            : null;

    /// <summary>The newest version of an item's reference, retired or not; null when it was never gold.</summary>
    public async Task<GoldItem?> NewestAsync(string projectId, string taskId, CancellationToken cancellation) =>
        (await store.AllAsync<GoldItem>(GoldItem.Of(projectId), cancellation).Select(gold => gold.Value).Where(gold => gold.GoldId == taskId).ToListAsync(cancellation)).MaxBy(gold => gold.Version);

    /// <summary>Makes a settled case a gold item: where the adjudicator decided that stands, elsewhere the judgement that was confirmed most. Null when it is not settled.</summary>
    public async Task<GoldWriting?> PromoteAsync(Project project, string taskId, string by, CancellationToken cancellation)
    {
        var settled = await store.AllAsync<Adjudication>(new DocumentQuery(DocumentKind.Adjudication) { ProjectId = project.ProjectId, Scope = taskId }, cancellation).FirstOrDefaultAsync(cancellation);
        if (settled is null || await store.FindAsync<EvalItem>(EvalItem.KeyOf(project.ProjectId, taskId), cancellation) is not { Value: var item })
        {
            return null;
        }

        var judgements = await Adjudications.JudgementsAsync(store, project.ProjectId, taskId, cancellation);
        return SettledCase.Reference(settled.Value, judgements, item) is var (reference, why)
            ? await TakeAsync(settled.Value.Guideline, item, reference, GoldForm.Nothing, why, by, cancellation)
            : null;
    }

    private async Task<GoldWriting> TakeAsync(
        GuidelineReference reference, EvalItem item, Judgement judgement, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ScoreRange>> acceptable, string? note, string by,
        CancellationToken cancellation)
    {
        var guideline = await guidelines.FindAsync(reference.Id, reference.Version, cancellation) ?? GuidelineLibrary.Default;
        var faults = JudgementRules.Check(judgement, guideline, item, [.. item.Responses.Select(response => response.ResponseId)]);
        CheckRanges(acceptable, judgement, guideline, faults);
        faults.Require(note is null or { Length: <= GoldForm.LongestNote }, "note", $"At most {GoldForm.LongestNote:N0} characters; raters read it once the item is retired.");
        if (faults.Any)
        {
            return new GoldWriting(item.TaskId, 0, Unchanged: false, faults);
        }

        var gold = GoldItem.Of(item, reference, judgement, acceptable, note);
        var before = await NewestAsync(item.ProjectId, gold.GoldId, cancellation);
        if (before is { IsLive: true } && before.Sha256 == gold.Sha256)
        {
            return new GoldWriting(gold.GoldId, before.Version, Unchanged: true, faults);
        }

        await AddAsync(gold, before, item, by, cancellation);
        await trail.RecordAsync(item.ProjectId, by, AuditActions.GoldAdded, item.TaskId, from: $"{before?.Version ?? 0}", to: $"{(before?.Version ?? 0) + 1};why=sha256:{Sha.Of(note ?? "")[..12]}");
        return new GoldWriting(gold.GoldId, (before?.Version ?? 0) + 1, Unchanged: false, faults);
    }

    private static void CheckRanges(IReadOnlyDictionary<string, IReadOnlyDictionary<string, ScoreRange>> acceptable, Judgement judgement, Guideline guideline, Faults faults)
    {
        foreach (var (key, ranges) in acceptable)
        {
            var rating = judgement.Ratings.FirstOrDefault(one => one.Response == key);
            faults.Require(rating is not null && ranges is not null, $"acceptable.{key}", "By the key of a response that is rated, and a dimension, the lowest and the highest right score.");
            foreach (var (dimension, range) in rating is null ? GoldForm.NoRanges : ranges ?? GoldForm.NoRanges)
            {
                var isMeant = guideline.Dimensions.Any(known => known.Key == dimension) && range is { Low: >= 1, High: <= 5 } && range.Low <= range.High;
                faults.Require(isMeant, $"acceptable.{key}.{dimension}", "For a dimension of the guideline, the lowest and the highest right score, from 1 to 5.");
                faults.Require(
                    !isMeant || rating!.ScoreOf(dimension) is not { } score || range!.Holds(score), $"acceptable.{key}.{dimension}", "The reference's own score must be among the right ones.");
            }
        }
    }

    /// <summary>False when there is no such live gold item.</summary>
    public async Task<bool> RetireAsync(string projectId, string goldId, string by, string why, CancellationToken cancellation)
    {
        var live = (await store.AllAsync<GoldItem>(GoldItem.Of(projectId), cancellation).ToListAsync(cancellation)).Where(gold => gold.Value.GoldId == goldId && gold.Value.IsLive).ToList();
        foreach (var gold in live)
        {
            await store.CommitAsync(new Write.Replace(gold.Value.Key(), gold.Value with { RetiredAt = time.GetUtcNow(), RetiredBy = by, RetiredWhy = why }, gold.ETag), cancellation);
            await trail.RecordAsync(projectId, by, AuditActions.GoldRetired, $"{goldId}:{gold.Value.Version}", to: $"why=sha256:{Sha.Of(why)[..12]}");
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

/// <summary>A reference that a lead wrote: keys are A, B, … in the order in which the item's responses are stored.</summary>
/// <param name="Acceptable">By key and dimension, scores that are right too.</param>
internal sealed record GoldForm(Judgement Judgement, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ScoreRange>>? Acceptable = null, string? Note = null)
{
    public const int LongestNote = 4_000;

    public static readonly IReadOnlyDictionary<string, ScoreRange> NoRanges = new Dictionary<string, ScoreRange>();

    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, ScoreRange>> Nothing = new Dictionary<string, IReadOnlyDictionary<string, ScoreRange>>();
}

internal sealed record GoldWriting(string GoldId, int Version, bool Unchanged, Faults Faults);

internal sealed record GoldWritten(string GoldId, int Version, bool Unchanged);
