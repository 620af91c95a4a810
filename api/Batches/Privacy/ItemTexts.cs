namespace HealthEval.Batches.Privacy;

/// <summary>The texts of an item that raters read, each under the path by which reports, leads and redactions name it.</summary>
internal static class ItemTexts
{
    public static string PathOfResponse(int index) => $"responses[{index}].content";

    public static string PathOfReasoning(int index) => $"responses[{index}].reasoning";

    public static string PathOfMessage(int index) => $"prompt[{index}].content";

    public static string PathOfCriterion(int index) => $"rubric[{index}].criterion";

    public static string PathOfStatement(int index) => $"statements[{index}].criterion";

    public static string PathOfClaim(int index) => $"claims[{index}].text";

    public static IEnumerable<(string Path, string Text)> Of(EvalItem item) =>
        [
            .. item.Messages.Select((message, i) => (PathOfMessage(i), message.Content)),
            .. item.Responses.Select((response, i) => (PathOfResponse(i), response.Content)),
            .. item.Rubric.Select((criterion, i) => (PathOfCriterion(i), criterion.Criterion)),
            .. (item.Statements ?? []).Select((statement, i) => (PathOfStatement(i), statement.Criterion)),
            .. item.Responses.Select((response, i) => (PathOfReasoning(i), response.Reasoning)).Where(text => text.Reasoning is not null).Select(text => (text.Item1, text.Reasoning!)),
            // Claims with a place are parts of answers.
            .. (item.Claims ?? []).Index().Where(claim => claim.Item.Start is null).Select(claim => (PathOfClaim(claim.Index), claim.Item.Text)),
        ];

    /// <summary>The item with other words, under the same id. What it was is named by its old hash.</summary>
    public static EvalItem With(this EvalItem item, IReadOnlyDictionary<string, string> changed)
    {
        string Text(string path, string otherwise) => changed.GetValueOrDefault(path, otherwise);
        var rewritten = item with
        {
            Messages = [.. item.Messages.Select((message, i) => message with { Content = Text(PathOfMessage(i), message.Content) })],
            Responses = [.. item.Responses.Select((response, i) => Rewritten(response, Text(PathOfResponse(i), response.Content)) with { Reasoning = response.Reasoning is { } thought ? Text(PathOfReasoning(i), thought) : null })],
            Claims = Remaining(item, changed),
            Rubric = [.. item.Rubric.Select((criterion, i) => criterion with { Criterion = Text(PathOfCriterion(i), criterion.Criterion) })],
            Statements = item.Statements?.Select((statement, i) => statement with { Criterion = Text(PathOfStatement(i), statement.Criterion) }).ToList(),
            Reference = (item.Statements ?? []).Where((_, i) => changed.ContainsKey(PathOfStatement(i))).Any() ? null : item.Reference, // it says the same
            OriginalSha256 = item.ContentSha256,
        };
        return rewritten with { ContentSha256 = rewritten.ContentHash() };
    }

    /// <summary>Of the claims those in answers that stay as they are, and the others where their words still stand.</summary>
    private static List<GivenClaim>? Remaining(EvalItem item, IReadOnlyDictionary<string, string> changed)
    {
        var claims = new List<GivenClaim>();
        foreach (var (number, claim) in (item.Claims ?? []).Index())
        {
            if (changed.TryGetValue(PathOfClaim(number), out var words))
            {
                claims.Add(claim with { Text = words });
                continue;
            }

            var index = item.Responses.ToList().FindIndex(response => response.ResponseId == claim.ResponseId);
            if (!changed.TryGetValue(PathOfResponse(index), out var text))
            {
                claims.Add(claim);
            }
            else if (text.IndexOf(claim.Text, StringComparison.Ordinal) is >= 0 and var at)
            {
                claims.Add(claim with { Start = Screening.CodePoints(text.AsSpan(0, at)), End = Screening.CodePoints(text.AsSpan(0, at + claim.Text.Length)) });
            }
        }

        return claims.Count == 0 ? null : claims;
    }

    private static EvalResponse Rewritten(EvalResponse response, string content) =>
        content == response.Content ? response : response with { Content = content, Sha256 = Storage.Sha.Of(content) };
}
