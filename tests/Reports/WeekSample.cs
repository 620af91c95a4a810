using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Intake;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Tests.Reports;

/// <summary>A made-up week of judgements: the same for the same seed.</summary>
internal sealed class WeekSample(int seed = 7, int tasks = 40, int raters = 5, int overlap = 2, bool simulated = false)
{
    public const string ProjectId = "p1";
    public static readonly DateTimeOffset Monday = new(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Models = ["aster-2", "birch-large", "cedar"];
    private static readonly string[] Codes = ["F1", "F2", "F3", "K2", "R2", "R3", "R5", "O1", "O5", "C1", "C2", "B3", "P3", "E1"];
    private static readonly string[] Kinds = ["factual_error", "factual_error", "factual_error", "conceptual_error", "unsafe_reasoning", "unsafe_reasoning", "unsafe_reasoning", "improve", "improve", "improve", "improve", "improve", "unsafe_reasoning", "factual_error"];
    private static readonly string[] Verdicts = ["SUPPORTED", "SUPPORTED", "SUPPORTED", "SUPPORTED", "PARTLY_SUPPORTED", "REFUTED", "OUTDATED", "CONTESTED", "UNVERIFIABLE", "NOT_A_CLAIM"];
    private static readonly string[] Types = ["diagnosis", "treatment", "dose", "test_interpretation"];

    /// <summary>Changes an item before it is stored.</summary>
    public Func<EvalItem, EvalItem> Item { get; init; } = item => item;

    /// <summary>Changes an annotation before it is stored.</summary>
    public Func<Annotation, Annotation> Annotation { get; init; } = annotation => annotation;

    public IReadOnlyList<Adjudication> Adjudications { get; init; } = [];

    public static Project Project { get; } = HealthEval.Projects.Project.Default(ProjectId, new GuidelineReference("healtheval", 1), Monday) with { Name = "Triage assistant", Customer = "Northwind Health" };

    public IReadOnlyList<EvalItem> Items => [.. Enumerable.Range(0, tasks).Select(MakeItem)];

    public IReadOnlyList<Annotation> Annotations => [.. Enumerable.Range(0, tasks).SelectMany(t => Enumerable.Range(0, overlap).Select(k => Annotation(Annotate(MakeItem(t), t, (t + (k * 2)) % raters))))];

    public async Task StoreAsync(IDocumentStore store, bool backwards = false)
    {
        await store.CommitAsync(new Write.Put(HealthEval.Projects.Project.Key(ProjectId), Project), default);
        foreach (var rater in Enumerable.Range(0, raters))
        {
            var person = new Person($"person-{rater}", $"Secret Name {rater}", null, Pseudonym(rater), [Roles.Annotator], ["*"], new Credential("MD", 6 + (rater * 3), Vocabulary.Subdomains, ["en"]), true, simulated, Monday);
            await store.CommitAsync(new Write.Put(Person.Key(person.PersonId), person), default);
        }

        IEnumerable<Write> writes =
        [
            .. Items.Select(item => new Write.Put(item.Key(), item)),
            .. Annotations.Select(a => new Write.Put(HealthEval.Annotations.Annotation.Key(a.ProjectId, a.TaskId, a.AnnotationId), a)),
            .. Adjudications.Select(a => new Write.Put(Adjudication.Key(a.ProjectId, a.TaskId, a.AdjudicationId), a)),
            .. Annotations.GroupBy(a => a.TaskId, StringComparer.Ordinal).Select(g => TaskOf([.. g])).Select(t => new Write.Put(EvalTask.Key(ProjectId, t.TaskId), t)),
        ];
        foreach (var some in (backwards ? writes.Reverse() : writes).Chunk(500))
        {
            await store.CommitManyAsync([.. some.Select(w => (IReadOnlyList<Write>)[w])], default);
        }
    }

    private EvalTask TaskOf(IReadOnlyList<Annotation> judged) => EvalTask.New(ProjectId, judged[0].TaskId, "q", "b1", "general", "en", overlap, Monday) with
    {
        OpenRank = null,
        Slots = [.. judged.Select(a => new Slot(a.Rater, a.LeaseId, a.Guideline, a.LeasedAt, a.LeasedAt.AddMinutes(30), a.AnnotationId, a.SubmittedAt))],
    };

    private static string Pseudonym(int rater) => $"R-{(rater * 7919 % 9000) + 1000}";

    private EvalItem MakeItem(int number)
    {
        var random = new Random((seed * 1_000_003) + number);
        var responses = Enumerable.Range(0, 2).Select(r => new EvalResponse($"t{number:00000}-r{r}", Prose(random, 40 + random.Next(120)), "", Models[(number + r) % Models.Length]))
            .Select(r => r with { Sha256 = Sha.Of(r.Content) });
        var item = new EvalItem(
            ProjectId, $"t{number:00000}", $"q{number / 2:00000}", [new EvalMessage("user", Prose(random, 20) + "?")], [.. responses],
            Vocabulary.Subdomains[number % 4], number % 3 == 0 ? "clinician" : "lay", "US", "en", number % 7 == 0 ? "emergency" : "routine", "b1", number + 1, "",
            [new RubricCriterion("c1", "Names a warning sign", 5, []), new RubricCriterion("c2", "Invents a source", -3, [])], []);
        return Item(item with { ContentSha256 = item.ContentHash() });
    }

    private Annotation Annotate(EvalItem item, int number, int rater)
    {
        var random = new Random((seed * 31) + (number * 101) + rater);
        var quality = new Random((seed * 17) + number).Next(2, 6);
        var judgement = new Judgement
        {
            Ratings = [.. Keys(item).Select((key, i) => Rate(random, key, quality - i))],
            Harm = [.. Keys(item).Select((key, i) => HarmOf(random, key, quality - i))],
            Spans = [.. Enumerable.Range(0, random.Next(3)).Select(_ => SpanOf(random, item))],
            Claims = [.. Enumerable.Range(0, random.Next(3)).Select(_ => ClaimOf(random, item))],
            Behaviour = [new BehaviourCheck("A", "CB01", random.Next(5) == 0 ? "no" : "yes", "partly beside the question"), new BehaviourCheck("A", "CB03", random.Next(3) == 0 ? "na" : "yes")],
            Rubric = [new CriterionCheck("A", "c1", random.Next(4) > 0), new CriterionCheck("A", "c2", random.Next(6) == 0)],
            Preference = new Preference(random.Next(6) switch { 0 => "tie", 1 => "both_bad", < 4 => "A", _ => "B" }, 1),
            Confidence = 1 + random.Next(3),
            Overall = Math.Clamp(quality, 1, 5),
            ActiveSeconds = 60 + random.Next(400),
        };
        var submitted = Monday.AddMinutes((number * 37 % 9000) + (rater * 3)).AddTicks(rater);
        var order = item.Responses.Select(r => r.ResponseId).ToList();
        return new Annotation(
            $"a-{number:00000}-{rater}", ProjectId, item.TaskId, $"person-{rater}", Pseudonym(rater), "lease", rater % 2 == 0 ? order : [.. Enumerable.Reverse(order)], $"seed-{rater}",
            new GuidelineReference("healtheval", 1), GuidelineLibrary.BuiltIn[0].Sha256, item.ContentSha256, [], simulated, submitted.AddMinutes(-10), submitted, Sha.Of(Json.Bytes(judgement)), judgement);
    }

    private static IEnumerable<string> Keys(EvalItem item) => item.Responses.Select((_, i) => ((char)('A' + i)).ToString());

    private static Rating Rate(Random random, string key, int quality)
    {
        return new Rating(key, Score(), random.Next(12) == 0 ? null : Score(), false, Score(), Score(), Score(), Score(), random.Next(3) == 0 ? "Clear, but one step is thin." : null) is var r
            ? r with { ReasoningNotApplicable = r.Reasoning is null }
            : null!;

        int Score() => Math.Clamp(quality + random.Next(-1, 2), 1, 5);
    }

    private static Harm HarmOf(Random random, string key, int quality)
    {
        var extent = quality <= 2 && random.Next(3) == 0 ? 2 + random.Next(2) : random.Next(4) == 0 ? 1 : 0;
        return extent == 0 ? new Harm(key, "none") : new Harm(key, Vocabulary.HarmExtents[extent], Vocabulary.HarmLikelihoods[random.Next(3)], Vocabulary.HarmMechanisms[random.Next(3)]);
    }

    private static Span SpanOf(Random random, EvalItem item)
    {
        var text = item.Responses[0].Content;
        var (code, start) = (random.Next(Codes.Length + 3), random.Next(Math.Max(text.Length - 30, 1)));
        var quote = text.Substring(start, Math.Min(25, text.Length - start));
        return code >= Codes.Length
            ? new Span("A", "strength", $"G{code - Codes.Length + 1}", null, start, start + quote.Length, quote, "keep this")
            : new Span("A", Kinds[code], Codes[code], Vocabulary.Severities[Math.Min(random.Next(7) / 2, 2)], start, start + quote.Length, quote, "should be checked against the label", "state the maximum dose");
    }

    private static Claim ClaimOf(Random random, EvalItem item)
    {
        var verdict = Verdicts[random.Next(Verdicts.Length)];
        return new Claim(
            "A", 0, 20, item.Responses[0].Content[..Math.Min(20, item.Responses[0].Content.Length)], Types[random.Next(Types.Length)], "must", verdict, Critical: random.Next(6) == 0, verdict == "REFUTED" ? "The label says otherwise." : null,
            [new Evidence("https://dailymed.nlm.nih.gov/x", "Label", "DailyMed", "T1", Stance: verdict == "REFUTED" ? "refutes" : "supports")]);
    }

    private static string Prose(Random random, int words)
    {
        string[] vocabulary = ["rest", "fluids", "the", "dose", "of", "with", "fever", "should", "be", "seen", "today", "if", "pain", "spreads", "or", "breathing", "is", "hard", "take", "as", "the", "label", "says", "and", "call"];
        return string.Join(' ', Enumerable.Range(0, words).Select(_ => vocabulary[random.Next(vocabulary.Length)])) + ".";
    }
}
