namespace HealthEval.Tests.Cosmos;

/// <summary>
/// What an operation costs by the service's documentation: a point read of 1 KB is one unit (two under strong consistency, as here), a
/// write of 1 KB about 5.5 with few indexed fields; both grow with size. A query costs about 2.8 to start, and then for what it loads
/// and returns. These are estimates for design and for docs/azure-costs.md; the service's own header is the truth.
/// </summary>
internal static class RequestUnits
{
    private const double StrongRead = 2;

    public static double Read(int bytes) => StrongRead * (1 + ((Kilobytes(bytes) - 1) * 0.1));

    public static double Write(int bytes) => 5.5 + ((Kilobytes(bytes) - 1) * 0.7);

    public static double Query(int loaded, long bytes) => StrongRead * (2.3 + (loaded * 0.05) + (bytes / 1024.0 * 0.06));

    private static double Kilobytes(int bytes) => Math.Max(1, Math.Ceiling(bytes / 1024.0));
}
