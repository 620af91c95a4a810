using Microsoft.Net.Http.Headers;

namespace HealthEval.Http;

internal static class ETags
{
    /// <summary>The ETag of the If-Match header without its quotes; null when absent or a wildcard.</summary>
    public static string? IfMatch(this HttpRequest request) =>
        request.GetTypedHeaders().IfMatch is [{ IsWeak: false } tag] && !tag.Equals(EntityTagHeaderValue.Any) ? tag.Tag.ToString().Trim('"') : null;
}
