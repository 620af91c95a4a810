using System.Collections.Concurrent;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>
/// Looks at every judgement once it is recorded, and tells the lead, or pauses the person in this project, when a rule holds. What was handed in
/// stays as it is, and what the person holds may still be handed in.
/// </summary>
internal sealed class Watch(IDocumentStore store, Standings standings, TimeProvider time)
{
    private const int Attempts = 8;
    private static readonly TimeSpan NormsLast = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, Norms Norms)> _norms = new(StringComparer.Ordinal);

    public async Task LookAsync(Project project, Annotation made, EvalItem item, GoldItem? gold, CancellationToken cancellation)
    {
        var norms = await NormsAsync(project.ProjectId, cancellation);
        var others = gold is not null ? [] : (await Adjudications.JudgementsAsync(store, made.ProjectId, made.TaskId, cancellation)).Where(other => other.Rater != made.Rater).ToList();
        var glance = Glances.Of(made, item, others, norms);
        var goldGlance = gold is null ? null : Glances.Of(GoldScore.Of(gold, made));
        var key = RaterWatch.Key(project.ProjectId, made.Rater);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stored = await store.FindAsync<RaterWatch>(key, cancellation);
            var watch = (stored?.Value ?? RaterWatch.New(project.ProjectId, made.Rater, made.Pseudonym)).With(glance, goldGlance);
            var told = WatchRules.Due(project.Quality!, watch, norms.PaceWithout(made.Rater));
            var noted = watch with { Told = told.Aggregate(watch.Told, (all, fired) => new Dictionary<string, int>(all) { [fired.Rule] = watch.Judged }) };
            if ((await store.CommitAsync(stored is null ? new Write.Create(key, noted) : new Write.Replace(key, noted, stored.ETag), cancellation)).Succeeded)
            {
                foreach (var fired in told)
                {
                    await TellAsync(project, made, watch.Judged, fired, cancellation);
                }

                return;
            }
        }
    }

    private async Task TellAsync(Project project, Annotation made, int judged, Fired fired, CancellationToken cancellation)
    {
        var pauses = WatchRules.Pauses(project.Quality!, fired);
        if (pauses)
        {
            if ((await standings.FindAsync(project.ProjectId, made.Rater, cancellation)).Paused is not null)
            {
                return; // they hand in what they held
            }

            await standings.PauseAsync(project.ProjectId, made.Rater, new Pause(fired.Rule, fired.Words, AuditTrail.Rule, time.GetUtcNow(), fired.Figure), cancellation);
        }

        var id = $"{fired.Rule}-{made.Pseudonym}-{judged}-{made.AnnotationId[..8]}";
        await store.CommitAsync(
            new Write.Put(Notice.Key(project.ProjectId, Notice.Project, id), new Notice(
                project.ProjectId, Notice.Project, id, "notice", fired.Rule, time.GetUtcNow(), fired.Words, PersonId: made.Rater, Figure: fired.Figure, Paused: pauses)),
            cancellation);
    }

    /// <summary>What is usual in the project, from everybody's last judgements; looked up now and then.</summary>
    private async Task<Norms> NormsAsync(string projectId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_norms.TryGetValue(projectId, out var known) && now - known.At < NormsLast && now >= known.At)
        {
            return known.Norms;
        }

        var all = await store.AllAsync<RaterWatch>(RaterWatch.Of(projectId), cancellation).Select(watch => watch.Value).ToListAsync(cancellation);
        var norms = Norms.Of(all);
        _norms[projectId] = (now, norms);
        return norms;
    }
}

/// <summary>What is usual in a project.</summary>
/// <param name="Paces">Median words per minute of each rater with enough judgements.</param>
internal sealed record Norms(double? Mean, double? Deviation, IReadOnlyDictionary<string, double> Paces)
{
    private const int Fewest = 30;
    private const int FewestOfOne = 5;

    public static Norms Of(IReadOnlyList<RaterWatch> watches)
    {
        double[] means = [.. watches.SelectMany(watch => watch.Recent).Select(one => one.Mean).OfType<double>()];
        var mean = means.Length < Fewest ? (double?)null : means.Average();
        var paces = watches.Select(watch => (watch.PersonId, Paces: watch.Recent.Select(one => one.WordsPerMinute).OfType<double>().Order().ToArray())).Where(one => one.Paces.Length >= FewestOfOne);
        return new Norms(
            mean, mean is { } centre ? Math.Sqrt(means.Sum(value => (value - centre) * (value - centre)) / (means.Length - 1)) : null,
            paces.ToDictionary(one => one.PersonId, one => Bootstrap.Quantile(one.Paces, 0.5)));
    }

    /// <summary>The median of the others' paces; with fewer than two others there is nothing to compare with.</summary>
    public double? PaceWithout(string rater)
    {
        double[] others = [.. Paces.Where(pace => pace.Key != rater).Select(pace => pace.Value).Order()];
        return others.Length < 2 ? null : Bootstrap.Quantile(others, 0.5);
    }
}
