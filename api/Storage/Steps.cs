namespace HealthEval.Storage;

/// <summary>Section <c>Steps</c> of the settings.</summary>
internal sealed class StepOptions
{
    /// <summary>How long one call may work before it hands the rest to the next. Under the Functions host only, which kills what takes too long.</summary>
    public TimeSpan Budget { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>How long somebody who is silent is taken to be alive; they say so three times as often.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Who is at a long piece of work, until when, and how far it has come.</summary>
internal sealed record StepState<T>(string Holder, DateTimeOffset Until, T? Position)
    where T : class;

/// <summary>
/// Long work in steps, each by one worker at a time. The lease is a document that only its holder can still write: who was slow or dead, and was
/// replaced, finds out at the next save, which carries whatever else is to be written with it.
/// </summary>
internal sealed class Steps(IDocumentStore documents, TimeProvider clock, StepOptions options)
{
    public static readonly TimeSpan Unlimited = Timeout.InfiniteTimeSpan;

    public StepTime Begin() => BeginUntil(CancellationToken.None);

    /// <param name="stopping">When this is cancelled the step ends as if its time were over: it saves, and is gone on with elsewhere.</param>
    public StepTime BeginUntil(CancellationToken stopping) => new(clock, options.Budget, stopping);

    public StepTime BeginWithoutEnd() => new(clock, Unlimited);

    public async Task<bool> IsHeldAsync<T>(DocumentKey key, CancellationToken cancellation)
        where T : class => await documents.FindAsync<StepState<T>>(key, cancellation) is { } stored && IsLive(stored.Value.Until);

    /// <summary>Not over, and not further ahead than any is given: then a clock was wrong.</summary>
    private bool IsLive(DateTimeOffset until) => clock.GetUtcNow() is var now && until > now && until <= now + options.Lease + Clocks.Tolerance;

    /// <summary>
    /// Null while somebody else is at it. With <paramref name="patient"/>, only somebody who has shown to be alive: a lease whose holder died
    /// is waited for, because nobody may come by a second time.
    /// </summary>
    public async Task<StepLease<T>?> TakeAsync<T>(DocumentKey key, bool patient, CancellationToken cancellation)
        where T : class
    {
        for (string? seen = null; ;)
        {
            var stored = await documents.FindAsync<StepState<T>>(key, cancellation);
            if (stored is null || !IsLive(stored.Value.Until))
            {
                var mine = new StepState<T>(Guid.NewGuid().ToString("N"), clock.GetUtcNow() + options.Lease, stored?.Value.Position);
                Write write = stored is null ? new Write.Create(key, mine) : new Write.Replace(key, mine, stored.ETag);
                if (await documents.CommitAsync(write, cancellation) is Committed { ETags: [var etag] })
                {
                    return new StepLease<T>(documents, clock, options.Lease, key, mine, etag);
                }
            }
            else if (!patient || (seen is not null && seen != stored.ETag))
            {
                return null;
            }
            else
            {
                seen = stored.ETag;
                await Task.Delay(options.Lease / 10, clock, cancellation);
            }
        }
    }
}

internal enum StepOutcome
{
    /// <summary>There was nothing to do, or nothing more.</summary>
    Nothing,

    Done,

    /// <summary>The time was over; the next step goes on from here.</summary>
    MoreToDo,

    /// <summary>Somebody else is at it.</summary>
    Busy,
}

/// <summary>The time of one step, from now on.</summary>
internal sealed class StepTime(TimeProvider clock, TimeSpan budget, CancellationToken stopping = default)
{
    private readonly long _began = clock.GetTimestamp();

    public bool IsOver => IsBeyond(budget);

    /// <summary>Time to stop preparing what cannot be interrupted once it has begun.</summary>
    public bool IsHalfOver => IsBeyond(budget / 2);

    private bool IsBeyond(TimeSpan share) => stopping.IsCancellationRequested || (budget != Steps.Unlimited && clock.GetElapsedTime(_began) >= share);
}

/// <summary>Another worker has taken over; what this one did since its last save is done again, to the same result.</summary>
internal sealed class StepLostException() : Exception("Another worker has taken over.");
