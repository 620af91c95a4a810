using System.Text.Json;

namespace HealthEval.Tests.Cosmos;

/// <summary>The service orders by several fields only where a composite index has exactly these, all in this direction or all reversed.</summary>
internal sealed class CompositeIndexes(JsonElement container)
{
    private readonly List<(string Path, bool Descending)[]> _indexes =
        container.TryGetProperty("indexingPolicy", out var policy) && policy.TryGetProperty("compositeIndexes", out var indexes)
            ? [.. indexes.EnumerateArray().Select(index => index.EnumerateArray().Select(Part).ToArray())]
            : [];

    public void Require(SqlQuery query)
    {
        var order = query.OrderBy.Select(by => (by.Path, by.Descending)).ToArray();
        var reversed = order.Select(by => (by.Path, !by.Descending)).ToArray();
        if (order.Length > 1 && !_indexes.Exists(index => index.SequenceEqual(order) || index.SequenceEqual(reversed)))
        {
            throw new SqlException($"The order by query does not have a corresponding composite index that it can be served from: {string.Join(", ", order)}");
        }
    }

    private static (string Path, bool Descending) Part(JsonElement part) =>
        (part.GetProperty("path").GetString()!, part.TryGetProperty("order", out var order) && order.GetString() == "descending");
}
