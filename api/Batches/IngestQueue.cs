using System.Threading.Channels;

namespace HealthEval.Batches;

/// <param name="Name">In the drop folder.</param>
/// <param name="ShownAs">What the customer called it.</param>
internal sealed record Dropped(string ProjectId, string Name, string ShownAs);

/// <summary>
/// Files that wait to be loaded, one of each project at a time, the projects in turns: nobody waits behind all files of somebody else. It may lose
/// its content at any time: the sweep finds every file that has no receipt.
/// </summary>
internal sealed class IngestQueue
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, Queue<Dropped>> _waiting = [];
    private readonly HashSet<Dropped> _known = [];
    private readonly Channel<string> _turns = Channel.CreateUnbounded<string>();

    public void Add(Dropped file)
    {
        lock (_changing)
        {
            if (!_known.Add(file))
            {
                return;
            }

            if (_waiting.TryGetValue(file.ProjectId, out var mine))
            {
                mine.Enqueue(file); // its turn comes when the one before it is done
                return;
            }

            _waiting[file.ProjectId] = new Queue<Dropped>([file]);
        }

        _turns.Writer.TryWrite(file.ProjectId);
    }

    /// <summary>For any number of callers at once. Each file is theirs until <see cref="Done"/>.</summary>
    public async IAsyncEnumerable<Dropped> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var projectId in _turns.Reader.ReadAllAsync(cancellation))
        {
            yield return Next(projectId);
        }
    }

    public void Done(Dropped file)
    {
        lock (_changing)
        {
            _known.Remove(file);
            if (_waiting[file.ProjectId].Count == 0)
            {
                _waiting.Remove(file.ProjectId);
                return;
            }
        }

        _turns.Writer.TryWrite(file.ProjectId);
    }

    private Dropped Next(string projectId)
    {
        lock (_changing)
        {
            return _waiting[projectId].Dequeue();
        }
    }
}
