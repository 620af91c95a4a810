using HealthEval.Audit;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Projects;

/// <summary>A customer's guideline is given to another project of the same customer by a lead who has both, and by nobody else.</summary>
internal static class GuidelineSharing
{
    private const int LongestWhy = 500;
    private const int Attempts = 20;

    public static void MapGuidelineSharing(this IEndpointRouteBuilder api) =>
        api.MapPost("/projects/{projectId}/guidelines/{guidelineId}", ShareAsync).RequireAuthorization(Policies.Leads).WithName("ShareGuideline");

    /// <param name="projectId">The project that gets it.</param>
    private static async Task<Results<NoContent, ProblemHttpResult>> ShareAsync(
        string projectId, string guidelineId, ShareForm form, Caller caller, GuidelineAccess access, IDocumentStore store, AuditTrail trail, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(form.Why?.Trim() is { Length: > 0 and <= LongestWhy }, "why", $"Say why, in 1 to {LongestWhy} characters; it is kept with the decision.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("project");
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (!await access.MayReadAsync(caller.Reach, guidelineId, cancellation) || await store.FindAsync<GuidelineOwner>(GuidelineOwner.Key(guidelineId), cancellation) is not { } stored)
            {
                return Problems.Missing("guideline that could be shared");
            }

            var (owner, etag) = stored;
            if (await access.MayUseAsync(projectId, guidelineId, cancellation))
            {
                return TypedResults.NoContent();
            }

            if (await FromAsync(owner, project, caller, store, cancellation) is not { } from)
            {
                return Problems.Conflict("other_customer", "It cannot be shared with this project", "A guideline is shared by a lead of one of its projects, with another project of the same customer.");
            }

            if ((await store.CommitAsync(new Write.Replace(GuidelineOwner.Key(guidelineId), owner with { SharedWith = [.. owner.SharedWith ?? [], projectId] }, etag), cancellation)).Succeeded)
            {
                foreach (var chain in (IReadOnlyList<string>)[projectId, from])
                {
                    await trail.RecordAsync(chain, caller.Id, AuditActions.GuidelineShared, guidelineId, from, $"{projectId};why=sha256:{Sha.Of(form.Why!.Trim())[..12]}");
                }

                return TypedResults.NoContent();
            }
        }

        throw new IOException("The guideline is being shared by too many at once.");
    }

    /// <summary>A project of the caller and of the same customer whose guideline it is.</summary>
    private static async Task<string?> FromAsync(GuidelineOwner owner, Project project, Caller caller, IDocumentStore store, CancellationToken cancellation)
    {
        foreach (var id in owner.Projects.Where(caller.Reach.Covers))
        {
            if (await store.FindAsync<Project>(Project.Key(id), cancellation) is { Value: var from } && string.Equals(from.Customer.Trim(), project.Customer.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return id;
            }
        }

        return null;
    }

    internal sealed record ShareForm(string? Why);
}
