using Azure.Storage.Blobs.Models;

namespace HealthEval.Storage.Azure;

/// <summary>Write once, read many: finished reports are kept as they were written, whatever the program or a person does.</summary>
/// <param name="Locked">Nobody can shorten it. Otherwise an administrator of the account can.</param>
internal sealed record ReportHold(TimeSpan For, bool Locked, TimeProvider Clock)
{
    /// <summary>Null for what is no finished report: other folders, and what is still being put together below <c>reports/</c>, in names with a dot in front.</summary>
    public BlobImmutabilityPolicy? Of(string path) => path.StartsWith("reports/", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal)
        ? new BlobImmutabilityPolicy { ExpiresOn = Clock.GetUtcNow() + For, PolicyMode = Locked ? BlobImmutabilityPolicyMode.Locked : BlobImmutabilityPolicyMode.Unlocked }
        : null;
}
