using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace HealthEval.Batches;

/// <summary>
/// Makes chunks of what is in a file, ahead of whoever stores them. One thread takes the file apart; what it has collected for a chunk is read and checked
/// beside it, two chunks at a time; they come in the order of the file. What stands before the place where a file turns out to be unreadable still comes.
/// </summary>
internal sealed class ChunkReader(IEnumerable<RecordWork> records, Func<LoadChunk> create) : IAsyncDisposable
{
    private const int Chunks = 4; // one is collected, two are made, one is stored
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<LoadChunk> _empty = Channel.CreateUnbounded<LoadChunk>();
    private readonly Channel<Task<LoadChunk>> _made = Channel.CreateUnbounded<Task<LoadChunk>>();
    private Task _collecting = Task.CompletedTask;
    private int _created;

    /// <summary>Each is the caller's until it is returned.</summary>
    public async IAsyncEnumerable<LoadChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        _collecting = Task.Run(CollectAsync, CancellationToken.None);
        await foreach (var making in _made.Reader.ReadAllAsync(cancellation))
        {
            yield return await making;
        }
    }

    public void Return(LoadChunk chunk)
    {
        chunk.Clear();
        _empty.Writer.TryWrite(chunk);
    }

    /// <summary>Whether there is another chunk after this one.</summary>
    public ValueTask<bool> HasMoreAsync(CancellationToken cancellation) => _made.Reader.WaitToReadAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _collecting; // it holds the file; what went wrong in it has come through the channel
        while (_made.Reader.TryRead(out var making))
        {
            await ((Task)making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it reads from the chunk's memory
            if (making.IsCompletedSuccessfully)
            {
                making.Result.Dispose();
            }
        }

        while (_empty.Reader.TryRead(out var chunk))
        {
            chunk.Dispose();
        }

        _stop.Dispose();
    }

    private async Task CollectAsync()
    {
        LoadChunk? chunk = null;
        try
        {
            foreach (var record in records)
            {
                chunk ??= await EmptyAsync();
                chunk.Collect(record);
                if (chunk.IsFull)
                {
                    await PassAsync(chunk);
                    chunk = null;
                }
            }

            await PassAsync(chunk);
            _made.Writer.Complete();
        }
        catch (Exception failure)
        {
            if (failure is not OperationCanceledException)
            {
                await PassAsync(chunk);
            }

            _made.Writer.Complete(failure);
        }
    }

    private ValueTask<LoadChunk> EmptyAsync() => _created++ < Chunks ? ValueTask.FromResult(create()) : _empty.Reader.ReadAsync(_stop.Token);

    private async Task PassAsync(LoadChunk? chunk)
    {
        if (chunk is not null)
        {
            var isHeavy = chunk.IsHeavy;
            _made.Writer.TryWrite(Task.Run(chunk.Make));
            if (isHeavy)
            {
                await AllReturnedAsync();
            }
        }
    }

    private async Task AllReturnedAsync()
    {
        var idle = new List<LoadChunk>();
        while (idle.Count < Math.Min(_created, Chunks))
        {
            idle.Add(await _empty.Reader.ReadAsync(_stop.Token));
        }

        idle.ForEach(chunk => _empty.Writer.TryWrite(chunk));
    }
}
