using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Http;

/// <summary>Every refusal has a stable code for programs and a sentence for people that says what to do.</summary>
internal static class Problems
{
    public static ProblemHttpResult Malformed(string detail) => Of(400, "malformed", "The request cannot be read", detail);

    public static ProblemHttpResult Missing(string what) => Of(404, "not_found", $"No such {what}", $"There is no such {what}, or it is not yours. Check the address.");

    public static ProblemHttpResult Conflict(string code, string title, string detail, params ReadOnlySpan<(string Name, object? Value)> extra) => Of(409, code, title, detail, extra);

    public static ProblemHttpResult Stale(string what) =>
        Of(412, "stale", $"The {what} has changed", $"Somebody else changed this {what} since you read it. Read it again and repeat your change; nothing was overwritten.");

    public static ProblemHttpResult IfMatchNeeded(string what) =>
        Of(428, "if_match_needed", "If-Match is missing", $"Send the {what}'s etag in the If-Match header, so that nobody's change is overwritten unseen.");

    public static ProblemHttpResult Invalid(Faults faults, string code = "invalid", string detail = "Some of what was sent is not right yet. Correct it and send it again.", params ReadOnlySpan<(string Name, object? Value)> extra) =>
        Of(422, code, "Some fields are not right", detail, [("errors", faults.ByField), .. extra]);

    public static ProblemHttpResult Of(int status, string code, string title, string detail, params ReadOnlySpan<(string Name, object? Value)> extra)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        foreach (var (name, value) in extra)
        {
            extensions[name] = value;
        }

        return TypedResults.Problem(detail, statusCode: status, title: title, extensions: extensions);
    }
}

/// <summary>What is wrong, by field path.</summary>
internal sealed class Faults
{
    private readonly SortedDictionary<string, List<string>> _byField = new(StringComparer.Ordinal);

    public bool Any => _byField.Count > 0;

    public IReadOnlyDictionary<string, List<string>> ByField => _byField;

    public void Add(string field, string message)
    {
        if (!_byField.TryGetValue(field, out var messages))
        {
            _byField[field] = messages = [];
        }

        messages.Add(message);
    }

    public void Require(bool holds, string field, string message)
    {
        if (!holds)
        {
            Add(field, message);
        }
    }
}
