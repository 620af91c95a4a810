using System.Text.Json.Nodes;

namespace HealthEval.Tests.Functions;

/// <summary>What Azure reads of the program's functions: functions.metadata, made from their attributes by the build.</summary>
internal static class AppFunctions
{
    /// <summary>A function's bindings, by its name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<JsonNode>> All { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(HostRig.Folder, "functions.metadata")))!.AsArray()
        .ToDictionary(function => (string)function!["name"]!, IReadOnlyList<JsonNode> (function) => [.. function!["bindings"]!.AsArray().Select(binding => binding!)]);

    /// <summary>Of the HTTP functions: name, first part of the route (<c>*</c> for all others), methods.</summary>
    public static IEnumerable<(string Name, string Prefix, IReadOnlyList<string> Methods)> Http => All
        .Where(function => (string)Trigger(function.Key)["type"]! == "httpTrigger")
        .Select(function => (function.Key, ((string)Trigger(function.Key)["route"]!).Replace("/{*path}", "", StringComparison.Ordinal).Replace("{*path}", "*", StringComparison.Ordinal),
            (IReadOnlyList<string>)[.. Trigger(function.Key)["methods"]!.AsArray().Select(method => ((string)method!).ToUpperInvariant())]));

    public static JsonNode Trigger(string function) => All[function].Single(binding => ((string)binding["type"]!).EndsWith("Trigger", StringComparison.Ordinal));

    public static JsonNode? Output(string function) => All[function].SingleOrDefault(binding => (string)binding["direction"]! == "Out");
}
