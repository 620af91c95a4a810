using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Oversight;

/// <summary>The people of a project for its leads, and what a lead does with the judgements of one of them.</summary>
internal static class RatersApi
{
    private const int PageSize = 50;

    public static void MapRaters(this IEndpointRouteBuilder oversight)
    {
        oversight.MapGet("/raters", ListAsync).WithName("ListRaters");
        oversight.MapGet("/raters/{personId}/judgements", JudgementsAsync).WithName("JudgementsOfRater");
        oversight.MapPost("/raters/{personId}/void", VoidAsync).WithName("VoidRater");
    }

    private static async Task<Results<Ok<RaterDesk>, ProblemHttpResult>> ListAsync(string projectId, Caller caller, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null ? Problems.Missing("project") : TypedResults.Ok(await RaterDesk.ReadAsync(store, projectId, caller, cancellation));

    /// <summary>The newest first.</summary>
    private static async Task<Ok<RaterJudgements>> JudgementsAsync(string projectId, string personId, string? continuation, IDocumentStore store, CancellationToken cancellation)
    {
        var query = RaterVoids.Of(projectId, personId, from: null) with { Descending = true, Top = PageSize };
        var page = await store.QueryAsync<Annotation>(query, string.IsNullOrEmpty(continuation) ? null : continuation, cancellation);
        var total = await store.CountAsync(query, cancellation);
        var aside = await store.CountAsync(VoidJudgement.Of(projectId, new Filter.Equal("rater", personId)), cancellation);
        return TypedResults.Ok(new RaterJudgements([.. page.Documents.Select(made => RaterJudgement.Of(made.Value))], total, aside, page.Continuation));
    }

    private static async Task<Results<Ok<VoidResult>, ProblemHttpResult>> VoidAsync(
        string projectId, string personId, VoidForm form, Caller caller, RaterVoids voids, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(form.From is not null && form.From <= time.GetUtcNow(), "from", "Say from which time on, as 2026-11-02T00:00:00Z, which is not in the future.");
        Act.RequireActId(form.ActId, faults);
        if (form.Preview != true)
        {
            Act.RequireWhy(form.Why, faults);
        }

        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null || await store.FindAsync<Person>(Person.Key(personId), cancellation) is not { Value: var person } || !caller.Sees(person))
        {
            return Problems.Missing("person");
        }

        return TypedResults.Ok(form.Preview == true
            ? await voids.LookAsync(projectId, personId, form.From!.Value, cancellation)
            : await voids.SetAsideAsync(projectId, personId, form.From!.Value, form.Why!.Trim(), form.ActId, form.Continuation, caller.Id, cancellation));
    }
}

internal sealed record RaterJudgements(IReadOnlyList<RaterJudgement> Judgements, long Total, long SetAside, string? Continuation);

/// <summary>A judgement in a line: its scores are the means over its responses.</summary>
internal sealed record RaterJudgement(string TaskId, string AnnotationId, DateTimeOffset SubmittedAt, int ActiveSeconds, double? Mean, string? Harm, int Errors, bool Critical, IReadOnlyList<string> Flags)
{
    public static RaterJudgement Of(Annotation made)
    {
        List<int> scores = [.. made.Judgement.Ratings.SelectMany(rating => rating.AllScores).Select(score => score.Score).OfType<int>()];
        IReadOnlyList<Annotation> alone = [made];
        var found = alone.Found();
        return new RaterJudgement(
            made.TaskId, made.AnnotationId, made.SubmittedAt, made.Judgement.ActiveSeconds, scores.Count == 0 ? null : scores.Average(), found.Harm,
            made.Judgement.Spans.Count(span => span.Kind != "strength"), found.Critical, found.Flags);
    }
}

/// <param name="From">Judgements handed in then or later.</param>
/// <param name="ActId">Of the request before, when this one goes on with it.</param>
/// <param name="Continuation">Where that one ended.</param>
internal sealed record VoidForm(DateTimeOffset? From, string? Why, string? ActId = null, string? Continuation = null, bool? Preview = null);

/// <param name="Judgements">How many there are, before anything is done.</param>
/// <param name="Refused">How many were left, and why.</param>
/// <param name="Continuation">There are more: send the form again with this and <paramref name="ActId"/>.</param>
internal sealed record VoidResult(string? ActId, long Judgements, int Done, IReadOnlyList<ActOutcome> Refused, DateTimeOffset? First, DateTimeOffset? Last, string? Continuation);
