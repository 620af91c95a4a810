using System.Text;
using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>
/// Finished reports in the file store, under <c>reports/&lt;project&gt;/&lt;week&gt;/</c>; those that a later revision replaced are kept below, in <c>r1/</c>, <c>r2/</c>.
/// A report is there once its manifest is. One that replaces another
/// is written whole beside it, then one small file says that it counts, and only then are the old files overwritten: readers, who look for that file first,
/// find the old or the new one, and whoever is stopped half-way leaves what the next can finish.
/// </summary>
internal sealed class ReportArchive(IFileStore files)
{
    private const string Switch = ".switch";
    private const string Next = ".next-";
    private static readonly string[] All = [.. ReportFiles.Listed, ReportFiles.Signature, ReportFiles.Manifest];

    public static string Folder(string projectId, Coverage week) => $"reports/{projectId}/{week}/";

    public static string PathOf(string projectId, Coverage week, string file) => Folder(projectId, week) + file;

    /// <summary>Where the report lies that was the n-th of its week, once another has replaced it.</summary>
    public static string KeptFolder(string projectId, Coverage week, int number) => $"{Folder(projectId, week)}r{number}/";

    /// <summary>An ISO week, or a campaign by its key, of which there must be a report to know what it covers.</summary>
    public async Task<Coverage?> ParseAsync(string projectId, string key, CancellationToken cancellation) =>
        IsoWeek.Parse(key) is { } week ? week
        : key.StartsWith("c-", StringComparison.Ordinal) && key.Length == 14 && key.Skip(2).All(char.IsAsciiHexDigitLower)
            && await ReadAsync<Manifest>($"reports/{projectId}/{key}/{ReportFiles.Manifest}", cancellation) is { Scope: { } scope } && Coverage.Of(scope) is var campaign && campaign.Key == key
            ? campaign
            : null;

    /// <summary>The campaigns of which there is a report.</summary>
    public async Task<IReadOnlyList<Coverage>> CampaignsAsync(string projectId, CancellationToken cancellation)
    {
        var (root, found) = ($"reports/{projectId}/", new SortedDictionary<string, Coverage>(StringComparer.Ordinal));
        await foreach (var file in files.ListAsync(root, cancellation))
        {
            var key = file.Path[root.Length..].Split('/')[0];
            if (key.StartsWith("c-", StringComparison.Ordinal) && !found.ContainsKey(key) && await ReadAsync<Manifest>($"{root}{key}/{ReportFiles.Manifest}", cancellation) is { Scope: { } scope })
            {
                found[key] = Coverage.Of(scope);
            }
        }

        return [.. found.Values.OrderByDescending(c => c.End).ThenBy(c => c.Name, StringComparer.Ordinal)];
    }

    /// <summary>The reports that were replaced, the latest first, each with its manifest.</summary>
    public async Task<IReadOnlyList<(int Number, Manifest Manifest, FileEntry Entry)>> KeptAsync(string projectId, Coverage week, int current, CancellationToken cancellation)
    {
        var kept = new List<(int, Manifest, FileEntry)>();
        for (var number = current - 1; number > 0; number--)
        {
            var path = KeptFolder(projectId, week, number) + ReportFiles.Manifest;
            if (await ReadAsync<Manifest>(path, cancellation) is { } manifest && await files.FindAsync(path, cancellation) is { } entry)
            {
                kept.Add((number, manifest, entry));
            }
        }

        return kept;
    }

    /// <summary>Null when there is none, or none that can be read: see <see cref="DamageAsync"/>.</summary>
    public async Task<(Manifest Manifest, FileEntry Entry)?> FindAsync(string projectId, Coverage week, CancellationToken cancellation)
    {
        var path = await PlaceAsync(projectId, week, cancellation) + ReportFiles.Manifest;
        var entry = await files.FindAsync(path, cancellation);
        return entry is not null && await ReadAsync<Manifest>(path, cancellation) is { } manifest ? (manifest, entry) : null;
    }

