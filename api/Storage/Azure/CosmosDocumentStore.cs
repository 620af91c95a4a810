using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Storage.Azure;

/// <summary>Documents in Cosmos DB. Single writes are point operations; several are a transactional batch of their logical partition.</summary>
internal sealed class CosmosDocumentStore(CosmosClient client, string database) : IDocumentStore
{
    private const int CommitsAtOnce = 32;
    private const int DeletionsAtOnce = 1_000;

    public Task<Stored<T>?> FindAsync<T>(DocumentKey key, CancellationToken cancellation)
        where T : class => TryAsync(async () =>
        {
            using var response = await Container(key.Kind).ReadItemStreamAsync(CosmosDocument.Id(key), CosmosDocument.PartitionKey(key.Partition), cancellationToken: cancellation);
            CosmosFailures.Require(response, HttpStatusCode.NotFound);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            using var document = await JsonDocument.ParseAsync(response.Content, cancellationToken: cancellation);
            return CosmosDocument.Read<T>(document.RootElement);
        }, cancellation);

    public Task<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken cancellation) =>
        CommitAsync(SerializedWrite.Of(writes), cancellation);

    public async Task<IReadOnlyList<CommitResult>> CommitManyAsync(IReadOnlyList<IReadOnlyList<Write>> commits, CancellationToken cancellation)
    {
        var results = new CommitResult[commits.Count];
        var all = commits.Select(SerializedWrite.Of).ToArray();
        await Parallel.ForEachAsync(InOrderWherePartitionsMeet(all), new ParallelOptions { MaxDegreeOfParallelism = CommitsAtOnce, CancellationToken = cancellation }, async (group, token) =>
        {
            foreach (var i in group)
            {
                results[i] = await CommitAsync(all[i], token);
            }
        });
        return results;
    }

    public Task<Page<T>> QueryAsync<T>(DocumentQuery query, string? continuation, CancellationToken cancellation)
        where T : class => TryAsync(async () =>
        {
            var sql = CosmosSql.Select(query, Continuation.Parse(continuation));
            var found = new List<Stored<T>>();
            Continuation? last = null;
            await foreach (var document in ReadAsync(query, sql, query.Top + 1, cancellation))
            {
                if (found.Count == query.Top)
                {
                    return new Page<T>(found, last!.ToString());
                }

                found.Add(CosmosDocument.Read<T>(document));
                last = CosmosSql.Position(query, document);
            }

            return new Page<T>(found, null);
        }, cancellation);

    public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellation) => TryAsync(async () =>
    {
        var count = 0L;
        await foreach (var part in ReadAsync(query, CosmosSql.Count(query), -1, cancellation))
        {
            count += part.GetInt64();
        }

        return count;
    }, cancellation);

    public Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation) => TryAsync(async () =>
    {
        var deleted = 0L;
        foreach (var kind in DocumentKind.All)
        {
            var query = new DocumentQuery(kind) { ProjectId = projectId };
            await foreach (var keys in KeysAsync(query, cancellation).Chunk(DeletionsAtOnce).WithCancellation(cancellation))
            {
                var commits = keys.GroupBy(key => key.Partition).SelectMany(keys => keys.Chunk(SerializedWrite.MaxWrites)).Select(keys => (IReadOnlyList<Write>)[.. keys.Select(key => new Write.Delete(key))]);
                await CommitManyAsync([.. commits], cancellation);
                deleted += keys.Length;
            }
        }

        return deleted;
    }, cancellation);

    private IAsyncEnumerable<DocumentKey> KeysAsync(DocumentQuery query, CancellationToken cancellation) => ReadAsync(query, CosmosSql.Keys(query), DeletionsAtOnce, cancellation).Select(document =>
        new DocumentKey(query.Kind, new Partition(query.ProjectId!, document.GetProperty("scope").GetString()!), document.GetProperty("documentId").GetString()!));

    private Task<CommitResult> CommitAsync(SerializedWrite[] writes, CancellationToken cancellation) =>
        TryAsync(() => writes is [var only]
            ? CosmosCommit.OneAsync(Container(only.Key.Kind), only, cancellation)
            : CosmosCommit.TogetherAsync(ContainerOf(writes), writes, cancellation), cancellation);

    /// <summary>Every row of every page of the result; the SDK merges the physical partitions.</summary>
    private async IAsyncEnumerable<JsonElement> ReadAsync(DocumentQuery query, QueryDefinition sql, int most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var options = new QueryRequestOptions
        {
            PartitionKey = query switch
            {
                { ProjectId: { } project, Scope: { } scope } => CosmosDocument.PartitionKey(new Partition(project, scope)),
                { ProjectId: { } project } => CosmosDocument.PartitionKey(project),
                _ => null,
            },
            MaxItemCount = most,
            MaxConcurrency = -1,
        };
        using var pages = Container(query.Kind).GetItemQueryStreamIterator(sql, requestOptions: options);
        while (pages.HasMoreResults)
        {
            using var response = await pages.ReadNextAsync(cancellation);
            CosmosFailures.Require(response);
            using var page = await JsonDocument.ParseAsync(response.Content, cancellationToken: cancellation);
            foreach (var row in page.RootElement.GetProperty("Documents").EnumerateArray())
            {
                yield return row;
            }
        }
    }

    /// <summary>Commits of different partitions may overtake each other, those of one keep their order.</summary>
    private static IEnumerable<int[]> InOrderWherePartitionsMeet(SerializedWrite[][] commits) =>
        commits.Index().GroupBy(commit => commit.Item[0].Key.Partition, commit => commit.Index).Select(group => group.ToArray());

    private Container Container(DocumentKind kind) => client.GetContainer(database, kind.Container);

    private Container ContainerOf(SerializedWrite[] writes) => writes.All(write => write.Key.Kind.Container == writes[0].Key.Kind.Container)
        ? Container(writes[0].Key.Kind)
        : throw new ArgumentException($"'{writes[0].Key.Kind}' and what is written with it live in different containers.", nameof(writes));

    private static async Task<T> TryAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (CosmosFailures.WillPass(failure) && !cancellation.IsCancellationRequested)
        {
            throw CosmosFailures.Explain(failure);
        }
    }
}
