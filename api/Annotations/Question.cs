using System.Text.Json.Serialization;
using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Annotations;

/// <summary>What a rater asks the leads of a project. Its answer may be for everybody who judges under the guideline.</summary>
/// <param name="QuestionId">Made by the client, so that sending it twice asks once.</param>
/// <param name="TaskId">Null when it is about no task, as from somebody who is paused.</param>
/// <param name="Passage">What it is pinned to; null when it is about the task.</param>
internal sealed record Question(
    string ProjectId, string QuestionId, string? TaskId, GuidelineReference Guideline, string AskedBy, string Pseudonym, DateTimeOffset AskedAt, string Text,
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

/// <param name="ForAll">For everybody who judges under the guideline for this customer; else for the person who asked.</param>
/// <param name="Question">The question in the lead's words, for those who did not ask it.</param>
/// <param name="Everywhere">For those too who judge under it for other customers: it says nothing of this one.</param>
internal sealed record Answer(string Text, string By, DateTimeOffset At, bool ForAll, string? Question = null, bool Everywhere = false);

internal sealed record QuestionForm(string? Text, string? TaskId = null, string? Response = null, int? Start = null, int? End = null);

internal sealed record AnswerForm(string? Text, bool ForAll, string? Question = null, bool Everywhere = false)
{
    /// <summary>An answer goes beyond the customer only in the hands of those who work for every project, and in words chosen for it.</summary>
    public Faults Check(bool allProjects)
    {
        var faults = new Faults();
        const int longest = Annotations.Question.LongestText;
        faults.Require(Text?.Trim() is { Length: > 0 and <= longest }, "text", $"Answer in 1 to {longest:N0} characters.");
        faults.Require(Question is null or { Length: <= longest }, "question", $"At most {longest:N0} characters.");
        faults.Require(
            !Everywhere || (ForAll && allProjects), "everywhere", "For other customers too: only an answer for all, by somebody who works for every project.");
        faults.Require(!Everywhere || Question?.Trim() is { Length: > 0 }, "question", "Say the question in words that tell nothing of this customer.");
        return faults;
    }
}

internal sealed record QuestionList(IReadOnlyList<QuestionView> Questions);

/// <param name="Mine">Asked by whoever reads this.</param>
/// <param name="Asker">The pseudonym, for leads.</param>
/// <param name="Elsewhere">Asked and answered in another project under the same guideline.</param>
internal sealed record QuestionView(
    string QuestionId, GuidelineReference Guideline, DateTimeOffset AskedAt, string Text, bool Mine, string? TaskId, string? Quote, string? Asker,
    AnswerView? Answer, bool Elsewhere = false)
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

internal sealed record AnswerView(string Text, DateTimeOffset At, bool ForAll, string? Question, bool Everywhere)
{
    public static AnswerView? Of(Answer? answer) =>
        answer is null ? null : new AnswerView(answer.Text, answer.At, answer.ForAll, answer.Question, answer.Everywhere);
}
