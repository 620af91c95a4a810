using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace HealthEval.Storage.Embedded;

/// <summary>
/// The one writer. Commits that arrive while it is busy share its next transaction, each inside its own savepoint: twenty people
/// who submit at once wait for one flush to disk, not twenty. Nothing is answered before that flush.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxCommitsPerTransaction = 5_000;
    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = [];
    private readonly Thread _thread;

    public SqliteWriter(SqliteConnections connections)
    {
        _connection = connections.Open();
        _thread = new Thread(Run) { IsBackground = true, Name = "sqlite writer" };
        _thread.Start();
    }

    public async Task<IReadOnlyList<CommitResult>> EnqueueAsync(IReadOnlyList<IReadOnlyList<Write>> commits, CancellationToken cancellation)
    {
        foreach (var writes in commits)
        {
            RequireOnePartition(writes);
        }

        var results = new CommitResult[commits.Count];
        await RunAsync(_ => Apply(commits, results), cancellation);
        return results;
    }

    public async Task<long> RunAsync(Func<SqliteConnection, long> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // from here on the write happens, whether or not the caller still listens
        var job = new Job(work, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        return _jobs.Writer.TryWrite(job) ? await job.Done.Task : throw new ObjectDisposedException(nameof(SqliteDocumentStore));
    }

    public void Dispose()
    {
        _jobs.Writer.TryComplete();
        _thread.Join();
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private void Run()
    {
        while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var jobs = new List<Job>();
            while (jobs.Count < MaxCommitsPerTransaction && _jobs.Reader.TryRead(out var job))
            {
                jobs.Add(job);
            }

            RunTogether(jobs);
        }
    }

    private void RunTogether(List<Job> jobs)
    {
        var answers = new List<Action>(jobs.Count);
        try
        {
            Execute("BEGIN IMMEDIATE");
            foreach (var job in jobs)
            {
                answers.Add(Try(job));
            }

            Execute("COMMIT");
        }
        catch (Exception failure)
        {
            Rollback();
            jobs.ForEach(job => job.Done.TrySetException(failure));
            return;
        }

        answers.ForEach(answer => answer());
    }

    private Action Try(Job job)
    {
        Execute("SAVEPOINT job");
        try
        {
            var result = job.Work(_connection);
            Execute("RELEASE job");
            return () => job.Done.TrySetResult(result);
        }
        catch (Exception failure) when (failure is not SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR })
        {
            Execute("ROLLBACK TO job");
            Execute("RELEASE job");
            return () => job.Done.TrySetException(failure);
        }
    }

    private long Apply(IReadOnlyList<IReadOnlyList<Write>> commits, CommitResult[] results)
    {
        for (var i = 0; i < commits.Count; i++)
        {
            Execute("SAVEPOINT one");
            results[i] = Apply(commits[i]);
            if (!results[i].Succeeded)
            {
                Execute("ROLLBACK TO one");
            }

            Execute("RELEASE one");
        }

        return commits.Count;
    }

    private CommitResult Apply(IReadOnlyList<Write> writes)
    {
        var etags = new string[writes.Count];
        for (var i = 0; i < writes.Count; i++)
        {
            etags[i] = writes[i] is Write.Delete ? "" : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            if (Apply(writes[i], etags[i]) == 0 && writes[i] is not Write.Delete)
            {
                return writes[i] is Write.Create ? new AlreadyThere(i) : new Stale(i);
            }
        }

        return new Committed(etags);
    }

    private int Apply(Write write, string etag) => write switch
    {
        Write.Create create => Execute($"INSERT INTO \"{write.Key.Kind}\" (project, scope, id, etag, body) VALUES ($0, $1, $2, $3, $4) ON CONFLICT DO NOTHING", write.Key, etag, Body(create.Value)),
        Write.Put put => Execute($"INSERT INTO \"{write.Key.Kind}\" (project, scope, id, etag, body) VALUES ($0, $1, $2, $3, $4) ON CONFLICT (project, scope, id) DO UPDATE SET etag = excluded.etag, body = excluded.body", write.Key, etag, Body(put.Value)),
        Write.Replace replace => Execute($"UPDATE \"{write.Key.Kind}\" SET etag = $3, body = $4 WHERE project = $0 AND scope = $1 AND id = $2 AND etag = $5", write.Key, etag, Body(replace.Value), replace.ETag),
        _ => Execute($"DELETE FROM \"{write.Key.Kind}\" WHERE project = $0 AND scope = $1 AND id = $2", write.Key),
    };

    private static string Body(object value) => Encoding.UTF8.GetString(Json.Bytes(value));

    private int Execute(string sql, DocumentKey key, params ReadOnlySpan<string> rest)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _prepared[sql] = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < 3 + rest.Length; i++)
            {
                command.Parameters.Add($"${i}", SqliteType.Text);
            }
        }

        command.Parameters[0].Value = key.Partition.ProjectId;
        command.Parameters[1].Value = key.Partition.Scope;
        command.Parameters[2].Value = key.Id;
        for (var i = 0; i < rest.Length; i++)
        {
            command.Parameters[3 + i].Value = rest[i];
        }

        return command.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _prepared[sql] = _connection.CreateCommand();
            command.CommandText = sql;
        }

        command.ExecuteNonQuery();
    }

    private void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // the failed statement had already ended the transaction
        }
    }

    private static void RequireOnePartition(IReadOnlyList<Write> writes)
    {
        if (writes.Any(write => write.Key.Partition != writes[0].Key.Partition))
        {
            throw new ArgumentException("All writes of one commit must lie in one partition.", nameof(writes));
        }
    }

    private sealed record Job(Func<SqliteConnection, long> Work, TaskCompletionSource<long> Done);
}
