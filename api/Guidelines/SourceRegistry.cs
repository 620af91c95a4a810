namespace HealthEval.Guidelines;

/// <summary>What a guideline's registry knows about an address.</summary>
internal static class SourceRegistry
{
    /// <summary>The entry that an address belongs to; null when the registry knows none, and the rater is asked.</summary>
    public static TrustedSource? Find(Guideline guideline, string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
        {
            return null;
        }

        var host = HostOf(address);
        return guideline.SourceMatch == "page"
            ? guideline.Sources.Where(source => Hosts(source.Domain, host) && Covers(source.Path, address.AbsolutePath))
                .MaxBy(source => (source.Path?.Length ?? 0, source.Domain == host, source.Domain.Length))
            : guideline.Sources.Where(source => host == source.Domain || host.EndsWith("." + source.Domain, StringComparison.Ordinal)).MaxBy(source => source.Domain.Length);
    }

    /// <summary>A page that is registered because other authorities contradict it: it decides no claim.</summary>
    public static bool IsContested(Guideline guideline, string? url) => Find(guideline, url)?.Kind == "contested";

    /// <summary>
    /// Who stands behind a source, for telling independent ones apart: the owner in the registry; on an index (which owns nothing
    /// it lists) and off the registry, the publisher as written; without one, the page or the host.
    /// </summary>
    public static string PublisherOf(Guideline guideline, string? url, string? publisher)
    {
        var entry = Find(guideline, url);
        var written = string.IsNullOrWhiteSpace(publisher) ? null : publisher.Trim().ToLowerInvariant();
        return entry switch
        {
            { Kind: "index" } => written ?? url ?? "",
            not null => (entry.Owner ?? entry.Name).ToLowerInvariant(),
            _ => written ?? (Uri.TryCreate(url, UriKind.Absolute, out var address) ? HostOf(address) : url ?? ""),
        };
    }

    /// <summary>*.example.org is every host below example.org: only where one owner has them all.</summary>
    private static bool Hosts(string domain, string host) =>
        domain == host || (domain.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(domain[1..], StringComparison.Ordinal));

    private static string HostOf(Uri address) => address.Host.StartsWith("www.", StringComparison.Ordinal) ? address.Host[4..] : address.Host;

    /// <summary>Whole steps of a path: /news covers /news and /news/today, not /newsletter.</summary>
    private static bool Covers(string? prefix, string path) =>
        prefix is null || path == prefix || (path.StartsWith(prefix, StringComparison.Ordinal) && (prefix.EndsWith('/') || path[prefix.Length] == '/'));
}