    /// <summary>What is wrong with a report that is there, in a sentence; null when there is none or nothing is. Sizes only: hashes are what <c>check</c> compares.</summary>
    public async Task<string?> DamageAsync(string projectId, Coverage week, CancellationToken cancellation)
    {
        for (string? seen = null, damage = null; ;)
        {
            var place = await PlaceAsync(projectId, week, cancellation);
            if (await files.FindAsync(place + ReportFiles.Manifest, cancellation) is not { } entry)
            {
                return null;
            }

            if (seen == place + entry.ETag)
            {
                return damage; // it was not being replaced just then
            }

            seen = place + entry.ETag;
            damage = await ReadAsync<Manifest>(place + ReportFiles.Manifest, cancellation) is { } manifest ? await FileDamageAsync(place, manifest, cancellation) : "The manifest cannot be read.";
            if (damage is null)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// Copies a compiled folder into the store, the manifest last and only where there is no whole finished one: of two instances that compile the same
    /// week, one wins, and both have the same bytes. False when a finished report was already there, unless this is its next revision: then the old one is kept first.
    /// </summary>
    public async Task<bool> PublishAsync(string projectId, Coverage week, string folder, CancellationToken cancellation, ManifestRevision? revision = null)
    {
        await SettleAsync(projectId, week, cancellation);
        var place = Folder(projectId, week);
        if (await FindAsync(projectId, week, cancellation) is { Manifest: { Open: false } before } && await DamageAsync(projectId, week, cancellation) is null)
        {
            var number = before.Revision?.Number ?? 1;
            if (revision?.Number != number + 1
                || !await CopyAllAsync(name => files.OpenAsync(place + name, cancellation), KeptFolder(projectId, week, number), FileCondition.None, cancellation, before))
            {
                return false;
            }
        }

        if (await files.FindAsync(place + ReportFiles.Manifest, cancellation) is null)
        {
            return await CopyAllAsync(FromDisk, place, FileCondition.IfAbsent, cancellation);
        }

        var id = Sha.Of(await File.ReadAllBytesAsync(Path.Combine(folder, ReportFiles.Manifest), cancellation))[..12];
        await CopyAllAsync(FromDisk, $"{place}{Next}{id}/", FileCondition.None, cancellation);
        var switched = await files.WriteBytesAsync(place + Switch, Encoding.UTF8.GetBytes(id), FileCondition.IfAbsent, cancellation) is not null;
        await SettleAsync(projectId, week, cancellation);
        return switched;

        Task<Stream?> FromDisk(string name) => Task.FromResult<Stream?>(File.Exists(Path.Combine(folder, name)) ? File.OpenRead(Path.Combine(folder, name)) : null);
    }

    /// <summary>Finishes a replacement that was decided: brings the new files to their place. Safe to repeat.</summary>
    public async Task SettleAsync(string projectId, Coverage week, CancellationToken cancellation)
    {
        var folder = Folder(projectId, week);
        var place = await PlaceAsync(projectId, week, cancellation);
        if (place == folder || !await CopyAllAsync(name => files.OpenAsync(place + name, cancellation), folder, FileCondition.None, cancellation))
        {
            return;
        }

        await files.DeleteAsync(folder + Switch, cancellation);
        await foreach (var file in files.ListAsync(folder, cancellation).Where(file => file.Path[folder.Length..].StartsWith(Next, StringComparison.Ordinal)))
        {
            await files.DeleteAsync(file.Path, cancellation);
        }
    }

    /// <summary>One file of the report as it is now, or of one that was replaced, with its hash where the manifest has one for it; null when there is none.</summary>
    public async Task<(Stream Content, string? Sha256)?> OpenAsync(string projectId, Coverage week, string file, CancellationToken cancellation, int? revision = null)
    {
        for (string? before = null; await PlaceAsync(projectId, week, revision, cancellation) is { } place && place != before; before = place)
        {
            if (await ReadAsync<Manifest>(place + ReportFiles.Manifest, cancellation) is { } manifest && await files.OpenAsync(place + file, cancellation) is { } content)
            {
                var listed = manifest.Files.FirstOrDefault(entry => entry.Path == file);
                return (content, content.CanSeek && content.Length == listed?.Bytes ? listed.Sha256 : null);
            }
        }

        return null;
    }

    public async Task<T?> ReadAsync<T>(string projectId, Coverage week, string file, CancellationToken cancellation)
        where T : class => await ReadAsync<T>(await PlaceAsync(projectId, week, cancellation) + file, cancellation);

    /// <summary>The folder of the report that counts, or of the one with this number; null when there is no such number.</summary>
    public async Task<string?> PlaceAsync(string projectId, Coverage week, int? revision, CancellationToken cancellation)
    {
        var place = await PlaceAsync(projectId, week, cancellation);
        if (revision is not { } number)
        {
            return place;
        }

        var current = (await ReadAsync<Manifest>(place + ReportFiles.Manifest, cancellation))?.Revision?.Number ?? 1;
        return number == current ? place : number > 0 && number < current ? KeptFolder(projectId, week, number) : null;
    }

    /// <summary>The folder in which the report is that counts.</summary>
    public async Task<string> PlaceAsync(string projectId, Coverage week, CancellationToken cancellation)
    {
        var folder = Folder(projectId, week);
        await using var stream = await files.OpenAsync(folder + Switch, cancellation);
        if (stream is null)
        {
            return folder;
        }

        using var reader = new StreamReader(stream);
        return $"{folder}{Next}{await reader.ReadToEndAsync(cancellation)}/";
    }

    /// <summary>
    /// The manifest last. False when a file to be copied is not there, or the condition for the manifest does not hold. The signature may be missing,
    /// and files that the manifest of an older report does not list.
    /// </summary>
    private async Task<bool> CopyAllAsync(
        Func<string, Task<Stream?>> open, string into, FileCondition condition, CancellationToken cancellation, Manifest? manifest = null)
    {
        foreach (var name in All)
        {
            await using var source = await open(name);
            var isOptional = name == ReportFiles.Signature || (manifest is not null && name != ReportFiles.Manifest && manifest.Files.All(file => file.Path != name));
            if (source is null && isOptional)
            {
                continue;
            }

            if (source is null || await files.WriteAsync(into + name, (target, token) => source.CopyToAsync(target, token), name == ReportFiles.Manifest ? condition : FileCondition.None, cancellation) is null)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<string?> FileDamageAsync(string place, Manifest manifest, CancellationToken cancellation)
    {
        foreach (var listed in manifest.Files.Where(file => ReportFiles.Listed.Contains(file.Path)))
        {
            if (await files.FindAsync(place + listed.Path, cancellation) is var entry && entry?.Length != listed.Bytes)
            {
                return entry is null ? $"{listed.Path} is missing." : $"{listed.Path} has {entry.Length:N0} bytes; the manifest says {listed.Bytes:N0}.";
            }
        }

        return null;
    }

    /// <summary>Null when it is missing or no such thing.</summary>
    private async Task<T?> ReadAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        await using var stream = await files.OpenAsync(path, cancellation);
        try
        {
            return stream is null ? null : await JsonSerializer.DeserializeAsync<T>(stream, Json.Options, cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
