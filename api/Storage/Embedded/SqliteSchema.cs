namespace HealthEval.Storage.Embedded;

internal static class SqliteSchema
{
    public static void Create(SqliteConnections connections)
    {
        using var rented = connections.Rent();
        foreach (var kind in DocumentKind.All)
        {
            foreach (var statement in Statements(kind))
            {
                rented.Command(statement).ExecuteNonQuery();
            }
        }
    }

    /// <summary>The JSON field of a document as an SQL expression. The parentheses matter: || binds tighter than ->>.</summary>
    public static string Field(string path) => $"(body->>'$.{DocumentQuery.RequireField(path)}')";

    private static IEnumerable<string> Statements(DocumentKind kind)
    {
        yield return $"CREATE TABLE IF NOT EXISTS \"{kind}\" (project TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, etag TEXT NOT NULL, body TEXT NOT NULL);";
        yield return $"CREATE UNIQUE INDEX IF NOT EXISTS \"{kind}_key\" ON \"{kind}\" (project, scope, id);";
        foreach (var index in kind.Indexes)
        {
            var fields = string.Join(", ", index.Fields.Select(Field));
            yield return $"CREATE INDEX IF NOT EXISTS \"{kind}_{string.Join('_', index.Fields)}\" ON \"{kind}\" (project, {fields}, scope, id) WHERE {Field(index.Fields[^1])} IS NOT NULL;";
        }
    }
}
