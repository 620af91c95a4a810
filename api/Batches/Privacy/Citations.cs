using HealthEval.Guidelines;

namespace HealthEval.Batches.Privacy;

/// <summary>
/// Addresses that a text cites: pages of the sources that the guideline trusts. They are no patient's, so they are reported under a name of their own and neither hold
/// nor refuse an item. One with a query that could name somebody is an address like any other.
/// </summary>
internal static class Citations
{
    public const string Class = "citation";
    private static readonly HashSet<string> Hosts = [.. GuidelineLibrary.Default.Sources.Select(source => source.Domain.Split('/')[0].ToLowerInvariant())];

    public static bool Is(string address)
    {
        var end = address.TrimEnd('.', ',', ';', ':', ')', ']', '>', '"', '\'', '!', '?', '*', '_');
        return Uri.TryCreate(end.Contains("://", StringComparison.Ordinal) ? end : $"https://{end}", UriKind.Absolute, out var uri)
            && uri is { HostNameType: UriHostNameType.Dns, UserInfo: "" }
            && !uri.Query.Contains('@', StringComparison.Ordinal) && !uri.Query.Contains("name", StringComparison.OrdinalIgnoreCase) && !uri.Query.Contains("patient", StringComparison.OrdinalIgnoreCase)
            && IsTrusted(uri.Host.ToLowerInvariant());
    }

    private static bool IsTrusted(string host)
    {
        for (var at = 0; at >= 0 && at < host.Length; at = host.IndexOf('.', at) is >= 0 and var dot ? dot + 1 : -1)
        {
            if (Hosts.Contains(host[at..]))
            {
                return true;
            }
        }

        return false;
    }
}
