using HealthEval.Storage;

namespace HealthEval.Reports;

/// <param name="Parts">What has been copied out so far, in order.</param>
internal sealed record ReportPosition(GatherPosition Gathered, IReadOnlyList<StagedPart> Parts);

/// <summary>A piece of an export file; the pieces, one after the other, are the file.</summary>
internal sealed record StagedPart(string File, string Path, long Bytes);

/// <summary>
/// Keeps what one step has copied out of the store for the next, beside the report to be: the growth of the two long export files, in pieces. A
/// report that is done in one step stages nothing, unless it takes long.
/// </summary>
internal sealed class Staging(IFileStore files, string reportFolder, string folder, StepLease<ReportPosition> lease, StepTime step, TimeProvider clock)
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(15);
    private static readonly string[] LongFiles = [ReportFiles.Annotations, ReportFiles.Items];
    private readonly List<StagedPart> _parts = [];
    private long _lastSaved = clock.GetTimestamp();

    private string StagedFolder => reportFolder + ".staged/";

    /// <summary>Puts the last step's files into the folder; null, and an empty folder, when there are none or some are gone.</summary>
    public async Task<GatherPosition?> RestoreAsync(CancellationToken cancellation)
    {
        if (lease.Position is not { } position)
        {
            return null;
        }

        Array.ForEach(LongFiles, file => File.WriteAllBytes(Path.Combine(folder, file), []));
        foreach (var part in position.Parts)
        {
            await using var from = await files.OpenAsync(part.Path, cancellation);
            if (from is null)
            {
                _parts.Clear();
                Array.ForEach(LongFiles, file => File.Delete(Path.Combine(folder, file)));
                return null;
            }

            await using var to = new FileStream(Path.Combine(folder, part.File), FileMode.Append);
            await from.CopyToAsync(to, cancellation);
            _parts.Add(part);
        }

        return position.Gathered;
    }

    /// <summary>Whether to go on gathering. When the time is over, and now and then before in case the program is killed, what there is is kept.</summary>
    public async Task<bool> AfterPageAsync(GatherPosition gathered, CancellationToken cancellation)
    {
        var isOver = step.IsHalfOver; // the other half is for what cannot be interrupted
        if (isOver || clock.GetElapsedTime(_lastSaved) >= SaveEvery)
        {
            await SaveAsync(gathered, cancellation);
            _lastSaved = clock.GetTimestamp();
        }

        return !isOver;
    }

    public async Task ClearAsync(CancellationToken cancellation)
    {
        await foreach (var file in files.ListAsync(StagedFolder, cancellation))
        {
            await files.DeleteAsync(file.Path, cancellation);
        }
    }

    private async Task SaveAsync(GatherPosition gathered, CancellationToken cancellation)
    {
        foreach (var file in LongFiles.Where(file => File.Exists(Path.Combine(folder, file))))
        {
            await using var from = File.OpenRead(Path.Combine(folder, file));
            from.Position = _parts.Where(part => part.File == file).Sum(part => part.Bytes);
            if (from.Position == from.Length)
            {
                continue;
            }

            var part = new StagedPart(file, $"{StagedFolder}{lease.Holder}-{_parts.Count}", from.Length - from.Position); // named after the lease: whoever was replaced writes none of our files
            await files.WriteAsync(part.Path, (to, token) => from.CopyToAsync(to, token), FileCondition.None, cancellation);
            _parts.Add(part);
        }

        await lease.SaveAsync(new ReportPosition(gathered, [.. _parts]), [], cancellation);
    }
}
