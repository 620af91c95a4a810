using System.Text;

namespace HealthEval.Batches;

/// <summary>Where customers put files: <c>drop/&lt;projectId&gt;/&lt;name&gt;</c>.</summary>
internal static class DropFolder
{
    private const int MaxNameBytes = 200;
    private const string Marker = ".done";
    private static readonly string[] Unfinished = [".part", ".tmp", ".partial", ".filepart", ".crdownload"];

    public const string Root = "drop/";

    public static string Path(string projectId, string name) => $"{Root}{projectId}/{name}";

    /// <summary>Under which an upload is kept: no two have the same, whatever they are called and whenever they come.</summary>
    public static string Arrival(string safeName, DateTimeOffset now) => $"{now:yyyyMMdd-HHmmss-fff}-{Guid.NewGuid().ToString("N")[..12]}-{safeName}";

    /// <summary>By its name: hidden, or one that a program writes to before it gives the file its own.</summary>
    public static bool IsUnfinished(string name) => name.StartsWith('.') || Array.Exists(Unfinished, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Put beside a file, after it, it says that the file is whole.</summary>
    public static string MarkerOf(string path) => path + Marker;

    /// <summary>What such a marker would be about; null for other names.</summary>
    public static string? MarkedBy(string path) => path.EndsWith(Marker, StringComparison.Ordinal) ? path[..^Marker.Length] : null;

    /// <summary>A customer's file name as one that is safe in every store; its ending stays.</summary>
    public static string SafeName(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var safe = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            safe.Append(Rune.IsLetterOrDigit(rune) || rune.Value is '.' or '-' or '_' or ' ' ? rune.ToString() : "_");
        }

        var trimmed = safe.ToString().Trim(' ', '.');
        while (Encoding.UTF8.GetByteCount(trimmed) > MaxNameBytes)
        {
            trimmed = trimmed[(char.IsSurrogatePair(trimmed, 0) ? 2 : 1)..];
        }

        return trimmed.Length == 0 ? "batch" : trimmed;
    }
}
