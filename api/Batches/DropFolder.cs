using System.Text;

namespace HealthEval.Batches;

/// <summary>Where customers put files: <c>drop/&lt;projectId&gt;/&lt;name&gt;</c>.</summary>
internal static class DropFolder
{
    private const int MaxNameBytes = 200;

    public const string Root = "drop/";

    public static string Path(string projectId, string name) => $"{Root}{projectId}/{name}";

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
            trimmed = trimmed[1..];
        }

        return trimmed.Length == 0 ? "batch" : trimmed;
    }
}
