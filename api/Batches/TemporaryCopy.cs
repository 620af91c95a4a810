using HealthEval.Storage.Embedded;

namespace HealthEval.Batches;

/// <summary>What somebody sends to be looked at: read from the front as often as needed, gone when it has been looked at.</summary>
internal sealed class TemporaryCopy : IAsyncDisposable
{
    private readonly FileStream _file = TempFolders.CreateFile();

    /// <summary>Null when there are more bytes.</summary>
    public static async Task<TemporaryCopy?> OfAsync(Stream body, long mostBytes, CancellationToken cancellation)
    {
        var copy = new TemporaryCopy();
        var buffer = new byte[1 << 16];
        var isWhole = false;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(buffer, cancellation);
                isWhole = read == 0;
                if (isWhole || copy._file.Length + read > mostBytes)
                {
                    break;
                }

                await copy._file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            await copy._file.FlushAsync(cancellation);
            return isWhole ? copy : null;
        }
        finally
        {
            if (!isWhole)
            {
                await copy.DisposeAsync();
            }
        }
    }

    public Stream Open() => new FileStream(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
