using System.Security.Claims;
using System.Threading.RateLimiting;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Http;

/// <summary>
/// Section <c>Limits</c> of the settings. Far above what a person or a customer's script does; they keep one of them from taking the program away
/// from all others.
/// </summary>
internal sealed class LimitOptions
{
    /// <summary>Requests that one person may make at once …</summary>
    public int RequestsOfPerson { get; set; } = 3_000;

    /// <summary>… and how many more each second.</summary>
    public int RequestsOfPersonPerSecond { get; set; } = 300;

    /// <summary>Changes of one project, whoever makes them.</summary>
    public int ChangesOfProject { get; set; } = 10_000;

    public int ChangesOfProjectPerSecond { get; set; } = 1_000;

    /// <summary>Sign-in links that were none, from one address. Who has a true link is never counted.</summary>
    public int LinkGuesses { get; set; } = 30;

    public int LinkGuessesPerMinute { get; set; } = 10;

    /// <summary>What the files that a project was sent may take together …</summary>
    public long BytesOfProject { get; set; } = 100L << 30;

    /// <summary>… and how many items it may hold.</summary>
    public long ItemsOfProject { get; set; } = 5_000_000;

    /// <summary>By project id, where one is given more or less than the others.</summary>
    public Dictionary<string, ProjectLimits> OfProject { get; } = new(StringComparer.Ordinal);
}

internal sealed record ProjectLimits
{
    public long? Bytes { get; set; }

    public long? Items { get; set; }
}

internal static class RateLimits
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        var limits = configuration.Read<LimitOptions>("Limits", nameof(LimitOptions.BytesOfProject), nameof(LimitOptions.ItemsOfProject));
        services.AddSingleton(limits).AddSingleton<LinkGuesses>();
        return services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.CreateChained(OfPerson(limits), OfProject(limits));
            options.OnRejected = (rejected, _) => new ValueTask(TooMany(rejected.HttpContext, rejected.Lease).ExecuteAsync(rejected.HttpContext));
        });
    }

    public static ProblemHttpResult TooMany(HttpContext context, RateLimitLease? lease = null)
    {
        var wait = lease?.TryGetMetadata(MetadataName.RetryAfter, out var after) == true ? after : TimeSpan.FromSeconds(10);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = $"{seconds}";
        return Problems.Of(429, "too_many", "Too many requests", $"Wait {seconds} second{(seconds == 1 ? "" : "s")} and send it again. Nothing was changed.");
    }

    public static TokenBucketRateLimiterOptions Bucket(int most, int more, TimeSpan every) => new()
    {
        TokenLimit = most,
        TokensPerPeriod = more,
        ReplenishmentPeriod = every,
        QueueLimit = 0,
    };

    private static PartitionedRateLimiter<HttpContext> OfPerson(LimitOptions limits) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } person
            ? RateLimitPartition.GetTokenBucketLimiter(person, _ => Bucket(limits.RequestsOfPerson, limits.RequestsOfPersonPerSecond, TimeSpan.FromSeconds(1)))
            : RateLimitPartition.GetNoLimiter(""));

    private static PartitionedRateLimiter<HttpContext> OfProject(LimitOptions limits) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        context.GetRouteValue("projectId") is string project && !HttpMethods.IsGet(context.Request.Method)
            ? RateLimitPartition.GetTokenBucketLimiter(project, _ => Bucket(limits.ChangesOfProject, limits.ChangesOfProjectPerSecond, TimeSpan.FromSeconds(1)))
            : RateLimitPartition.GetNoLimiter(""));
}

/// <summary>Counts, by address, only what was not a link: many people behind one address sign in at the same moment.</summary>
internal sealed class LinkGuesses(LimitOptions limits) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _left = PartitionedRateLimiter.Create<string, string>(
        from => RateLimitPartition.GetTokenBucketLimiter(from, _ => RateLimits.Bucket(limits.LinkGuesses, limits.LinkGuessesPerMinute, TimeSpan.FromMinutes(1))));

    public bool MayTry(HttpContext context) => _left.GetStatistics(From(context)) is not { CurrentAvailablePermits: < 1 };

    public void Failed(HttpContext context) => _left.AttemptAcquire(From(context)).Dispose();

    public void Dispose() => _left.Dispose();

    private static string From(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}
