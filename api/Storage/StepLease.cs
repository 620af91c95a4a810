namespace HealthEval.Storage;

/// <summary>The right to work on something, kept alive until it is disposed.</summary>
internal sealed class StepLease<T> : IAsyncDisposable
    where T : class
{
    private readonly IDocumentStore _documents;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _length;
    private readonly DocumentKey _key;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _keeping;
    private StepState<T> _state;
    private string? _etag;
    private bool _isDisposed;

    public StepLease(IDocumentStore documents, TimeProvider clock, TimeSpan length, DocumentKey key, StepState<T> state, string etag)
    {
        (_documents, _clock, _length, _key, _state, _etag) = (documents, clock, length, key, state, etag);
        _keeping = KeepAsync();
    }

    /// <summary>Where the last step ended; null at the beginning.</summary>
    public T? Position => _state.Position;

    /// <summary>Different for every lease.</summary>
    public string Holder => _state.Holder;

    /// <summary>Where the next step is to begin should this one end here. <paramref name="along"/> is written with it, or neither is.</summary>
    public Task SaveAsync(T? position, IReadOnlyList<Write> along, CancellationToken cancellation) =>
        WriteAsync(() => _state with { Position = position, Until = _clock.GetUtcNow() + _length }, along, cancellation);

    /// <summary>There is nothing left to do.</summary>
    public async Task EndAsync(IReadOnlyList<Write> along, CancellationToken cancellation)
    {
        await WriteAsync(() => _state, [new Write.Delete(_key), .. along], cancellation);
        _etag = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync();
        await _keeping;
        try
        {
            if (_etag is not null)
            {
                await WriteAsync(() => _state with { Until = _clock.GetUtcNow() }, [], CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is StepLostException or StorageUnavailableException or IOException)
        {
            // it runs out by itself
        }

        _stop.Dispose();
        _writing.Dispose();
    }

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_length / 3, _clock, _stop.Token);
                try
                {
                    await WriteAsync(() => _state with { Until = _clock.GetUtcNow() + _length }, [], _stop.Token);
                }
                catch (Exception failure) when (failure is StorageUnavailableException or IOException)
                {
                    // the next time may still be in time
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or StepLostException)
        {
            // the work has ended, or will find out by itself
        }
    }

    private async Task WriteAsync(Func<StepState<T>> next, IReadOnlyList<Write> along, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var (etag, state) = (_etag ?? throw new StepLostException(), next());
            if (await _documents.CommitAsync([new Write.Replace(_key, state, etag), .. along], cancellation) is not Committed { ETags: [var written, ..] })
            {
                throw new StepLostException();
            }

            (_state, _etag) = (state, written);
        }
        finally
        {
            _writing.Release();
        }
    }
}
