namespace HealthEval.Storage.Embedded;

/// <summary>Held for the moment of a rename, so that two writers, in one process or in two, cannot both find their condition fulfilled.</summary>
internal static class FolderLock
{
    public const string FileName = ".lock";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<IDisposable> TakeAsync(string root, CancellationToken cancellation)
    {
        for (var deadline = DateTime.UtcNow + Patience; ;)
        {
            try
            {
                return new FileStream(Path.Combine(root, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (DateTime.UtcNow < deadline && File.Exists(Path.Combine(root, FileName)))
            {
                await Task.Delay(Random.Shared.Next(1, 5), cancellation);
            }
        }
    }
}
