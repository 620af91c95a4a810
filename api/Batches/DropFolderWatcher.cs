using HealthEval.Http;
using HealthEval.Intake;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Batches;

/// <summary>
/// On one machine: loads what is dropped within seconds. The file system's events only make it faster; the sweep that follows
/// them, and comes by itself now and then, is what finds the files. Whatever goes wrong in a sweep, there is a next one.
/// </summary>
internal sealed class DropFolderWatcher(IFileStore files, SweepDrops sweep, IngestQueue queue, IngestOptions options, IConfiguration configuration, TimeProvider clock, ILogger<DropFolderWatcher> log) : BackgroundService
{
    private const int Loaders = 3;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _stirred = new(0);
    private readonly SemaphoreSlim _woken = new(0);

    public override void Dispose()
    {
        base.Dispose();
        _stirred.Dispose();
        _woken.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(CronLoop.Courtesy(configuration) / 4, stoppingToken); // the program starts without waiting for the first sweep
        using var watcher = Watch();
        await Task.WhenAll([.. Enumerable.Range(0, Loaders).Select(_ => LoadAsync(stoppingToken)), SweepAsync(stoppingToken), FinishWaitingAsync(stoppingToken)]);
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        await foreach (var dropped in queue.ReadAllAsync(cancellation))
        {
            if (await sweep.LoadAsync(dropped, cancellation) is { Woken.Count: > 0 })
            {
                _woken.Release();
            }

            queue.Done(dropped);
        }
    }

    private async Task FinishWaitingAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await AnywayAsync(() => sweep.FinishWaitingAsync(cancellation));
            await _woken.WaitAsync(SweepEvery, cancellation);
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await AnywayAsync(async () =>
            {
                await foreach (var dropped in sweep.UnfinishedAsync(cancellation))
                {
                    queue.Add(dropped);
                }

                await sweep.RefuseAsync(cancellation);
            });
            if (await _stirred.WaitAsync(SweepEvery, cancellation))
            {
                await Task.Delay(options.SettleFor + TimeSpan.FromMilliseconds(100), clock, cancellation); // what has just been written may still grow
                while (_stirred.Wait(0, cancellation))
                {
                }
            }
        }
    }

    private async Task AnywayAsync(Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogWarning("The drop folder could not be looked through ({Failure}); trying again", failure.GetType().Name);
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
