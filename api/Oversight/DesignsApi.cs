using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Oversight;

/// <summary>Comparisons of models that a lead plans, looks at and opens.</summary>
internal static class DesignsApi
{
    public static void MapDesigns(this IEndpointRouteBuilder oversight)
    {
        oversight.MapGet("/designs", ModelsAsync).WithName("ModelsToCompare");
        oversight.MapPost("/designs", DesignAsync).WithName("DesignComparison");
    }

    private static async Task<Results<Ok<DesignModels>, ProblemHttpResult>> ModelsAsync(string projectId, string? batch, ComparisonDesign designs, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        var (prompts, whole) = await designs.PromptsAsync(projectId, batch, cancellation);
        var models = prompts.SelectMany(prompt => prompt.Answers.Keys).CountBy(model => model).OrderBy(model => model.Key, StringComparer.Ordinal);
        return TypedResults.Ok(new DesignModels([.. models.Select(model => new DesignModel(model.Key, model.Value))], prompts.Count, whole));
    }

    private static async Task<Results<Ok<DesignResult>, ProblemHttpResult>> DesignAsync(
        string projectId, DesignForm form, Caller caller, ComparisonDesign designs, IDocumentStore store, AuditTrail trail, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("project");
        }

        var faults = form.Check();
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var (prompts, _) = await designs.PromptsAsync(projectId, form.Batch, cancellation);
        var models = form.Models!.Distinct(StringComparer.Ordinal).ToList();
        List<DesignPrompt> eligible = [.. prompts.Where(prompt => models.TrueForAll(prompt.Answers.ContainsKey))];
        faults.Require(eligible.Count > 0, "models", "There is no prompt that all of these models have answered.");
        faults.Require(form.Pairs <= models.Count * (models.Count - 1) / 2, "pairs", $"There are {models.Count * (models.Count - 1) / 2} pairs of these models.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var design = ComparisonPlan.Of(eligible, models, form.Prompts, form.Pairs, form.Seed);
        var (minutes, from) = await designs.MinutesAsync(project, cancellation);
        var figures = DesignFigures.Of(eligible, design, models, project.Overlap, minutes, from);
        return form.Preview != false ? TypedResults.Ok(new DesignResult(figures, BatchId: null)) : await OpenAsync(project, form, design, figures, caller, designs, trail, cancellation);
    }

    private static async Task<Results<Ok<DesignResult>, ProblemHttpResult>> OpenAsync(
        Project project, DesignForm form, IReadOnlyList<DesignedPair> design, DesignFigures figures, Caller caller, ComparisonDesign designs, AuditTrail trail, CancellationToken cancellation)
    {
        var tag = "design-" + Sha.OfParts(["design", project.ProjectId, $"{form.Seed}", $"{form.Pairs}", form.Batch, .. design.Select(pair => $"{pair.Prompt.PromptId}\n{pair.First}\n{pair.Second}")])[..8];
        var (batch, full) = await designs.OpenAsync(project, design, $"comparison {tag}.jsonl", tag, caller.Id, cancellation);
        if (batch is null)
        {
            return full is null ? Problems.Of(413, "too_large", "The comparison is too large", "Take fewer prompts, or fewer pairs on each.") : Problems.Of(413, full.Code, full.Title, $"{full.Why}. Nothing was opened.");
        }

        await trail.RecordAsync(project.ProjectId, caller.Id, AuditActions.ComparisonOpened, batch.BatchId, to: $"{tag};tasks={figures.Tasks};seed={form.Seed};why=sha256:{Sha.Of(form.Why!.Trim())[..12]}");
        return TypedResults.Ok(new DesignResult(figures, batch.BatchId, tag));
    }
}

/// <param name="Models">At least two.</param>
/// <param name="Prompts">How many prompts are drawn.</param>
/// <param name="Pairs">How many pairs of models are compared on each.</param>
/// <param name="Batch">Only answers of this batch; null for all of the project.</param>
/// <param name="Preview">Unless it is false, nothing is opened.</param>
internal sealed record DesignForm(IReadOnlyList<string>? Models, int Prompts = 100, int Pairs = 1, string? Batch = null, int Seed = 1, bool? Preview = null, string? Why = null)
{
    private const int MostModels = 30;

    public Faults Check()
    {
        var faults = new Faults();
        faults.Require(Models?.Distinct(StringComparer.Ordinal).Count() is >= 2 and <= MostModels, "models", $"Choose 2 to {MostModels} models.");
        faults.Require(Prompts >= 1, "prompts", "At least one prompt.");
        faults.Require(Pairs >= 1, "pairs", "At least one pair on each prompt.");
        faults.Require((long)Prompts * Pairs <= ComparisonDesign.MostPairs, "prompts", $"At most {ComparisonDesign.MostPairs:N0} comparisons at once.");
        if (Preview == false)
        {
            Act.RequireWhy(Why, faults);
        }

        return faults;
    }
}

/// <param name="Whole">False when the project has more than a design is made of.</param>
internal sealed record DesignModels(IReadOnlyList<DesignModel> Models, int Prompts, bool Whole);

internal sealed record DesignModel(string Model, int Prompts);

/// <param name="BatchId">Of the batch that was opened.</param>
/// <param name="Tag">That its items have, so that a campaign can report on them alone.</param>
internal sealed record DesignResult(DesignFigures Figures, string? BatchId, string? Tag = null);
