using System.Collections.Concurrent;
using System.Threading.Channels;

namespace HealthEval.Batches;

/// <param name="Name">In the drop folder.</param>
/// <param name="ShownAs">What the customer called it.</param>
internal sealed record Dropped(string ProjectId, string Name, string ShownAs);

/// <summary>Files that wait to be loaded. It may lose its content at any time: the sweep finds every file that has no receipt.</summary>
internal sealed class IngestQueue
{
    private readonly Channel<Dropped> _waiting = Channel.CreateUnbounded<Dropped>();
    private readonly ConcurrentDictionary<(string, string), bool> _known = new();

    public void Add(Dropped file)
    {
        if (_known.TryAdd((file.ProjectId, file.Name), true))
        {
            _waiting.Writer.TryWrite(file);
        }
    }

    public IAsyncEnumerable<Dropped> ReadAllAsync(CancellationToken cancellation) => _waiting.Reader.ReadAllAsync(cancellation);

    public void Done(Dropped file) => _known.TryRemove((file.ProjectId, file.Name), out _);
}
