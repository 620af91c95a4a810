using System.Text.Json;

namespace HealthEval.Tests.Cosmos;

internal sealed record SqlOrder(string Path, SqlExpression Value, bool Descending);

internal sealed record SqlQuery(int? Top, SqlExpression Projection, SqlExpression Where, IReadOnlyList<SqlOrder> OrderBy, bool Counts)
{
    public static SqlQuery Parse(JsonElement request)
    {
        var parameters = request.TryGetProperty("parameters", out var given)
            ? given.EnumerateArray().ToDictionary(parameter => parameter.GetProperty("name").GetString()!, parameter => parameter.GetProperty("value"))
            : [];
        return new SqlParser(request.GetProperty("query").GetString()!, parameters).Parse();
    }

    /// <summary>The rows as JSON. A document without one of the fields it is ordered by is not in the composite index, and so not in the result.</summary>
    public (IReadOnlyList<byte[]> Rows, double Charge) Run(IReadOnlyList<JsonElement> documents)
    {
        var matching = documents.Where(document => SqlValues.Truth(Where(new SqlScope(document, 0))) == true).ToList();
        if (Counts)
        {
            return ([JsonSerializer.SerializeToUtf8Bytes(Projection(new SqlScope(default, matching.Count)))], RequestUnits.Query(0, 0));
        }

        IReadOnlyList<JsonElement> ordered = OrderBy.Count == 0 ? matching : InOrder(matching);
        var taken = ordered.Take(Top ?? int.MaxValue).ToList();
        byte[][] rows = [.. taken.Select(document => JsonSerializer.SerializeToUtf8Bytes(Projection(new SqlScope(document, 0))))];
        return (rows, RequestUnits.Query(taken.Count, rows.Sum(row => (long)row.Length)));
    }

    private List<JsonElement> InOrder(List<JsonElement> documents)
    {
        var rows = documents.Select(document => (Document: document, Values: OrderBy.Select(by => by.Value(new SqlScope(document, 0))).ToArray()))
            .Where(row => Array.TrueForAll(row.Values, value => value.ValueKind != JsonValueKind.Undefined))
            .ToList();
        rows.Sort((left, right) =>
        {
            for (var i = 0; i < OrderBy.Count; i++)
            {
                if (SqlValues.Order(left.Values[i], right.Values[i]) is not 0 and var order)
                {
                    return OrderBy[i].Descending ? -order : order;
                }
            }

            return 0;
        });
        return rows.ConvertAll(row => row.Document);
    }
}
