using System.Text.Json;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Profiles;

/// <summary>A field of the file: how many of the records that were looked at have it, and what stands in the first that has something.</summary>
internal sealed record FieldSeen(string Path, int Records, string Example);

/// <summary>What looks like one of our fields.</summary>
/// <param name="Paths">In their order, with roles in front where the prompt has several.</param>
/// <param name="Reason">A sentence for the person who decides.</param>
internal sealed record Proposed(string Field, IReadOnlyList<string> Paths, string Reason);

/// <summary>The fields of a file that nobody has named yet, and what they may be: by their names first, in several languages, and by their length
/// otherwise.</summary>
internal static class FileFields
{
    private const int RecordsLookedAt = 200;
    private const int MostFields = 200;
    private const int MostDepth = 4;

    private static readonly (string Ours, string[] Theirs)[] Named =
    [
        ("system", [.. Names.Systems, "vorgabe", "rules", "consigne", "instrucciones"]),
        ("prompt",
        [
            .. Names.Prompts, .. Names.Askers, "frage", "anfrage", "pregunta", "domanda", "pergunta", "vraag", "task", "vignette", "case", "scenario",
                "request", "asked", "text_in", "user_text",
            "patient_message", "inquiry", "complaint",
        ]),
        ("response",
        [
            .. Names.Answers, .. Names.Answerers, .. Names.Notes, "antwort", "ausgabe", "respuesta", "réponse", "reponse", "risposta", "resposta",
                "antwoord", "result", "said", "text_out", "generated", "output_message",
            "advice", "recommendation", "text", "content",
        ]),
        ("model", [.. Names.Models, "modell", "modele", "modelo", "engine", "system_name", "source_model", "model_used"]),
        ("reference", [.. Names.References, "gold", "referenz", "doctor_answer", "expert_answer", "target"]),
        ("rubric", ["rubric", "rubrics", "criteria", "rubric_items", "kriterien"]),
        ("language", ["language", "lang", "locale", "sprache"]),
        ("subdomain", ["subdomain", "sub_domain"]),
        ("promptId", ["prompt_id", "question_id", "qid"]),
        ("itemId", ["item_id", "id", "case_id", "uuid", "nr", "record_id"]),
    ];

    /// <summary>In the first records, with those inside of objects.</summary>
    public static (List<FieldSeen> Fields, int LookedAt) In(Part part)
    {
        var seen = new Dictionary<string, (int Records, string Example)>(StringComparer.Ordinal);
        var lookedAt = 0;
        foreach (var raw in part.Read().Where(raw => raw.Problem is null).Take(RecordsLookedAt))
        {
            using var document = JsonRecord.Parse(raw.Json, out _);
            if (document is null)
            {
                continue;
            }

            lookedAt++;
            foreach (var (path, value) in Leaves(document.RootElement, "", 0).DistinctBy(leaf => leaf.Path))
            {
                if (seen.TryGetValue(path, out var before) || seen.Count < MostFields)
                {
                    seen[path] = (before.Records + 1, string.IsNullOrWhiteSpace(before.Example) ? Excerpt.Of(value, 80) : before.Example);
                }
            }
        }

        return ([.. seen.Select(field => new FieldSeen(field.Key, field.Value.Records, field.Value.Example))], lookedAt);
    }

    public static List<Proposed> Propose(IReadOnlyList<FieldSeen> fields)
    {
        var found = new Dictionary<string, (List<string> Paths, string Reason)>();
        var free = fields.ToList();
        foreach (var (ours, theirs) in Named)
        {
            if (theirs.Select(name => free.Find(field => Names.Same(name, Last(field.Path)) || Names.Same(name, Stem(field.Path))))
                .FirstOrDefault(field => field is not null) is { } named)
            {
                var alike = ours is "response" ? free.FindAll(field => field == named
                    || (Stem(field.Path).Length > 0 && Names.Same(Stem(field.Path), Stem(named.Path)))) : [named];
                Take(ours, alike, alike.Count > 1 ? $"{alike.Count} fields are named like answers to one prompt."
                    : $"A field called '{Excerpt.Of(Last(named.Path), 40)}' mostly is that.");
            }
        }

        foreach (var ours in (string[])["prompt", "response"])
        {
            if (!found.ContainsKey(ours) && free.FindAll(field => field.Example.Contains(' ', StringComparison.Ordinal))
                .MaxBy(field => field.Example.Length) is { } longest)
            {
                Take(ours, [longest], "No name says so; of the fields that are left it has the longest text.");
            }
        }

        if (found.Remove("system", out var system) && found.TryGetValue("prompt", out var prompt))
        {
            found["prompt"] = ([$"system:{system.Paths[0]}", .. prompt.Paths], $"{system.Reason} {prompt.Reason}");
        }

        return [.. found.Select(one => new Proposed(one.Key, one.Value.Paths, one.Value.Reason))];

        void Take(string ours, List<FieldSeen> taken, string reason)
        {
            found[ours] = (taken.ConvertAll(field => field.Path), reason);
            free.RemoveAll(taken.Contains);
        }
    }

    private static IEnumerable<(string Path, string Value)> Leaves(JsonElement value, string path, int depth) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Object when depth < MostDepth => value.EnumerateObject().SelectMany(field => Leaves(field.Value, path.Length == 0 ? field.Name
            : $"{path}.{field.Name}", depth + 1)),
        JsonValueKind.Array when depth < MostDepth && IsTurns(value) => [(path, value.GetRawText())],
        JsonValueKind.Array when depth < MostDepth && value.GetArrayLength() > 0 && value[0].ValueKind is JsonValueKind.Object => Leaves(value[0],
            $"{path}[]", depth + 1),
        _ => [(path, value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText())],
    };

    /// <summary>A conversation is one field: its turns belong together.</summary>
    private static bool IsTurns(JsonElement list) => list.GetArrayLength() > 0 && list[0].ValueKind is JsonValueKind.Object
        && Conversation.RoleOf(list[0]) is not null && Saying.ContentOf(list[0]) is not null;

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..].TrimEnd('[', ']');

    /// <summary><c>antwort_a</c> and <c>antwort 2</c> are both <c>antwort</c>; empty for a name that is nothing but a place.</summary>
    private static string Stem(string path)
    {
        var last = Last(path);
        var end = last.Length;
        while (end > 0 && char.IsAsciiDigit(last[end - 1]))
        {
            end--;
        }

        end = end == last.Length && end > 2 && last[end - 2] is '_' or '-' or ' ' ? end - 1 : end;
        return last[..end].TrimEnd('_', '-', ' ');
    }
}
