using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Quality;

/// <summary>The quiz and the calibration, as the person takes them: the questions belong to the guideline version, the answers are told when they are no longer asked for.</summary>
internal static class TrainingApi
{
    public static void MapTraining(this IEndpointRouteBuilder api)
    {
        var training = api.MapGroup("/quality/{projectId}").RequireAuthorization(Policies.Raters);
        training.MapGet("/quiz", QuizAsync).WithName("Quiz");
        training.MapPost("/quiz", AnswerAsync).WithName("AnswerQuiz");
        training.MapGet("/calibration", CalibrationAsync).WithName("Calibration");
        training.MapPost("/calibration/{itemId}", CalibrateAsync).WithName("Calibrate");
    }

    private static async Task<Results<Ok<QuizView>, ProblemHttpResult>> QuizAsync(
        string projectId, Caller caller, IDocumentStore store, GuidelineLibrary guidelines, Standings standings, CancellationToken cancellation) =>
        await Course.FindAsync(projectId, caller.Id, store, guidelines, standings, cancellation) is { Guideline.Quiz: { Count: > 0 } } course
            ? TypedResults.Ok(QuizView.Of(course))
            : Problems.Missing("quiz");

    private static async Task<Results<Ok<QuizView>, ProblemHttpResult>> AnswerAsync(
        string projectId, QuizAnswers form, Caller caller, IDocumentStore store, GuidelineLibrary guidelines, Standings standings, TimeProvider time, CancellationToken cancellation)
    {
        if (await Course.FindAsync(projectId, caller.Id, store, guidelines, standings, cancellation) is not { Guideline.Quiz: { Count: > 0 } questions } course)
        {
            return Problems.Missing("quiz");
        }

        if (course.TriesLeft == 0)
        {
            return Problems.Conflict("quiz_over", "The quiz is over", "It is passed, or both tries are used. Ask your lead, who can let you try anew.");
        }

        var faults = new Faults();
        foreach (var question in questions.Where(question => !question.Choices.Any(choice => choice.Key == form.Answers?.GetValueOrDefault(question.Id))))
        {
            faults.Add($"answers.{question.Id}", "Choose one of the answers.");
        }

        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var right = questions.Count(question => form.Answers![question.Id] == question.Answer);
        var result = new StepResult(
            ProductionPath.Quiz, course.Guideline.Id, course.Guideline.Version, course.Scales, time.GetUtcNow(), right >= course.Settings.QuizPass * questions.Count, right, questions.Count,
            Given: questions.ToDictionary(question => question.Id, question => form.Answers![question.Id]));
        var tries = course.Tries.Count;
        var standing = await standings.ChangeAsync(
            projectId, caller.Id, before => before.ResultsOf(ProductionPath.Quiz, course.Scales).Count() == tries ? before.With(result) : before, cancellation); // a repeated request is one try
        return TypedResults.Ok(QuizView.Of(course with { Standing = standing }));
    }

    private static async Task<Results<Ok<CalibrationView>, ProblemHttpResult>> CalibrationAsync(
        string projectId, Caller caller, IDocumentStore store, GuidelineLibrary guidelines, Standings standings, CancellationToken cancellation) =>
        await Course.FindAsync(projectId, caller.Id, store, guidelines, standings, cancellation) is { Guideline.Calibration: { Count: > 0 } } course
            ? TypedResults.Ok(CalibrationView.Of(course))
            : Problems.Missing("calibration");

    private static async Task<Results<Ok<CalibrationFeedback>, ProblemHttpResult>> CalibrateAsync(
        string projectId, string itemId, CalibrationForm form, Caller caller, IDocumentStore store, GuidelineLibrary guidelines, Standings standings, TimeProvider time,
        CancellationToken cancellation)
    {
        if (await Course.FindAsync(projectId, caller.Id, store, guidelines, standings, cancellation) is not { } course
            || course.Guideline.Calibration?.FirstOrDefault(one => one.Id == itemId) is not { } item)
        {
            return Problems.Missing("calibration item");
        }

        var faults = form.Check(item);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var result = form.Result(item, course.Guideline, course.Scales, time.GetUtcNow());
        var standing = await standings.ChangeAsync(
            projectId, caller.Id, before => before.ResultsOf(ProductionPath.Calibration, course.Scales).Any(one => one.Item == itemId) ? before : before.With(result), cancellation);
        return TypedResults.Ok(CalibrationFeedback.Of(item, standing.ResultsOf(ProductionPath.Calibration, course.Scales).First(one => one.Item == itemId)));
    }
}

/// <summary>What a person has before them in a project.</summary>
internal sealed record Course(Project Project, QualitySettings Settings, Guideline Guideline, string Scales, Standing Standing)
{
    public static async Task<Course?> FindAsync(
        string projectId, string personId, IDocumentStore store, GuidelineLibrary guidelines, Standings standings, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: { Quality: { } settings } project }
        && await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation) is { } guideline
            ? new Course(project, settings, guideline, Quality.Scales.Of(guideline), await standings.FindAsync(projectId, personId, cancellation))
            : null;

    public IReadOnlyList<StepResult> Tries => [.. Standing.ResultsOf(ProductionPath.Quiz, Scales)];

    public int TriesLeft => Tries.Any(one => one.Passed) ? 0 : Math.Max(0, ProductionPath.QuizTries - Tries.Count);
}

internal sealed record QuizAnswers(IReadOnlyDictionary<string, string>? Answers);

/// <param name="Passed">Null before the first try.</param>
internal sealed record QuizView(string GuidelineId, int GuidelineVersion, double PassMark, int TriesLeft, bool? Passed, int? Right, IReadOnlyList<QuestionView> Questions)
{
    public static QuizView Of(Course course)
    {
        var last = course.Tries is [.., var latest] ? latest : null;
        return new QuizView(
            course.Guideline.Id, course.Guideline.Version, course.Settings.QuizPass, course.TriesLeft, last?.Passed, last?.Right,
            [.. course.Guideline.Quiz!.Select(question => QuestionView.Of(question, last?.Given?.GetValueOrDefault(question.Id), told: course.TriesLeft == 0))]);
    }
}

/// <param name="Correct">Whether the last answer was right; which one is, is told when there is no try left.</param>
internal sealed record QuestionView(string Id, string Topic, string Question, IReadOnlyList<Term> Choices, string? Given, bool? Correct, string? Answer, string? Why)
{
    public static QuestionView Of(QuizQuestion question, string? given, bool told) => new(
        question.Id, question.Topic, question.Question, question.Choices, given, given is null ? null : given == question.Answer, told ? question.Answer : null, told ? question.Why : null);
}
