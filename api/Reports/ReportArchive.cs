using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>Finished reports in the file store, under <c>reports/&lt;project&gt;/&lt;week&gt;/</c>. A report is there once its manifest is.</summary>
internal sealed class ReportArchive(IFileStore files)
{
    public static string Folder(string projectId, IsoWeek week) => $"reports/{projectId}/{week}/";

    public static string PathOf(string projectId, IsoWeek week, string file) => Folder(projectId, week) + file;

    public async Task<(Manifest Manifest, FileEntry Entry)?> FindAsync(string projectId, IsoWeek week, CancellationToken cancellation)
    {
        var path = PathOf(projectId, week, ReportFiles.Manifest);
        var entry = await files.FindAsync(path, cancellation);
        return entry is not null && await ReadAsync<Manifest>(path, cancellation) is { } manifest ? (manifest, entry) : null;
    }

    /// <summary>
    /// Copies a compiled folder into the store, the manifest last and only where there is no finished one: of two instances that compile the same
    /// week, one wins, and both have the same bytes. False when a finished report was already there.
    /// </summary>
    public async Task<bool> PublishAsync(string projectId, IsoWeek week, string folder, CancellationToken cancellation)
    {
        var present = await FindAsync(projectId, week, cancellation);
        if (present is { Manifest.Open: false })
        {
            return false;
        }

        if (present is not null)
        {
            await files.DeleteAsync(PathOf(projectId, week, ReportFiles.Manifest), cancellation);
        }

        foreach (var name in ReportFiles.Listed)
        {
            await CopyAsync(name, FileCondition.None);
        }

        return await CopyAsync(ReportFiles.Manifest, FileCondition.IfAbsent) is not null;

        Task<FileEntry?> CopyAsync(string name, FileCondition condition) => files.WriteAsync(
            PathOf(projectId, week, name),
            async (target, token) =>
            {
                await using var source = File.OpenRead(Path.Combine(folder, name));
                await source.CopyToAsync(target, token);
            },
            condition,
            cancellation);
    }

    public Task<Stream?> OpenAsync(string projectId, IsoWeek week, string file, CancellationToken cancellation) => files.OpenAsync(PathOf(projectId, week, file), cancellation);

    public Task<T?> ReadAsync<T>(string projectId, IsoWeek week, string file, CancellationToken cancellation)
        where T : class => ReadAsync<T>(PathOf(projectId, week, file), cancellation);

    private async Task<T?> ReadAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        await using var stream = await files.OpenAsync(path, cancellation);
        return stream is null ? null : await JsonSerializer.DeserializeAsync<T>(stream, Json.Options, cancellation);
    }
}
