using System.IO.Compression;
using System.Text;
using System.Text.Json;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Batches.Privacy;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Intake;
using HealthEval.Oversight;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Prompts;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Tests.TestHost;

/// <summary>
/// Another customer, who lies in every store that the tests use. Everything of theirs holds <see cref="Word"/>, comes before the tests' own in every
/// order, has the ids that the tests' own documents have, and their project's id begins like "p1". Whatever is asked by somebody
/// who may not see their project, the word is in no answer: <see cref="AssertAbsent"/>.
/// </summary>
internal static class Neighbour
{
    public const string Word = "neighbour7f3a";
    public const string ProjectId = "p1-" + Word;
    public const string GuidelineId = Word;

    /// <summary>In the tests' week (2026-W47), before anything of theirs.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Long = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Needle = Encoding.ASCII.GetBytes(Word);
    private static readonly GuidelineReference Rules = new(GuidelineId, 1);

    public static Project Project { get; } =
        HealthEval.Projects.Project.Default(ProjectId, Rules, Long) with { Name = Named("Project"), Customer = Named("Customer"), Overlap = 1 };

    public static Person Rater { get; } = new(
        $"{Word}-rater", Named("Rater"), $"rater@{Word}.example", "R-" + Word, [Roles.Annotator], [ProjectId],
        new Credential("MD", 9, Vocabulary.Subdomains, ["en"]), true, false, Long);

    /// <summary>Their rater, adjudicator, lead and customer.</summary>
    public static IReadOnlyList<Person> People { get; } =
    [
        Rater,
        .. ((string[])[Roles.Adjudicator, Roles.Lead, Roles.Customer]).Select(role =>
            Rater with { PersonId = $"{Word}-{role}", Name = Named(role), Email = $"{role}@{Word}.example", Pseudonym = $"R-{Word}-{role}", Roles = [role] }),
    ];

    public static async Task MoveInAsync(IDocumentStore documents, IFileStore files)
    {
        var results = await documents.CommitManyAsync([.. Documents().Select(write => (IReadOnlyList<Write>)[write])], default);
        Assert.All(results, result => Assert.True(result.Succeeded));
        foreach (var (path, content) in Files())
        {
            await files.WriteBytesAsync(path, content, FileCondition.None, default);
        }
    }

    /// <summary>The one assertion: nothing of the neighbour is in these bytes, packed or not.</summary>
    public static void AssertAbsent(byte[] bytes, string where)
    {
        if (bytes.AsSpan().IndexOf(Needle) is >= 0 and var at)
        {
            var around = Encoding.UTF8.GetString(bytes[Math.Max(0, at - 100)..Math.Min(bytes.Length, at + 100)]);
            Assert.Fail($"{where} has something of another customer: …{around}…");
        }

        if (bytes.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            foreach (var entry in zip.Entries)
            {
                using var unpacked = new MemoryStream();
                using var packed = entry.Open();
                packed.CopyTo(unpacked);
                AssertAbsent(unpacked.ToArray(), $"{where}, {entry.FullName}");
            }
        }
    }

