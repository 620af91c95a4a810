using HealthEval.Intake;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// What one of the customer's ids stands for, written before anything that has this id: the same id for something else is a conflict.
/// </summary>
/// <param name="Path">The field that holds the id.</param>
internal sealed record IdClaim(string ClaimId, string Sha256, string Path)
{
    public static IdClaim OfPrompt(string promptId, IReadOnlyList<EvalMessage> prompt) =>
        new("p" + Sha.OfParts(promptId)[..24], EvalMessage.HashOf(prompt), "prompt_id");

    /// <summary>An item of one response, or of few, is stored under its id and needs no claim; this is for one that became several.</summary>
    public static IdClaim OfParts(string itemId, string contentSha256) => new("i" + Sha.OfParts(itemId)[..24], contentSha256, "item_id");

    public DocumentKey Key(string projectId) => new(DocumentKind.Group, new Partition(projectId, ClaimId), ClaimId);
}

/// <summary>The ids that a batch uses, taken in the store; remembers the latest, since lines of one prompt are usually neighbours.</summary>
/// <param name="replaces">What the ids stood for so far came from a reading that was withdrawn.</param>
internal sealed class IdClaims(IDocumentStore documents, string projectId, bool replaces)
{
    private const int MostRemembered = 20_000;
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <summary>Takes every id that is still free, for the first of these records that has it, and tells each record what became of its own.</summary>
    public async Task TakeAsync(LoadChunk chunk, CancellationToken cancellation)
    {
        if (_hashes.Count > MostRemembered)
        {
            _hashes.Clear();
        }

        var asked = new List<LoadClaim>();
        foreach (var claim in chunk.Records.SelectMany(record => record.Claims))
        {
            if (_hashes.TryAdd(claim.Claim.ClaimId, claim.Claim.Sha256))
            {
                asked.Add(claim);
            }
        }

        var results = asked.Count == 0 ? [] : await documents.CommitManyAsync([.. asked.Select(chunk.Writes)], cancellation);
        var taken = new HashSet<LoadClaim>(ReferenceEqualityComparer.Instance);
        foreach (var (claim, result) in asked.Zip(results))
        {
            if (result.Succeeded)
            {
                taken.Add(claim);
            }
            else if (await documents.FindAsync<IdClaim>(claim.Claim.Key(projectId), cancellation) is { Value: var there })
            {
                if (replaces && there.Sha256 != claim.Claim.Sha256)
                {
                    await documents.CommitAsync(new Write.Put(claim.Claim.Key(projectId), claim.Claim), cancellation);
                    continue;
                }

                _hashes[claim.Claim.ClaimId] = there.Sha256;
            }
        }

        foreach (var record in chunk.Records)
        {
            record.ConflictPath = Array.Find(record.Claims, claim => _hashes[claim.Claim.ClaimId] != claim.Claim.Sha256)?.Claim.Path;
            record.HasNewIds = Array.TrueForAll(record.Claims, taken.Contains);
        }
    }
}
