using HealthEval.Annotations;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>Judgements of one rater and one week that a lead set aside at once: they are in no figure from then on. Why is the platform's affair.</summary>
/// <param name="Rater">As the customer knows them.</param>
/// <param name="JudgedIn">The week that the judgements were counted in before.</param>
internal sealed record SetAside(DateTimeOffset Day, string Rater, string JudgedIn, int Judgements, int Items)
{
    /// <summary>What was set aside in the week, whenever it was judged.</summary>
    public static async Task<IReadOnlyList<SetAside>> GatherAsync(IDocumentStore store, string projectId, Coverage week, CancellationToken cancellation)
    {
        var delivery = await Delivery.OfAsync(store, projectId, cancellation);
        var query = VoidJudgement.Of(projectId, new Filter.Range("voidedAt", Json.Stamp(week.Start), Json.Stamp(week.End)));
        var counts = new Dictionary<(string Act, DateTimeOffset Day, string Rater, string Week), (int Judgements, HashSet<string> Items)>();
        await foreach (var (made, _) in store.AllAsync<VoidJudgement>(query, cancellation))
        {
            var key = (made.ActId, new DateTimeOffset(made.VoidedAt.UtcDateTime.Date, TimeSpan.Zero), delivery.Pseudonym(made.Annotation.Pseudonym), IsoWeek.Of(made.Annotation.SubmittedAt).ToString());
            var items = counts.TryGetValue(key, out var before) ? before.Items : [];
            items.Add(made.Annotation.TaskId);
            counts[key] = (before.Judgements + 1, items);
        }

        return
        [
            .. counts.Select(one => new SetAside(one.Key.Day, one.Key.Rater, one.Key.Week, one.Value.Judgements, one.Value.Items.Count))
                .OrderBy(one => one.Day).ThenBy(one => one.Rater, StringComparer.Ordinal).ThenBy(one => one.JudgedIn, StringComparer.Ordinal),
        ];
    }
}
