using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Annotations;

/// <summary>Questions of raters, their answers, and the sources that a project has in common.</summary>
internal static class QuestionsApi
{
    private const int MostOpen = 50;

    public static void MapQuestions(this IEndpointRouteBuilder api)
    {
        var questions = api.MapGroup("/annotations/{projectId}/questions");
        questions.MapGet("/", ListAsync).RequireAuthorization(Policies.Writers).WithName("ListQuestions");
        questions.MapPut("/{questionId:guid}", AskAsync).RequireAuthorization(Policies.Raters).WithName("AskQuestion");
        questions.MapPost("/{questionId:guid}", AnswerAsync).RequireAuthorization(Policies.Leads).WithName("AnswerQuestion")
            .Audited(AuditActions.QuestionAnswered);
        var sources = api.MapGroup("/annotations/{projectId}/sources");
        sources.MapGet("/", SourcesAsync).RequireAuthorization(Policies.Writers).WithName("ListSources");
        sources.MapPut("/{sourceId}", CurateAsync).RequireAuthorization(Policies.Leads).WithName("CurateSource").Audited(AuditActions.SourceCurated);
    }

    /// <summary>
    /// For leads all; for raters their own, and those answered for everybody. Open ones first, then the newest. With them come those that were answered for
    /// everybody under the same guideline elsewhere: in the customer's other projects, and in others' where the answer was written for all of them.
    /// </summary>
    private static async Task<Results<Ok<QuestionList>, ProblemHttpResult>> ListAsync(
        string projectId, Caller caller, IDocumentStore store, CancellationToken cancellation, bool mine = false)
    {
        if ((await store.FindAsync<Project>(Project.Key(projectId), cancellation))?.Value is not { } project)
        {
            return Problems.Missing("project");
        }

        var lead = caller.Is(Roles.Lead) || caller.Is(Roles.Admin);
        var here = (await AllAsync(projectId, store, cancellation))
            .Where(question => question.AskedBy == caller.Id || (!mine && (lead || question.IsForAll)))
            .Select(question => lead || question.AskedBy == caller.Id ? QuestionView.Whole(question, caller.Id, lead) : QuestionView.Public(question));
        var others = mine ? [] : await ElsewhereAsync(project, store, cancellation);
        var views = here.Concat(others.Select(question => QuestionView.Public(question) with { Elsewhere = true }))
            .OrderBy(question => question.Answer is not null).ThenByDescending(question => question.AskedAt)
            .ThenBy(question => question.QuestionId, StringComparer.Ordinal);
        return TypedResults.Ok(new QuestionList([.. views]));
    }

    private static async Task<List<Question>> ElsewhereAsync(Project project, IDocumentStore store, CancellationToken cancellation)
    {
        var guidelines = project.GuidelineIds.ToHashSet(StringComparer.Ordinal);
        var found = new List<Question>();
        await foreach (var (other, _) in store.AllAsync<Project>(new DocumentQuery(DocumentKind.Project), cancellation))
        {
            if (other.ProjectId != project.ProjectId && other.GuidelineIds.Any(guidelines.Contains))
            {
                var sameCustomer = string.Equals(other.Customer, project.Customer, StringComparison.OrdinalIgnoreCase);
                found.AddRange((await AllAsync(other.ProjectId, store, cancellation))
                    .Where(question => question.IsForAll && guidelines.Contains(question.Guideline.Id) && (sameCustomer || question.Answer!.Everywhere)));
            }
        }

        return found;
    }

    private static async Task<List<Question>> AllAsync(string projectId, IDocumentStore store, CancellationToken cancellation)
    {
        var all = new DocumentQuery(DocumentKind.Question) { ProjectId = projectId, Scope = Question.Partition(projectId).Scope, Top = 500 };
        return await store.AllAsync<Question>(all, cancellation).Select(stored => stored.Value).ToListAsync(cancellation);
    }

