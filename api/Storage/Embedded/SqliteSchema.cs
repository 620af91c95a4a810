namespace HealthEval.Storage.Embedded;

/// <summary>
/// A table per kind. The fields that <see cref="DocumentKind"/> names as looked up by are columns of their own, so that neither a write nor
/// a lookup has to parse JSON for its indexes; the document itself stays whole in <c>body</c>.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>Large enough that a record with its answers seldom spills over; decided when a file is made.</summary>
    public const int PageBytes = 16_384;

    /// <summary>Kept in the file: a store that was made by a program with other tables or indexes is brought to ours when it is opened.</summary>
    private static readonly int Signature = Convert.ToInt32(Sha.Of(string.Join('\n', DocumentKind.All.SelectMany(kind => Indexes(kind).Prepend(Table(kind)))))[..7], 16);

    public static void Ensure(SqliteConnections connections)
    {
        using var rented = connections.Rent();
        if (SignatureOf(rented) == Signature)
        {
            return;
        }

        rented.Execute("BEGIN IMMEDIATE");
        if (SignatureOf(rented) != Signature) // another process may have been faster
        {
            Upgrade(rented);
        }

        rented.Execute("COMMIT");
    }

    /// <summary>A field of a document as an SQL expression. The parentheses matter: || binds tighter than ->>.</summary>
    public static string Field(DocumentKind kind, string path) =>
        kind.IndexedFields.Contains(path) ? $"\"{path}\"" : FromBody(path);

    private static string FromBody(string path) => $"(body->>'$.{DocumentQuery.RequireField(path)}')";

    private static void Upgrade(SqliteConnections.Rented rented)
    {
        foreach (var index in rented.Texts("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
        {
            rented.Execute($"DROP INDEX \"{index}\"");
        }

        foreach (var kind in DocumentKind.All)
        {
            rented.Execute(Table(kind));
            var columns = rented.Texts($"SELECT name FROM pragma_table_info('{kind}')");
            foreach (var field in kind.IndexedFields.Except(columns))
            {
                rented.Execute($"ALTER TABLE \"{kind}\" ADD COLUMN \"{field}\"");
            }

            if (kind.IndexedFields.Count > 0)
            {
                rented.Execute($"UPDATE \"{kind}\" SET {string.Join(", ", kind.IndexedFields.Select(field => $"\"{field}\" = {FromBody(field)}"))}");
            }

            foreach (var index in Indexes(kind))
            {
                rented.Execute(index);
            }
        }

        rented.Execute($"PRAGMA user_version = {Signature}");
    }

    private static string Table(DocumentKind kind) =>
        $"CREATE TABLE IF NOT EXISTS \"{kind}\" (project TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, etag TEXT NOT NULL, {string.Concat(kind.IndexedFields.Select(field => $"\"{field}\", "))}body TEXT NOT NULL)";

    private static IEnumerable<string> Indexes(DocumentKind kind) =>
        kind.Indexes.Select(index => $"CREATE INDEX \"{kind}_{string.Join('_', index.Fields)}\" ON \"{kind}\" (project, {string.Join(", ", index.Fields.Select(field => $"\"{field}\""))}, scope, id) WHERE \"{index.Fields[^1]}\" IS NOT NULL")
            .Prepend($"CREATE UNIQUE INDEX \"{kind}_key\" ON \"{kind}\" (project, scope, id)");

    private static long SignatureOf(SqliteConnections.Rented rented) => (long)rented.Command("PRAGMA user_version").ExecuteScalar()!;
}
