using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Storage;

namespace HealthEval.Prompts;

/// <summary>What is written about a prompt, new or refined.</summary>
/// <param name="BasedOn">The version that this one refines; the current one when absent.</param>
internal sealed record PromptForm(
    string? Title = null,
    IReadOnlyList<PromptMessage>? Messages = null,
    string? Why = null,
    string Subdomain = "general",
    string Language = "en",
    IReadOnlyList<string>? Tags = null,
    int? BasedOn = null)
{
    private const int MostMessages = 50;
    private const int MostCharacters = 50_000;
    private static readonly string[] RolesInTurn = ["system", "user", "assistant"];

    public Faults Check()
    {
        var faults = new Faults();
        faults.Require(Title?.Trim() is { Length: > 0 and <= 200 }, "title", "Give a title of 1 to 200 characters.");
        faults.Require(Vocabulary.Subdomains.Contains(Subdomain), "subdomain", $"Choose from: {string.Join(", ", Vocabulary.Subdomains)}.");
        faults.Require(Vocabulary.IsLanguageTag(Language), "language", "Give a language tag such as en or pt-BR.");
        faults.Require(Tags is null or { Count: <= 20 } && Tags?.All(tag => tag.Trim() is { Length: > 0 and <= 60 }) != false, "tags", "At most 20 tags of 1 to 60 characters.");
        faults.Require(Why is null or { Length: <= 500 }, "why", "Say why in at most 500 characters.");
        CheckMessages(faults);
        return faults;
    }

    /// <summary>Also what only a refinement has to say.</summary>
    public Faults CheckAgainst(Prompt prompt)
    {
        var faults = Check();
        faults.Require(Why?.Trim() is { Length: > 0 }, "why", "Say what this version does better, in a sentence; it is kept with the version.");
        faults.Require(BasedOn is null || (BasedOn >= 1 && BasedOn <= prompt.Version), "basedOn", $"There are versions 1 to {prompt.Version}.");
        faults.Require(prompt.Version < Prompt.MostVersions, "messages", $"A prompt has at most {Prompt.MostVersions} versions. Begin a new one with this text.");
        faults.Require(Messages is null || Sha256() != prompt.Sha256 || Title?.Trim() != prompt.Title, "messages", "Nothing has changed since the current version.");
        return faults;
    }

    public string Sha256() => Sha.OfParts([.. Messages!.SelectMany(message => new[] { message.Role, message.Content })]);

    private string Before(int i) => i == 0 || Messages![i - 1].Role == "system" ? "assistant" : Messages![i - 1].Role;

    private void CheckMessages(Faults faults)
    {
        if (Messages is null or { Count: 0 or > MostMessages })
        {
            faults.Add("messages", $"A prompt has 1 to {MostMessages} messages.");
            return;
        }

        for (var i = 0; i < Messages.Count; i++)
        {
            var (role, content) = Messages[i];
            faults.Require(RolesInTurn.Contains(role), $"messages[{i}].role", $"Choose from: {string.Join(", ", RolesInTurn)}.");
            faults.Require(role != "system" || i == 0, $"messages[{i}].role", "The system message comes first.");
            faults.Require(role == "system" || role != Before(i), $"messages[{i}].role", "The user and the assistant take turns, and the user begins.");
            faults.Require(!string.IsNullOrWhiteSpace(content), $"messages[{i}].content", "The message is empty.");
            faults.Require(content.Length <= MostCharacters, $"messages[{i}].content", $"At most {MostCharacters:N0} characters.");
        }

        faults.Require(Messages[^1].Role == "user", $"messages[{Messages.Count - 1}].role", "The last message is the user's: it is what the model answers.");
    }
}
