using System.Text.Json.Serialization;
using HealthEval.Storage;

namespace HealthEval.Prompts;

/// <summary>
/// A prompt that clinicians write and refine: what it is for, and its current version. Versions are added, never changed or taken away;
/// the text of each is a document of its own, and the history here says who made it and why.
/// </summary>
/// <param name="Sha256">Of the current messages.</param>
/// <param name="History">Oldest first; the last one is current.</param>
internal sealed record Prompt(
    string ProjectId,
    string PromptId,
    string Title,
    string Subdomain,
    string Language,
    IReadOnlyList<string> Tags,
    IReadOnlyList<PromptMessage> Messages,
    string Sha256,
    IReadOnlyList<PromptChange> History)
{
    public const int MostVersions = 200;

    [JsonIgnore]
    public int Version => History.Count;

    public static DocumentKey Key(string projectId, string promptId) => new(DocumentKind.Prompt, Partition(projectId), promptId);

    public static Partition Partition(string projectId) => new(projectId, "prompts");

    /// <summary>The same person who sends the same new prompt twice, as after a lost answer, means one prompt.</summary>
    public static Prompt Begin(string projectId, PromptForm form, string author, DateTimeOffset now)
    {
        var sha256 = form.Sha256();
        var id = "w" + Sha.OfParts(projectId, author, form.Title!.Trim(), sha256)[..16];
        return new Prompt(projectId, id, "", "", "", [], [], "", []).Revise(form, author, basedOn: null, now);
    }

    public Prompt Revise(PromptForm form, string author, int? basedOn, DateTimeOffset now) => this with
    {
        Title = form.Title!.Trim(),
        Subdomain = form.Subdomain,
        Language = form.Language,
        Tags = form.Tags ?? [],
        Messages = form.Messages!,
        Sha256 = form.Sha256(),
        History = [.. History, new PromptChange(Version + 1, author, now, form.Why?.Trim() ?? "", basedOn, form.Sha256())],
    };

    /// <summary>The current version as the document that stays.</summary>
    public PromptVersion Snapshot() => new(PromptId, Version, Title, Messages, Sha256);
}

/// <param name="Role">system, user or assistant.</param>
internal sealed record PromptMessage(string Role, string Content);

/// <param name="Author">A pseudonym.</param>
/// <param name="BasedOn">The version that was refined, which need not be the one before; null for the first.</param>
internal sealed record PromptChange(int Version, string Author, DateTimeOffset At, string Why, int? BasedOn, string Sha256);

internal sealed record PromptVersion(string PromptId, int Version, string Title, IReadOnlyList<PromptMessage> Messages, string Sha256)
{
    public static DocumentKey Key(string projectId, string promptId, int version) =>
        new(DocumentKind.PromptVersion, Prompt.Partition(projectId), $"{promptId}@{version:D4}");
}
