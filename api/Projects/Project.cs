using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using HealthEval.People;
using HealthEval.Storage;

namespace HealthEval.Projects;

/// <summary>One customer's evaluation: what is judged, by whom, how often, under which guideline version.</summary>
/// <param name="ShowCustomer">Whether those who judge see whose it is.</param>
/// <param name="FormerGuidelines">Ids of others that it worked under: its judgements are still read with them.</param>
/// <param name="ShowReasoning">Whether raters see what a model thought before it answered: only where reasoning is to be judged.</param>
/// <param name="ShowMustHave">Whether raters see, and judge by, what a reference says that an answer must or may hold; of a reference they see nothing else.</param>
/// <param name="Mode">How much is asked of every task: full (also when null), quick or fact_check.</param>
/// <param name="Quality">How its raters are trained, watched and checked; null is not at all.</param>
/// <param name="Routing">What is judged first, and by whom best; null is in the order of arrival.</param>
internal sealed record Project(
    string ProjectId,
    string Name,
    string Customer,
    GuidelineReference Guideline,
    int Overlap,
    double GoldShare,
    IReadOnlyList<string> Subdomains,
    IReadOnlyList<string> Languages,
    bool Comparison,
    int LeaseMinutes,
    string TimeZone,
    string Privacy,
    bool Demo,
    DateTimeOffset CreatedAt,
    ReportSettings? Report = null,
    IReadOnlyList<string>? FormerGuidelines = null,
    bool ShowCustomer = false,
    string? Mode = null,
    bool ShowReasoning = false,
    QualitySettings? Quality = null,
    bool ShowMustHave = false,
    RoutingSettings? Routing = null)
{
    public const int MostOverlap = 20;

    /// <summary>Of a new project; as long as it has no gold items, nothing is mixed in.</summary>
    public const double StandardGoldShare = 0.08;

    public static DocumentKey Key(string projectId) => new(DocumentKind.Project, new Partition(projectId, "project"), projectId);

    /// <summary>
    /// Responses that a customer grouped under one prompt stay together in one task, and are compared, up to this many;
    /// each response of a longer group becomes a task of its own (nobody can weigh thirty answers at once).
    /// </summary>
    public int MostComparedAtOnce => Comparison ? 8 : 4;

    public static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

    /// <summary>Ids of those that it works or has worked under.</summary>
    [JsonIgnore]
    public IEnumerable<string> GuidelineIds => [Guideline.Id, .. FormerGuidelines ?? []];

    public TimeSpan Lease => TimeSpan.FromMinutes(LeaseMinutes);

    public static Project Default(string projectId, GuidelineReference guideline, DateTimeOffset now) => new(
        projectId, projectId, projectId, guideline, Overlap: 2, GoldShare: 0, Guidelines.Vocabulary.Subdomains, ["en"],
        Comparison: false, LeaseMinutes: 30, TimeZone: "UTC", Privacy: "warn", Demo: false, now);
}

internal sealed record GuidelineReference([Required] string Id, int Version);

internal static class CallersProjects
{
    /// <summary>What <see cref="Guidelines.GuidelineAccess"/> asks.</summary>
    public static async Task<IReadOnlySet<string>> GuidelinesInUseAsync(this IDocumentStore store, IReadOnlyList<string> projectIds, CancellationToken cancellation)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var projectId in projectIds)
        {
            if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project })
            {
                used.UnionWith(project.GuidelineIds);
            }
        }

        return used;
    }

    /// <summary>The projects that the caller may see, by id.</summary>
    public static IAsyncEnumerable<Stored<Project>> ProjectsOfAsync(this IDocumentStore store, Caller caller, CancellationToken cancellation) =>
        store.AllAsync<Project>(new DocumentQuery(DocumentKind.Project), cancellation).Where(project => caller.MaySee(project.Value.ProjectId));
}
