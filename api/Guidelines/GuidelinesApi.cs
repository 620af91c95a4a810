using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HealthEval.Guidelines;

internal static partial class GuidelinesApi
{
    public static void MapGuidelines(this IEndpointRouteBuilder api, string readers, string writers)
    {
        var guidelines = api.MapGroup("/guidelines").Reaches(RouteScope.Guidelines);
        guidelines.MapGet("/", ListAsync).RequireAuthorization(readers).WithName("ListGuidelines");
        guidelines.MapGet("/{id}/{version:int}", GetAsync).RequireAuthorization(readers).WithName("GetGuideline").WithMetadata(new SolutionsFor(writers));
        guidelines.MapGet("/{id}/{version:int}/changes", ChangesAsync).RequireAuthorization(readers).WithName("CompareGuidelineVersions");
        guidelines.MapPut("/{id}", AddVersionAsync).RequireAuthorization(writers).WithName("AddGuidelineVersion");
    }

    private static async Task<Ok<GuidelineList>> ListAsync(Reach reach, GuidelineLibrary library, GuidelineAccess access, CancellationToken cancellation)
    {
        var readable = reach.All ? null : await access.ReadableAsync(reach, cancellation);
        var shown = (await library.AllAsync(cancellation)).Where(guideline => readable?.Contains(guideline.Id) != false);
        return TypedResults.Ok(new GuidelineList([.. shown.Select(guideline => new GuidelineSummary(guideline.Id, guideline.Version, guideline.Title, guideline.Sha256))]));
    }

    private static async Task<Results<Ok<JsonNode>, ProblemHttpResult>> GetAsync(
        string id, int version, Reach reach, GuidelineLibrary library, GuidelineAccess access, HttpContext context, IAuthorizationService authorization,
        CancellationToken cancellation)
    {
        if (!await access.MayReadAsync(reach, id, cancellation) || await library.FindAsync(id, version, cancellation) is not { } guideline)
        {
            return Problems.Missing("guideline version");
        }

        var document = JsonNode.Parse(Json.Bytes(guideline))!;
        document["sha256"] = guideline.Sha256;
        if (guideline.Gates is null)
        {
            document["legacyGates"] = JsonSerializer.SerializeToNode(guideline.GatesInForce, Json.Options);
        }

        var policy = context.GetEndpoint()!.Metadata.GetRequiredMetadata<SolutionsFor>().Policy;
        if (!(await authorization.AuthorizeAsync(context.User, policy)).Succeeded)
        {
            WithoutAnswers(document.AsObject());
        }

        context.Response.Headers.CacheControl = "private, max-age=86400"; // a version never changes
        return TypedResults.Ok(document);
    }

    /// <summary>The policy of those who may read solutions.</summary>
    private sealed record SolutionsFor(string Policy);

    /// <summary>Who is still to take the quiz and the calibration reads the guideline, not their solutions.</summary>
    private static void WithoutAnswers(JsonObject document)
    {
        document.Remove("calibration");
        foreach (var question in (document["quiz"] as JsonArray ?? []).OfType<JsonObject>())
        {
            question.Remove("answer");
            question.Remove("why");
        }
    }

    /// <summary>What is different from an earlier version of the same guideline: from the one before where none is named.</summary>
    private static async Task<Results<Ok<GuidelineDifference>, ProblemHttpResult>> ChangesAsync(
        string id, int version, int? since, Reach reach, GuidelineLibrary library, GuidelineAccess access, CancellationToken cancellation)
    {
        var from = since ?? version - 1;
        return !await access.MayReadAsync(reach, id, cancellation) || await library.FindAsync(id, version, cancellation) is not { } after
            ? Problems.Missing("guideline version")
            : await library.FindAsync(id, from, cancellation) is not { } before ? Problems.Missing("earlier guideline version")
            : TypedResults.Ok(new GuidelineDifference(id, from, before.Sha256, version, after.Sha256, [.. GuidelineChanges.Between(before, after)]));
    }

    /// <param name="project">Whose the guideline is, from its first version on (repeatable); the caller's projects when nothing is said.</param>
    private static async Task<Results<Created<GuidelineSummary>, ProblemHttpResult>> AddVersionAsync(
        string id, Guideline draft, [FromQuery] string[]? project, Reach reach, ClaimsPrincipal caller, GuidelineLibrary library, GuidelineAccess access, AuditTrail trail, CancellationToken cancellation)
    {
        var owners = project is { Length: > 0 } ? project : reach.Projects.Where(mine => mine != Reach.Everything).ToArray();
        var faults = GuidelineRules.Check(draft);
        faults.Require(IdPattern.IsMatch(id), "id", "An id has lower-case letters, digits and hyphens only, at most 63.");
        faults.Require(id != Guideline.DefaultId, "id", "The built-in guideline is not changed in place. Choose another id for your own.");
        faults.Require(reach.Holds(owners) && !owners.Contains(Reach.Everything), "project", "A guideline can be given only to projects that are yours, named one by one.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if (!await access.MayAddAsync(reach, id, isNew: await library.NewestAsync(id, cancellation) == 0, cancellation))
        {
            return Problems.Conflict("id_taken", "This guideline is not yours", "Versions are added by those who have all of a guideline's projects. Choose another id for your own.");
        }

        if (await library.AddAsync(id, draft, owners, cancellation) is not { } added)
        {
            return Problems.Conflict("version_taken", "Somebody added a version at the same moment", "Look at the newest version, then send yours again.");
        }

        foreach (var chain in owners.DefaultIfEmpty(AuditTrail.Platform))
        {
            await trail.RecordAsync(chain, caller.FindFirstValue(ClaimTypes.NameIdentifier)!, AuditActions.GuidelineAdded, $"{id}@{added.Version}", to: added.Sha256);
        }

        return TypedResults.Created($"/api/guidelines/{id}/{added.Version}", new GuidelineSummary(id, added.Version, added.Title, added.Sha256));
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex IdPattern { get; }
}

/// <param name="Since">The earlier of the two versions.</param>
internal sealed record GuidelineDifference(string Id, int Since, string SinceSha256, int Version, string Sha256, IReadOnlyList<GuidelineChange> Changes);

internal sealed record GuidelineList(IReadOnlyList<GuidelineSummary> Guidelines);

internal sealed record GuidelineSummary(string Id, int Version, string Title, string Sha256);
