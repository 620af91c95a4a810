using System.IO.Compression;
using System.Text.Json;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Reports;

/// <summary>What comparing a report's folder with its manifest, and with a fresh compilation of its own exports, has shown.</summary>
/// <param name="Origin">Whose report it is, as far as that was checked.</param>
internal sealed record Verification(string Folder, int FilesChecked, IReadOnlyList<string> Differences, string Origin = Verification.NotChecked)
{
    public const string NotChecked = "Origin was not checked: without a key, whoever can change every file can also write a manifest that fits. Give --key FILE, the publisher's key.";

    public bool Same => Differences.Count == 0;

    /// <summary>Reads only; the fresh compilation goes to a temporary folder.</summary>
    /// <param name="keys">The publisher's; null checks consistency alone.</param>
    public static async Task<Verification> OfAsync(string folder, CancellationToken cancellation, IReadOnlyList<PublicKey>? keys = null)
    {
        var path = Path.Combine(folder, ReportFiles.Manifest);
        if (!File.Exists(path))
        {
            return new Verification(folder, 0, [$"{ReportFiles.Manifest} is missing: this is not a finished report."]);
        }

        Manifest manifest;
        try
        {
            manifest = JsonLines.ReadFile<Manifest>(path);
        }
        catch (JsonException unreadable)
        {
            return new Verification(folder, 0, [$"{ReportFiles.Manifest} cannot be read: {unreadable.Message}"]);
        }

        var differences = Files(folder, manifest).ToList();
        differences.AddRange(await RecomputeAsync(folder, manifest, cancellation));
        var origin = keys is null ? NotChecked : ManifestSignature.OriginOf(folder, keys, differences);
        return new Verification(folder, manifest.Files.Count, differences, origin);
    }

    private static IEnumerable<string> Files(string folder, Manifest manifest)
    {
        foreach (var name in ReportFiles.Listed.Except(manifest.Files.Select(f => f.Path), StringComparer.Ordinal))
        {
            yield return $"{name} is not listed in {ReportFiles.Manifest}.";
        }

        foreach (var listed in manifest.Files)
        {
            if (!ReportFiles.Listed.Contains(listed.Path))
            {
                yield return $"{ReportFiles.Manifest} lists '{listed.Path}', which is no file of a report.";
            }
            else if (!File.Exists(Path.Combine(folder, listed.Path)))
            {
                yield return $"{listed.Path} is missing.";
            }
            else if (ManifestFile.Of(folder, listed.Path) is var actual && actual != listed)
            {
                yield return actual.Bytes == listed.Bytes
                    ? $"{listed.Path} was changed: its SHA-256 is {actual.Sha256}, the manifest says {listed.Sha256}."
                    : $"{listed.Path} was changed: it has {actual.Bytes} bytes, the manifest says {listed.Bytes}.";
            }
        }
    }

    private static async Task<List<string>> RecomputeAsync(string folder, Manifest manifest, CancellationToken cancellation)
    {
        var differences = new List<string>();
        var fresh = TempFolders.Create("verify");
        try
        {
            var figures = await Report.ComputeAsync(folder, fresh, cancellation);
            foreach (var name in ReportFiles.Computed)
            {
                var listed = manifest.Files.FirstOrDefault(f => f.Path == name);
                if (ManifestFile.Of(fresh, name) is var again && again.Sha256 != listed?.Sha256)
                {
                    differences.Add($"{name}, computed again from the exports, has SHA-256 {again.Sha256}; the manifest says {listed?.Sha256 ?? "nothing"}.{Because(manifest)}{Parts(folder, fresh, name)}");
                }
            }

            differences.AddRange(Fields(folder, manifest, figures));
        }
        catch (Exception broken) when (broken is IOException or JsonException or InvalidDataException)
        {
            differences.Add($"The report cannot be computed again from its exports: {broken.Message}");
        }
        finally
        {
            Directory.Delete(fresh, recursive: true);
        }

        return differences;
    }

    private static string Because(Manifest manifest) => manifest.Program == Manifest.ThisProgram ? "" : $" It was made by {manifest.Program}; this is {Manifest.ThisProgram}.";

    /// <summary>Which parts of the two workbooks differ, when both can be opened.</summary>
    private static string Parts(string folder, string fresh, string name)
    {
        if (name != ReportFiles.Workbook || !File.Exists(Path.Combine(folder, name)))
        {
            return "";
        }

        try
        {
            var (before, after) = (PartHashes(Path.Combine(folder, name)), PartHashes(Path.Combine(fresh, name)));
            var parts = before.Keys.Union(after.Keys, StringComparer.Ordinal).Where(p => before.GetValueOrDefault(p) != after.GetValueOrDefault(p)).Order(StringComparer.Ordinal).ToList();
            return parts.Count == 0 ? " Their contents are the same; only the compression differs." : $" Parts that differ: {string.Join(", ", parts)}.";
        }
        catch (InvalidDataException)
        {
            return " The workbook in the folder cannot be opened.";
        }
    }

    private static Dictionary<string, string> PartHashes(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return zip.Entries.ToDictionary(e => e.FullName, e =>
        {
            using var stream = e.Open();
            return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(stream));
        }, StringComparer.Ordinal);
    }

    /// <summary>The manifest's own statements, compared with those the exports lead to. Where it was made may differ.</summary>
    private static IEnumerable<string> Fields(string folder, Manifest manifest, Figures figures)
    {
        var again = JsonSerializer.SerializeToNode(Manifest.Of(figures.Week) with { Runtime = manifest.Runtime, Files = manifest.Files }, Json.Options)!.AsObject();
        var stated = JsonSerializer.SerializeToNode(manifest, Json.Options)!.AsObject();
        foreach (var (name, value) in again)
        {
            if (stated[name]?.ToJsonString() != value?.ToJsonString())
            {
                yield return $"{ReportFiles.Manifest}: '{name}' says {stated[name]?.ToJsonString()}, the exports and this program give {value?.ToJsonString()}.";
            }
        }

        if (!File.ReadAllBytes(Path.Combine(folder, ReportFiles.Manifest)).AsSpan().SequenceEqual([.. Json.Bytes(manifest), (byte)'\n']))
        {
            yield return $"{ReportFiles.Manifest} is not written as the program writes it: it was edited.";
        }
    }
}
