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
                    var isHeavy = chunk.IsHeavy;
                    Pass(ref chunk);
                    if (isHeavy)
                    {
                        await AllReturnedAsync();
                    }
                }
            }

            Pass(ref chunk);
            _made.Writer.Complete();
        }
        catch (Exception failure)
        {
            if (failure is not OperationCanceledException)
            {
                Pass(ref chunk);
            }

            _made.Writer.Complete(failure);
        }
    }

    private async ValueTask<LoadChunk> EmptyAsync()
    {
        if (_empty.Reader.TryRead(out var chunk))
        {
            return chunk;
        }

        if (_created == Chunks)
        {
            return await _empty.Reader.ReadAsync(_stop.Token);
        }

        _created++;
        return create();
    }

    private void Pass(ref LoadChunk? chunk)
    {
        if (chunk is { } collected)
        {
            chunk = null;
            _made.Writer.TryWrite(Task.Run(collected.Make));
        }
    }

    private async Task AllReturnedAsync()
    {
        var idle = new List<LoadChunk>();
        while (idle.Count < _created)
        {
            idle.Add(await _empty.Reader.ReadAsync(_stop.Token));
        }

        idle.ForEach(chunk => _empty.Writer.TryWrite(chunk));
    }
}
