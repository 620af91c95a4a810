using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>How much of its judges leaves the platform with a project's data: a name that another customer doesn't know them by, and the day, not the second.</summary>
internal sealed record Delivery(string Customer, bool ExactTimes)
{
    public static async Task<Delivery> OfAsync(IDocumentStore store, string projectId, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project }
            ? new Delivery(project.Customer, project.Report?.ExactTimes == true)
            : new Delivery(projectId, ExactTimes: false);

    /// <summary>One person has one pseudonym in all projects of a customer, and another one for the next customer.</summary>
    public string Pseudonym(string own) => "R-" + Sha.OfParts("pseudonym of a customer", Customer, own)[..8].ToUpperInvariant();

    public DateTimeOffset Time(DateTimeOffset time) => ExactTimes ? time : new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero);
}
