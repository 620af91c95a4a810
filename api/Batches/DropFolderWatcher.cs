using HealthEval.Http;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Batches;

/// <summary>
/// On one machine: loads what is dropped within seconds. The file system's events only make it faster; the sweep that follows
/// them, and comes by itself now and then, is what finds the files.
/// </summary>
internal sealed class DropFolderWatcher(IFileStore files, SweepDrops sweep, IngestQueue queue, TimeProvider clock, ILogger<DropFolderWatcher> log) : BackgroundService
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SweepAfterEvent = TimeSpan.FromSeconds(2.5);
    private readonly SemaphoreSlim _stirred = new(0);

    public override void Dispose()
    {
        base.Dispose();
        _stirred.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the program starts without waiting for the first sweep
        using var watcher = Watch();
        await Task.WhenAll(LoadAsync(stoppingToken), SweepAsync(stoppingToken));
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        await foreach (var dropped in queue.ReadAllAsync(cancellation))
        {
            await sweep.LoadAsync(dropped, cancellation);
            queue.Done(dropped);
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await foreach (var dropped in sweep.UnfinishedAsync(cancellation))
                {
                    queue.Add(dropped);
                }

                await sweep.FinishWaitingAsync(cancellation);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StorageUnavailableException)
            {
                log.LogWarning("The drop folder could not be read ({Failure}); trying again", failure.GetType().Name);
            }

            if (await _stirred.WaitAsync(SweepEvery, cancellation))
            {
                await Task.Delay(SweepAfterEvent, clock, cancellation); // what has just been written may still grow
                while (_stirred.Wait(0, cancellation))
                {
                }
            }
        }
    }

    private FileSystemWatcher? Watch()
    {
        if (files is not FolderFileStore folder)
        {
            return null;
        }

        var path = Path.Combine(folder.Root, Triggers.FolderOf(typeof(DropFunctions), nameof(DropFunctions.BeginAsync)));
        Directory.CreateDirectory(path);
        var watcher = new FileSystemWatcher(path) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
        watcher.Created += Stir;
        watcher.Changed += Stir;
        watcher.Renamed += Stir;
        try
        {
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException failure)
        {
            watcher.Dispose();
            log.LogWarning("The drop folder is looked through every {Seconds} s only, its events cannot be had: {Failure}", SweepEvery.TotalSeconds, failure.Message);
            return null;
        }
    }

    private void Stir(object sender, FileSystemEventArgs change)
    {
        try
        {
            _stirred.Release();
        }
        catch (ObjectDisposedException)
        {
            // the program is stopping
        }
    }
}
