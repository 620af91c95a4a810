using System.Globalization;
using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>What any format may carry about an item, under the names of the canonical form.</summary>
internal static class CommonFields
{
    public static readonly IReadOnlyDictionary<string, string> Defaults = new Dictionary<string, string>
    {
        ["subdomain"] = "general",
        ["audience"] = "unknown",
        ["jurisdiction"] = "unspecified",
        ["language"] = "en",
        ["riskTier"] = "routine",
    };

    private static readonly string[] Audiences = ["lay", "clinician", "unknown"];
    private static readonly NameSet Strata = new("subdomain", "sub_domain", "specialty", "audience", "jurisdiction", "language", "lang", "risk_tier", "risk");
    private static readonly NameSet References = new(Names.References);
    private static readonly NameSet Reasonings = new(Names.Reasonings);

    private static readonly (string Ours, string[] Theirs)[] Common =
    [
        ("subdomain", ["subdomain", "sub_domain"]), ("specialty", ["specialty"]), ("audience", ["audience"]), ("jurisdiction", ["jurisdiction"]), ("language", ["language", "lang"]),
        ("riskTier", ["risk_tier", "risk"]), ("tags", ["tags"]), ("reference", Names.References), ("rubric", ["rubric", "rubrics"]), ("claims", ["claims"]),
    ];

    /// <summary>A format's own fields, and the ones that any format may have.</summary>
    public static IReadOnlyList<(string Ours, string[] Theirs)> And(params ReadOnlySpan<(string Ours, string[] Theirs)> own) => [.. own, .. Common];

    /// <summary>A field of the same name that means something else never refuses a record.</summary>
    public static void Read(Fields fields)
    {
        var draft = fields.Draft;
        if (fields.HasAny(Strata))
        {
            ReadStrata(fields);
        }

        Tags(fields);
        ItemKinds.Read(fields);
        draft.Reference ??= fields.HasAny(References) && fields.TakeFirst(Names.References) is var (reference, _) && !Remarks.IsNothing(reference)
            ? reference : null;
        foreach (var name in draft.Rubric.Count > 0 ? [] : (string[])["rubric", "rubrics"]) // a format that has one has read it
        {
            if (fields.Look(name) is { } nothing && Remarks.IsNothing(nothing))
            {
                fields.Take(name);
            }
            else if (draft.Rubric.Count == 0 && fields.Look(name) is { } given && Structured.Any(given) is var rubric && Rubrics.IsRubric(rubric))
            {
                fields.Take(name);
                Rubrics.Read(rubric, fields.At(name), draft);
            }
            else if (fields.Look(name) is not null)
            {
                fields.Foreign();
            }
        }

        if (draft.Rubric.Count == 0)
        {
            JsonElement? ListOf(string name) => fields.Look(name) is { } list && Structured.Any(list).ValueKind is JsonValueKind.Array ? fields.Take(name) : null;
            draft.Rubric.AddRange(Rubrics.Statements(ListOf));
        }

        GivenClaims.Read(fields);
        EarlierTurns.Add(fields);
        Unshown.Refuse(fields);
        Outcome.Read(fields);
        if (draft.Responses is [{ Reasoning: null } only] && fields.HasAny(Reasonings) && fields.TextOrNothing(Names.Reasonings) is { Length: > 0 } reasoning)
        {
            draft.Responses[0] = only with { Reasoning = reasoning };
            draft.Note("reasoning_kept_apart");
        }
    }

    private static void ReadStrata(Fields fields)
    {
        var draft = fields.Draft;
        draft.Subdomain ??= Word(fields, Guidelines.Vocabulary.Subdomains, "subdomain", "sub_domain");
        draft.Specialty ??= Text(fields, "specialty");
        draft.Audience ??= Word(fields, Audiences, "audience");
        draft.Jurisdiction ??= Text(fields, "jurisdiction");
        draft.Language ??= Language(fields, "language", "lang");
        draft.RiskTier ??= Word(fields, Guidelines.Vocabulary.RiskTiers, "risk_tier", "risk");
    }

    /// <summary>Of a vocabulary of ours, in any case; null for anything else, which stays where it is.</summary>
    private static string? Word(Fields fields, IReadOnlyList<string> vocabulary, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (fields.Look(name) is not { } value || IsBlank(value))
            {
                continue;
            }

            if (value.ValueKind is JsonValueKind.String && vocabulary.FirstOrDefault(word => Names.Same(word, value.GetString()!.Trim())) is { } known)
            {
                fields.Take(name);
                return known;
            }

            fields.Foreign();
        }

