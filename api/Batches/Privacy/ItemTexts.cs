namespace HealthEval.Batches.Privacy;

/// <summary>The texts of an item that raters read, each under the path by which reports, leads and redactions name it.</summary>
internal static class ItemTexts
{
    public static string PathOfResponse(int index) => $"responses[{index}].content";

    public static string PathOfMessage(int index) => $"prompt[{index}].content";

    public static string PathOfCriterion(int index) => $"rubric[{index}].criterion";

    public static IEnumerable<(string Path, string Text)> Of(EvalItem item) =>
        [
            .. item.Messages.Select((message, i) => (PathOfMessage(i), message.Content)),
            .. item.Responses.Select((response, i) => (PathOfResponse(i), response.Content)),
            .. item.Rubric.Select((criterion, i) => (PathOfCriterion(i), criterion.Criterion)),
        ];

    /// <summary>The item with other words, under the same id. What it was is named by its old hash.</summary>
    public static EvalItem With(this EvalItem item, IReadOnlyDictionary<string, string> changed)
    {
        string Text(string path, string otherwise) => changed.GetValueOrDefault(path, otherwise);
        var rewritten = item with
        {
            Messages = [.. item.Messages.Select((message, i) => message with { Content = Text(PathOfMessage(i), message.Content) })],
            Responses = [.. item.Responses.Select((response, i) => Rewritten(response, Text(PathOfResponse(i), response.Content)))],
            Rubric = [.. item.Rubric.Select((criterion, i) => criterion with { Criterion = Text(PathOfCriterion(i), criterion.Criterion) })],
            OriginalSha256 = item.ContentSha256,
        };
        return rewritten with { ContentSha256 = rewritten.ContentHash() };
    }

    private static EvalResponse Rewritten(EvalResponse response, string content) =>
        content == response.Content ? response : response with { Content = content, Sha256 = Storage.Sha.Of(content) };
}
