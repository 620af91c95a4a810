namespace HealthEval.Storage;

/// <summary>
/// The kinds of documents there are, where they live on Azure, and which fields they are looked up by. Both adapters create
/// their tables, containers and indexes from this list, so a query over a field that is not named here is a mistake.
/// </summary>
internal sealed record DocumentKind(string Name, string Container, params IReadOnlyList<FieldIndex> Indexes)
{
    public static readonly DocumentKind Guideline = new("guideline", "catalog");
    public static readonly DocumentKind Person = new("person", "catalog");
    public static readonly DocumentKind Invite = new("invite", "catalog", new FieldIndex("personId")) { KeepFor = TimeSpan.FromDays(30) };
    public static readonly DocumentKind Session = new("session", "catalog", new FieldIndex("personId")) { KeepFor = TimeSpan.FromDays(90) };
    public static readonly DocumentKind Account = new("account", "catalog");
    public static readonly DocumentKind GuidelineOwner = new("guidelineowner", "catalog");
    public static readonly DocumentKind Project = new("project", "catalog");
    public static readonly DocumentKind Prompt = new("prompt", "catalog");
    public static readonly DocumentKind PromptVersion = new("promptversion", "catalog");
    public static readonly DocumentKind Batch = new("batch", "catalog", new FieldIndex("receivedAt"));
    public static readonly DocumentKind Step = new("step", "catalog") { KeepFor = TimeSpan.FromDays(30) };
    public static readonly DocumentKind Desk = new("desk", "catalog");
    public static readonly DocumentKind Audit = new("audit", "work", new FieldIndex("batchId", "at"));
    public static readonly DocumentKind Group = new("group", "work");
    public static readonly DocumentKind Held = new("held", "work", new FieldIndex("batchId", "state", "line"));
    public static readonly DocumentKind Item = new("item", "work");
    public static readonly DocumentKind Task = new("task", "work", new FieldIndex("lane", "openRank"), new FieldIndex("lane", "nextExpiry"), new FieldIndex("batchId", "rank"));
    public static readonly DocumentKind Draft = new("draft", "work") { KeepFor = TimeSpan.FromDays(180) };
    public static readonly DocumentKind Annotation = new("annotation", "work", new FieldIndex("submittedAt"), new FieldIndex("rater", "submittedAt"));
    public static readonly DocumentKind Case = new("case", "work", new FieldIndex("lane", "openRank"), new FieldIndex("lane", "nextExpiry"));
    public static readonly DocumentKind Referral = new("referral", "work");
    public static readonly DocumentKind Adjudication = new("adjudication", "work", new FieldIndex("submittedAt"), new FieldIndex("rater", "submittedAt"));
    public static readonly DocumentKind Aside = new("aside", "work");
    public static readonly DocumentKind AsideAnnotation = new("asideannotation", "work", new FieldIndex("submittedAt"), new FieldIndex("rater", "submittedAt"));
    public static readonly DocumentKind Gold = new("gold", "catalog");
    public static readonly DocumentKind Token = new("token", "catalog", new FieldIndex("projectId", "madeAt"));
    public static readonly DocumentKind FirstInLine = new("firstinline", "catalog");
    public static readonly DocumentKind Void = new("void", "work", new FieldIndex("voidedAt"), new FieldIndex("rater", "voidedAt"));
    public static readonly DocumentKind Act = new("act", "work", new FieldIndex("at"), new FieldIndex("actId", "at"));
    public static readonly DocumentKind Source = new("source", "catalog");
    public static readonly DocumentKind Question = new("question", "catalog");
    public static readonly DocumentKind Benchmark = new("benchmark", "catalog");
    public static readonly DocumentKind Repeat = new("repeat", "catalog");
    public static readonly DocumentKind Standing = new("standing", "catalog");
    public static readonly DocumentKind Watch = new("watch", "catalog");
    public static readonly DocumentKind Notice = new("notice", "work", new FieldIndex("at"));
    public static readonly DocumentKind NoticeSent = new("noticesent", "work") { KeepFor = TimeSpan.FromDays(90) };
    public static readonly DocumentKind Trail = new("trail", "work", new FieldIndex("number"), new FieldIndex("action", "number"), new FieldIndex("by", "number"));

    /// <summary>How long after its last write a document of this kind is worth keeping; a store may remove it then.</summary>
    public TimeSpan? KeepFor { get; init; }

    public static IReadOnlyList<DocumentKind> All { get; } =
        [Guideline, Person, Invite, Session, Account, GuidelineOwner, Project, Prompt, PromptVersion, Batch, Step, Desk, Audit, Group, Held, Item, Task, Draft, Annotation, Case, Referral, Adjudication, Aside, AsideAnnotation, Gold, Token, FirstInLine, Void, Act, Source, Question, Benchmark, Repeat, Standing, Watch, Notice, NoticeSent, Trail];

    public IReadOnlyList<string> IndexedFields { get; } = [.. Indexes.SelectMany(index => index.Fields).Distinct()];

    public override string ToString() => Name;

    public bool Equals(DocumentKind? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>An index inside a project over JSON fields; documents where the last field is null or absent are not in it.</summary>
internal sealed record FieldIndex(params IReadOnlyList<string> Fields);
