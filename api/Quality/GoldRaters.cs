using HealthEval.Annotations;
using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>A project's raters as its gold items show them.</summary>
internal sealed record GoldRaters(IReadOnlyList<GoldRater> Raters)
{
    public static async Task<GoldRaters> ReadAsync(IDocumentStore store, string projectId, CancellationToken cancellation)
    {
        var gold = await store.AllAsync<GoldItem>(GoldItem.Of(projectId), cancellation).Select(item => item.Value).ToDictionaryAsync(item => item.TaskId, cancellationToken: cancellation);
        var judged = await store.AllAsync<Annotation>(Gold.JudgementsOf(projectId), cancellation).Select(made => made.Value).Where(made => gold.ContainsKey(made.TaskId)).ToListAsync(cancellation);
        return new GoldRaters(
        [
            .. judged.GroupBy(made => made.Pseudonym).OrderBy(rater => rater.Key, StringComparer.Ordinal)
                .Select(rater => new GoldRater(rater.Key, rater.Any(made => made.Simulated), RaterGold.Of([.. rater.Select(made => (made.TaskId, GoldScore.Of(gold[made.TaskId], made)))]))),
        ]);
    }
}

internal sealed record GoldRater(string Rater, bool Simulated, RaterGold Gold);
