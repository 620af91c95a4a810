using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HealthEval.Storage.Embedded;

/// <summary>Documents in one SQLite file: a table per kind, indexes over the JSON fields that <see cref="DocumentKind"/> names.</summary>
internal sealed class SqliteDocumentStore : IDocumentStore, IDisposable
{
    private readonly SqliteConnections _connections;
    private readonly SqliteWriter _writer;

    public SqliteDocumentStore(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connections = new SqliteConnections(file);
        SqliteSchema.Create(_connections);
        _writer = new SqliteWriter(_connections);
    }

    public Task<Stored<T>?> FindAsync<T>(DocumentKey key, CancellationToken cancellation)
        where T : class
    {
        using var rented = _connections.Rent();
        using var command = rented.Command($"SELECT body, etag FROM \"{key.Kind}\" WHERE project = $project AND scope = $scope AND id = $id");
        command.Parameters.AddWithValue("$project", key.Partition.ProjectId);
        command.Parameters.AddWithValue("$scope", key.Partition.Scope);
        command.Parameters.AddWithValue("$id", key.Id);
        using var reader = command.ExecuteReader();
        return Task.FromResult(reader.Read() ? Document<T>(reader) : null);
    }

    public async Task<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken cancellation) =>
        (await _writer.EnqueueAsync([writes], cancellation))[0];

    public Task<IReadOnlyList<CommitResult>> CommitManyAsync(IReadOnlyList<IReadOnlyList<Write>> commits, CancellationToken cancellation) =>
        _writer.EnqueueAsync(commits, cancellation);

    public Task<Page<T>> QueryAsync<T>(DocumentQuery query, string? continuation, CancellationToken cancellation)
        where T : class
    {
        var statement = SqliteStatement.Select(query, Continuation.Parse(continuation));
        using var rented = _connections.Rent();
        using var command = statement.On(rented);
        using var reader = command.ExecuteReader();
        var found = new List<Stored<T>>();
        Continuation? last = null;
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (found.Count == query.Top)
            {
                return Task.FromResult(new Page<T>(found, last!.ToString()));
            }

            found.Add(Document<T>(reader));
            last = new Continuation(reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetValue(4));
        }

        return Task.FromResult(new Page<T>(found, null));
    }

    public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellation)
    {
        using var rented = _connections.Rent();
        using var command = SqliteStatement.Count(query).On(rented);
        return Task.FromResult((long)command.ExecuteScalar()!);
    }

    public Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation) =>
        _writer.RunAsync(connection => DocumentKind.All.Sum(kind => DeleteAll(connection, kind, projectId)), cancellation);

    public void Dispose()
    {
        _writer.Dispose();
        _connections.Dispose();
    }

    private static long DeleteAll(SqliteConnection connection, DocumentKind kind, string projectId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"DELETE FROM \"{kind}\" WHERE project = $project";
        command.Parameters.AddWithValue("$project", projectId);
        return command.ExecuteNonQuery();
    }

    private static Stored<T> Document<T>(SqliteDataReader reader)
        where T : class => new(Json.Parse<T>(Encoding.UTF8.GetBytes(reader.GetString(0))), reader.GetString(1));
}

/// <summary>Where a page ended: the order value, scope and id of its last document.</summary>
internal sealed record Continuation(string Scope, string Id, object? Value)
{
    public static Continuation? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(Convert.FromBase64String(text));
        var value = json.RootElement[2];
        return new Continuation(json.RootElement[0].GetString()!, json.RootElement[1].GetString()!, value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
            _ => null,
        });
    }

    public override string ToString() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new[] { Scope, Id, Value }));
}
