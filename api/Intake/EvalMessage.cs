using HealthEval.Storage;

namespace HealthEval.Intake;

/// <param name="Role">system, developer, user, assistant or tool.</param>
internal sealed record EvalMessage(string Role, string Content)
{
    /// <summary>What the assistant thought before it said this; no rater sees it.</summary>
    public string? Reasoning { get; init; }

    public static string HashOf(IReadOnlyList<EvalMessage> messages)
    {
        using var parts = new ShaParts();
        AddTexts(messages, parts);
        return parts.ToHex();
    }

    public static void AddAll(IReadOnlyList<EvalMessage> messages, ShaParts parts)
    {
        parts.AddCount(2 * messages.Count);
        AddTexts(messages, parts);
    }

    private static void AddTexts(IReadOnlyList<EvalMessage> messages, ShaParts parts)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            parts.Add(messages[i].Role);
            parts.Add(messages[i].Content);
        }
    }
}

/// <param name="Points">Negative where a met criterion means that something bad happened.</param>
internal sealed record RubricCriterion(string Id, string Criterion, double Points, IReadOnlyList<string> Tags);
