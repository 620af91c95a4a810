using System.CommandLine;
using System.Text.Json;
using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Cli;

/// <summary><c>healtheval simulate</c>: raters who are none, for demos and load.</summary>
internal static class SimulateCommand
{
    public static Command Build()
    {
        var project = CommandLine.Project();
        var raters = new Option<int>("--raters") { Description = "How many simulated raters", DefaultValueFactory = _ => 6, HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "The same seed makes the same opinions", DefaultValueFactory = _ => 1, HelpName = "S" };
        var weeks = new Option<int>("--weeks") { Description = "Spread the judgements over the last N weeks, ending now", DefaultValueFactory = _ => 0, HelpName = "N" };
        var limit = new Option<int>("--limit") { Description = "Stop after this many judgements", DefaultValueFactory = _ => int.MaxValue, HelpName = "N" };
        var profile = new Option<string>("--profile")
        {
            Description = $"How the raters judge, one after the other: {string.Join(", ", RaterProfile.All.Select(one => one.Name))}; several separated by commas",
            DefaultValueFactory = _ => RaterProfile.Good.Name,
            HelpName = "P",
        };
        profile.Validators.Add(result =>
        {
            foreach (var unknown in (result.GetValue(profile) ?? "").Split(',', StringSplitOptions.TrimEntries).Where(name => RaterProfile.Find(name) is null))
            {
                result.AddError($"--profile: there is no profile '{unknown}'; choose from {string.Join(", ", RaterProfile.All.Select(one => one.Name))}.");
            }
        });
        raters.Validators.Add(result => Between(result, raters, 1, 1_000));
        weeks.Validators.Add(result => Between(result, weeks, 0, 60));
        limit.Validators.Add(result => Between(result, limit, 1, int.MaxValue));
        var command = new Command("simulate", "Fill open tasks with simulated judgements, marked as simulated everywhere") { project, raters, seed, weeks, limit, profile };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var app = Services.Open(parsed);
            var plan = new Plan(parsed.GetValue(raters), parsed.GetValue(seed), parsed.GetValue(weeks), parsed.GetValue(limit),
                [.. parsed.GetValue(profile)!.Split(',', StringSplitOptions.TrimEntries).Select(name => RaterProfile.Find(name)!)]);
            var found = await CommandLine.FindProjectAsync(app.Services, parsed.GetRequiredValue(project), cancellation);
            var made = await RunAsync(app.Services, found, plan, cancellation);
            Console.WriteLine(parsed.GetValue(CommandLine.JsonOutput)
                ? JsonSerializer.Serialize(new { project = found.ProjectId, raters = plan.Raters, seed = plan.Seed, judgements = made, simulated = true }, Json.Options)
                : $"{made:N0} simulated judgements by {plan.Raters} simulated raters in project {found.ProjectId} (seed {plan.Seed}). They are marked as simulated wherever they appear.");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>So many judgements come before the one with a flag.</summary>
    private const int FlagAfter = 30;

    /// <param name="Flag">That one of the judgements has.</param>
    internal sealed record Plan(int Raters, int Seed, int Weeks, int Limit, IReadOnlyList<RaterProfile>? Profiles = null, string? Flag = null)
    {
        public RaterProfile ProfileOf(int number) => Profiles is { Count: > 0 } ? Profiles[(number - 1) % Profiles.Count] : RaterProfile.Good;
    }

    /// <summary>Lets the simulated raters take turns until nothing is open for them. Returns how many judgements were made.</summary>
    public static async Task<int> RunAsync(IServiceProvider services, Project project, Plan plan, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IDocumentStore>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var open = await store.CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = project.ProjectId }, cancellation) * Math.Min(project.Overlap, plan.Raters);
        var time = new PastTime(now, TimeSpan.FromDays(7 * plan.Weeks), Math.Max(1, Math.Min(open, plan.Limit)));
        var guidelines = services.GetRequiredService<GuidelineLibrary>();
        var trail = services.GetRequiredService<AuditTrail>();
        await trail.RecordAsync(project.ProjectId, AuditTrail.CommandLine, AuditActions.JudgementsSimulated, to: $"raters={plan.Raters};seed={plan.Seed}");
        var standings = new Standings(store, new AuditTrail(store, time), time);
        var assignment = new Assignment(
            store, time, WorkQueue.Tasks, new GoldMixing(store, guidelines, standings, time).NextAsync, new Gatekeeper(store, guidelines, standings, time).AdmitAsync);
        var submission = new Submission(
            store, assignment, guidelines, new SourceLibrary(store, time), time, new Onlooker(store, new Watch(store, standings, time), guidelines, standings, time).AfterAsync);
        var gold = await store.AllAsync<GoldItem>(GoldItem.Of(project.ProjectId), cancellation).ToDictionaryAsync(item => item.Value.TaskId, item => item.Value, cancellationToken: cancellation);
        var crew = await HireAsync(store, project, plan, now, cancellation);
        var made = 0;
        for (var waiting = crew.ToList(); waiting.Count > 0 && made < plan.Limit;)
        {
            var still = new List<(Person, SimulatedRater)>();
            foreach (var (person, rater) in waiting.TakeWhile(_ => made < plan.Limit))
            {
                if (await assignment.NextAsync(project, person, [], cancellation) is { } claimed)
                {
                    await JudgeAsync(store, guidelines, submission, claimed, person, rater, gold.GetValueOrDefault(claimed.Task.TaskId), made == FlagAfter ? plan.Flag : null, plan.Seed, cancellation);
                    time.Step();
                    made++;
                    still.Add((person, rater));
                }
            }

            waiting = still;
        }