        return null;
    }

    private static string? Text(Fields fields, string name)
    {
        if (fields.Look(name) is { } value && value.ValueKind is not JsonValueKind.String)
        {
            fields.Foreign();
            return null;
        }

        return fields.Text(name);
    }

    private static string? Language(Fields fields, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (fields.Look(name) is not { } value || IsBlank(value))
            {
                continue;
            }

            var tag = value.ValueKind is JsonValueKind.String ? Languages.TagOf(value.GetString()) : null;
            if (tag is null ? value.ValueKind is JsonValueKind.String : Guidelines.Vocabulary.IsLanguageTag(tag))
            {
                fields.Take(name);
                return tag;
            }

            fields.Foreign();
        }

        return null;
    }

    private static void Tags(Fields fields)
    {
        if (fields.Look("tags") is not { } given)
        {
            return;
        }

        var tags = Structured.Texts(given) ?? given;
        if (tags.ValueKind is JsonValueKind.String || (tags.ValueKind is JsonValueKind.Array && tags.EnumerateArray().All(tag => tag.ValueKind is JsonValueKind.String)))
        {
            fields.Take("tags");
            fields.Draft.Tags.AddRange(tags.ValueKind is JsonValueKind.String ? [tags.GetString()!] : tags.EnumerateArray().Select(tag => tag.GetString()!));
        }
        else
        {
            fields.Foreign();
        }
    }

    private static bool IsBlank(JsonElement value) => value.ValueKind is JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString());
}

internal static class Rubrics
{
    private static readonly string[] Texts = ["criterion", "criterion_text", "text", "description"];

    /// <summary>A text, or a list of texts and of objects that say what is to be met.</summary>
    public static bool IsRubric(JsonElement value) => value.ValueKind is JsonValueKind.String
        || (value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(criterion => criterion.ValueKind is JsonValueKind.String || Array.Exists(Texts, name => criterion.Has(name, JsonValueKind.String))));

    /// <summary>
    /// Statements that an answer must hold, and those that are nice to have, as criteria: the latter weigh half, and K-QA itself counts them apart, by the tag.
    /// </summary>
    /// <param name="field">The list of this name, where there is one.</param>
    public static List<RubricCriterion> Statements(Func<string, JsonElement?> field)
    {
        var statements = new List<RubricCriterion>();
        foreach (var (tag, points) in ((string, double)[])[("must_have", 2), ("nice_to_have", 1)])
        {
            var texts = field(tag) is { } list && Structured.Any(list) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().ToArray() : [];
            foreach (var text in texts.Where(text => text.ValueKind is JsonValueKind.String).Select(text => text.GetString()!).Where(text => !string.IsNullOrWhiteSpace(text)))
            {
                statements.Add(new RubricCriterion($"c{statements.Count + 1}", text, points, [tag]));
            }
        }

        return statements;
    }

    /// <summary>Of an item without criteria: the statements that its reference holds. Raters see them where the project says so, and nothing else of it.</summary>
    public static void OfReference(Draft draft, bool areShown)
    {
        draft.Statements.Clear();
        if (draft is { Rubric.Count: 0, Reference: { } given } && Structured.Any(given) is { ValueKind: JsonValueKind.Object } reference)
        {
            draft.Statements.AddRange(Statements(name => reference.TryField(name, out var list) ? list : null));
        }

        if (draft.Statements.Count > 0 && !areShown)
        {
            draft.Note("must_have_list_stays_hidden");
        }
    }

    public static void Read(JsonElement rubric, string path, Draft draft)
    {
        if (rubric.ValueKind is JsonValueKind.String)
        {
            Criterion(rubric, 0, path, draft);
            return;
        }

        if (rubric.ValueKind is not JsonValueKind.Array)
        {
            draft.Refuse(path, $"Expected a list of criteria, found {JsonRecord.Name(rubric.ValueKind)}.");
            return;
        }

        foreach (var (criterion, index) in rubric.EnumerateArray().Select((criterion, index) => (criterion, index)))
        {
            Criterion(criterion, index, $"{path}[{index}]", draft);
        }
    }

    private static void Criterion(JsonElement value, int index, string path, Draft draft)
    {
        if (value.ValueKind is JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()))
        {
            draft.Rubric.Add(new RubricCriterion($"c{index + 1}", value.GetString()!, 1, []));
            return;
        }

        if (value.ValueKind is not JsonValueKind.Object)
        {
            draft.Refuse(path, $"Expected a criterion {{\"criterion\":…,\"points\":…}}, found {JsonRecord.Name(value.ValueKind)}.");
            return;
        }

        var fields = new Fields(value, draft, path);
        var text = fields.Text(Texts);
        if (string.IsNullOrWhiteSpace(text))
        {
            draft.Refuse(fields.At("criterion"), "Required: the text of the criterion.");
            return;
        }

        var tags = new List<string>();
        fields.Texts("tags", tags);
        draft.Rubric.Add(new RubricCriterion(fields.Id("id", "criterion_id") ?? $"c{index + 1}", text, Points(fields), tags));
    }

    private static double Points(Fields fields)
    {
        if (fields.TakeFirst("points", "weight") is not var (points, at))
        {
            return 1;
        }

        var isNumber = points.ValueKind is JsonValueKind.Number ? points.TryGetDouble(out var number)
            : double.TryParse(points.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number); // in tables everything is a text
        if (isNumber && double.IsFinite(number))
        {
            return number;
        }

        fields.Refuse(at, "a number", points);
        return 0;
    }
}
