using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HealthEval.Storage.Embedded;

/// <summary>Documents in one SQLite file: a table per kind, indexes over the fields that <see cref="DocumentKind"/> names.</summary>
internal sealed class SqliteDocumentStore : IDocumentStore, IDisposable
{
    private const int MostFaults = 20;
    private readonly IDisposable? _use;
    private readonly SqliteConnections _connections;
    private readonly SqliteWriter _writer;

    /// <param name="use">Disposed with the store.</param>
    public SqliteDocumentStore(string file, IDisposable? use = null)
    {
        _use = use;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connections = new SqliteConnections(file);
        try
        {
            SqliteSchema.Ensure(_connections);
            OwnersOnly.Database(file);
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
        return Task.FromResult(Reading(rented => Find<T>(rented, key)));
    }

    private static Stored<T>? Find<T>(SqliteConnections.Rented rented, DocumentKey key)
        where T : class
    {
        var command = rented.Command($"SELECT body, etag FROM \"{key.Kind}\" WHERE project = $project AND scope = $scope AND id = $id");
        command.Parameters.AddWithValue("$project", key.Partition.ProjectId);
        command.Parameters.AddWithValue("$scope", key.Partition.Scope);
        command.Parameters.AddWithValue("$id", key.Id);
        using var reader = command.ExecuteReader();
        return reader.Read() ? Document<T>(reader) : null;
    }

    public async Task<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken cancellation) =>
        (await _writer.CommitAsync([SerializedWrite.Of(writes)], cancellation))[0];

    public Task<IReadOnlyList<CommitResult>> CommitManyAsync(IReadOnlyList<IReadOnlyList<Write>> commits, CancellationToken cancellation) =>
        _writer.CommitAsync([.. commits.Select(SerializedWrite.Of)], cancellation);

    public Task<Page<T>> QueryAsync<T>(DocumentQuery query, string? continuation, CancellationToken cancellation)
        where T : class
    {
        var statement = SqliteStatement.Select(query, Continuation.Parse(continuation));
        return Task.FromResult(Reading(rented => ReadPage<T>(rented, statement, query.Top, cancellation)));
    }

    private static Page<T> ReadPage<T>(SqliteConnections.Rented rented, SqliteStatement statement, int top, CancellationToken cancellation)
        where T : class
    {
        using var reader = statement.On(rented).ExecuteReader();
        var found = new List<Stored<T>>();
        Continuation? last = null;
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (found.Count == top)
            {
                return new Page<T>(found, last!.ToString());
            }

            found.Add(Document<T>(reader));
            last = new Continuation(reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetValue(4));
        }

        return new Page<T>(found, null);
    }

    public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Reading(rented => (long)SqliteStatement.Count(query).On(rented).ExecuteScalar()!));
    }

    public Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation) => _writer.DeleteProjectAsync(projectId, cancellation);

    /// <summary>Removes the documents of a kind in which a time lies before another. Returns how many there were.</summary>
    public Task<long> RemoveOlderAsync(DocumentKind kind, string field, DateTimeOffset before, CancellationToken cancellation) => _writer.RemoveOlderAsync(kind, field, before, cancellation);

    /// <summary>What SQLite finds wrong with the file, at most twenty findings.</summary>
    /// <param name="quick">Leaves out whether the indexes agree with their tables.</param>
    public IReadOnlyList<string> Faults(bool quick)
    {
        try
        {
            return Reading(rented => rented.Texts($"PRAGMA {(quick ? "quick_check" : "integrity_check")}({MostFaults})").Where(line => line != "ok").ToList());
        }
        catch (StoreDamagedException damaged)
        {
            return [damaged.InnerException?.Message ?? damaged.Message];
        }
    }

    /// <summary>Every document of a kind as it is stored, also one that cannot be read.</summary>
    public IEnumerable<(string Project, string Scope, string Id, byte[] Body)> Raw(DocumentKind kind)
    {
        using var rented = _connections.Rent();
        using var reader = Explained(() => rented.Command($"SELECT project, scope, id, body FROM \"{kind}\"").ExecuteReader());
        while (Explained(reader.Read))
        {
            yield return (reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3));
        }
    }

    private T Explained<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException failure)
        {
            throw SqliteFailures.Explain(failure, _connections.File);
        }
    }

    /// <summary>A copy of everything as it is at one moment; others go on reading and writing.</summary>
    public void CopyTo(string file)
    {
        using var connection = _connections.Open();
        var command = connection.Command("VACUUM INTO $file");
        command.Parameters.AddWithValue("$file", file);
        try
        {
            command.ExecuteNonQuery();
        }
        catch (SqliteException failure)
        {
            throw SqliteFailures.Explain(failure, file);
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _connections.Dispose();
        _use?.Dispose();
    }

    private T Reading<T>(Func<SqliteConnections.Rented, T> read)
    {
        using var rented = _connections.Rent();
        return Explained(() => read(rented));
    }

    private static Stored<T> Document<T>(SqliteDataReader reader)
        where T : class
    {
        try
        {
            return new(Json.Parse<T>(reader.GetFieldValue<byte[]>(0)), reader.GetString(1));
        }
        catch (JsonException why)
        {
            throw StoreDamagedException.Document<T>(why);
        }
    }
}
