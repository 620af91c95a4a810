using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Tasks;

/// <summary>Who holds what, for leads, who can take a lease away from somebody who will not come back to it.</summary>
internal static class LeasesApi
{
    public static void MapLeases(this IEndpointRouteBuilder api)
    {
        var leases = api.MapGroup("/tasks/{projectId}").RequireAuthorization(Policies.Leads);
        leases.MapGet("/leases", ListAsync).WithName("ListLeases");
        leases.MapDelete("/{taskId}/leases/{personId}", FreeAsync).WithName("FreeLease").Audited(AuditActions.LeaseFreed);
    }

    /// <summary>Looks where people hold things, which is at most three tasks each.</summary>
    private static async Task<Ok<LeaseList>> ListAsync(string projectId, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var leases = new List<HeldLease>();
        await foreach (var (desk, _) in store.AllAsync<Desk>(new DocumentQuery(DocumentKind.Desk) { ProjectId = projectId }, cancellation))
        {
            foreach (var taskId in desk.Held)
            {
                if ((await store.FindAsync<EvalTask>(WorkQueue.Tasks.Key(projectId, taskId), cancellation))?.Value.SlotOf(desk.PersonId) is { IsFilled: false } slot)
                {
                    leases.Add(new HeldLease(taskId, desk.PersonId, slot.LeasedAt, slot.ExpiresAt, IsOver: !slot.IsTaken(now)));
                }
            }
        }

        return TypedResults.Ok(new LeaseList([.. leases.OrderBy(lease => lease.LeasedAt)]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> FreeAsync(
        string projectId, string taskId, string personId, Assignment assignment, CancellationToken cancellation) =>
        await assignment.FreeAsync(projectId, taskId, personId, cancellation) ? TypedResults.NoContent() : Problems.Missing("lease");
}

internal sealed record LeaseList(IReadOnlyList<HeldLease> Leases);

/// <param name="IsOver">It has run out, but nobody has taken the task since: its holder may still renew it.</param>
internal sealed record HeldLease(string TaskId, string PersonId, DateTimeOffset LeasedAt, DateTimeOffset ExpiresAt, bool IsOver);
