using System.Security.Cryptography;
using System.Text.Json;
using HealthEval.Batches;
using HealthEval.Batches.Benchmarks;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Cli;

/// <summary>Dropped files and reports against the hashes that were noted of them, and what lies in the drop folder and is never loaded.</summary>
internal sealed class FileChecks(IDocumentStore documents, IFileStore files, IReadOnlySet<string> projects, List<Finding> problems, List<Finding> notes)
{
    public long Count { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var file in files.ListAsync("", cancellation))
        {
            Count++;
            if (file.Path.StartsWith(DropFolder.Root, StringComparison.Ordinal))
            {
                await DropAsync(file, cancellation);
            }
            else if (file.Path.EndsWith("/" + ReportFiles.Manifest, StringComparison.Ordinal) && file.Path.StartsWith("reports/", StringComparison.Ordinal))
            {
                await ReportAsync(file.Path, cancellation);
            }
        }

        foreach (var projectId in projects)
        {
            await BenchmarksAsync(projectId, cancellation);
        }

        foreach (var entry in files is FolderFileStore folder ? folder.Entries(DropFolder.Root).Where(entry => entry.Problem is not null) : [])
        {
            notes.Add(new Finding(entry.Path, entry.Problem!));
        }
    }

    private async Task DropAsync(FileEntry file, CancellationToken cancellation)
    {
        if (file.Path.Split('/') is not [_, var projectId, var name] || !projects.Contains(projectId))
        {
            notes.Add(new Finding(file.Path, "Not loaded: it lies in no project's own folder."));
            return;
        }

        if (await documents.FindAsync<DropMark>(DropMark.Key(projectId, file), cancellation) is not { Value: var mark })
        {
            notes.Add(new Finding(file.Path, DropFolder.IsUnfinished(name) ? "Not loaded: its name says that it is unfinished." : "Not loaded yet."));
        }
        else if (mark.Sha256 is { } expected && await HashAsync(file.Path, cancellation) is var actual && actual != expected)
        {
            problems.Add(new Finding(file.Path, "It is not the file that was loaded: it has another SHA-256."));
        }
    }

    private async Task ReportAsync(string path, CancellationToken cancellation)
    {
        Manifest? manifest = null;
        await using (var stream = await files.OpenAsync(path, cancellation))
        {
            try
            {
                manifest = stream is null ? null : await JsonSerializer.DeserializeAsync<Manifest>(stream, Json.Options, cancellation);
            }
            catch (JsonException)
            {
                // said below
            }
        }

        if (manifest is null)
        {
            problems.Add(new Finding(path, "The manifest cannot be read. A lead can compile the week again."));
            return;
        }

        foreach (var listed in manifest.Files.Where(file => ReportFiles.Listed.Contains(file.Path)))
        {
            var actual = await HashAsync(path[..^ReportFiles.Manifest.Length] + listed.Path, cancellation);
            if (actual != listed.Sha256)
            {
                problems.Add(new Finding(path, actual is null ? $"{listed.Path} is missing." : $"{listed.Path} is not the file that the manifest names: it has another SHA-256."));
            }
        }
    }

    private async Task BenchmarksAsync(string projectId, CancellationToken cancellation)
    {
        try
        {
            await foreach (var (benchmark, _) in documents.AllAsync<Benchmark>(Benchmark.Of(projectId), cancellation))
            {
                var path = Benchmark.PathOf(projectId, benchmark.BenchmarkId, benchmark.Version);
                if (await HashAsync(path, cancellation) is var actual && actual != benchmark.Sha256)
                {
                    problems.Add(new Finding(path, actual is null ? "The prompts of this benchmark are missing." : "These are not the prompts of this benchmark: they have another SHA-256."));
                }
            }
        }
        catch (StoreDamagedException damaged)
        {
            problems.Add(new Finding($"Benchmark of {projectId}", $"Not all could be read: {damaged.InnerException?.Message ?? damaged.Message}"));
        }
    }

    private async Task<string?> HashAsync(string path, CancellationToken cancellation)
    {
        await using var stream = await files.OpenAsync(path, cancellation);
        return stream is null ? null : Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
