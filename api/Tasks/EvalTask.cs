using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>
/// The assignment state of one item: who holds it and who has judged it. Small, and rewritten on every claim; the content lies apart.
/// </summary>
/// <param name="Lane">Sub-domain and language: raters look for work in the lanes their credential covers.</param>
/// <param name="Rank">Place in its lane. A task that becomes free again goes to the end, so that nobody who has passed it must turn back.</param>
/// <param name="OpenRank">The rank while a slot is free, else null: the index of open tasks is over this field.</param>
/// <param name="NextExpiry">When no slot is free: the first moment at which one may become free by expiry.</param>
/// <param name="Slots">One per person who holds or has judged the task.</param>
/// <param name="Declined">People who said that the task is not for them, or who have had another part in it.</param>
/// <param name="Mode">How much is asked of this task, where that differs from its project.</param>
/// <param name="Stopped">While it is there, nobody is handed the task.</param>
/// <param name="Models">Whose responses it holds, and <paramref name="Risk"/> how grave the conversation is: for those who look for tasks by them.</param>
/// <param name="Findings">What its judgements found; null when nobody has judged it, or when it has to be read from the judgements.</param>
internal sealed record EvalTask(
    string ProjectId,
    string TaskId,
    string PromptId,
    string BatchId,
    string Lane,
    int Overlap,
    string Rank,
    string? OpenRank,
    DateTimeOffset? NextExpiry,
    IReadOnlyList<Slot> Slots,
    IReadOnlyList<string> Declined,
    string? Mode = null,
    Stop? Stopped = null,
    IReadOnlyList<string>? Models = null,
    string? Risk = null,
    TaskFindings? Findings = null)
{
    public static DocumentKey Key(string projectId, string taskId) => new(DocumentKind.Task, new Partition(projectId, taskId), taskId);

    public static string LaneOf(string subdomain, string language) => $"{subdomain}|{PrimaryLanguage(language)}";

    /// <summary>The lane without its place in the project's order.</summary>
    public string PlainLane => Lane.Split('|') is [var subdomain, var language, _, ..] ? $"{subdomain}|{language}" : Lane;

    /// <summary>The same task at another place in the project's order, at the end of that queue, where everybody can find it.</summary>
    public EvalTask InLane(string lane, DateTimeOffset now) => (this with { Lane = lane, Rank = OpenRank is null ? Rank : RankAt(now, TaskId) }).WithSlots(Slots, now);

    public static string RankAt(DateTimeOffset time, string taskId) => $"{time.ToUnixTimeMilliseconds():D15}-{Sha.OfParts("rank", taskId)[..12]}";

    /// <summary>No rank that is given until then is greater.</summary>
    public static string LatestRankAt(DateTimeOffset time) => $"{time.ToUnixTimeMilliseconds():D15}-~";

    public static EvalTask New(string projectId, string taskId, string promptId, string batchId, string subdomain, string language, int overlap, DateTimeOffset now)
    {
        var rank = RankAt(now, taskId);
        return new EvalTask(projectId, taskId, promptId, batchId, LaneOf(subdomain, language), overlap, rank, rank, NextExpiry: null, [], []);
    }

    /// <summary>The same task, which this person will not be given: one person has one part in it.</summary>
    public EvalTask NotFor(string person) => Declined.Contains(person) ? this : this with { Declined = [.. Declined, person] };

    public int Judged => Slots.Count(slot => slot.IsFilled);

    /// <summary>Whether a slot is free at this moment; an expired lease is a free slot.</summary>
    public bool HasRoom(DateTimeOffset now) => Stopped is null && Slots.Count(slot => slot.IsTaken(now)) < Overlap;

    public bool IsFor(string rater, DateTimeOffset now) => HasRoom(now) && !Declined.Contains(rater) && !Slots.Any(slot => slot.Rater == rater && slot.IsTaken(now));

    public Slot? SlotOf(string rater) => Slots.FirstOrDefault(slot => slot.Rater == rater);

    /// <summary>Takes a free slot; null when there is none, or none for this person.</summary>
    public EvalTask? Claim(string rater, string leaseId, GuidelineReference guideline, DateTimeOffset now, TimeSpan lease, string? mode = null) =>
        IsFor(rater, now)
            ? WithSlots([.. Slots.Where(slot => slot.IsTaken(now)), new Slot(rater, leaseId, guideline, now, now + lease) { Mode = Mode ?? mode }], now)
            : null;

    /// <summary>Extends a lease, also an expired one as long as nobody has taken its place; null when it is gone.</summary>
    public EvalTask? Renew(string rater, string leaseId, DateTimeOffset now, TimeSpan lease) =>
        Held(rater, leaseId) is { } slot && (slot.IsTaken(now) || HasRoom(now)) ? With(slot, slot with { ExpiresAt = now + lease }, now) : null;

    /// <summary>Gives the slot back; <paramref name="forGood"/> when the person should not see the task again. Null when the lease is gone already.</summary>
    public EvalTask? Release(string rater, string leaseId, DateTimeOffset now, bool forGood) =>
        Held(rater, leaseId) is { } slot
            ? (this with { Declined = forGood ? [.. Declined, rater] : Declined }).Reopened(now, slot)
            : null;

    /// <summary>Turns a live lease into a judgement; null when the lease has expired or is gone.</summary>
    public EvalTask? Fill(string rater, string leaseId, string annotationId, DateTimeOffset now) =>
        Held(rater, leaseId) is { } slot && slot.IsTaken(now) ? With(slot, slot with { AnnotationId = annotationId, SubmittedAt = now }, now) : null;

    /// <summary>Takes an unfinished lease away, whoever holds it; null when there is none by this person.</summary>
    public EvalTask? Free(string rater, DateTimeOffset now) => SlotOf(rater) is { IsFilled: false } slot ? Reopened(now, slot) : null;

    /// <summary>Keeps it from everybody; who held it holds it no more, and their drafts stay.</summary>
    public EvalTask Halted(Stop stop, DateTimeOffset now) =>
        (this with { Stopped = stop with { Asked = Overlap }, Overlap = Judged }).WithSlots([.. Slots.Where(slot => slot.IsFilled)], now);

    /// <summary>Hands it out again, to as many as before.</summary>
    public EvalTask Resumed(DateTimeOffset now) => (this with { Stopped = null, Overlap = Math.Max(Stopped?.Asked ?? Overlap, Judged) }).Reopened(now);

    /// <summary>The same task, which one more person may judge, or one fewer.</summary>
    public EvalTask Asking(int judgements, DateTimeOffset now) => (this with { Overlap = judgements }).Reopened(now);

    /// <summary>Without a judgement that is set aside; its writer does not get the task again.</summary>
    public EvalTask Without(string annotationId, DateTimeOffset now) =>
        Slots.FirstOrDefault(slot => slot.AnnotationId == annotationId) is { } slot ? (NotFor(slot.Rater) with { Findings = null }).Reopened(now, slot) : this;

    /// <summary>Without those who hold it, or some of them.</summary>
    public EvalTask Without(Func<Slot, bool> which, DateTimeOffset now) => WithSlots([.. Slots.Where(slot => !which(slot) && slot.IsTaken(now))], now);

    /// <summary>With a judgement that was set aside before.</summary>
    public EvalTask With(Slot judged, DateTimeOffset now)
    {
        Slot[] slots = [.. Slots.Where(slot => slot.Rater != judged.Rater && slot.IsTaken(now)), judged];
        var task = this with { Overlap = Math.Max(Overlap, slots.Length), Declined = [.. Declined.Where(person => person != judged.Rater)], Findings = null };
        return task.WithSlots(slots, now);
    }

    /// <summary>
    /// The same task asking for another number of judgements, though never fewer than are there or being made. Null where that changes nothing, and for a task that has all its judgements.
    /// </summary>
    public EvalTask? WithOverlap(int overlap, DateTimeOffset now)
    {
        var wanted = Math.Max(overlap, Slots.Count(slot => slot.IsTaken(now)));
        var changed = this with { Overlap = wanted, Rank = OpenRank is null ? RankAt(now, TaskId) : Rank }; // who has passed a closed task finds it again
        return Judged >= Overlap || wanted == Overlap ? null : changed.WithSlots(Slots, now);
    }

    /// <summary>Drops expired leases and moves the task to the end of its lane, where everybody can find it.</summary>
    public EvalTask Reopened(DateTimeOffset now, Slot? without = null)
    {
        var rest = this with { Rank = RankAt(now, TaskId) };
        return rest.WithSlots([.. Slots.Where(slot => slot != without && slot.IsTaken(now))], now);
    }

    private Slot? Held(string rater, string leaseId) => Slots.FirstOrDefault(slot => slot.Rater == rater && slot.LeaseId == leaseId && !slot.IsFilled);

    private EvalTask With(Slot old, Slot changed, DateTimeOffset now) => WithSlots([.. Slots.Select(slot => slot == old ? changed : slot)], now);

    private EvalTask WithSlots(IReadOnlyList<Slot> slots, DateTimeOffset now)
    {
        var open = Stopped is null && slots.Count(slot => slot.IsTaken(now)) < Overlap;
        var expiry = open || Stopped is not null ? null : slots.Where(slot => !slot.IsFilled).Min(slot => (DateTimeOffset?)slot.ExpiresAt);
        return this with { Slots = slots, OpenRank = open ? Rank : null, NextExpiry = expiry };
    }

    /// <summary>en-GB and en are one lane.</summary>
    public static string PrimaryLanguage(string language) => language.Split('-', '_')[0].ToLowerInvariant();
}

