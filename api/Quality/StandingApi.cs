using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Quality;

/// <summary>What a lead sees of where raters stand, and what they decide about it; each decision with its reason.</summary>
internal static class StandingApi
{
    public static void MapStanding(this IEndpointRouteBuilder api)
    {
        var raters = api.MapGroup("/quality/{projectId}/standing").RequireAuthorization(Policies.Leads);
        raters.MapGet("/", ListAsync).WithName("ListStanding");
        raters.MapPost("/{personId}/pause", PauseAsync).WithName("PauseRater");
        raters.MapPost("/{personId}/resume", ResumeAsync).WithName("ResumeRater");
        raters.MapPost("/{personId}/cap", CapAsync).WithName("CapRater");
        raters.MapPost("/{personId}/steps/{step}", AllowAsync).WithName("AllowStep");
        var own = api.MapGroup("/quality/interests").RequireAuthorization(Policies.Raters).Reaches(RouteScope.Own);
        own.MapGet("/", InterestsAsync).WithName("MyInterests");
        own.MapPut("/", DeclareAsync).WithName("DeclareInterests");
    }

    private static async Task<Results<Ok<StandingList>, ProblemHttpResult>> ListAsync(
        string projectId, IDocumentStore store, GuidelineLibrary guidelines, Standings standings, CancellationToken cancellation)
    {
        if (await FindAsync(store, guidelines, projectId, cancellation) is not var (project, guideline))
        {
            return Problems.Missing("project");
        }

        var people = await store.AllAsync<Person>(Person.Everybody, cancellation).Select(person => person.Value)
            .Where(person => person.Roles.Contains(Roles.Annotator) && (person.Projects.Contains("*") || person.Projects.Contains(projectId))).ToListAsync(cancellation);
        var views = new List<StandingView>();
        foreach (var person in people.OrderBy(person => person.PersonId, StringComparer.Ordinal))
        {
            views.Add(StandingView.Of(person, await standings.FindAsync(projectId, person.PersonId, cancellation), project, guideline));
        }

        return TypedResults.Ok(new StandingList(views));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PauseAsync(
        string projectId, string personId, WhyForm form, Caller caller, IDocumentStore store, Standings standings, TimeProvider time, CancellationToken cancellation)
    {
        if (await RefuseAsync(projectId, personId, form.Why, store, cancellation) is { } refusal)
        {
            return refusal;
        }

        if ((await standings.FindAsync(projectId, personId, cancellation)).Paused is not null)
        {
            return Problems.Conflict("paused", "This person is paused already", "Resume them first if the reason is another one.");
        }

        await standings.PauseAsync(projectId, personId, new Pause("lead", form.Why!.Trim(), caller.Id, time.GetUtcNow()), cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ResumeAsync(
        string projectId, string personId, WhyForm form, Caller caller, IDocumentStore store, Standings standings, CancellationToken cancellation) =>
        await RefuseAsync(projectId, personId, form.Why, store, cancellation) is { } refusal ? refusal
        : await standings.ResumeAsync(projectId, personId, caller.Id, form.Why!.Trim(), cancellation) ? TypedResults.NoContent()
        : Problems.Conflict("not_paused", "This person is not paused", "There is nothing to resume.");

    private static async Task<Results<NoContent, ProblemHttpResult>> CapAsync(
        string projectId, string personId, CapForm form, Caller caller, IDocumentStore store, Standings standings, CancellationToken cancellation)
    {
        if (form.PerDay is < 1 or > 1_000)
        {
            var faults = new Faults();
            faults.Add("perDay", "Between 1 and 1000 judgements a day, or null for as many as they like.");
            return Problems.Invalid(faults);
        }

        if (await RefuseAsync(projectId, personId, form.Why, store, cancellation) is { } refusal)
        {
            return refusal;
        }

        await standings.CapAsync(projectId, personId, form.PerDay, caller.Id, form.Why!.Trim(), cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AllowAsync(
        string projectId, string personId, string step, StepForm form, Caller caller, IDocumentStore store, GuidelineLibrary guidelines, Standings standings, TimeProvider time,
        CancellationToken cancellation)
    {
        if (!ProductionPath.All.Contains(step) || form.Decision is not (Allowance.Waived or Allowance.Again))
        {
            var faults = new Faults();
            faults.Require(ProductionPath.All.Contains(step), "step", $"Choose one of: {string.Join(", ", ProductionPath.All)}.");
            faults.Require(form.Decision is Allowance.Waived or Allowance.Again, "decision", "Choose waived, or again for another try.");
            return Problems.Invalid(faults);
        }

        if (await RefuseAsync(projectId, personId, form.Why, store, cancellation) is { } refusal)
        {
            return refusal;
        }

        if (await FindAsync(store, guidelines, projectId, cancellation) is not var (_, guideline))
        {
            return Problems.Missing("project");
        }

        var scales = step == ProductionPath.Qualification ? "" : Scales.Of(guideline);
        await standings.AllowAsync(projectId, personId, new Allowance(step, form.Decision, scales, caller.Id, time.GetUtcNow(), form.Why!.Trim()), cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<ProblemHttpResult?> RefuseAsync(string projectId, string personId, string? why, IDocumentStore store, CancellationToken cancellation)
    {
        var faults = new Faults();
        NoticesApi.RequireWhy(why, faults);
        return faults.Any ? Problems.Invalid(faults)
            : await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null ? Problems.Missing("project")
            : await store.FindAsync<Person>(Person.Key(personId), cancellation) is { Value: var person } && person.Projects.Any(project => project == projectId || project == "*") ? null
            : Problems.Missing("person");
    }

    private static async Task<(Project Project, Guideline Guideline)?> FindAsync(IDocumentStore store, GuidelineLibrary guidelines, string projectId, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project }
        && await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation) is { } guideline
            ? (project, guideline)
            : null;

    private static async Task<Ok<InterestsForm>> InterestsAsync(Caller caller, IDocumentStore store, CancellationToken cancellation) =>
        TypedResults.Ok(await store.FindAsync<Interests>(Interests.Key(caller.Id), cancellation) is { Value: var declared } ? new InterestsForm(declared.Customers, declared.Makers) : new InterestsForm([], []));

    private static async Task<Results<Ok<InterestsForm>, ProblemHttpResult>> DeclareAsync(InterestsForm form, Caller caller, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var (customers, makers) = (form.Customers ?? [], form.Makers ?? []);
        if (Interests.Check(customers, makers) is { Any: true } faults)
        {
            return Problems.Invalid(faults);
        }

        await store.CommitAsync(new Write.Put(Interests.Key(caller.Id), new Interests(caller.Id, customers, makers, time.GetUtcNow())), cancellation);
        return TypedResults.Ok(new InterestsForm(customers, makers));
    }
}

internal sealed record WhyForm(string? Why);

internal sealed record CapForm(int? PerDay, string? Why);

/// <param name="Decision">waived, or again for another try.</param>
internal sealed record StepForm(string? Decision, string? Why);

internal sealed record StandingList(IReadOnlyList<StandingView> Raters);

/// <param name="State">active, paused, or the step they are at.</param>
internal sealed record StandingView(
    string PersonId, string Name, string Pseudonym, bool Simulated, string State, int? CapPerDay, IReadOnlyList<StepResult> Steps, IReadOnlyList<Allowance> Allowances, IReadOnlyList<Pause> Pauses,
    IReadOnlyList<PathStep> Path)
{
    public static StandingView Of(Person person, Standing standing, Project project, Guideline guideline) => new(
        person.PersonId, person.Name, person.Pseudonym, person.Simulated, StateOf(standing, project, guideline), standing.CapPerDay, standing.Steps, standing.Allowances, standing.Pauses,
        PathStep.All(project.Quality, guideline, standing));

    public static string StateOf(Standing standing, Project project, Guideline guideline) =>
        standing.Paused is not null ? Gatekeeper.Paused : ProductionPath.Next(project.Quality, guideline, standing) ?? "active";
}
