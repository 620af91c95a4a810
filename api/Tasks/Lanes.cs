using HealthEval.People;
using HealthEval.Projects;

namespace HealthEval.Tasks;

/// <summary>In which order a person looks through the lanes of a project.</summary>
internal static class Lanes
{
    /// <summary>
    /// The groups one after the other: what comes first before what is usual before what comes last; in each of these the person's own specialties, then what
    /// has none, then other people's. Within a group nobody waits for the others.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(Person person, RoutingSettings? routing)
    {
        var plain = TaskSearch.LanesOf(person);
        if (routing is null)
        {
            return [plain];
        }

        var own = (person.Credential?.Specialties ?? []).Select(RoutingSettings.Plain).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. routing.Ends().GroupBy(end => OrderOf(end, own)).OrderBy(ends => ends.Key)
                .Select(ends => (IReadOnlyList<string>)[.. plain.SelectMany(lane => ends.Select(end => lane + end))]),
        ];
    }

    private static int OrderOf(string end, HashSet<string> own)
    {
        var (place, specialty) = RoutingSettings.Read(end);
        var fit = own.Contains(specialty) ? 0 : specialty.Length == 0 ? 1 : 2;
        return (RoutingSettings.Places.ToList().IndexOf(place) * 3) + fit;
    }
}
