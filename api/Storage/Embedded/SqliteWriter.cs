using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace HealthEval.Storage.Embedded;

/// <summary>
/// The one writer. Commits that arrive while it is busy share its next transaction: twenty people who submit at once wait for one
/// flush to disk, not twenty. Nothing is answered before that flush. A job that throws takes nobody with it: the transaction is
/// rolled back and its jobs run again one by one.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxCommitsPerTransaction = 5_000;
    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnections.Rented _connection;
    private readonly string _file;
    private readonly Thread _thread;

    public SqliteWriter(SqliteConnections connections)
    {
        _file = connections.File;
        _connection = connections.Open();
        _thread = new Thread(Run) { IsBackground = true, Name = "sqlite writer" };
        _thread.Start();
    }

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<SerializedWrite[]> commits, CancellationToken cancellation)
    {
        var results = new CommitResult[commits.Count];
        await RunAsync(commits.Count, () =>
        {
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = Apply(commits[i]);
            }

            return results.Length;
        }, cancellation);
        return results;
    }

    public Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation) => RunAsync(1, () => DocumentKind.All.Sum(kind =>
    {
        var command = _connection.Command($"DELETE FROM \"{kind}\" WHERE project = $0");
        command.Parameters.AddWithValue("$0", projectId);
        return (long)command.ExecuteNonQuery();
    }), cancellation);

    public void Dispose()
    {
        _jobs.Writer.TryComplete();
        _thread.Join();
        _connection.Close();
    }

    private async Task<long> RunAsync(int commits, Func<long> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // from here on the write happens, whether or not the caller still listens
        var job = new Job(commits, work, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        return _jobs.Writer.TryWrite(job) ? await job.Done.Task : throw new ObjectDisposedException(nameof(SqliteDocumentStore));
    }

    private void Run()
    {
        while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var jobs = new List<Job>();
            for (var commits = 0; commits < MaxCommitsPerTransaction && _jobs.Reader.TryRead(out var job); commits += job.Commits)
            {
                jobs.Add(job);
            }

            RunTogether(jobs);
        }
    }

    private void RunTogether(List<Job> jobs)
    {
        var answers = new long[jobs.Count];
        try
        {
            Execute("BEGIN IMMEDIATE");
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] = jobs[i].Work();
            }

            Execute("COMMIT");
        }
        catch (Exception failure)
        {
            Rollback();
            var explained = SqliteFailures.Explain(failure, _file);
            if (jobs.Count == 1 || explained is StorageUnavailableException)
            {
                jobs.ForEach(job => job.Done.TrySetException(explained));
            }
            else
            {
                jobs.ForEach(job => RunTogether([job]));
            }

            return;
        }

        for (var i = 0; i < answers.Length; i++)
        {
            jobs[i].Done.TrySetResult(answers[i]);
        }
    }

    private CommitResult Apply(SerializedWrite[] writes)
    {
        if (writes is [var only])
        {
            return Apply(only, 0, out var etag) ?? new Committed([etag]);
        }

        Execute("SAVEPOINT commits");
        var etags = new string[writes.Length];
        for (var i = 0; i < writes.Length; i++)
        {
            if (Apply(writes[i], i, out etags[i]) is { } refusal)
            {
                Execute("ROLLBACK TO commits");
                Execute("RELEASE commits");
                return refusal;
            }
        }

        Execute("RELEASE commits");
        return new Committed(etags);
    }

    /// <summary>Null when the write was applied.</summary>
    private CommitResult? Apply(SerializedWrite write, int index, out string etag)
    {
        var fresh = etag = write.Write is Write.Delete ? "" : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var changed = write.Write switch
        {
            Write.Create => Execute(Insert + " ON CONFLICT DO NOTHING", write.Key, fresh, write.Body),
            Write.Put => Execute(Insert + " ON CONFLICT (project, scope, id) DO UPDATE SET etag = excluded.etag, body = excluded.body", write.Key, fresh, write.Body),
            Write.Replace replace => Execute("UPDATE {0} SET etag = $3, body = CAST($4 AS TEXT) WHERE project = $0 AND scope = $1 AND id = $2 AND etag = $5", write.Key, fresh, write.Body, replace.ETag),
            _ => Execute("DELETE FROM {0} WHERE project = $0 AND scope = $1 AND id = $2", write.Key),
        };
        return (changed, write.Write) switch
        {
            ( > 0, _) or (_, Write.Delete) => null,
            (_, Write.Create) => new AlreadyThere(index),
            _ => new Stale(index),
        };
    }

    // the cast makes text of UTF-8 bytes without a detour over UTF-16
    private const string Insert = "INSERT INTO {0} (project, scope, id, etag, body) VALUES ($0, $1, $2, $3, CAST($4 AS TEXT))";

    private int Execute(string sql, DocumentKey key, params ReadOnlySpan<object> rest)
    {
        var command = _connection.Command(sql.Replace("{0}", $"\"{key.Kind}\"", StringComparison.Ordinal));
        command.Parameters.AddWithValue("$0", key.Partition.ProjectId);
        command.Parameters.AddWithValue("$1", key.Partition.Scope);
        command.Parameters.AddWithValue("$2", key.Id);
        for (var i = 0; i < rest.Length; i++)
        {
            command.Parameters.AddWithValue($"${3 + i}", rest[i]);
        }

        return command.ExecuteNonQuery();
    }

    private void Execute(string sql) => _connection.Command(sql).ExecuteNonQuery();

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

    private sealed record Job(int Commits, Func<long> Work, TaskCompletionSource<long> Done);
}
