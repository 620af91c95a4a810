using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Guidelines;

internal static partial class GuidelinesApi
{
    public static void MapGuidelines(this IEndpointRouteBuilder api, string readers, string writers)
    {
        var guidelines = api.MapGroup("/guidelines");
        guidelines.MapGet("/", ListAsync).RequireAuthorization(readers).WithName("ListGuidelines");
        guidelines.MapGet("/{id}/{version:int}", GetAsync).RequireAuthorization(readers).WithName("GetGuideline");
        guidelines.MapPut("/{id}", AddVersionAsync).RequireAuthorization(writers).WithName("AddGuidelineVersion");
    }

    private static async Task<Ok<GuidelineList>> ListAsync(GuidelineLibrary library, CancellationToken cancellation) =>
        TypedResults.Ok(new GuidelineList([.. (await library.AllAsync(cancellation)).Select(g => new GuidelineSummary(g.Id, g.Version, g.Title, g.Sha256))]));

    private static async Task<Results<Ok<JsonNode>, ProblemHttpResult>> GetAsync(string id, int version, GuidelineLibrary library, HttpResponse response, CancellationToken cancellation)
    {
        if (await library.FindAsync(id, version, cancellation) is not { } guideline)
        {
            return Problems.Missing("guideline version");
        }

        var document = JsonNode.Parse(Json.Bytes(guideline))!;
        document["sha256"] = guideline.Sha256;
        response.Headers.CacheControl = "private, max-age=86400"; // a version never changes
        return TypedResults.Ok(document);
    }

    private static async Task<Results<Created<GuidelineSummary>, ProblemHttpResult>> AddVersionAsync(string id, Guideline draft, GuidelineLibrary library, CancellationToken cancellation)
    {
        var faults = GuidelineRules.Check(draft);
        faults.Require(IdPattern.IsMatch(id), "id", "An id has lower-case letters, digits and hyphens only, at most 63.");
        faults.Require(id != Guideline.DefaultId, "id", "The built-in guideline is not changed in place. Choose another id for your own.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        return await library.AddAsync(id, draft, cancellation) is { } added
            ? TypedResults.Created($"/api/guidelines/{id}/{added.Version}", new GuidelineSummary(id, added.Version, added.Title, added.Sha256))
            : Problems.Conflict("version_taken", "Somebody added a version at the same moment", "Look at the newest version, then send yours again.");
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex IdPattern { get; }
}

internal sealed record GuidelineList(IReadOnlyList<GuidelineSummary> Guidelines);

internal sealed record GuidelineSummary(string Id, int Version, string Title, string Sha256);
