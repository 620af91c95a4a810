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
        _commits.Dispose();
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
            _connection.Execute("BEGIN IMMEDIATE");
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] = jobs[i].Work();
            }

            _connection.Execute("COMMIT");
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

    private sealed record Job(int Commits, Func<long> Work, TaskCompletionSource<long> Done);
}
