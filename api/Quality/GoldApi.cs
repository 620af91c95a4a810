using HealthEval.Annotations;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HealthEval.Quality;

internal static class GoldApi
{
    private const long MostBytes = 16 << 20;

    public static void MapGold(this IEndpointRouteBuilder api)
    {
        var gold = api.MapGroup("/quality/{projectId}/gold").RequireAuthorization(Policies.Leads);
        gold.MapGet("/", ListAsync).WithName("ListGold");
        gold.MapPost("/", ImportAsync).WithName("ImportGold");
        gold.MapDelete("/{goldId}", RetireAsync).WithName("RetireGold");
        gold.MapGet("/raters", RatersAsync).WithName("GoldRaters");
        gold.MapGet("/items/{taskId}", ReadAsync).WithName("ReadGold");
        gold.MapPost("/items/{taskId}", WriteAsync).WithName("WriteGold");
        gold.MapPost("/cases/{taskId}", PromoteAsync).WithName("PromoteCase");
        api.MapNotices();
        api.MapStanding();
        api.MapTraining();
        api.MapFeedback();
    }

    public static IServiceCollection AddGold(this IServiceCollection services) => services
        .AddSingleton<Gold>()
        .AddSingleton<GoldMixing>()
        .AddSingleton<Standings>()
        .AddSingleton<Watch>()
        .AddSingleton<Gatekeeper>()
        .AddSingleton<Onlooker>()
        .AddSingleton<Feedback>()
        .AddSingleton<Ledger>()
        .AddSingleton<Interject>(provider => provider.GetRequiredService<GoldMixing>().NextAsync)
        .AddSingleton<Admit>(provider => provider.GetRequiredService<Gatekeeper>().AdmitAsync)
        .AddSingleton<AfterJudgement>(provider => provider.GetRequiredService<Onlooker>().AfterAsync);

    private static async Task<Results<Ok<GoldList>, ProblemHttpResult>> ListAsync(string projectId, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("project");
        }

        var judged = (await store.AllAsync<Annotation>(Gold.JudgementsOf(projectId), cancellation).ToListAsync(cancellation)).CountBy(made => made.Value.TaskId).ToDictionary();
        var items = await store.AllAsync<GoldItem>(GoldItem.Of(projectId), cancellation).Select(gold => gold.Value).ToListAsync(cancellation);
        return TypedResults.Ok(new GoldList(project.GoldShare, [.. items.OrderBy(gold => gold.RetiredAt.HasValue).ThenBy(gold => gold.AddedAt).ThenBy(gold => gold.GoldId, StringComparer.Ordinal).Select(gold => GoldView.Of(gold, judged.GetValueOrDefault(gold.TaskId)))]));
    }

    private static async Task<Results<Ok<GoldImport>, ProblemHttpResult>> ImportAsync(string projectId, HttpRequest request, Caller caller, Gold gold, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("project");
        }

        if (request.ContentLength is not (> 0 and <= MostBytes))
        {
            return Problems.Of(413, "gold_too_large", "Send the gold items as one body of known length", $"One JSON object a line, at most {MostBytes / (1 << 20)} MB, with Content-Length. Split a larger file.");
        }

        return TypedResults.Ok(await gold.ImportAsync(project, request.Body, caller.Id, cancellation));
    }

    /// <summary>The newest reference of an item, for a lead to write the next version from.</summary>
    private static async Task<Results<Ok<GoldReference>, ProblemHttpResult>> ReadAsync(string projectId, string taskId, Gold gold, CancellationToken cancellation) =>
        await gold.NewestAsync(projectId, taskId, cancellation) is { } newest
            ? TypedResults.Ok(new GoldReference(newest.Version, newest.Reference, newest.Acceptable, newest.Note, newest.RetiredAt))
            : Problems.Missing("gold item");

    /// <summary>A lead's own judgement of an item as its reference; keys are those of the item's responses in stored order, as the item's page shows them.</summary>
    private static async Task<Results<Ok<GoldWritten>, ProblemHttpResult>> WriteAsync(
        string projectId, string taskId, GoldForm form, Caller caller, Gold gold, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project }
            ? Answer(await gold.WriteAsync(project, taskId, form, caller.Id, cancellation), "item")
            : Problems.Missing("project");

    /// <summary>What an adjudicator settled becomes the reference, with the adjudicator's reasons.</summary>
    private static async Task<Results<Ok<GoldWritten>, ProblemHttpResult>> PromoteAsync(
        string projectId, string taskId, Caller caller, Gold gold, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project }
            ? Answer(await gold.PromoteAsync(project, taskId, caller.Id, cancellation), "settled case")
            : Problems.Missing("project");

    private static Results<Ok<GoldWritten>, ProblemHttpResult> Answer(GoldWriting? written, string what) => written switch
    {
        null => Problems.Missing(what),
        { Faults.Any: true } refused => Problems.Invalid(refused.Faults),
        _ => TypedResults.Ok(new GoldWritten(written.GoldId, written.Version, written.Unchanged)),
    };

    private static async Task<Results<NoContent, ProblemHttpResult>> RetireAsync(
        string projectId, string goldId, [FromBody] RetireForm form, Caller caller, Gold gold, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(form.Why?.Trim() is { Length: > 0 and <= RetireForm.LongestWhy }, "why", $"Say why in 1 to {RetireForm.LongestWhy} characters; it is kept with the item.");
        return faults.Any ? Problems.Invalid(faults)
            : await gold.RetireAsync(projectId, goldId, caller.Id, form.Why!.Trim(), cancellation) ? TypedResults.NoContent()
            : Problems.Missing("gold item");
    }

    /// <summary>What is known of each rater from gold, by pseudonym.</summary>
    private static async Task<Ok<GoldRaters>> RatersAsync(string projectId, IDocumentStore store, CancellationToken cancellation) =>
        TypedResults.Ok(await GoldRaters.ReadAsync(store, projectId, cancellation));
}

/// <summary>By keys of the item's responses in stored order, as <see cref="GoldForm"/> is sent.</summary>
internal sealed record GoldReference(
    int Version, Judgement Judgement, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ScoreRange>> Acceptable, string? Note, DateTimeOffset? RetiredAt);

internal sealed record RetireForm(string? Why)
{
    public const int LongestWhy = 500;
}

/// <param name="Share">How many of a hundred tasks are gold, as a share.</param>
internal sealed record GoldList(double Share, IReadOnlyList<GoldView> Items);

/// <param name="Planted">Codes of the errors in it.</param>
/// <param name="Judged">How many raters have judged it.</param>
internal sealed record GoldView(string GoldId, int Version, string Lane, bool Clean, IReadOnlyList<string> Planted, string? Note, int Judged, DateTimeOffset AddedAt, DateTimeOffset? RetiredAt,
    string? RetiredWhy)
{
    public static GoldView Of(GoldItem gold, int judged) => new(
        gold.GoldId, gold.Version, gold.Lane, gold.Clean,
        [.. gold.Reference.Spans.Where(span => span.Kind != "strength").Select(span => span.Code).OfType<string>().Distinct()], gold.Note, judged, gold.AddedAt, gold.RetiredAt,
        gold.RetiredWhy);
}
