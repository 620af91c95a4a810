using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>What a person has an interest in, as they declare it: customers and makers of models whose work they do not judge. Nobody is told what a model is called.</summary>
internal sealed record Interests(string PersonId, IReadOnlyList<string> Customers, IReadOnlyList<string> Makers, DateTimeOffset DeclaredAt)
{
    public const int Most = 30;
    private const int Longest = 60;

    private static readonly char[] Separators = [' ', '/', ':', '_', '.'];

    /// <summary>What the models of well-known makers are called by.</summary>
    private static readonly Dictionary<string, string[]> ModelsOf = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
    {
        ["openai"] = ["gpt", "chatgpt", "o1", "o3", "o4", "davinci"],
        ["anthropic"] = ["claude"],
        ["google"] = ["gemini", "gemma", "palm", "med-palm", "medgemma", "bard", "amie"],
        ["meta"] = ["llama"],
        ["mistral"] = ["mistral", "mixtral", "magistral", "ministral"],
        ["microsoft"] = ["phi", "copilot"],
        ["xai"] = ["grok"],
        ["deepseek"] = ["deepseek"],
        ["alibaba"] = ["qwen"],
        ["cohere"] = ["command"],
        ["amazon"] = ["nova", "titan"],
    };

    public static DocumentKey Key(string personId) => new(DocumentKind.Standing, new Partition("_", "interests"), personId);

    public bool Covers(Project project) => Customers.Any(customer => Same(customer, project.Customer));

    /// <summary>Whether one of these models is of a maker, or has a name, that the person has an interest in. A model without a name is nobody's.</summary>
    public bool Cover(IReadOnlyList<string> models) => models.Any(model => Makers.Any(maker => IsOf(maker.Trim(), model)));

    public static Faults Check(IReadOnlyList<string> customers, IReadOnlyList<string> makers)
    {
        var faults = new Faults();
        foreach (var (field, names) in (IReadOnlyList<(string, IReadOnlyList<string>)>)[("customers", customers), ("makers", makers)])
        {
            faults.Require(names.Count <= Most && names.All(name => name.Trim() is { Length: >= 2 and <= Longest }), field, $"At most {Most} names, of 2 to {Longest} characters each.");
        }

        return faults;
    }

    private static bool IsOf(string maker, string model) =>
        Parts(model).Any(part => Same(part, maker)) || model.Contains(maker, StringComparison.OrdinalIgnoreCase)
        || (ModelsOf.TryGetValue(maker, out var names) && Parts(model).Any(part => names.Any(name => part.StartsWith(name, StringComparison.OrdinalIgnoreCase))));

    private static string[] Parts(string model) => model.Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    private static bool Same(string one, string other) => string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
}

internal sealed record InterestsForm(IReadOnlyList<string>? Customers = null, IReadOnlyList<string>? Makers = null);
