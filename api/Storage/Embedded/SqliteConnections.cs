using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace HealthEval.Storage.Embedded;

/// <summary>A small pool of open connections with their prepared statements. Readers never wait for the writer (write-ahead log).</summary>
internal sealed class SqliteConnections(string file) : IDisposable
{
    private readonly ConcurrentBag<Rented> _idle = [];
    private readonly string _connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString();
    private volatile bool _disposed;

    public Rented Rent() => _idle.TryTake(out var idle) ? idle : new Rented(this, Open());

    /// <summary>A connection of one's own. An acknowledged commit survives a killed process and a power cut (synchronous = FULL).</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var idle))
        {
            idle.Close();
        }
    }

    internal sealed class Rented(SqliteConnections owner, SqliteConnection connection) : IDisposable
    {
        public SqliteCommand Command(string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            return command;
        }

        public void Dispose()
        {
            if (owner._disposed)
            {
                Close();
            }
            else
            {
                owner._idle.Add(this);
            }
        }

        public void Close() => connection.Dispose();
    }
}
