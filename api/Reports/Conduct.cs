using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>
/// What is known of the raters of a project beside the week's judgements, as it stood when the week ended: gold items, repeats, steps, pauses, time; and which
/// gold items came and went in the week. No pay, no name, no gold answer.
/// </summary>
/// <param name="Gold">What the week's own judgements of gold items showed; null in files from before that was told.</param>
internal sealed record Conduct(IReadOnlyList<RaterConduct> Raters, IReadOnlyList<ConductEdit> Edits, GoldOfWeek? Gold = null)
{
    public static async Task<Conduct> GatherAsync(IDocumentStore store, Project project, Coverage week, Delivery delivery, DateTimeOffset now, CancellationToken cancellation)
    {
        var end = now < week.End ? now : week.End;
        var projectId = project.ProjectId;
        var gold = await store.AllAsync<GoldItem>(GoldItem.Of(projectId), cancellation).Select(item => item.Value).ToListAsync(cancellation);
        var byTask = gold.ToDictionary(item => item.TaskId);
        var judged = await store.AllAsync<Annotation>(HealthEval.Quality.Gold.JudgementsOf(projectId), cancellation).Select(made => made.Value)
            .Where(made => made.SubmittedAt < end && byTask.ContainsKey(made.TaskId)).ToListAsync(cancellation);
        var repeated = (await SelfConsistency.ReadAsync(store, projectId, personId: null, cancellation)).Where(score => score.Again < end).ToLookup(score => score.Rater);
        var standings = await store.AllAsync<Standing>(Standing.Of(projectId), cancellation).ToDictionaryAsync(standing => standing.Value.PersonId, standing => standing.Value, cancellationToken: cancellation);
        var time = (await new Ledger(store).ReadAsync(project, personId: null, from: null, end, cancellation)).Where(line => line.Kind != "case").ToLookup(line => line.PersonId);
        var raters = time.Select(person => person.Key).Concat(standings.Keys).Distinct(StringComparer.Ordinal).Select(id => (Id: id, Own: HealthEval.People.PersonForm.PseudonymOf(id)));
        return new Conduct(
            [
                .. raters.Select(one => RaterConduct.Of(
                    delivery.Pseudonym(one.Own), [.. judged.Where(made => made.Rater == one.Id).Select(made => (made.TaskId, GoldScore.Of(byTask[made.TaskId], made)))],
                    [.. repeated[one.Own]], standings.GetValueOrDefault(one.Id), [.. time[one.Id]], end)).OrderBy(rater => rater.Rater, StringComparer.Ordinal),
            ],
            [.. EditsOf(week, end, gold)],
            GoldOfWeek.Of([.. judged.Where(made => made.SubmittedAt >= week.Start).Select(made => (made.TaskId, GoldScore.Of(byTask[made.TaskId], made)))]));
    }

    private static IEnumerable<ConductEdit> EditsOf(Coverage week, DateTimeOffset end, List<GoldItem> gold)
    {
        bool InWeek(DateTimeOffset? at) => at >= week.Start && at < end;
        return
        [
            .. Count(gold.Where(item => InWeek(item.AddedAt)), item => item.AddedAt, "Gold items added"),
            .. Count(gold.Where(item => InWeek(item.RetiredAt)), item => item.RetiredAt!.Value, "Gold items retired"),
        ];
    }

    private static IEnumerable<ConductEdit> Count(IEnumerable<GoldItem> gold, Func<GoldItem, DateTimeOffset> at, string what) =>
        gold.GroupBy(item => DateOnly.FromDateTime(at(item).UtcDateTime)).OrderBy(day => day.Key).Select(day => new ConductEdit(day.Key, what, $"{day.Count():N0}"));
}

/// <param name="Steps">The steps to production that were passed or waived.</param>
/// <param name="Pauses">How often the rater was paused; <paramref name="IsPaused"/> at the end of the week.</param>
internal sealed record RaterConduct(
    string Rater, int GoldItems, EstimateView GoldAccuracy, EstimateView CriticalsFound, EstimateView GoldBias, int Repeats, EstimateView Consistency, string Steps, int Pauses, bool IsPaused,
    int Tasks, long ActiveSeconds, long CheckingSeconds)
{
    public static RaterConduct Of(
        string rater, IReadOnlyList<(string Item, GoldScore Score)> gold, IReadOnlyList<RepeatedScore> repeats, Standing? standing, IReadOnlyList<LedgerLine> time, DateTimeOffset end)
    {
        var known = RaterGold.Of(gold);
        var pauses = standing?.Pauses.Where(pause => pause.At < end).ToList() ?? [];
        var steps = (standing?.Steps ?? []).Where(step => step.At < end && step.Passed).Select(step => step.Step)
            .Concat((standing?.Allowances ?? []).Where(allowance => allowance.At < end && allowance.Kind == Allowance.Waived).Select(allowance => $"{allowance.Step} (waived)"));
        return new RaterConduct(
            rater, known.Items, known.Accuracy, known.Sensitivity, known.Bias, repeats.Select(score => score.Item).Distinct().Count(), EstimateView.Of(SelfConsistency.Of(repeats, null)),
            string.Join(", ", steps.Distinct()), pauses.Count, pauses.Exists(pause => !(pause.EndedAt < end)), time.Sum(line => line.Tasks), time.Sum(line => line.ActiveSeconds), time.Sum(line => line.CheckingSeconds));
    }
}

/// <summary>Something that changed about gold items in the week.</summary>
internal sealed record ConductEdit(DateOnly Day, string What, string Words);

/// <summary>How right the raters were together, in the week's own judgements of gold items.</summary>
internal sealed record GoldOfWeek(int Judgements, int Items, EstimateView Accuracy)
{
    public static GoldOfWeek Of(IReadOnlyList<(string Item, GoldScore Score)> judged) =>
        new(judged.Count, judged.Select(one => one.Item).Distinct(StringComparer.Ordinal).Count(), RaterGold.Of(judged).Accuracy);
}