    private static async Task<Results<Created<QuestionView>, Ok<QuestionView>, ProblemHttpResult>> AskAsync(
        string projectId, Guid questionId, QuestionForm form, Caller caller, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        if (await SubjectAsync(projectId, form.TaskId, caller, store, cancellation) is not var (guideline, item))
        {
            return Problems.Missing(form.TaskId is null ? "project" : "task");
        }

        var faults = new Faults();
        var text = form.Text?.Trim() ?? "";
        faults.Require(text.Length is > 0 and <= Question.LongestText, "text", $"Ask in 1 to {Question.LongestText:N0} characters.");
        var passage = PassageOf(form, item, caller, faults);
        var open = (await AllAsync(projectId, store, cancellation)).Count(question => question.AskedBy == caller.Id && question.Answer is null);
        faults.Require(open < MostOpen, "text", $"{MostOpen} of your questions wait for an answer. Wait for some of them.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var asked = new Question(
            projectId, questionId.ToString(), form.TaskId, guideline, caller.Id, caller.Person.Pseudonym, time.GetUtcNow(), text, passage);
        var key = Question.KeyOf(projectId, asked.QuestionId);
        if ((await store.CommitAsync(new Write.Create(key, asked), cancellation)).Succeeded)
        {
            return TypedResults.Created((string?)null, QuestionView.Whole(asked, caller.Id, lead: false));
        }

        return (await store.FindAsync<Question>(key, cancellation))?.Value is { } before && before.AskedBy == caller.Id && before.Text == text
            ? TypedResults.Ok(QuestionView.Whole(before, caller.Id, lead: false))
            : Problems.Conflict("question_differs", "This id is taken", "Another question was asked under this id. Ask again.");
    }

    /// <summary>What it is about: a task that the caller has, with its guideline; or, without a task, the guideline of the project.</summary>
    private static async Task<(GuidelineReference Guideline, EvalItem? Item)?> SubjectAsync(
        string projectId, string? taskId, Caller caller, IDocumentStore store, CancellationToken cancellation)
    {
        if (taskId is null)
        {
            return (await store.FindAsync<Project>(Project.Key(projectId), cancellation))?.Value is { } project ? (project.Guideline, null) : null;
        }

        return (await store.FindTaskAsync(WorkQueue.Tasks, projectId, taskId, cancellation))?.Task.SlotOf(caller.Id) is { } slot
            && await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, taskId), cancellation) is { Value: var item } ? (slot.Guideline, item) : null;
    }

    private static Passage? PassageOf(QuestionForm form, EvalItem? item, Caller caller, Faults faults)
    {
        if (form.Response is not { } key || item is null)
        {
            faults.Require(form.Response is null, "response", "A passage is of a task. Name the task, or ask without a passage.");
            return null;
        }

        var order = ResponseOrder.Of(item.Responses.Select(response => response.ResponseId), ResponseOrder.Seed(item.TaskId, caller.Id)).ToList();
        var id = order.Where((_, position) => ResponseOrder.Key(position) == key).FirstOrDefault();
        var text = item.Responses.FirstOrDefault(response => response.ResponseId == id)?.Content;
        var quote = text is not null && form is { Start: { } start, End: { } end } && start < end ? CodePoints.Slice(text, start, end) : null;
        faults.Require(quote is not null, "start", "The passage is not in the text of this response. Mark it again.");
        return quote is null ? null : new Passage(id!, form.Start!.Value, form.End!.Value, quote);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AnswerAsync(
        string projectId, Guid questionId, AnswerForm form, Caller caller, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var faults = form.Check(caller.Reach.All);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var key = Question.KeyOf(projectId, questionId.ToString());
        if (await store.FindAsync<Question>(key, cancellation) is not { } stored)
        {
            return Problems.Missing("question");
        }

        var reworded = form.Question?.Trim() is { Length: > 0 } words && words != stored.Value.Text ? words : null;
        var answered = stored.Value with { Answer = new Answer(form.Text!.Trim(), caller.Id, time.GetUtcNow(), form.ForAll, reworded, form.Everywhere) };
        var result = await store.CommitAsync(new Write.Replace(key, answered, stored.ETag), cancellation);
        return result.Succeeded ? TypedResults.NoContent() : Problems.Stale("question");
    }

    private static async Task<Ok<SourceList>> SourcesAsync(string projectId, Caller caller, SourceLibrary library, CancellationToken cancellation)
    {
        var sources = await library.ListAsync(projectId, withRetired: caller.Is(Roles.Lead) || caller.Is(Roles.Admin), cancellation);
        return TypedResults.Ok(new SourceList([.. sources.Select(SourceView.Of)]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> CurateAsync(
        string projectId, string sourceId, SourceForm form, Caller caller, SourceLibrary library, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(form.Title is null or { Length: <= 500 }, "title", "At most 500 characters.");
        faults.Require(form.Publisher is null or { Length: <= 500 }, "publisher", "At most 500 characters.");
        faults.Require(form.Tier is null or { Length: <= 8 }, "tier", "A tier of the guideline, such as T1.");
        return faults.Any ? Problems.Invalid(faults)
            : await library.CurateAsync(projectId, sourceId, form, caller.Id, cancellation) ? TypedResults.NoContent()
            : Problems.Missing("source");
    }
}
