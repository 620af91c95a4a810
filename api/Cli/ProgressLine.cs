using HealthEval.Batches;

namespace HealthEval.Cli;

/// <summary>One line on the terminal that fills while a file is read.</summary>
internal sealed class ProgressLine(string name, long bytes, bool isShown) : IDisposable
{
    private const int Width = 30;
    private int _shown;

    public void Show(Batch batch)
    {
        if (!isShown)
        {
            return;
        }

        var share = bytes == 0 ? 1 : Math.Min(1.0, (double)batch.BytesRead / bytes);
        var filled = (int)(share * Width);
        var line = $"{name} [{new string('#', filled)}{new string('.', Width - filled)}] {share,4:P0}  {batch.Read:N0} read, {batch.Rejected:N0} rejected";
        Console.Error.Write($"\r{line.PadRight(_shown)}");
        _shown = line.Length;
    }

    public void Clear()
    {
        if (isShown && _shown > 0)
        {
            Console.Error.Write($"\r{new string(' ', _shown)}\r");
            _shown = 0;
        }
    }

    public void Dispose() => Clear();
}
