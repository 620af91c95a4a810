using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary>What an empty store starts with: five people, one per role, and the demo project with its
/// sample batches, of which simulated raters have judged about a half.</summary>
internal static class Demo
{
    public const string ProjectId = "demo";

    private static readonly (string Id, string Name, string Role)[] Cast =
    [
        ("demo-annotator", "Ana Rivera", Roles.Annotator),
        ("demo-adjudicator", "Jonas Berg", Roles.Adjudicator),
        ("demo-lead", "Leila Haddad", Roles.Lead),
        ("demo-customer", "Carl Osei", Roles.Customer),
        ("demo-admin", "Mina Park", Roles.Admin),
    ];

    /// <summary>There while it is being loaded: a start that was stopped in the middle is finished by the next. Everything in it can be repeated.</summary>
    private static readonly DocumentKey Unfinished = new(DocumentKind.Step, new Partition("_", "demo"), "loading");

    private sealed record Begun(DateTimeOffset At);

    private static readonly string[] Batches = ["responses.jsonl", "paired.jsonl", "chat.jsonl", "practice.jsonl", "table.csv", "pairs.csv"];

    /// <summary>Four who judge well, and one who does not look: the watch pauses them.</summary>
    private static readonly RaterProfile[] Profiles = [.. Enumerable.Repeat(RaterProfile.Good, 4), RaterProfile.Find("lazy")!];

    /// <summary>Whether the store was empty.</summary>
    public static async Task<bool> LoadIfEmptyAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IDocumentStore>();
        var empty = await store.CountAsync(new DocumentQuery(DocumentKind.Person) { ProjectId = "_" }, cancellation) == 0
            || await store.FindAsync<Begun>(Unfinished, cancellation) is not null;
        if (empty)
        {
            await LoadAsync(services, cancellation);
        }

        return empty;
    }

    /// <summary>Prints the address and, where they are wanted, sign-in links: one per role of the demo, and one per admin.</summary>
    public static async Task WelcomeAsync(WebApplication app, bool json, bool withLinks, CancellationToken cancellation)
    {
        var address = app.Urls.First();
        var links = withLinks ? await LinksAsync(app.Services, address, cancellation) : [];
        if (json)
        {
            Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(new { url = address, signIn = links.ToDictionary(link => link.Role, link => link.Link) }, Json.Options));
            return;
        }

        Console.WriteLine($"HealthEval {Program.Version} is ready at {address}");
        foreach (var (role, link) in links)
        {
            Console.WriteLine($"  sign in as {role,-12} {link}");
        }

        Console.WriteLine(links.Count > 0
            ? "Each link works once, within an hour; start with --links for new ones. Stop with Ctrl+C."
            : "Sign-in links: ask an admin, or start with --links. Stop with Ctrl+C.");
    }

    private static async Task LoadAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IDocumentStore>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await store.CommitAsync(new Write.Put(Unfinished, new Begun(now)), cancellation);
        foreach (var (id, name, role) in Cast)
        {
            var credential = role is Roles.Annotator or Roles.Adjudicator ? new Credential("MD", 9, Vocabulary.Subdomains, ["en", "es"]) : null;
            IReadOnlyList<string> projects = role == Roles.Customer ? [ProjectId] : ["*"];
            var person = new Person(id, name, Email: null, PersonForm.PseudonymOf(id), [role], projects, credential, Active: true, Simulated: false, now);
            await store.CommitAsync(new Write.Create(Person.Key(id), person), cancellation);
        }

        var reference = new GuidelineReference(GuidelineLibrary.Default.Id, GuidelineLibrary.Default.Version);
        var project = Project.Default(ProjectId, reference, now) with { Name = "Demo project", Customer = "Demo customer", Languages = ["en", "es"], GoldShare = 0.25, Quality = QualitySettings.Standard with { ThirdOnDispute = false }, Demo = true };
        await store.CommitAsync(new Write.Create(Project.Key(ProjectId), project), cancellation);
        foreach (var file in Batches.Select(name => Path.Combine(AppContext.BaseDirectory, "samples", name)))
        {
            await services.GetRequiredService<IngestBatch>().RunAsync(
                project, new BatchSource(Path.GetFileName(file), () => File.OpenRead(file)), progress: _ => { }, again: false, cancellation);
        }

        await using (var gold = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "samples", "gold.jsonl")))
        {
            await services.GetRequiredService<Gold>().ImportAsync(project, gold, AuditTrail.CommandLine, cancellation);
        }

        var made = (int)await store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = ProjectId }, cancellation);
        await SimulateCommand.RunAsync(services, project, new SimulateCommand.Plan(Raters: 5, Seed: 1, Weeks: 2, Limit: 100 - made, Profiles, Flag: "live_danger"), cancellation);
        await DemoQuality.SeedAsync(store, project, GuidelineLibrary.Default, now, cancellation);
        await store.CommitAsync(new Write.Delete(Unfinished), cancellation);
    }

    private static async Task<List<(string Role, string Link)>> LinksAsync(IServiceProvider services, string address, CancellationToken cancellation)
    {
        var signIn = services.GetRequiredService<SignIn>();
        var store = services.GetRequiredService<IDocumentStore>();
        var links = new List<(string, string)>();
        var cast = Cast.ToDictionary(member => member.Id, member => member.Role);
        var people = await store.AllAsync<Person>(Person.Everybody, cancellation).Select(stored => stored.Value)
            .Where(person => person.Active && (cast.ContainsKey(person.PersonId) || person.Is(Roles.Admin))).ToListAsync(cancellation);
        foreach (var person in people.OrderBy(person => Array.FindIndex(Cast, member => member.Id == person.PersonId) is var place and >= 0 ? place : Cast.Length))
        {
            var (token, _) = await signIn.InviteAsync(person, by: null, Invite.PrintedLifetime, cancellation);
            links.Add((cast.GetValueOrDefault(person.PersonId, person.PersonId), $"{address}/#/sign-in/{token}"));
        }

        return links;
    }
}
