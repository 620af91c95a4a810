using System.Collections.Concurrent;
using HealthEval.Storage;

namespace HealthEval.People;

/// <summary>
/// A token with whoever made it. On the platform, where each call would cost two reads, what only reads is let in by what was read up to 20 seconds ago, as people
/// are; whatever changes something looks anew. On one machine everything does: a token that is revoked there ends at once.
/// </summary>
internal sealed class KnownTokens(IDocumentStore store, TimeProvider time, IConfiguration configuration)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, (KnownToken Known, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly bool _remembers = configuration["Auth:Mode"] == PeopleSetup.PlatformMode;

    public async Task<KnownToken?> FindAsync(string given, bool onlyReads, CancellationToken cancellation)
    {
        var (key, now) = (Sha.Of(given), time.GetUtcNow());
        if (_remembers && onlyReads && _known.TryGetValue(key, out var known) && known.Until > now && known.Known.Token.Works(now))
        {
            return known.Known with { ETag = null };
        }

        if (await store.FindAsync<ApiToken>(ApiToken.Key(given), cancellation) is not { Value: var token } stored || !token.Works(now)
            || await store.FindAsync<Person>(Person.Key(token.MadeBy), cancellation) is not { Value: var maker } || !maker.MaySee(token.ProjectId))
        {
            _known.TryRemove(key, out _);
            return null;
        }

        var found = new KnownToken(token, maker, stored.ETag);
        if (_remembers)
        {
            Forget(now);
            _known[key] = (found, now + Remembered);
        }

        return found;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, _) in _known.Where(one => one.Value.Until <= now))
        {
            _known.TryRemove(key, out _);
        }
    }
}

/// <param name="ETag">Of the token as it was read just now; null where it was remembered.</param>
internal sealed record KnownToken(ApiToken Token, Person Maker, string? ETag);
