using System.Text.Json.Serialization;
using HealthEval.Storage;

namespace HealthEval.Prompts;

internal sealed record PromptList(IReadOnlyList<PromptSummary> Prompts);

/// <param name="Begins">The beginning of the user's last message.</param>
internal sealed record PromptSummary(string PromptId, string Title, string Subdomain, string Language, IReadOnlyList<string> Tags, int Version, string Begins, string Author, DateTimeOffset ChangedAt)
{
    private const int Shown = 160;

    public static PromptSummary Of(Prompt prompt)
    {
        var text = prompt.Messages[^1].Content;
        var end = Math.Min(Shown, text.Length);
        end -= end < text.Length && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
        var last = prompt.History[^1];
        return new(prompt.PromptId, prompt.Title, prompt.Subdomain, prompt.Language, prompt.Tags, prompt.Version, text.Length > Shown ? text[..end] + "…" : text, last.Author, last.At);
    }
}

internal sealed record PromptView(
    string PromptId, string Title, string Subdomain, string Language, IReadOnlyList<string> Tags, int Version, IReadOnlyList<PromptMessage> Messages, string Sha256, IReadOnlyList<PromptChange> History, string Etag)
{
    public static PromptView Of(Stored<Prompt> stored) => stored.Value is var p
        ? new(p.PromptId, p.Title, p.Subdomain, p.Language, p.Tags, p.Version, p.Messages, p.Sha256, p.History, stored.ETag)
        : null!;
}

/// <summary>A prompt as other tools read it: snake case, like every file that leaves the program.</summary>
internal sealed record PromptLine(
    [property: JsonPropertyName("prompt_id")] string PromptId,
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("sha256")] string Sha256,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("messages")] IReadOnlyList<PromptMessage> Messages,
    [property: JsonPropertyName("subdomain")] string Subdomain,
    [property: JsonPropertyName("language")] string Language,
    [property: JsonPropertyName("tags")] IReadOnlyList<string> Tags,
    [property: JsonPropertyName("history")] IReadOnlyList<PromptChange> History)
{
    public static PromptLine Of(Prompt p) => new(p.PromptId, p.Version, p.Sha256, p.Title, p.Messages, p.Subdomain, p.Language, p.Tags, p.History);
}
