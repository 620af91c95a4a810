using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace HealthEval.Storage.Embedded;

/// <summary>A small pool of open connections with their prepared statements. Readers never wait for the writer (write-ahead log).</summary>
internal sealed class SqliteConnections(string file) : IDisposable
{
    private readonly ConcurrentBag<Rented> _idle = [];
    private readonly string _connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString();
    private volatile bool _disposed;

    public string File => file;

    public Rented Rent() => _idle.TryTake(out var idle) ? idle : Open();

    /// <summary>A connection of one's own. An acknowledged commit survives a killed process and a power cut (synchronous = FULL).</summary>
    public Rented Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = $"PRAGMA page_size = {SqliteSchema.PageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 30000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000;";
        try
        {
            pragmas.ExecuteNonQuery();
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        return new Rented(this, connection);
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var idle))
        {
            idle.Close();
        }
    }

    /// <summary>One connection, used by one caller at a time.</summary>
    internal sealed class Rented(SqliteConnections owner, SqliteConnection connection) : IDisposable
    {
        private const int MaxPrepared = 100;
        private readonly Dictionary<string, SqliteCommand> _prepared = [];

        /// <summary>The statement, prepared at most once per connection, without parameters. It stays ours: callers do not dispose it.</summary>
        public SqliteCommand Command(string sql)
        {
            if (_prepared.TryGetValue(sql, out var command))
            {
                command.Parameters.Clear();
                return command;
            }

            if (_prepared.Count == MaxPrepared)
            {
                Forget();
            }

            command = _prepared[sql] = connection.CreateCommand();
            command.CommandText = sql;
            return command;
        }

        /// <summary>A statement for the caller to keep, bind by position and dispose.</summary>
        public PreparedStatement Prepare(string sql) => new(connection.Handle!, sql);

        public int Execute(string sql) => Command(sql).ExecuteNonQuery();

        public IReadOnlyList<string> Texts(string sql)
        {
            using var reader = Command(sql).ExecuteReader();
            var texts = new List<string>();
            while (reader.Read())
            {
                texts.Add(reader.GetString(0));
            }

            return texts;
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

        public void Close()
        {
            Forget();
            connection.Dispose();
        }

        private void Forget()
        {
            foreach (var command in _prepared.Values)
            {
                command.Dispose();
            }

            _prepared.Clear();
        }
    }
}
