using System.Text.Json.Serialization;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Agreement;

/// <summary>Live figures over all of a project's judgements, by the same definitions as the reports.</summary>
internal static class QualityApi
{
    public static IEndpointRouteBuilder MapQuality(this IEndpointRouteBuilder api)
    {
        api.MapGet("/quality/{projectId}", GetAsync).RequireAuthorization(Policies.Leads).WithName("GetQuality");
        return api;
    }

    private static async Task<Results<Ok<QualityView>, ProblemHttpResult>> GetAsync(string projectId, GuidelineLibrary guidelines, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("project");
        }

        var guideline = await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation) ?? GuidelineLibrary.Default;
        var (rows, simulated) = await RowsAsync(projectId, [.. guideline.CustomDimensions.Select(dimension => dimension.Key)], store, cancellation);
        return TypedResults.Ok(QualityView.Of(rows, FindingRules.Of(project.Report?.FindingRule), simulated, guideline.Dimensions));
    }

    private static async Task<(List<RatedResponse> Rows, bool Simulated)> RowsAsync(
        string projectId, IReadOnlyList<string> beside, IDocumentStore store, CancellationToken cancellation)
    {
        var prompts = new Dictionary<string, string>(StringComparer.Ordinal);
        var (byMode, simulated) = (new Dictionary<string, List<RatedResponse>>(StringComparer.Ordinal), false);
        var query = new DocumentQuery(DocumentKind.Annotation) { ProjectId = projectId, OrderBy = "submittedAt", Top = 500 };
        await foreach (var (annotation, _) in store.AllAsync<Annotation>(query, cancellation))
        {
            simulated |= annotation.Simulated;
            if (!prompts.TryGetValue(annotation.TaskId, out var prompt))
            {
                var task = await store.FindAsync<EvalTask>(EvalTask.Key(projectId, annotation.TaskId), cancellation);
                prompts[annotation.TaskId] = prompt = task?.Value.PromptId ?? annotation.TaskId;
            }

            var mode = annotation.Judgement.Mode ?? Vocabulary.FullMode;
            (byMode.TryGetValue(mode, out var rows) ? rows : byMode[mode] = []).AddRange(
                RatedResponse.From(annotation.TaskId, prompt, annotation.Pseudonym, annotation.ResponseOrder, annotation.Judgement, beside));
        }

        // like the reports: of full judgements, or where there are none, of the mode that there are most of; never of several
        return (byMode.GetValueOrDefault(Vocabulary.FullMode) ?? byMode.Values.MaxBy(rows => rows.Count) ?? [], simulated);
    }
}

/// <param name="Dimensions">The six, and behind them those of the project's guideline beside them, on which no headline rests.</param>
internal sealed record QualityView(QualitySize N, IReadOnlyList<DimensionQuality> Dimensions, EstimateView HarmRate, string HarmFoundBy, bool Simulated)
{
    public static QualityView Of(IReadOnlyList<RatedResponse> rows, FindingRule rule, bool simulated, IReadOnlyList<Dimension> dimensions)
    {
        var resampling = new Resampling(Interval: BootstrapInterval.Expanded);
        var size = RatingMatrices.SizeOf(rows);
        var means = GroupMeans.Of(rows, resampling);
        var prompts = rows.Select(r => r.Prompt).Distinct(StringComparer.Ordinal).Count();
        return new QualityView(
            new QualitySize(size.Units, size.Ratings, size.Raters, prompts),
            [.. dimensions.Select((one, d) => DimensionOf(rows, one, d, d < means.Means.Count ? means.Means[d] : MeanOf(rows, one, d, resampling), resampling))],
            EstimateView.Of(RatingMatrices.HarmRate(rows, rule)), rule.Words(), simulated);
    }

    private static Estimate MeanOf(IReadOnlyList<RatedResponse> rows, Dimension named, int dimension, Resampling resampling)
    {
        List<RatedResponse> given = [.. rows.Where(row => row.Scores[dimension] > 0)];
        var mean = ClusterMean.Compute([.. given.Select(row => (double)row.Scores[dimension])], [.. given.Select(row => row.Prompt)], resampling, "mean " + named.Key);
        return mean with { N = RatingMatrices.SizeOf(given) };
    }

    private static DimensionQuality DimensionOf(IReadOnlyList<RatedResponse> rows, Dimension named, int dimension, Estimate mean, Resampling resampling)
    {
        var matrix = RatingMatrices.OfDimension(rows, dimension);
        return new DimensionQuality(
            named.Key, named.Name, EstimateView.Of(mean), EstimateView.Of(KrippendorffAlpha.Compute(matrix, MeasurementLevel.Ordinal, resampling)),
            EstimateView.Of(PercentAgreement.Compute(matrix, 0, resampling)), RatingMatrices.Distribution(rows, dimension));
    }
}

internal sealed record QualitySize(int Units, int Ratings, int Raters, int Prompts);

internal sealed record DimensionQuality(string Key, string Name, EstimateView Mean, EstimateView Agreement, EstimateView Exact, IReadOnlyList<int> Distribution);

/// <summary>An estimate as it travels: a value or the reason why there is none, never both, never NaN.</summary>
internal sealed record EstimateView(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Undefined,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Low,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? High,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Method,
    int N,
    double? Numerator,
    double? Denominator)
{
    public static EstimateView Of(Estimate e) => new(
        e.Value, e.Undefined, e.Interval?.Lower, e.Interval?.Upper, e.Interval?.Method, e.N.Units, e.Details.Number("successes"), e.Details.Number("trials"));
}
