using System.Text.RegularExpressions;
using HealthEval.Guidelines;
using HealthEval.Http;

namespace HealthEval.Projects;

/// <summary>
/// What is judged first, and by whom best. A place in the order is the end of a lane's name, so that each place is a queue of its own and finding the next task
/// costs what it cost before.
/// </summary>
/// <param name="Risk">Place by risk tier: first, usual or last.</param>
/// <param name="Batches">Place by batch, before that of the risk tier.</param>
/// <param name="Specialties">Items of these go to people who have them first; others get them when there is nothing else for them.</param>
/// <param name="Known">Ends of lanes that earlier settings made and in which tasks may still lie.</param>
internal sealed partial record RoutingSettings(
    IReadOnlyDictionary<string, string>? Risk = null,
    IReadOnlyDictionary<string, string>? Batches = null,
    IReadOnlyList<string>? Specialties = null,
    IReadOnlyList<string>? Known = null)
{
    public const string First = "first";
    public const string Usual = "usual";
    public const string Last = "last";
    public const int MostSpecialties = 8;
    private const int MostBatches = 200;

    /// <summary>The order in which they are looked through.</summary>
    public static readonly IReadOnlyList<string> Places = [First, Usual, Last];

    /// <summary>The ends of all lanes that a task may lie in; the plain lane's is empty.</summary>
    public IReadOnlyList<string> Ends()
    {
        var places = (Risk?.Values ?? []).Concat(Batches?.Values ?? []).Append(Usual).Distinct();
        IReadOnlyList<string> specialties = ["", .. (Specialties ?? []).Select(Plain).Distinct()];
        return [.. places.SelectMany(place => specialties.Select(specialty => EndOf(place, specialty))).Union(Known ?? [])];
    }

    public string EndFor(string batchId, string riskTier, string? specialty)
    {
        var place = Batches?.GetValueOrDefault(batchId) ?? Risk?.GetValueOrDefault(riskTier) ?? Usual;
        var routed = specialty is not null && (Specialties ?? []).Select(Plain).Contains(Plain(specialty));
        return EndOf(place, routed ? Plain(specialty!) : "");
    }

    /// <summary>Place and specialty of a lane's end.</summary>
    public static (string Place, string Specialty) Read(string end) => end.Split('|') is [_, var place, var specialty] ? (place, specialty) : (Usual, "");

    public static string Plain(string specialty) => specialty.Trim().ToLowerInvariant();

    /// <summary>These settings in the place of others, whose lanes are not forgotten. Nobody else says what is known.</summary>
    public static RoutingSettings? After(RoutingSettings? now, RoutingSettings? before) =>
        now is null && before is null ? null : (now ?? new RoutingSettings()) with { Known = before is null ? null : [.. before.Ends().Where(end => end.Length > 0)] };

    public void Check(Faults faults)
    {
        faults.Require((Risk ?? new Dictionary<string, string>()).All(one => Vocabulary.RiskTiers.Contains(one.Key) && Places.Contains(one.Value)), "routing.risk", $"For any of {string.Join(", ", Vocabulary.RiskTiers)} one of: {string.Join(", ", Places)}.");
        faults.Require((Batches?.Count ?? 0) <= MostBatches && (Batches?.Values ?? []).All(Places.Contains), "routing.batches", $"For at most {MostBatches} batches one of: {string.Join(", ", Places)}.");
        faults.Require((Specialties?.Count ?? 0) <= MostSpecialties && (Specialties ?? []).All(IsSpecialty), "routing.specialties", $"At most {MostSpecialties} names of 2 to 40 letters, digits, spaces, hyphens and ampersands.");
    }

    public static bool IsSpecialty(string name) => SpecialtyPattern.IsMatch(name);

    private static string EndOf(string place, string specialty) => place == Usual && specialty.Length == 0 ? "" : $"|{place}|{specialty}";

    [GeneratedRegex(@"^[\p{L}\p{N}][\p{L}\p{N} &/-]{1,39}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SpecialtyPattern { get; }
}
