using System.Globalization;
using System.Text.RegularExpressions;
using HealthEval.Storage;

namespace HealthEval.Audit;

/// <summary>
/// One thing that somebody did. It holds ids, codes, counts and hashes, never a sentence: nothing of a patient, a conversation or a judgement can
/// get in. Written once; its hash covers it and the hash of the entry before it.
/// </summary>
/// <param name="Number">1, 2, 3 … in its project, without a gap.</param>
/// <param name="By">A person's id, or what did it: <see cref="AuditTrail.Timer"/>, <see cref="AuditTrail.CommandLine"/>, <see cref="AuditTrail.DropFolder"/> …</param>
/// <param name="About">What it was done to: a person's id, a week, a format, a guideline's id and version …</param>
/// <param name="Before">The hash of the entry before; empty for the first.</param>
internal sealed partial record AuditEntry(
    string ProjectId, long Number, DateTimeOffset At, string By, string Action, string? About, string? From, string? To, string Before, string Hash)
{
    private const int LongestCode = 200;

    public static Partition Partition(string projectId) => new(projectId, "trail");

    public DocumentKey Key() => new(DocumentKind.Trail, Partition(ProjectId), Number.ToString("D12", CultureInfo.InvariantCulture));

    public static AuditEntry After(TrailHead? head, string projectId, DateTimeOffset at, string by, string action, string? about, string? from, string? to)
    {
        var entry = new AuditEntry(projectId, (head?.Last ?? 0) + 1, at, Code(by)!, Code(action)!, Code(about), Code(from), Code(to), head?.Hash ?? "", "");
        return entry with { Hash = entry.ComputedHash() };
    }

    public string ComputedHash() =>
        Sha.OfParts("audit", Before, ProjectId, Number.ToString(CultureInfo.InvariantCulture), Json.Stamp(At), By, Action, About, From, To);

    /// <summary>What could be somebody's words is not kept: codes have no spaces.</summary>
    private static string? Code(string? value) => value is null || (value.Length <= LongestCode && CodePattern.IsMatch(value)) ? value : "(text)";

    [GeneratedRegex(@"^[A-Za-z0-9_.:@*,;/=+~|-]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex CodePattern { get; }
}

/// <summary>Where a project's chain ends: the next entry follows on it, and nobody can cut the end off unseen.</summary>
internal sealed record TrailHead(long Last, string Hash)
{
    public static DocumentKey Key(string projectId) => new(DocumentKind.Trail, AuditEntry.Partition(projectId), "head");
}

/// <summary>What can be done, as the trail names it.</summary>
internal static class AuditActions
{
    public const string SignedIn = "sign-in.made";
    public const string SignedOut = "sign-in.ended";
    public const string AllSignedOut = "sign-in.all-ended";
    public const string LinkRefused = "sign-in.refused";
    public const string LinkMade = "link.made";
    public const string LinkAskedFor = "link.asked-for";
    public const string PersonAdded = "person.added";
    public const string PersonChanged = "person.changed";
    public const string AccountMatched = "person.account-matched";
    public const string ProjectAdded = "project.added";
    public const string ProjectChanged = "project.changed";
    public const string ProjectPurged = "project.purged";
    public const string GuidelineAdded = "guideline.added";
    public const string PromptsExported = "prompts.exported";
    public const string PrivacyDecided = "privacy.decided";
    public const string HeldTextRead = "privacy.text-read";
    public const string JudgementCorrected = "judgement.corrected";
    public const string ExportTaken = "export.taken";
    public const string ReportTaken = "report.taken";
    public const string ReportCompiled = "report.compiled";
    public const string GoldAdded = "gold.added";
    public const string GoldRetired = "gold.retired";
    public const string RaterVoided = "rater.voided";
    public const string QuestionAnswered = "question.answered";
    public const string SourceCurated = "source.curated";
    public const string TokenMade = "token.made";
    public const string TokenRevoked = "token.revoked";
    public const string RaterPaused = "rater.paused";
    public const string RaterResumed = "rater.resumed";
    public const string RaterCapped = "rater.capped";
    public const string StepAllowed = "rater.step-allowed";
    public const string DangerDecided = "danger.decided";
    public const string LedgerTaken = "ledger.taken";
    public const string TrailExported = "trail.exported";
    public const string FileReceived = "file.received";
    public const string FileErased = "file.erased";
    public const string FileLookedAt = "file.looked-at";
    public const string UploadLinkMade = "file.link-made";
    public const string RejectsTaken = "file.rejects-taken";
    public const string ProfileKept = "profile.kept";
    public const string LeaseFreed = "lease.freed";
    public const string CaseReferred = "case.referred";
    public const string CaseSettled = "case.settled";
    public const string PersonForgotten = "person.forgotten";
    public const string StoreBackedUp = "store.backed-up";
    public const string StoreRestored = "store.restored";
    public const string BenchmarkAdded = "benchmark.added";
    public const string RunAdded = "benchmark.run-added";
    public const string GuidelineShared = "guideline.shared";
    public const string ComparisonOpened = "comparison.opened";
    public const string RunExported = "benchmark.run-exported";
    public const string JudgementsSimulated = "judgements.simulated";

    /// <summary>What a lead can do to items; the reason is kept with each item, and the trail holds its hash.</summary>
    public static readonly IReadOnlyList<string> OfItems =
    [
        "items.reopen", "items.add", "items.narrow", "items.reassign", "items.release", "items.cancel", "items.restore", "items.prioritise", "items.unprioritise",
        "items.refer", "items.unvoid",
    ];

    /// <summary>What a lead does with what waits for them.</summary>
    public static readonly IReadOnlyList<string> OfNotices = [OfNotice("assign"), OfNotice("snooze"), OfNotice("done"), OfNotice("reopen")];

    public static string OfNotice(string action) => $"notice.{action}";

    public static string OfBatch(string kind) => $"batch.{kind}";

    public static readonly IReadOnlyList<string> All =
    [
        SignedIn, SignedOut, AllSignedOut, LinkRefused, LinkMade, LinkAskedFor, PersonAdded, PersonChanged, AccountMatched, ProjectAdded, ProjectChanged,
        ProjectPurged, GuidelineAdded, PromptsExported, PrivacyDecided, HeldTextRead, JudgementCorrected, JudgementsSimulated, ExportTaken, ReportTaken,
        ReportCompiled, GoldAdded, GoldRetired,
        RaterPaused, RaterResumed, RaterCapped, StepAllowed, DangerDecided, LedgerTaken, RaterVoided, QuestionAnswered, SourceCurated, TokenMade, TokenRevoked,
        TrailExported, OfBatch("withdraw"), OfBatch("bring_back"), OfBatch("reroute"), .. OfNotices, .. OfItems, FileReceived, FileErased, FileLookedAt, UploadLinkMade, RejectsTaken, ProfileKept, LeaseFreed, CaseReferred, CaseSettled, PersonForgotten, StoreBackedUp, StoreRestored,
        BenchmarkAdded, RunAdded, RunExported, ComparisonOpened, GuidelineShared,
    ];
}
