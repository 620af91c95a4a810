using System.Net;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Storage.Azure;

/// <summary>Writes, and what the service's answers mean.</summary>
internal static class CosmosCommit
{
    private static readonly HttpStatusCode[] Refusals = [HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed, HttpStatusCode.NotFound];

    public static async Task<CommitResult> OneAsync(Container container, SerializedWrite write, CancellationToken cancellation)
    {
        var partition = CosmosDocument.PartitionKey(write.Key.Partition);
        var id = CosmosDocument.Id(write.Key);
        var options = new ItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = write.Write is Write.Replace { ETag: var etag } ? CosmosDocument.Header(etag) : null };
        using var body = write.Write is Write.Delete ? null : CosmosDocument.Stream(write);
        using var response = await (write.Write switch
        {
            Write.Create => container.CreateItemStreamAsync(body, partition, options, cancellation),
            Write.Put => container.UpsertItemStreamAsync(body, partition, options, cancellation),
            Write.Replace => container.ReplaceItemStreamAsync(body, id, partition, options, cancellation),
            _ => container.DeleteItemStreamAsync(id, partition, options, cancellation),
        });
        CosmosFailures.Require(response, Refusals);
        return response.IsSuccessStatusCode || write.Write is Write.Delete
            ? new Committed([write.Write is Write.Delete ? "" : CosmosDocument.ETag(response.Headers.ETag)])
            : Refusal(write, 0);
    }

    public static async Task<CommitResult> TogetherAsync(Container container, SerializedWrite[] writes, CancellationToken cancellation)
    {
        var left = Enumerable.Range(0, writes.Length).ToList(); // which writes take part: deletions of what is not there drop out
        while (left.Count > 0)
        {
            using var response = await Batch(container, writes, left).ExecuteAsync(cancellation);
            if (response.IsSuccessStatusCode)
            {
                var etags = Enumerable.Repeat("", writes.Length).ToArray();
                for (var i = 0; i < left.Count; i++)
                {
                    etags[left[i]] = writes[left[i]].Write is Write.Delete ? "" : CosmosDocument.ETag(response[i].ETag);
                }

                return new Committed(etags);
            }

            CosmosFailures.Require(response, Refusals);
            var refused = Enumerable.Range(0, response.Count).First(i => !response[i].IsSuccessStatusCode && response[i].StatusCode != HttpStatusCode.FailedDependency);
            if (writes[left[refused]].Write is not Write.Delete)
            {
                return Refusal(writes[left[refused]], left[refused]);
            }

            left.RemoveAt(refused);
        }

        return new Committed([.. writes.Select(_ => "")]);
    }

    private static TransactionalBatch Batch(Container container, SerializedWrite[] writes, List<int> indexes)
    {
        var batch = container.CreateTransactionalBatch(CosmosDocument.PartitionKey(writes[0].Key.Partition));
        var plain = new TransactionalBatchItemRequestOptions { EnableContentResponseOnWrite = false };
        foreach (var write in indexes.Select(i => writes[i]))
        {
            var id = CosmosDocument.Id(write.Key);
            _ = write.Write switch
            {
                Write.Create => batch.CreateItemStream(CosmosDocument.Stream(write), plain),
                Write.Put => batch.UpsertItemStream(CosmosDocument.Stream(write), plain),
                Write.Replace replace => batch.ReplaceItemStream(id, CosmosDocument.Stream(write), new TransactionalBatchItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = CosmosDocument.Header(replace.ETag) }),
                _ => batch.DeleteItem(id, plain),
            };
        }

        return batch;
    }

    private static CommitResult Refusal(SerializedWrite write, int index) => write.Write is Write.Create ? new AlreadyThere(index) : new Stale(index);
}
