using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Oversight;

/// <summary>All items of a project, for leads: found, looked into, acted on.</summary>
internal static class ItemsApi
{
    public static void MapItems(this IEndpointRouteBuilder oversight)
    {
        oversight.MapGet("/items", ListAsync).WithName("ListItems");
        oversight.MapGet("/items/{taskId}", GetAsync).WithName("GetItem");
        oversight.MapPost("/items/acts", ActAsync).WithName("ActOnItems");
        oversight.MapPost("/acts/{actId}/undo", UndoAsync).WithName("UndoAct");
        oversight.MapGet("/acts", ActsAsync).WithName("ListActs");
    }

    private static async Task<Results<Ok<ItemPage>, ProblemHttpResult>> ListAsync(
        string projectId, [AsParameters] ItemFilter filter, string? continuation, ItemSearch search, CancellationToken cancellation)
    {
        var faults = filter.Check();
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var page = await search.FindAsync(projectId, filter, string.IsNullOrEmpty(continuation) ? null : continuation, cancellation);
        return TypedResults.Ok(filter.IsPlain && string.IsNullOrEmpty(continuation) ? page with { Total = await search.CountAsync(projectId, filter.Batch, cancellation) } : page);
    }

    private static async Task<Results<Ok<ItemDetail>, ProblemHttpResult>> GetAsync(
        string projectId, string taskId, IDocumentStore store, GuidelineLibrary guidelines, TimeProvider time, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project }
        && await ItemDetail.ReadAsync(store, guidelines, project, taskId, time, cancellation) is { } item
            ? TypedResults.Ok(item)
            : Problems.Missing("item");

    private static async Task<Results<Ok<ActResult>, ProblemHttpResult>> ActAsync(string projectId, ActForm form, Caller caller, ItemActs acts, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("project");
        }

        var faults = new Faults();
        faults.Require(ItemActs.Asked.Contains(form.Kind), "kind", $"Choose from: {string.Join(", ", ItemActs.Asked)}.");
        faults.Require(form.TaskIds is { Count: > 0 and <= ItemActs.MostAtOnce }, "taskIds", $"Name 1 to {ItemActs.MostAtOnce} items; send more in several requests.");
        if (form.Preview != true)
        {
            Act.RequireWhy(form.Why, faults);
        }

        var person = form.Kind == "reassign" && form.PersonId is { } personId ? (await store.FindAsync<Person>(Person.Key(personId), cancellation))?.Value : null;
        faults.Require(form.Kind != "reassign" || (person is not null && caller.Sees(person)), "personId", "Name the person who is to have it, one of this project.");
        return faults.Any
            ? Problems.Invalid(faults)
            : TypedResults.Ok(await acts.DoAsync(project, form.Kind!, form.Why?.Trim() ?? "", form.TaskIds!, new ActTarget(person, form.AnnotationIds), form.Preview == true, caller.Id, cancellation));
    }

    private static async Task<Results<Ok<ActResult>, ProblemHttpResult>> UndoAsync(
        string projectId, string actId, UndoForm form, Caller caller, ItemActs acts, IDocumentStore store, CancellationToken cancellation)
    {
        var faults = new Faults();
        Act.RequireWhy(form.Why, faults);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var page = await store.QueryAsync<Act>(Act.Parts(projectId, actId), string.IsNullOrEmpty(form.Continuation) ? null : form.Continuation, cancellation);
        List<Act> parts = [.. page.Documents.Select(part => part.Value)];
        if (parts.Count == 0 || await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("act");
        }

        return ItemActs.Undo.GetValueOrDefault(parts[0].Kind) is { } reverse
            ? TypedResults.Ok(await acts.DoAsync(project, reverse, form.Why!.Trim(), [.. parts.Select(part => part.TaskId)], new ActTarget(Undoes: actId), preview: false, caller.Id, cancellation) with
            {
                Continuation = page.Continuation,
            })
            : Problems.Conflict("not_undoable", "This cannot be taken back", "What it did stays. Do the opposite where there is one.");
    }

    /// <summary>The newest first; one line for each item that it was done to.</summary>
    private static async Task<Ok<ActList>> ActsAsync(string projectId, string? continuation, IDocumentStore store, CancellationToken cancellation)
    {
        var page = await store.QueryAsync<Act>(Act.OfProject(projectId), string.IsNullOrEmpty(continuation) ? null : continuation, cancellation);
        return TypedResults.Ok(new ActList([.. page.Documents.Select(act => act.Value)], page.Continuation));
    }
}

/// <param name="Preview">Say what would be done, and do nothing.</param>
internal sealed record ActForm(string? Kind, string? Why, IReadOnlyList<string>? TaskIds, string? PersonId = null, IReadOnlyList<string>? AnnotationIds = null, bool? Preview = null);

/// <param name="Continuation">Of the answer before, when the act was about more items than one request takes back.</param>
internal sealed record UndoForm(string? Why, string? Continuation = null);

internal sealed record ActList(IReadOnlyList<Act> Acts, string? Continuation);