        await SimulatedAdjudicator.RunAsync(store, guidelines, time, project, plan.Seed, cancellation);
        await trail.RecordAsync(project.ProjectId, AuditTrail.CommandLine, AuditActions.JudgementsSimulated, from: $"seed={plan.Seed}", to: $"judgements={made}");
        return made;
    }

    private static async Task JudgeAsync(
        IDocumentStore store, GuidelineLibrary guidelines, Submission submission, Claimed claimed, Person person, SimulatedRater rater, GoldItem? gold, string? flag, int seed,
        CancellationToken cancellation)
    {
        var (task, slot) = claimed;
        var guideline = (await guidelines.FindAsync(slot.Guideline.Id, slot.Guideline.Version, cancellation))!;
        var item = (await store.FindAsync<EvalItem>(EvalItem.KeyOf(task.ProjectId, task.TaskId), cancellation))!.Value;
        var order = ResponseOrder.Of(item.Responses.Select(response => response.ResponseId), ResponseOrder.Seed(item.TaskId, person.PersonId));
        var judgement = rater.Judge(item, order, guideline, slot.Mode ?? Vocabulary.FullMode, gold);
        judgement = judgement with { Flags = flag is not null && guideline.Flags.Any(known => known.Key == flag) ? [flag] : [] };
        var gates = Gates.Fired(judgement, guideline).Select(gate => gate.Key).ToList();
        var confirmed = new Confirmed(gates, gates.ToDictionary(gate => gate, _ => "Simulated reason."));
        var id = new Guid(Convert.FromHexString(Sha.OfParts("simulated", seed.ToString(), task.TaskId, person.PersonId)[..32])).ToString();
        var result = await submission.SubmitAsync(task.ProjectId, task.TaskId, id, slot.LeaseId, judgement, confirmed, person, session: null, cancellation);
        if (result is not (SubmitResult.Recorded or SubmitResult.RecordedBefore))
        {
            throw new InvalidOperationException($"A simulated judgement was refused: {(result is SubmitResult.Incomplete(var faults) ? string.Join(", ", faults.ByField.Keys) : result.ToString())}.");
        }
    }

    private static async Task<IReadOnlyList<(Person, SimulatedRater)>> HireAsync(IDocumentStore store, Project project, Plan plan, DateTimeOffset now, CancellationToken cancellation)
    {
        var languages = project.Languages.Append("en").Distinct().ToList();
        var crew = new List<(Person, SimulatedRater)>();
        for (var number = 1; number <= plan.Raters; number++)
        {
            var profile = plan.ProfileOf(number);
            var id = $"simulated-{project.ProjectId}-{plan.Seed}-{number:D3}" + (profile == RaterProfile.Good ? "" : $"-{profile.Name}");
            var degree = Vocabulary.Degrees[(number - 1) % Vocabulary.Degrees.Count];
            var person = new Person(
                id, profile == RaterProfile.Good ? $"Simulated rater {number} (seed {plan.Seed})" : $"Simulated rater {number}, {profile.Name} (seed {plan.Seed})", Email: null, PersonForm.PseudonymOf(id), [Roles.Annotator], [project.ProjectId],
                new Credential(degree, 5 + (number * 3 % 25), Vocabulary.Subdomains, languages), Active: true, Simulated: true, now);
            await store.CommitAsync(new Write.Put(Person.Key(id), person), cancellation);
            crew.Add((person, new SimulatedRater(plan.Seed, number, profile)));
        }

        return crew;
    }

    private static void Between(System.CommandLine.Parsing.OptionResult result, Option<int> option, int low, int high)
    {
        if (result.GetValue(option) is var value && (value < low || value > high))
        {
            result.AddError($"{option.Name} is {value}; give a number from {low} to {high}.");
        }
    }

    /// <summary>
    /// A clock that walks through the weeks of the simulation, one judgement at a time, and stops now: gold, repeats and second opinions are more judgements than were expected,
    /// and none of them may lie in the future.
    /// </summary>
    internal sealed class PastTime(DateTimeOffset end, TimeSpan length, long expected) : TimeProvider
    {
        private long _made;

        public override DateTimeOffset GetUtcNow() => end - (length * (1 - (Math.Min(_made, expected) / (double)expected)));

        public void Step() => _made++;
    }
}
