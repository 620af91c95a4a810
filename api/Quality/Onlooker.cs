using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>What follows from a judgement for what is known of its rater: the watch, and the end of an examination.</summary>
internal sealed class Onlooker(IDocumentStore store, Watch watch, GuidelineLibrary guidelines, Standings standings, TimeProvider time)
{
    /// <summary>The judgement is recorded and acknowledged whatever happens here, so nothing here is called off, nor answers for the judgement.</summary>
    public async Task AfterAsync(Project? project, Annotation made, EvalItem item)
    {
        if (project?.Quality is not { } settings)
        {
            return;
        }

        try
        {
            var gold = await GoldAsync(made);
            await watch.LookAsync(project, made, item, gold, CancellationToken.None);
            if (gold is not null && settings.Qualification)
            {
                await ExamineAsync(project, settings, made);
            }
        }
        catch (StorageUnavailableException)
        {
            // the judgement is there; the next one is looked at again
        }
    }

    private async Task<GoldItem?> GoldAsync(Annotation made)
    {
        if (await store.FindAsync<Annotation>(Annotation.AsideKey(made.ProjectId, made.TaskId, made.AnnotationId), CancellationToken.None) is null)
        {
            return null;
        }

        return await store.AllAsync<GoldItem>(GoldItem.Of(made.ProjectId), CancellationToken.None).Select(gold => gold.Value).FirstOrDefaultAsync(gold => gold.TaskId == made.TaskId);
    }

    private async Task ExamineAsync(Project project, QualitySettings settings, Annotation made)
    {
        var standing = await standings.FindAsync(project.ProjectId, made.Rater, CancellationToken.None);
        if (await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, CancellationToken.None) is not { } guideline
            || ProductionPath.Next(settings, guideline, standing) != ProductionPath.Qualification)
        {
            return;
        }

        var since = standing.Allowances.LastOrDefault(allowance => allowance is { Step: ProductionPath.Qualification, Kind: Allowance.Again })?.At ?? DateTimeOffset.MinValue;
        var gold = await store.AllAsync<GoldItem>(GoldItem.Of(project.ProjectId), CancellationToken.None).ToDictionaryAsync(one => one.Value.TaskId, one => one.Value);
        var judged = await store.AllAsync<Annotation>(Gold.JudgementsOf(project.ProjectId, made.Rater), CancellationToken.None).Select(one => one.Value)
            .Where(one => one.SubmittedAt > since && gold.ContainsKey(one.TaskId)).ToListAsync();
        if (judged.Count < settings.QualificationItems)
        {
            return;
        }

        var result = Qualification.Of([.. judged.Select(one => (one.TaskId, GoldScore.Of(gold[one.TaskId], one)))], settings, guideline, time.GetUtcNow());
        await standings.ChangeAsync(project.ProjectId, made.Rater, before => before.With(result), CancellationToken.None);
        if (!result.Passed)
        {
            await TellAsync(project, made, result);
        }
    }

    private async Task TellAsync(Project project, Annotation made, StepResult result)
    {
        var id = $"qualification-{made.Pseudonym}-{made.AnnotationId[..8]}";
        var words = $"Not qualified: α {(result.Alpha is { } alpha ? $"{alpha:0.00}" : "not defined")} with the references, {result.CriticalsFound} of {result.CriticalsPlanted} critical errors found. Waive it, or let them try anew.";
        await store.CommitAsync(
            new Write.Put(Notice.Key(project.ProjectId, Notice.Project, id), new Notice(
                project.ProjectId, Notice.Project, id, "notice", ProductionPath.QualificationFailed, time.GetUtcNow(), words, PersonId: made.Rater)),
            CancellationToken.None);
    }
}

/// <summary>How far a person's judgements of gold items agree with the references.</summary>
internal static class Qualification
{
    private static readonly Scale OneToFive = Scale.OfNumbers([1, 2, 3, 4, 5]);

    public static StepResult Of(IReadOnlyList<(string Item, GoldScore Score)> judged, QualitySettings settings, Guideline guideline, DateTimeOffset now)
    {
        var scores = judged.SelectMany(one => one.Score.Scores.Select((score, i) => (Unit: $"{one.Item}/{i}/{score.Dimension}", Score: score))).ToList();
        var matrix = RatingMatrix.FromNumbers(
            [.. scores.SelectMany(one => new[] { new Agreement.Statistics.Rating(one.Unit, "rater", one.Score.Given), new Agreement.Statistics.Rating(one.Unit, "reference", one.Score.Reference) })], OneToFive);
        var alpha = KrippendorffAlpha.Compute(matrix, MeasurementLevel.Ordinal).Value;
        var (found, planted) = (judged.Sum(one => one.Score.Found), judged.Sum(one => one.Score.Planted));
        return new StepResult(
            ProductionPath.Qualification, guideline.Id, guideline.Version, "", now, alpha >= settings.QualificationAlpha && found == planted,
            scores.Count(one => one.Score.Acceptable), scores.Count, Alpha: alpha is { } value ? Math.Round(value, 4) : null, CriticalsFound: found, CriticalsPlanted: planted);
    }
}
