using System.Collections.Concurrent;
using HealthEval.Storage;

namespace HealthEval.Guidelines;

/// <summary>Reads guideline versions. They never change, so each is kept in memory once read.</summary>
internal sealed class GuidelineLibrary(IDocumentStore store)
{
    private readonly ConcurrentDictionary<(string Id, int Version), Guideline> _known = new();

    /// <summary>The versions that come with the program, oldest first. Each is readable for ever.</summary>
    public static IReadOnlyList<Guideline> BuiltIn { get; } = [Read<Guideline>("guideline-v1.json"), Read<Guideline>("guideline-v2.json")];

    /// <summary>The gates of version 1, and of every guideline that came before gates were data.</summary>
    public static IReadOnlyList<GateRule> FirstGates { get; } = Read<GateTable>("gates-v1.json").Gates;

    /// <summary>What a new project is judged by.</summary>
    public static Guideline Default => BuiltIn[^1];

    public async Task<Guideline?> FindAsync(string id, int version, CancellationToken cancellation)
    {
        if (id == Guideline.DefaultId && BuiltIn.FirstOrDefault(guideline => guideline.Version == version) is { } builtIn)
        {
            return builtIn;
        }

        if (!_known.TryGetValue((id, version), out var guideline) && await store.FindAsync<Guideline>(Guideline.Key(id, version), cancellation) is { } stored)
        {
            guideline = _known[(id, version)] = stored.Value;
        }

        return guideline;
    }

    /// <summary>All versions there are, the built-in ones first.</summary>
    public async Task<IReadOnlyList<Guideline>> AllAsync(CancellationToken cancellation)
    {
        var all = new List<Guideline>(BuiltIn);
        await foreach (var stored in store.AllAsync<Guideline>(new DocumentQuery(DocumentKind.Guideline) { ProjectId = "_" }, cancellation))
        {
            all.Add(stored.Value);
        }

        return all;
    }

    /// <summary>Adds the next version; null when somebody else took that number first.</summary>
    /// <param name="owners">Whose it is from its first version on; ignored later.</param>
    public async Task<Guideline?> AddAsync(string id, Guideline draft, IReadOnlyList<string> owners, CancellationToken cancellation)
    {
        var next = draft with { Id = id, Version = await NewestAsync(id, cancellation) + 1 };
        Write[] writes = next.Version == 1
            ? [new Write.Create(Guideline.Key(id, 1), next), new Write.Create(GuidelineOwner.Key(id), new GuidelineOwner(id, owners))]
            : [new Write.Create(Guideline.Key(id, next.Version), next)];
        return (await store.CommitAsync(writes, cancellation)).Succeeded ? next : null;
    }

    /// <summary>0 when there is none.</summary>
    public async Task<int> NewestAsync(string id, CancellationToken cancellation) =>
        (await AllAsync(cancellation)).Where(guideline => guideline.Id == id).Select(guideline => guideline.Version).DefaultIfEmpty(0).Max();

    private static T Read<T>(string resource)
        where T : class
    {
        using var stream = typeof(GuidelineLibrary).Assembly.GetManifestResourceStream(resource)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Json.Parse<T>(memory.ToArray());
    }

    private sealed record GateTable(IReadOnlyList<GateRule> Gates);
}