    /// <summary>Nothing of the neighbour is in any file of a folder, save in folders that bear their project's name.</summary>
    public static void AssertAbsentFromFolder(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (!Path.GetRelativePath(folder, file).Contains(ProjectId, StringComparison.Ordinal))
            {
                AssertAbsent(File.ReadAllBytes(file), file);
            }
        }
    }

    private static IEnumerable<Write> Documents()
    {
        yield return new Write.Put(Project.Key(ProjectId), Project);
        yield return new Write.Put(Guideline.Key(GuidelineId, 1), GuidelineLibrary.Default with { Id = GuidelineId, Title = Named("Rules") });
        foreach (var person in People)
        {
            yield return new Write.Put(Person.Key(person.PersonId), person);
        }

        yield return Put(DocumentKind.Prompt, "prompts", "w1", OnePrompt());
        yield return new Write.Put(PromptVersion.Key(ProjectId, "w1", 1), OnePrompt().Snapshot());
        yield return new Write.Put(Batch.Key(ProjectId, "b1"), OneBatch());
        yield return new Write.Put(HeldItem.Key(ProjectId, "h1"), HeldItem.Of(Item("h1", "general", 9), [Suspicion]));
        yield return Put(DocumentKind.Audit, "h0", "h0", new PrivacyDecision("h0", "b1", 8, "", HeldItem.Dropped, Word, Word, Long, [Suspicion]));
        yield return new Write.Put(ApiToken.Key(Word), new ApiToken(Word, ProjectId, Named("Token"), [TokenScope.BatchesRead], People[2].PersonId, Long, Monday.AddDays(90), Sha256: Sha.Of(Word)));
        foreach (var write in Work())
        {
            yield return write;
        }
    }

    /// <summary>In two lanes an open task, an expired one, a judged one and an open case, under ids that tests use.</summary>
    private static IEnumerable<Write> Work()
    {
        foreach (var (lane, subdomain) in ((string[])["general", "diagnostics"]).Index())
        {
            var first = (lane * 3) + 1;
            var (open, expired, judged) = (Item($"t{first:D6}", subdomain, 1), Item($"t{first + 1:D6}", subdomain, 2), Item($"t{first + 2:D5}", subdomain, 3));
            foreach (var item in (EvalItem[])[open, expired, judged])
            {
                yield return new Write.Put(item.Key(), item);
            }

            yield return Task(open, Opened(open));
            yield return Task(expired, Opened(expired).Claim(Rater.PersonId, Word, Rules, Long, TimeSpan.FromMinutes(1))!);
            var draft = new TaskDraft(Rater.PersonId, 1, JsonSerializer.SerializeToElement(new { idealResponse = Word }), Long);
            yield return new Write.Put(TaskDraft.Key(ProjectId, expired.TaskId, Rater.PersonId), draft);
            var annotation = Judged(judged);
            var done = Opened(judged).Claim(Rater.PersonId, "lease", Rules, annotation.LeasedAt, TimeSpan.FromHours(1))!
                .Fill(Rater.PersonId, "lease", annotation.AnnotationId, annotation.SubmittedAt)!;
            yield return Task(judged, done);
            yield return new Write.Put(Annotation.Key(ProjectId, judged.TaskId, annotation.AnnotationId), annotation);
            yield return new Write.Put(VoidJudgement.Key(ProjectId, open.TaskId, "void"), new VoidJudgement(annotation with { TaskId = open.TaskId, AnnotationId = "void" }, Rater.PersonId, "x-1", Word, Monday, Named("why")));
            var act = new Act("x-1", ProjectId, open.TaskId, "reopen", Word, Monday, Named("why"));
            yield return new Write.Put(act.Key(), act);
            yield return Adjudications.Open(done, Long);
            yield return new Write.Put(Referral.Key(ProjectId, judged.TaskId), new Referral(judged.TaskId, Word, Named("why"), Long));
            yield return new Write.Put(Adjudication.Key(ProjectId, judged.TaskId, Guid.Empty.ToString()), Settled(judged, annotation));
        }
    }

    private static EvalTask Opened(EvalItem item) => EvalTask.New(ProjectId, item.TaskId, item.PromptId, "b1", item.Subdomain, "en", 1, Long);

    private static EvalItem Item(string taskId, string subdomain, long line)
    {
        var text = Named("An answer that only they may read");
        return new EvalItem(
            ProjectId, taskId, "q00000", [new EvalMessage("user", Named("A question that only they may read"))],
            [new EvalResponse("r1-0", text, Sha.Of(text), Named("model")), new EvalResponse("r1-1", text, Sha.Of(text), Named("model"))],
            subdomain, "lay", "US", "en", "routine", "b1", line, Sha.Of(taskId),
            [new RubricCriterion("c1", Named("criterion"), 5, [Word])], [Word], ItemId: Word);
    }

    private static Annotation Judged(EvalItem item)
    {
        var judgement = new Judgement
        {
            Ratings = [new Rating("A", 1, 1, false, 1, 1, 1, 1, Named("rationale")), new Rating("B", 1, 1, false, 1, 1, 1, 1, Named("rationale"))],
            Harm = [new Harm("A", "death", "high", "both"), new Harm("B", "death", "high", "both")],
            Claims =
            [
                new Claim("A", 0, 9, "An answer", "dose", "must", "REFUTED", Critical: true, Named("correction"), [new Evidence($"https://{Word}.example", Word, Word, "T1")]),
            ],
            Spans = [new Span("A", "factual_error", "F2", "critical", 0, 9, "An answer", Named("comment"), Named("suggestion"))],
            Behaviour = [new BehaviourCheck("A", "CB01", "no", Named("comment"))],
            Rubric = [new CriterionCheck("A", "c1", false, Named("comment"))],
            Preference = new Preference("A", 3, Rationale: Named("rationale")),
            RefinedPrompt = Word,
            IdealResponse = Word,
            Flags = [Word],
            Confidence = 1,
            Overall = 1,
            ActiveSeconds = 9_999,
        };
        return new Annotation(
            "a-00000-0", ProjectId, item.TaskId, Rater.PersonId, Rater.Pseudonym, "lease", ["r1-0", "r1-1"], Word, Rules, Word, item.ContentSha256, [], false,
            Monday, Monday.AddMinutes(1), Sha.Of(Json.Bytes(judgement)), judgement);
    }

    private static Adjudication Settled(EvalItem item, Annotation annotation) => new(
        Guid.Empty.ToString(), ProjectId, item.TaskId, Rater.PersonId, Rater.Pseudonym, "lease", [annotation.AnnotationId], Word, Rules, Word, item.ContentSha256,
        false, Monday, Monday.AddMinutes(5), Word,
        [new Ruling(new Dispute("harm", "r1-0", null, null, null, Named("quote"), Named("reason"), ["death"]), "none", null, Overturned: true, Named("rationale"))]);

    private static Prompt OnePrompt() =>
        Prompt.Begin(ProjectId, new PromptForm(Named("Title"), [new PromptMessage("user", Named("text"))], Word, Tags: [Word]), Word, Long) with { PromptId = "w1" };

    private static Batch OneBatch() => Batch.Begin(ProjectId, $"{Word}.jsonl", 99, Sha.Of(Word), Long) with
    {
        BatchId = "b1",
        State = BatchState.LoadedWithRejects,
        Read = 9,
        Accepted = 8,
        Rejected = 1,
        Items = 8,
        Responses = 16,
        Held = 1,
        FinishedAt = Long,
        Mapping = new Dictionary<string, string> { [Word] = Word },
        Errors = [new RecordError(9, Word, Word)],
    };

    private static ReportedSuspicion Suspicion { get; } = new(9, "responses[0].content", "email", 0, Word);

    private static IEnumerable<(string Path, byte[] Content)> Files()
    {
        ManifestFile[] listed = [.. ReportFiles.Listed.Select(name => new ManifestFile(name, Needle.Length, Sha.Of(Word)))];
        foreach (var week in Enumerable.Range(0, 3).Select(IsoWeek.Parse("2026-W47")!.Value.Add)) // nothing of theirs is due while tests wait for their own reports
        {
            var manifest = new Manifest(
                ProjectId, week.ToString(), week.Start, week.End, false, Word, Word, new ManifestGuideline(GuidelineId, 1, 1, Word), new ManifestSeeds(1, 1),
                new ManifestCounts(1, 2, 4, 2, 1, 2, 2, 0), listed);
            yield return (ReportArchive.PathOf(ProjectId, week, ReportFiles.Manifest), Json.Bytes(manifest));
            yield return (ReportArchive.PathOf(ProjectId, week, ReportFiles.Workbook), Needle);
        }

        yield return (Batch.ReceiptPath(ProjectId, "b1"), Json.Bytes(OneBatch()));
        yield return (Batch.RejectsPath(ProjectId, "b1"), Needle);
        yield return (Batch.SuspicionsPath(ProjectId, "b1"), Json.Bytes(Suspicion));
    }

    private static string Named(string what) => $"{what} {Word}";

    private static Write.Put Task(EvalItem item, EvalTask task) => new(EvalTask.Key(ProjectId, item.TaskId), task);

    private static Write.Put Put(DocumentKind kind, string scope, string id, object value) => new(new DocumentKey(kind, new Partition(ProjectId, scope), id), value);
}
