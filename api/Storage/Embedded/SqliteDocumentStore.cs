using Microsoft.Data.Sqlite;

namespace HealthEval.Storage.Embedded;

/// <summary>Documents in one SQLite file: a table per kind, indexes over the fields that <see cref="DocumentKind"/> names.</summary>
internal sealed class SqliteDocumentStore : IDocumentStore, IDisposable
{
    private readonly SqliteConnections _connections;
    private readonly SqliteWriter _writer;

    public SqliteDocumentStore(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connections = new SqliteConnections(file);
        try
        {
            SqliteSchema.Ensure(_connections);
            _writer = new SqliteWriter(_connections);
        }
        catch (Exception failure)
        {
            _connections.Dispose();
            throw SqliteFailures.Explain(failure, file);
        }
    }

    public Task<Stored<T>?> FindAsync<T>(DocumentKey key, CancellationToken cancellation)
        where T : class
    {
        cancellation.ThrowIfCancellationRequested();
        using var rented = _connections.Rent();
        var command = rented.Command($"SELECT body, etag FROM \"{key.Kind}\" WHERE project = $project AND scope = $scope AND id = $id");
        command.Parameters.AddWithValue("$project", key.Partition.ProjectId);
        command.Parameters.AddWithValue("$scope", key.Partition.Scope);
        command.Parameters.AddWithValue("$id", key.Id);
        using var reader = command.ExecuteReader();
        return Task.FromResult(reader.Read() ? Document<T>(reader) : null);
    }

    public async Task<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken cancellation) =>
        (await _writer.CommitAsync([SerializedWrite.Of(writes)], cancellation))[0];

    public Task<IReadOnlyList<CommitResult>> CommitManyAsync(IReadOnlyList<IReadOnlyList<Write>> commits, CancellationToken cancellation) =>
        _writer.CommitAsync([.. commits.Select(SerializedWrite.Of)], cancellation);

    public Task<Page<T>> QueryAsync<T>(DocumentQuery query, string? continuation, CancellationToken cancellation)
        where T : class
    {
        var statement = SqliteStatement.Select(query, Continuation.Parse(continuation));
        using var rented = _connections.Rent();
        using var reader = statement.On(rented).ExecuteReader();
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
        cancellation.ThrowIfCancellationRequested();
        using var rented = _connections.Rent();
        return Task.FromResult((long)SqliteStatement.Count(query).On(rented).ExecuteScalar()!);
    }

    public Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation) => _writer.DeleteProjectAsync(projectId, cancellation);

    public void Dispose()
    {
        _writer.Dispose();
        _connections.Dispose();
    }

    private static Stored<T> Document<T>(SqliteDataReader reader)
        where T : class => new(Json.Parse<T>(reader.GetFieldValue<byte[]>(0)), reader.GetString(1));
}
