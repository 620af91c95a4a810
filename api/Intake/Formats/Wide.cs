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
    private static readonly char[] BeforeAPlace = [.. Separators, '#'];

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

    /// <summary>One answer in several languages is no contest.</summary>
    private static readonly HashSet<string> Spoken =
        [.. "en de es fr it pt nl pl ru zh ja ko ar tr hi sv da fi no cs el he uk vi th english german spanish french italian portuguese chinese arabic"
            .Split(' '), "translated", "translation", "original"];

    /// <summary>What may be asked anew beside an answer of its own.</summary>
    private static readonly string[] Questions = ["prompt", "question", "user", "query", "instruction", "input", "turn"];

    private static readonly NameSet AllContestants =
        new(Kinds.SelectMany(kind => Places.SelectMany(place => Between.Select(between => $"{kind}{between}{place}"))));

    private static IEnumerable<string> Places =>
        [.. "abcdefgh".Select(letter => $"{letter}"), .. Enumerable.Range(1, MostNumbered).Select(number => $"{number}")];

    private static IEnumerable<string> Between => ["", ".", "#"];

    /// <summary>The first of them, for the receipt.</summary>
    public static IEnumerable<string> Contestants => Kinds.SelectMany(kind => (string[])[$"{kind}_a", $"{kind}_1"]);

    public static bool IsContestant(string name) => PlaceOf(name) is not null;

    /// <summary>By its name as it is written.</summary>
    public static bool IsAnswer(string name) => !IsContestant(name) && Model(name) is not null;

    /// <summary>Whether a text under this name is an answer to the prompt, if only in another language, or one that somebody has edited.</summary>
    public static bool IsSaid(string name) => IsContestant(name) || Model(name) is not null || ModelNames.IsOne(name)
        || (name.LastIndexOfAny(Separators) is > 0 and var last && Kinds.Contains(name[(last + 1)..].ToLowerInvariant()))
        || (name.IndexOfAny(Separators) is > 0 and var cut && Prefixes.Contains(name[..cut].ToLowerInvariant())
            && Spoken.Contains(name[(cut + 1)..].ToLowerInvariant()));

    /// <summary>False where there is none.</summary>
    public static bool ReadContestants(Fields fields)
    {
        if (!fields.HasAny(AllContestants))
        {
            return false;
        }

        var found = Placed(fields);
        if (found.Select(one => AskedAnew(fields, one.Place.Side)).FirstOrDefault(name => name is not null) is { } asked)
        {
            fields.Draft.Refuse(fields.At(asked), "There is a question of its own beside some of the answers, so they do not answer the same one. "
                + "Send a conversation as a list of messages, and other questions as records of their own.");
            return false;
        }

        var answers = found.Select(one => (one.Name, Content: fields.Take(one.Name), Model: ModelOf(fields, one.Place.Side)))
            .Where(one => one.Content is not null).ToList();
        var shared = answers.TrueForAll(one => one.Model is null) ? fields.Model() : null; // several answers of one model
        answers.ForEach(one => Answers.Add(one.Content!.Value, fields.At(one.Name), null, one.Model ?? shared, fields.Draft));
        return fields.Draft.Responses.Count > 0;
    }

    /// <summary>
    /// Those with a place. Where the second has a number, the first may have none: <c>response</c> and <c>response_2</c>. Beside a <c>response</c>, numbered
    /// ones under another word are what there is to choose from, or what others said.
    /// </summary>
    private static List<(string Name, (int Kind, int Order, string Side) Place)> Placed(Fields fields)
    {
        var found = fields.Left.Select(name => (Name: name, Place: PlaceOf(name))).Where(one => one.Place is not null && fields.Look(one.Name) is not null)
            .Select(one => (one.Name, Place: one.Place!.Value)).ToList();
        if (fields.Look(Kinds[0]) is not null)
        {
            found.RemoveAll(one => one.Place.Kind > 0);
        }

        foreach (var kind in found.Select(one => one.Place.Kind).Distinct().ToList())
        {
            if (fields.Look(Kinds[kind]) is not null && !found.Exists(one => one.Place.Kind == kind && one.Place.Side is "a"))
            {
                found.Add((Kinds[kind], (kind, 100, "")));
            }
        }

        return [.. found.OrderBy(one => one.Place)];
    }

    private static string? ModelOf(Fields fields, string side) => side.Length == 0 ? fields.Model("model") : fields.Model($"model_{side}");

    private static string? AskedAnew(Fields fields, string side) => side is "" or "a" or "1" ? null
        : Array.Find([.. Questions.Select(question => $"{question}_{side}")], name => fields.Look(name) is { } value && LeftBehind.IsProse(value));

    /// <summary>Where the answers are, if there are several; for the receipt.</summary>
    public static string? Said(JsonElement record)
    {
        var fields = new Fields(record, new Draft());
        return SaidByPlace(record) ?? (In(fields) is { } columns && IsBesideWhatIsRight(fields, columns) ? string.Join(" + ", columns) : null);
    }

    /// <summary>The same of those with letters and numbers alone.</summary>
    public static string? SaidByPlace(JsonElement record)
    {
        var fields = new Fields(record, new Draft());
        return fields.HasAny(AllContestants) && Placed(fields) is { Count: > 1 } placed ? string.Join(" + ", placed.Select(one => one.Name)) : null;
    }

    /// <summary>The columns that are named after a model, or hold what a model said and are named after nothing else.</summary>
    public static List<string> In(Fields fields)
    {
        var named = fields.Left.Where(IsAnswer).ToList();
        var models = named.Count > 0 ? [] : fields.Left.Where(ModelNames.IsOne).ToList();
        return named.Count > 0 ? named : models.Count > 1 || models.Exists(name => fields.Look(name) is { } value && LeftBehind.IsProse(value)) ? models : [];
    }

    /// <summary>Several of them; or one of a model that we know, beside an answer that does not say whose it is.</summary>
    public static bool IsBesideWhatIsRight(Fields fields, List<string> columns) => columns.Count > 1
        || (columns is [var one] && ModelNames.IsOne(Model(one) ?? one) && Array.Exists(Names.PlainAnswers, name => fields.Look(name) is not null));

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
        var side = kind < 0 ? "" : name[Kinds[kind].Length..].TrimStart(BeforeAPlace).ToLowerInvariant();
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

    private static bool IsAbout(string words) =>
        Spoken.Contains(words.ToLowerInvariant()) || Array.Exists(words.ToLowerInvariant().Split(Separators), About.Contains);
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

    /// <summary>The model that a file or a sheet is called after and nothing else: <c>gpt-4o.csv</c>. Without a number it may be another word.</summary>
    public static string? OfFile(string name)
    {
        var plain = Path.GetFileName(name);
        foreach (var ending in (string[])[".gz", ".csv", ".tsv", ".txt", ".jsonl", ".json", ".ndjson", ".xlsx", ".xml"])
        {
            plain = plain.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? plain[..^ending.Length] : plain;
        }

        return plain.Any(char.IsAsciiDigit) && IsOne(plain) ? plain : null;
    }

    private static bool IsVersion(string word) => word.Length == 0 || Versions.Contains(word) || (word.Any(char.IsAsciiDigit) && word.Length <= 8);
}
