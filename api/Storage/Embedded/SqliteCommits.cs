using System.Globalization;
using System.Text.Json;

namespace HealthEval.Storage.Embedded;

/// <summary>Applies commits on one connection, within the transaction that is open there.</summary>
internal sealed class SqliteCommits(SqliteConnections.Rented connection) : IDisposable
{
    private readonly Dictionary<DocumentKind, KindStatements> _kinds = [];

    public CommitResult Apply(SerializedWrite[] writes) => writes switch
    {
        [var only] => Apply(only, 0, out var etag) ?? new Committed([etag]),
        _ when Array.TrueForAll(writes, write => write.Write is Write.Create) => Create(writes),
        _ => ApplyTogether(writes),
    };

    public void Dispose()
    {
        foreach (var kind in _kinds.Values)
        {
            kind.Dispose();
        }
    }

    /// <summary>Creations are undone by removing them, which is far cheaper than a savepoint around every item of a batch.</summary>
    private CommitResult Create(SerializedWrite[] writes)
    {
        var etags = new string[writes.Length];
        for (var i = 0; i < writes.Length; i++)
        {
            if (Apply(writes[i], i, out etags[i]) is { } refusal)
            {
                for (var created = 0; created < i; created++)
                {
                    Of(writes[created].Key.Kind).Delete(writes[created].Key);
                }

                return refusal;
            }
        }

        return new Committed(etags);
    }

    private CommitResult ApplyTogether(SerializedWrite[] writes)
    {
        connection.Execute("SAVEPOINT commits");
        var etags = new string[writes.Length];
        for (var i = 0; i < writes.Length; i++)
        {
            if (Apply(writes[i], i, out etags[i]) is { } refusal)
            {
                connection.Execute("ROLLBACK TO commits");
                connection.Execute("RELEASE commits");
                return refusal;
            }
        }

        connection.Execute("RELEASE commits");
        return new Committed(etags);
    }

    /// <summary>Null when the write was applied.</summary>
    private CommitResult? Apply(SerializedWrite write, int index, out string etag)
    {
        etag = write.Write is Write.Delete ? "" : Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        var kind = Of(write.Key.Kind);
        var changed = write.Write switch
        {
            Write.Create => kind.Create(write, etag),
            Write.Put => kind.Put(write, etag),
            Write.Replace replace => kind.Replace(write, etag, replace.ETag),
            _ => kind.Delete(write.Key),
        };
        return (changed, write.Write) switch
        {
            ( > 0, _) or (_, Write.Delete) => null,
            (_, Write.Create) => new AlreadyThere(index),
            _ => new Stale(index),
        };
    }

    private KindStatements Of(DocumentKind kind)
    {
        if (!_kinds.TryGetValue(kind, out var statements))
        {
            _kinds[kind] = statements = new KindStatements(connection, kind);
        }

        return statements;
    }

    /// <summary>What can be done to documents of one kind; each statement is prepared when it is first needed. All return the rows they changed.</summary>
    private sealed class KindStatements : IDisposable
    {
        private readonly IReadOnlyList<string> _fields;
        private readonly Lazy<PreparedStatement> _create, _put, _replace, _delete;

        public KindStatements(SqliteConnections.Rented connection, DocumentKind kind)
        {
            _fields = kind.IndexedFields;
            string[] columns = ["etag", .. _fields, "body"];
            var insert = $"INSERT INTO \"{kind}\" (project, scope, id, {string.Join(", ", columns.Select(column => $"\"{column}\""))}) VALUES ({string.Join(", ", Enumerable.Range(1, 3 + columns.Length).Select(n => $"?{n}"))})";
            _create = new(() => connection.Prepare($"{insert} ON CONFLICT DO NOTHING"));
            _put = new(() => connection.Prepare($"{insert} ON CONFLICT (project, scope, id) DO UPDATE SET {string.Join(", ", columns.Select(column => $"\"{column}\" = excluded.\"{column}\""))}"));
            _replace = new(() => connection.Prepare($"UPDATE \"{kind}\" SET {string.Join(", ", columns.Select((column, n) => $"\"{column}\" = ?{4 + n}"))} WHERE project = ?1 AND scope = ?2 AND id = ?3 AND etag = ?{4 + columns.Length}"));
            _delete = new(() => connection.Prepare($"DELETE FROM \"{kind}\" WHERE project = ?1 AND scope = ?2 AND id = ?3"));
        }

        public int Create(SerializedWrite write, string etag) => Bound(_create.Value, write, etag).Execute();

        public int Put(SerializedWrite write, string etag) => Bound(_put.Value, write, etag).Execute();

        public int Replace(SerializedWrite write, string etag, string expected)
        {
            var statement = Bound(_replace.Value, write, etag);
            statement.Bind(6 + _fields.Count, expected);
            return statement.Execute();
        }

        public int Delete(DocumentKey key) => Bound(_delete.Value, key).Execute();

        public void Dispose()
        {
            foreach (var statement in new[] { _create, _put, _replace, _delete }.Where(statement => statement.IsValueCreated))
            {
                statement.Value.Dispose();
            }
        }

        private static PreparedStatement Bound(PreparedStatement statement, DocumentKey key)
        {
            statement.Bind(1, key.Partition.ProjectId);
            statement.Bind(2, key.Partition.Scope);
            statement.Bind(3, key.Id);
            return statement;
        }

        private PreparedStatement Bound(PreparedStatement statement, SerializedWrite write, string etag)
        {
            Bound(statement, write.Key).Bind(4, etag);
            BindFields(statement, write.Body.Span);
            statement.Bind(5 + _fields.Count, write.Body.Span);
            return statement;
        }

        private void BindFields(PreparedStatement statement, ReadOnlySpan<byte> body)
        {
            if (_fields.Count == 0)
            {
                return;
            }

            for (var i = 0; i < _fields.Count; i++)
            {
                statement.BindNull(5 + i);
            }

            var json = new Utf8JsonReader(body);
            json.Read();
            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                var field = FieldAt(ref json);
                json.Read();
                if (field >= 0)
                {
                    statement.Bind(5 + field, ref json);
                }

                json.Skip();
            }
        }

        private int FieldAt(ref Utf8JsonReader json)
        {
            for (var i = 0; i < _fields.Count; i++)
            {
                if (json.ValueTextEquals(_fields[i]))
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
