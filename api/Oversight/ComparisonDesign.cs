using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Oversight;

/// <summary>Reads what a comparison of models can be made of, plans it, and opens it as a batch of its own, which can be followed, reported and withdrawn as any other.</summary>
internal sealed class ComparisonDesign(IDocumentStore store, Uploads uploads)
{
    /// <summary>Tasks that a design is made of at most; the answer says when there are more.</summary>
    public const int MostTasks = 50_000;
    public const int MostPairs = 20_000;
    private const int LastJudgements = 200;
    private const int FewestForPace = 5;

    /// <summary>Minutes for one response where nothing has been judged yet, as docs/guideline.md gives them.</summary>
    private static readonly Dictionary<string, double> UsualMinutes = new() { [Vocabulary.FullMode] = 18, [Vocabulary.QuickMode] = 4, [Vocabulary.FactCheckMode] = 12 };

    /// <summary>Prompts with who answered them; tasks that are withdrawn or cancelled are left out.</summary>
    public async Task<(IReadOnlyList<DesignPrompt> Prompts, bool Whole)> PromptsAsync(string projectId, string? batchId, CancellationToken cancellation)
    {
        var query = batchId is null ? new DocumentQuery(DocumentKind.Task) { ProjectId = projectId } : BatchProgress.TasksOf(projectId, batchId);
        var tasks = await store.AllAsync<EvalTask>(query with { Top = 500 }, cancellation).Select(task => task.Value).Take(MostTasks + 1).ToListAsync(cancellation);
        var prompts = tasks.Take(MostTasks).Where(task => task.Stopped is null && task.Models is { Count: > 0 }).GroupBy(task => task.PromptId, StringComparer.Ordinal).Select(group => new DesignPrompt(
            group.Key, group.First().Risk ?? "routine", group.First().Lane.Split('|')[0],
            group.OrderBy(task => task.TaskId, StringComparer.Ordinal).SelectMany(task => task.Models!.Select(model => (model, task.TaskId))).DistinctBy(one => one.model).ToDictionary(one => one.model, one => one.TaskId)));
        return ([.. prompts.OrderBy(prompt => prompt.PromptId, StringComparer.Ordinal)], tasks.Count <= MostTasks);
    }

    /// <summary>What one comparison of two responses takes: as they took of late in this project, else as it is usual.</summary>
    public async Task<(double Minutes, string From)> MinutesAsync(Project project, CancellationToken cancellation)
    {
        var query = new DocumentQuery(DocumentKind.Annotation) { ProjectId = project.ProjectId, OrderBy = "submittedAt", Descending = true, Top = LastJudgements };
        var made = (await store.QueryAsync<Annotation>(query, continuation: null, cancellation)).Documents.Select(one => one.Value).Where(one => one.Judgement.ActiveSeconds > 0).ToList();
        double Seconds(Annotation one) => one.Judgement.ActiveSeconds + (one.Judgement.CheckingSeconds ?? 0);
        double[] pairs = [.. made.Where(one => one.ResponseOrder.Count == 2).Select(Seconds).Order()];
        double[] responses = [.. made.Select(one => Seconds(one) / one.ResponseOrder.Count).Order()];
        return pairs.Length >= FewestForPace ? (Median(pairs) / 60, $"the middle of the last {pairs.Length} comparisons of this project")
            : responses.Length >= FewestForPace ? (2 * Median(responses) / 60, $"twice the middle of one response in the last {responses.Length} judgements of this project")
            : (2 * UsualMinutes[project.Mode ?? Vocabulary.FullMode], "what two responses usually take in this mode; nothing has been judged here yet");
    }

    /// <summary>The batch, or why there is no room for it.</summary>
    public async Task<(Batch? Batch, QuotaFull? Full)> OpenAsync(Project project, IReadOnlyList<DesignedPair> design, string name, string tag, string by, CancellationToken cancellation)
    {
        using var file = new MemoryStream();
        foreach (var pair in design)
        {
            if (await LineAsync(project.ProjectId, pair, tag, cancellation) is { } line)
            {
                await file.WriteAsync(line, cancellation);
                file.WriteByte((byte)'\n');
            }
        }

        file.Position = 0;
        return await uploads.ReceiveAsync(project, name, by, attested: true, file, file.Length, cancellation);
    }

    /// <summary>The pair in the documented form, with everything that its items say of the prompt; null when one of them is gone.</summary>
    private async Task<byte[]?> LineAsync(string projectId, DesignedPair pair, string tag, CancellationToken cancellation)
    {
        var (one, other) = (await FindAsync(projectId, pair.Prompt, pair.First, cancellation), await FindAsync(projectId, pair.Prompt, pair.Second, cancellation));
        if (one is not var (item, first) || other is not var (otherItem, second))
        {
            return null;
        }

        return Json.Bytes(new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["prompt_id"] = item.PromptId,
            ["prompt"] = item.Messages.Select(message => new { message.Role, message.Content }),
            ["responses"] = new[] { Response(item, first), Response(otherItem, second) },
            ["subdomain"] = item.Subdomain,
            ["specialty"] = item.Specialty,
            ["audience"] = item.Audience,
            ["jurisdiction"] = item.Jurisdiction,
            ["language"] = item.Language,
            ["risk_tier"] = item.RiskTier,
            ["theme"] = item.Theme,
            ["task_type"] = item.TaskType,
            ["mode"] = item.Mode,
            ["reference"] = item.Reference,
            ["rubric"] = item.Rubric.Count == 0 ? null : item.Rubric.Select(criterion => new { criterion.Id, criterion.Criterion, criterion.Points, criterion.Tags }),
            ["tags"] = item.Tags.Append(tag),
        }.Where(field => field.Value is not null).ToDictionary());
    }

    private static SortedDictionary<string, object> Response(EvalItem item, EvalResponse response)
    {
        var fields = new SortedDictionary<string, object>(StringComparer.Ordinal) { ["response_id"] = response.ResponseId, ["content"] = response.Content, ["model"] = response.Model! };
        if (response.Reasoning is { } reasoning)
        {
            fields.Remove("content");
            fields["message"] = new { role = "assistant", content = response.Content, reasoning_content = reasoning };
        }

        if ((item.Claims ?? []).Where(claim => claim.ResponseId == response.ResponseId).ToList() is { Count: > 0 } claims)
        {
            fields["claims"] = claims.Select(claim => new { claim.Start, claim.End, quote = claim.Start is null ? claim.Text : null, claim.Importance });
        }

        return fields;
    }

    private async Task<(EvalItem Item, EvalResponse Response)?> FindAsync(string projectId, DesignPrompt prompt, string model, CancellationToken cancellation) =>
        await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, prompt.Answers[model]), cancellation) is { Value: var item }
        && item.Responses.Where(response => response.Model == model).OrderBy(response => response.ResponseId, StringComparer.Ordinal).FirstOrDefault() is { } response
            ? (item, response)
            : null;

    private static double Median(double[] ordered) => Agreement.Statistics.Bootstrap.Quantile(ordered, 0.5);
}
