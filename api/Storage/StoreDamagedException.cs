using System.Text.Json;

namespace HealthEval.Storage;

/// <summary>What is stored cannot be read as it was written. Nothing has been changed, and nothing must be until somebody has decided what to do.</summary>
internal sealed class StoreDamagedException(string what, string why, Exception? inner = null) : Exception(
    $"'{what}' is damaged: {FirstLine(why)}. Nothing was changed. Keep a copy of the folder, then bring back a backup with 'healtheval restore', or name another folder with --data DIR.", inner)
{
    public static StoreDamagedException Document<T>(JsonException why) => new(typeof(T).Name, "a document of this kind cannot be read; 'healtheval check' says which", why);

    /// <summary>SQLite lists what it has found under a heading.</summary>
    private static string FirstLine(string why) => why.Split('\n').FirstOrDefault(line => line.Length > 0 && !line.StartsWith("***", StringComparison.Ordinal))?.TrimEnd('.') ?? "its content contradicts itself";
}