/// <summary>Why nobody is handed a task.</summary>
/// <param name="Kind">cancelled by a lead, withdrawn with its batch, or danger: a rater saw somebody in danger, or a real person, and a lead is to decide.</param>
/// <param name="Asked">How many judgements it asked for before: while it is stopped, it asks for none beyond those that are in.</param>
internal sealed record Stop(string Kind, string By, DateTimeOffset At, int? Asked = null)
{
    public const string Cancelled = "cancelled";
    public const string Withdrawn = "withdrawn";
    public const string Danger = "danger";
}

/// <summary>What the judgements of a task found, taken together.</summary>
/// <param name="Harm">The worst extent that somebody said; null when nobody said one.</param>
/// <param name="Critical">Whether somebody marked an error as critical.</param>
/// <param name="Spread">The largest distance between two scores of one dimension of one response.</param>
internal sealed record TaskFindings(string? Harm, bool Critical, IReadOnlyList<string> Flags, int Spread);

/// <summary>One person's place on a task: a lease until <paramref name="ExpiresAt"/>, or a judgement.</summary>
/// <param name="Guideline">The version that was in force when the task was handed out, and is judged by.</param>
internal sealed record Slot(string Rater, string LeaseId, GuidelineReference Guideline, DateTimeOffset LeasedAt, DateTimeOffset ExpiresAt, string? AnnotationId = null, DateTimeOffset? SubmittedAt = null)
{
    /// <summary>The mode that was in force when the task was handed out; null is full.</summary>
    public string? Mode { get; init; }

    public bool IsFilled => AnnotationId is not null;

    public bool IsTaken(DateTimeOffset now) => IsFilled || (ExpiresAt > now && !IsFromAhead(now));

    /// <summary>Longer than any lease: it was given by a clock that was ahead, and would keep everybody else waiting until then.</summary>
    private bool IsFromAhead(DateTimeOffset now) => ExpiresAt > now + Project.LongestLease + Clocks.Tolerance;
}
