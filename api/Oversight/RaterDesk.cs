using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Quality;
using HealthEval.Storage;

namespace HealthEval.Oversight;

/// <summary>
/// What is known of everybody who judges in a project, from its last judgements: however many there are, so many are read, and the answer says since when.
/// </summary>
internal sealed record RaterDesk(int Judgements, DateTimeOffset? Since, bool Whole, IReadOnlyList<RaterLine> Raters)
{
    public const int Window = 2_000;

    private const int ReadsAtOnce = 32;

    public static async Task<RaterDesk> ReadAsync(IDocumentStore store, string projectId, Caller caller, CancellationToken cancellation)
    {
        var last = await LastAsync(store, DocumentKind.Annotation, projectId, cancellation);
        var aside = await LastAsync(store, DocumentKind.AsideAnnotation, projectId, cancellation);
        var gold = await store.AllAsync<GoldItem>(GoldItem.Of(projectId), cancellation).Select(item => item.Value).ToDictionaryAsync(item => item.TaskId, cancellationToken: cancellation);
        var prompts = await PromptsAsync(store, projectId, [.. last.Made.Select(made => made.TaskId).Distinct()], cancellation);
        List<string> beside = [.. last.Made.SelectMany(made => made.Judgement.Ratings).SelectMany(rating => rating.Custom?.Keys ?? []).Distinct(StringComparer.Ordinal)];
        List<RatedResponse> rows =
        [
            .. last.Made.SelectMany(made => RatedResponse.From(
                made.TaskId, prompts.GetValueOrDefault(made.TaskId, made.TaskId), made.Rater, made.ResponseOrder, made.Judgement, beside)),
        ];
        var peers = PeerFigures.Of(rows, new Resampling());
        var people = await store.AllAsync<Person>(Person.Everybody, cancellation).Select(person => person.Value).Where(person => IsOf(person, projectId) && caller.Sees(person)).ToListAsync(cancellation);
        return new RaterDesk(last.Made.Count, last.Made.Count == 0 ? null : last.Made[0].SubmittedAt, last.Whole,
        [
            .. people.OrderBy(person => person.Name, StringComparer.OrdinalIgnoreCase).Select(person => RaterLine.Of(
                person, [.. last.Made.Where(made => made.Rater == person.PersonId)], peers.GetValueOrDefault(person.PersonId),
                RaterGold.Of([.. aside.Made.Where(made => made.Rater == person.PersonId && gold.ContainsKey(made.TaskId)).Select(made => (made.TaskId, GoldScore.Of(gold[made.TaskId], made)))]))),
        ]);
    }

    private static bool IsOf(Person person, string projectId) =>
        person.Roles.Any(role => role is Roles.Annotator or Roles.Adjudicator) && (person.Projects.Contains("*") || person.Projects.Contains(projectId));

    /// <summary>The oldest of them first.</summary>
    private static async Task<(IReadOnlyList<Annotation> Made, bool Whole)> LastAsync(IDocumentStore store, DocumentKind kind, string projectId, CancellationToken cancellation)
    {
        var query = new DocumentQuery(kind) { ProjectId = projectId, OrderBy = "submittedAt", Descending = true, Top = 500 };
        var made = await store.AllAsync<Annotation>(query, cancellation).Select(stored => stored.Value).Take(Window + 1).ToListAsync(cancellation);
        return ([.. made.Take(Window).Reverse()], made.Count <= Window);
    }

    private static async Task<Dictionary<string, string>> PromptsAsync(IDocumentStore store, string projectId, IReadOnlyList<string> taskIds, CancellationToken cancellation)
    {
        var prompts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var some in taskIds.Chunk(ReadsAtOnce))
        {
            foreach (var task in await Task.WhenAll(some.Select(taskId => store.FindAsync<Tasks.EvalTask>(Tasks.EvalTask.Key(projectId, taskId), cancellation))))
            {
                if (task is not null)
                {
                    prompts[task.Value.TaskId] = task.Value.PromptId;
                }
            }
        }

        return prompts;
    }
}

/// <param name="Judged">In the window.</param>
/// <param name="Kappa">Against the mean of the others on the same responses, quadratic weights.</param>
/// <param name="Bias">Points; above 0 is more lenient than the others.</param>
/// <param name="Pace">Active seconds for a judgement, median.</param>
/// <param name="Drift">In words.</param>
/// <param name="Chart">The moving average of the differences to the others, with its limits.</param>
internal sealed record RaterLine(
    string PersonId, string Name, string Pseudonym, IReadOnlyList<string> Roles, bool Active, bool Simulated, Credential? Credential, int Judged, DateTimeOffset? LastAt, EstimateView Kappa,
    EstimateView Bias, EstimateView Pace, EstimateView StraightLining, string Drift, IReadOnlyList<DriftPoint> Chart, RaterGold Gold)
{
    private const int MostPoints = 60;

    public static RaterLine Of(Person person, IReadOnlyList<Annotation> made, PeerFigures? peers, RaterGold gold)
    {
        const string none = "no response shared with another rater";
        List<IReadOnlyList<int>> scores =
            [.. made.SelectMany(one => one.Judgement.Ratings).Select(rating => (IReadOnlyList<int>)[.. rating.AllScores.Select(score => score.Score).OfType<int>()])];
        return new RaterLine(
            person.PersonId, person.Name, person.Pseudonym, person.Roles, person.Active, person.Simulated, person.Credential, made.Count, made.Count == 0 ? null : made[^1].SubmittedAt,
            EstimateView.Of(peers?.Kappa ?? Estimate.None("weighted kappa", none)), EstimateView.Of(peers?.Bias ?? Estimate.None("signed-bias", none)),
            EstimateView.Of(RaterQuality.Pace([.. made.Select(one => (double)one.Judgement.ActiveSeconds).Where(seconds => seconds > 0)])),
            EstimateView.Of(RaterQuality.StraightLining(scores)), peers?.Drift ?? none,
            [.. (peers?.Chart?.Points ?? []).TakeLast(MostPoints).Select(point => new DriftPoint(point.Value, point.Lower, point.Upper))], gold);
    }
}

internal sealed record DriftPoint(double Value, double Lower, double Upper);
