using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// What one of the customer's ids stands for, written before anything that has this id: the same id for something else is a conflict.
/// </summary>
/// <param name="Path">The field that holds the id.</param>
internal sealed record IdClaim(string ClaimId, string Sha256, string Path)
{
    public static IdClaim OfPrompt(string promptId, IReadOnlyList<EvalMessage> prompt) =>
        new("p" + Sha.OfParts(promptId)[..24], Sha.OfParts([.. prompt.SelectMany(message => new[] { message.Role, message.Content })]), "prompt_id");

    /// <summary>An item of one response, or of few, is stored under its id and needs no claim; this is for one that became several.</summary>
    public static IdClaim OfParts(string itemId, string contentSha256) => new("i" + Sha.OfParts(itemId)[..24], contentSha256, "item_id");

    public DocumentKey Key(string projectId) => new(DocumentKind.Group, new Partition(projectId, ClaimId), ClaimId);
}

internal enum ClaimState
{
    /// <summary>Nothing with these ids was there before this record.</summary>
    New,
    Known,
    Conflict,
}

/// <summary>The ids that a batch uses, taken in the store; remembers the latest, since lines of one prompt are usually neighbours.</summary>
internal sealed class IdClaims(IDocumentStore documents, string projectId)
{
    private const int MostRemembered = 20_000;
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly HashSet<IdClaim> _taken = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes every id that is still free, for the first of these records that has it.</summary>
    public async Task TakeAsync(IEnumerable<IdClaim> claims, CancellationToken cancellation)
    {
        _taken.Clear();
        if (_hashes.Count > MostRemembered)
        {
            _hashes.Clear();
        }

        var asked = claims.Where(claim => !_hashes.ContainsKey(claim.ClaimId)).DistinctBy(claim => claim.ClaimId).ToList();
        var results = asked.Count == 0 ? [] : await documents.CommitManyAsync([.. asked.Select(claim => (Write[])[new Write.Create(claim.Key(projectId), claim)])], cancellation);
        foreach (var (claim, result) in asked.Zip(results))
        {
            if (result.Succeeded)
            {
                _taken.Add(claim);
            }

            _hashes[claim.ClaimId] = result.Succeeded ? claim.Sha256 : (await documents.FindAsync<IdClaim>(claim.Key(projectId), cancellation))?.Value.Sha256 ?? claim.Sha256;
        }
    }

    /// <summary>Of a record whose ids have been asked for.</summary>
    public ClaimState StateOf(IReadOnlyList<IdClaim> claims) =>
        ConflictOf(claims) is not null ? ClaimState.Conflict
        : claims.All(_taken.Contains) ? ClaimState.New
        : ClaimState.Known;

    public IdClaim? ConflictOf(IReadOnlyList<IdClaim> claims) => claims.FirstOrDefault(claim => _hashes[claim.ClaimId] != claim.Sha256);
}
