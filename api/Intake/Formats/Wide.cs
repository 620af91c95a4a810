using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// Tables with several answers in a row: by letters or numbers (<c>response_a</c> and <c>model_a</c>, <c>answer2</c>), or in a column per model
/// (<c>answer_chatgpt</c>, <c>gpt4_response</c>, <c>GPT-4</c>).
/// </summary>
internal static class Wide
{
    private const int MostNumbered = 20;
    private static readonly string[] Kinds = ["response", "answer", "output", "completion"];
    private static readonly string[] Prefixes = [.. Kinds, "prediction", "generation"];
    private static readonly char[] Separators = ['_', '-', ' ', '.'];

    /// <summary>Words in a column's name by which it says something about an answer, and is none.</summary>
    private static readonly HashSet<string> About =
    [
        .. ("id ids time timestamp date at by length len words chars characters tokens token score scores type format model text raw cost "
        + "price latency ms s sec secs seconds count status code metadata meta quality rating ratings rank label labels key index idx start "
        + "end url urls source sources language lang choice choices option options correct correctness hash prob probs logprob logprobs "
        + "embedding judge grade accuracy error errors flag flags note notes comment comments rationale explanation version provider "
        + "temperature parsed truncated finish reason reasoning feedback review reviewer annotator evaluation eval metric metrics "
        + "confidence usage category").Split(' '),
    ];

    /// <summary>The first of them, for the receipt.</summary>
    public static IEnumerable<string> Contestants => Kinds.SelectMany(kind => (string[])[$"{kind}_a", $"{kind}_1"]);

    public static bool IsContestant(string name) => PlaceOf(name) is not null;

    /// <summary>By its name as it is written.</summary>
    public static bool IsAnswer(string name) => !IsContestant(name) && Model(name) is not null;

    /// <summary>False where there is none.</summary>
    public static bool ReadContestants(Fields fields)
    {
        foreach (var (name, place) in fields.Left.Select(name => (name, Place: PlaceOf(name))).Where(found => found.Place is not null)
            .OrderBy(found => found.Place).ToList())
        {
            if (fields.Take(name) is { } content)
            {
                Answers.Add(content, fields.At(name), null, fields.Model($"model_{place!.Value.Side}"), fields.Draft);
            }
        }

        return fields.Draft.Responses.Count > 0;
    }

    /// <summary>Where the answers are, if there are several; for the receipt.</summary>
    public static string? Said(JsonElement record)
    {
        var fields = new Fields(record, new Draft());
        var columns = fields.Left.Where(IsContestant).ToList() is { Count: > 0 } contestants ? contestants : In(fields);
        return columns.Count > 1 ? string.Join(" + ", columns) : null;
    }

    /// <summary>The columns that are named after a model, or hold what a model said and are named after nothing else.</summary>
    public static List<string> In(Fields fields)
    {
        var named = fields.Left.Where(IsAnswer).ToList();
        var models = named.Count > 0 ? [] : fields.Left.Where(ModelNames.IsOne).ToList();
        return named.Count > 0 || models.Count < 2 ? named : models;
    }

    /// <summary>The models are named by the columns' names, as they are written.</summary>
    public static bool Read(Fields fields, List<string> columns)
    {
        foreach (var name in columns)
        {
            if (fields.Take(name) is { } answer)
            {
                Answers.Add(answer, fields.At(name), null, Model(name) ?? name, fields.Draft);
            }
        }

        return fields.Draft.Responses.Count > 0;
    }

    /// <summary>Where it stands among the others: by the word, letters before numbers.</summary>
    private static (int Kind, int Order, string Side)? PlaceOf(string name)
    {
        var kind = Array.FindIndex(Kinds, one => name.StartsWith(one, StringComparison.OrdinalIgnoreCase));
        var side = kind < 0 ? "" : name[Kinds[kind].Length..].TrimStart(Separators).ToLowerInvariant();
        return side switch
        {
            [>= 'a' and <= 'h' and var letter] => (kind, letter - 'a', side),
            [>= '1' and <= '9', ..] when int.TryParse(side, out var number) && number <= MostNumbered => (kind, 100 + number, side),
            _ => null,
        };
    }

    private static string? Model(string name)
    {
        if (name.IndexOfAny(Separators) is > 0 and var cut && Prefixes.Contains(name[..cut].ToLowerInvariant())
            && name[(cut + 1)..].Trim() is { Length: > 0 } model)
        {
            return IsAbout(model) ? null : model;
        }

        return name.LastIndexOfAny(Separators) is > 0 and var last && Prefixes.Contains(name[(last + 1)..].ToLowerInvariant()) && ModelNames.IsOne(name[..last])
            ? name[..last] : null;
    }

    private static bool IsAbout(string words) => Array.Exists(words.ToLowerInvariant().Split(Separators), About.Contains);
}

/// <summary>Column names that begin with the name of a family of language models, and say nothing else than which of them it is.</summary>
internal static class ModelNames
{
    private static readonly string[] Families =
    [
        "gpt", "chatgpt", "claude", "gemini", "gemma", "llama", "mistral", "mixtral", "qwen", "deepseek", "medpalm", "palm", "bard", "copilot", "perplexity",
            "grok", "phi", "vicuna", "alpaca", "falcon",
        "meditron", "medalpaca", "chatdoctor", "biogpt", "baichuan", "chatglm", "kimi", "ernie", "doubao", "hermes", "zephyr", "davinci", "sonnet", "opus",
            "haiku", "openbiollm", "medgemma", "command",
    ];

    private static readonly HashSet<string> Versions =
    [
        .. ("turbo mini nano pro ultra flash large medium small instruct chat it base preview latest plus lite opus sonnet haiku "
        + "vision omni medlm r r1 v2 v3 v4 x o thinking reasoner max coder med free web").Split(' '),
    ];

    /// <summary><c>GPT-4o mini</c>, <c>claude_3_opus</c>, <c>Llama-3.1-70B-Instruct</c>; not <c>gpt4_score</c>.</summary>
    public static bool IsOne(string name)
    {
        var words = name.ToLowerInvariant().Split(['_', '-', ' ', '.', '/', '(', ')', ':'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && Array.Exists(Families, family => words[0].StartsWith(family, StringComparison.Ordinal)
            && IsVersion(words[0][family.Length..]))
            && words.Skip(1).All(word => IsVersion(word) || Families.Contains(word));
    }

    private static bool IsVersion(string word) => word.Length == 0 || Versions.Contains(word) || (word.Any(char.IsAsciiDigit) && word.Length <= 8);
}
