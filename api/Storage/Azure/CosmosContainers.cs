using System.Collections.ObjectModel;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Storage.Azure;

/// <summary>
/// The containers with their partition key and indexes, from the same list of kinds that the embedded store makes its tables of. On Azure
/// infra/ creates them (the program's identity may not); a test holds the two together.
/// </summary>
internal static class CosmosContainers
{
    public static readonly IReadOnlyList<string> PartitionKeyPaths = ["/projectId", "/scope"];

    public static IEnumerable<ContainerProperties> All() => DocumentKind.All.GroupBy(kind => kind.Container).Select(kinds => Container(kinds.Key, [.. kinds]));

    /// <summary>For the emulator and the tests.</summary>
    public static async Task CreateAsync(CosmosClient client, string database, CancellationToken cancellation)
    {
        var created = await client.CreateDatabaseIfNotExistsAsync(database, cancellationToken: cancellation);
        foreach (var container in All())
        {
            await created.Database.CreateContainerIfNotExistsAsync(container, cancellationToken: cancellation);
        }
    }

    /// <summary>A field of the stored document; those of <see cref="DocumentKind"/> lie inside the body.</summary>
    public static string BodyPath(string field) => $"/body/{field.Replace('.', '/')}";

    /// <summary>The paths of a composite index that yields this order within a kind; ties are broken by scope and id.</summary>
    public static IEnumerable<string> OrderPaths(FieldIndex? index) => ["/kind", .. (index?.Fields ?? []).Select(BodyPath), "/scope", "/documentId"];

    private static ContainerProperties Container(string name, IReadOnlyList<DocumentKind> kinds)
    {
        var properties = new ContainerProperties(name, PartitionKeyPaths)
        {
            DefaultTimeToLive = -1, // nothing expires unless it says so itself
            IndexingPolicy = new IndexingPolicy { IndexingMode = IndexingMode.Consistent, Automatic = true },
        };
        properties.IndexingPolicy.ExcludedPaths.Add(new ExcludedPath { Path = "/*" }); // prompts, responses and judgements are large and never searched
        string[] plain = ["/kind", "/projectId", "/scope", "/documentId"];
        foreach (var path in plain.Concat(kinds.SelectMany(kind => kind.Indexes).SelectMany(index => index.Fields).Select(BodyPath).Distinct()))
        {
            properties.IndexingPolicy.IncludedPaths.Add(new IncludedPath { Path = $"{path}/?" });
        }

        foreach (var index in kinds.SelectMany(kind => kind.Indexes).Prepend(null).DistinctBy(index => string.Join(',', OrderPaths(index))))
        {
            properties.IndexingPolicy.CompositeIndexes.Add(new Collection<CompositePath>([.. OrderPaths(index).Select(path => new CompositePath { Path = path, Order = CompositePathSortOrder.Ascending })]));
        }

        return properties;
    }
}
