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
    private readonly SqliteCommits _commits;
    private readonly string _file;
    private readonly Thread _thread;

    public SqliteWriter(SqliteConnections connections)
    {
        _file = connections.File;
        _connection = connections.Open();
        _commits = new SqliteCommits(_connection);
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
                results[i] = _commits.Apply(commits[i]);
            }

            return results.Length;
        }, cancellation, leavesNothing: commits.Any(writes => Array.Exists(writes, IsOfWords)));
        return results;
    }

    /// <summary>Whether it takes somebody's words or name away.</summary>
    private static bool IsOfWords(SerializedWrite write) =>
        (write.Key.Kind == DocumentKind.Held || write.Key.Kind == DocumentKind.Person) && write.Write is not Write.Create;

    public async Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation)
    {
        var deleted = await RunAsync(1, () => DocumentKind.All.Sum(kind =>
        {
            var command = _connection.Command($"DELETE FROM \"{kind}\" WHERE project = $0");
            command.Parameters.AddWithValue("$0", projectId);
            return (long)command.ExecuteNonQuery();
        }), cancellation);
        await RunAsync(MaxCommitsPerTransaction, Compact, CancellationToken.None, leavesNothing: true, isAlone: true);
        return deleted;
    }

    public Task<long> RemoveOlderAsync(DocumentKind kind, string field, DateTimeOffset before, CancellationToken cancellation) => RunAsync(1, () =>
    {
        var command = _connection.Command($"DELETE FROM \"{kind}\" WHERE {SqliteSchema.Field(kind, field)} < $0");
        command.Parameters.AddWithValue("$0", Json.Stamp(before));
        return command.ExecuteNonQuery();
    }, cancellation);

    /// <summary>What was deleted before deleting overwrote it may still lie in pages that are not in use.</summary>
    private long Compact() => _connection.Execute("VACUUM");

    public void Dispose()
    {
        _jobs.Writer.TryComplete();
        _thread.Join();
        _commits.Dispose();
        _connection.Close();
    }

    /// <param name="leavesNothing">What is overwritten must not stay in the write-ahead log either.</param>
    /// <param name="isAlone">Outside of a transaction, and not together with other jobs.</param>
    private async Task<long> RunAsync(int commits, Func<long> work, CancellationToken cancellation, bool leavesNothing = false, bool isAlone = false)
    {
        cancellation.ThrowIfCancellationRequested(); // from here on the write happens, whether or not the caller still listens
        var job = new Job(commits, work, leavesNothing, isAlone, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        return _jobs.Writer.TryWrite(job) ? await job.Done.Task : throw new ObjectDisposedException(nameof(SqliteDocumentStore));
    }

    private void Run()
    {
        while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var jobs = new List<Job>();
            for (var commits = 0; commits < MaxCommitsPerTransaction && _jobs.Reader.TryPeek(out var next) && FitsBehind(jobs, next); commits += next.Commits)
            {
                _jobs.Reader.TryRead(out _);
                jobs.Add(next);
            }

            RunTogether(jobs);
        }
    }

    private static bool FitsBehind(List<Job> jobs, Job next) => jobs.Count == 0 || !(next.IsAlone || jobs[0].IsAlone);

    private void RunTogether(List<Job> jobs)
    {
        var answers = new long[jobs.Count];
        try
        {
            var isAlone = jobs is [{ IsAlone: true }];
            if (!isAlone)
            {
                _connection.Execute("BEGIN IMMEDIATE");
            }

            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] = jobs[i].Work();
            }

            if (!isAlone)
            {
                _connection.Execute("COMMIT");
            }

            if (jobs.Exists(job => job.LeavesNothing))
            {
                _connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
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

    private void Rollback()
    {
        try
        {
            _connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // the failed statement had already ended the transaction
        }
    }

    private sealed record Job(int Commits, Func<long> Work, bool LeavesNothing, bool IsAlone, TaskCompletionSource<long> Done);
}
