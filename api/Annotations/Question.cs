using System.Text.Json.Serialization;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Annotations;

/// <summary>What a rater asks the leads of a project about a task. Its answer may be for everybody there who judges under the guideline.</summary>
/// <param name="QuestionId">Made by the client, so that sending it twice asks once.</param>
/// <param name="Passage">What it is pinned to; null when it is about the task.</param>
internal sealed record Question(
    string ProjectId, string QuestionId, string TaskId, GuidelineReference Guideline, string AskedBy, string Pseudonym, DateTimeOffset AskedAt, string Text,
    Passage? Passage = null, Answer? Answer = null)
{
    public const int LongestText = 2_000;

    public static Partition Partition(string projectId) => new(projectId, "questions");

    public static DocumentKey KeyOf(string projectId, string questionId) => new(DocumentKind.Question, Partition(projectId), questionId);

    /// <summary>Others may read it: in the lead's words where there are any, and without task and passage, which they may still have to judge.</summary>
    [JsonIgnore]
    public bool IsForAll => Answer is { ForAll: true };
}

/// <summary>A stretch of a response, in Unicode code points, half-open.</summary>
internal sealed record Passage(string ResponseId, int Start, int End, string Quote);

/// <param name="ForAll">For everybody in the project who judges under the guideline; else for the person who asked.</param>
/// <param name="Question">The question in the lead's words, for those who did not ask it.</param>
internal sealed record Answer(string Text, string By, DateTimeOffset At, bool ForAll, string? Question = null);

internal sealed record QuestionForm(string TaskId, string? Text, string? Response = null, int? Start = null, int? End = null);

internal sealed record AnswerForm(string? Text, bool ForAll, string? Question = null);

internal sealed record QuestionList(IReadOnlyList<QuestionView> Questions);

/// <param name="Mine">Asked by whoever reads this.</param>
/// <param name="Asker">The pseudonym, for leads.</param>
internal sealed record QuestionView(
    string QuestionId, GuidelineReference Guideline, DateTimeOffset AskedAt, string Text, bool Mine, string? TaskId, string? Quote, string? Asker,
    AnswerView? Answer)
{
    /// <summary>For the person who asked, and for leads.</summary>
    public static QuestionView Whole(Question question, string reader, bool lead) => new(
        question.QuestionId, question.Guideline, question.AskedAt, question.Text, question.AskedBy == reader, question.TaskId, question.Passage?.Quote,
        lead ? question.Pseudonym : null, AnswerView.Of(question.Answer));

    /// <summary>For everybody else.</summary>
    public static QuestionView Public(Question question) => new(
        question.QuestionId, question.Guideline, question.AskedAt, question.Answer?.Question ?? question.Text, Mine: false, TaskId: null, Quote: null, Asker: null,
        AnswerView.Of(question.Answer));
}

internal sealed record AnswerView(string Text, DateTimeOffset At, bool ForAll, string? Question)
{
    public static AnswerView? Of(Answer? answer) => answer is null ? null : new AnswerView(answer.Text, answer.At, answer.ForAll, answer.Question);
}
