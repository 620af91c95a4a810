using System.Text;

namespace HealthEval.Storage;

/// <summary>Which paths a file store takes: relative, forward slashes, no way out, and short enough for a folder and for Blob Storage alike.</summary>
internal static class FilePath
{
    private const int MaxLength = 900;
    private const int MaxSegmentBytes = 240;

    public static bool IsAllowed(string path) => !string.IsNullOrEmpty(path) && path.Length <= MaxLength && path.Split('/').All(IsName);

    public static string Require(string path) => IsAllowed(path) ? path : throw new UnsafePathException(path);

    /// <summary>A folder with its closing slash; the empty text is the whole store.</summary>
    public static string RequireFolder(string prefix) =>
        prefix is "" || (prefix.EndsWith('/') && Require(prefix[..^1]) is not null) ? prefix : throw new UnsafePathException(prefix);

    private static bool IsName(string segment) =>
        segment is not ("" or "." or "..")
        && segment[^1] is not ('.' or ' ') // Blob Storage and Windows drop these silently
        && !segment.Any(c => c == '\\' || char.IsControl(c))
        && Encoding.UTF8.GetByteCount(segment) <= MaxSegmentBytes;
}

internal sealed class UnsafePathException(string path)
    : Exception($"The path '{path}' does not stay inside the store. Use a relative path without '..', backslashes and control characters, each name at most 240 bytes long and not ending in a dot or a space.");
