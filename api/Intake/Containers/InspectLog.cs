using System.IO.Compression;

namespace HealthEval.Intake.Containers;

/// <summary>Inspect's own log (<c>.eval</c>): a zip whose <c>samples/*.json</c> are the records. The line of a record is its place among the samples.</summary>
internal static class InspectLog
{
    public const int MostSamples = 100_000;

    public static bool IsOne(IReadOnlyList<ZipArchiveEntry> entries) =>
        entries.Any(entry => entry.FullName is "header.json" or "_journal/start.json") && entries.Any(IsSample);

    public static Part Part(string name, Func<Stream> open, IngestOptions options)
    {
        foreach (var _ in Records(open, options))
        {
            // each entry is checked to be whole before the first one is used
        }

        return new Part(name, "inspect log", () => Records(open, options));
    }

    private static IEnumerable<RawRecord> Records(Func<Stream> open, IngestOptions options)
    {
        using var archive = Archive.Open(open);
        var number = 0L;
        var unpacked = 0L;
        foreach (var entry in archive.Entries.Where(IsSample).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            number++;
            unpacked += entry.Length;
            if (unpacked > options.MaxUnpackedBytes)
            {
                throw new UnreadableFileException($"Unpacks to more than {options.MaxUnpackedBytes:N0} bytes, the limit. Split the file.");
            }

            if (entry.Length > options.MaxRecordBytes)
            {
                yield return RawRecord.Bad(number, $"The record is longer than {options.MaxRecordBytes:N0} bytes, the most that one record may have.");
                continue;
            }

            using var stream = Archive.Checked(entry, options);
            foreach (var record in JsonValues.Read(stream, options))
            {
                yield return record with { Line = number };
            }
        }
    }

    private static bool IsSample(ZipArchiveEntry entry) => entry.FullName.StartsWith("samples/", StringComparison.Ordinal) && entry.FullName.EndsWith(".json", StringComparison.Ordinal);
}
