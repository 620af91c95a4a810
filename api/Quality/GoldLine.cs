using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Quality;

/// <summary>
/// One expert judgement as a line of JSON: <c>item_id</c>, or <c>prompt_id</c> with the responses it names, says which item it is about; <c>judgement</c> has the
/// shape of a rater's, with <c>responseId</c> where a rater has a key; <c>guideline</c> with <c>id</c> and <c>version</c> is the one it was judged under, else the project's; <c>acceptable</c> names, by response id and dimension, the lowest and the highest right score.
/// </summary>
internal sealed class GoldLine(Project project, GuidelineLibrary guidelines, IDocumentStore store)
{
    private const int Longest = 1 << 20;
    private readonly Faults _faults = new();

    public async Task<GoldRead> ReadAsync(string text, CancellationToken cancellation)
    {
        if (Parse(text) is not { } line)
        {
            return Refused();
        }

        if (await ItemAsync(line, cancellation) is not { } item)
        {
            _faults.Add("item_id", "No item of this project has these ids. Load the batch that it belongs to first.");
            return Refused();
        }

        if (await GuidelineAsync(line, cancellation) is not { } guideline)
        {
            _faults.Add("guideline", "There is no such guideline version, or this project does not use it. Give its id and version, or leave it out for the project's own.");
            return Refused();
        }

        var order = item.Responses.Select(response => response.ResponseId).ToList();
        if (Reference(line, order) is not { } reference)
        {
            return Refused();
        }

        foreach (var (field, reasons) in JudgementRules.Check(reference, guideline, item, order).ByField)
        {
            reasons.ForEach(reason => _faults.Add(field, reason));
        }

        var acceptable = Acceptable(line, order, [.. guideline.Dimensions.Select(dimension => dimension.Key)]);
        if (_faults.Any)
        {
            return Refused();
        }

        var gold = GoldItem.Of(item, new GuidelineReference(guideline.Id, guideline.Version), reference, acceptable, Text(line, "note"));
        return new GoldRead(gold, item, _faults.ByField);
    }

    private async Task<Guideline?> GuidelineAsync(JsonObject line, CancellationToken cancellation)
    {
        if (line["guideline"] is not { } named)
        {
            return await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation) ?? GuidelineLibrary.Default;
        }

        IReadOnlyList<string> used = [.. project.GuidelineIds, Guideline.DefaultId];
        return named is JsonObject said && Text(said, "id") is { } id && used.Contains(id) && said["version"] is JsonValue number && number.TryGetValue(out int version)
            ? await guidelines.FindAsync(id, version, cancellation)
            : null;
    }

    private GoldRead Refused() => new(null, null, _faults.ByField);

    private JsonObject? Parse(string text)
    {
        try
        {
            if (text.Length <= Longest && JsonNode.Parse(text, documentOptions: Json.Unique) is JsonObject line && line["judgement"] is JsonObject)
            {
                return line;
            }
        }
        catch (JsonException)
        {
            // said below, as for everything else that is not such an object
        }

        _faults.Add("line", "Expected a JSON object with 'judgement', on one line of at most a million characters.");
        return null;
    }

    private async Task<EvalItem?> ItemAsync(JsonObject line, CancellationToken cancellation)
    {
        var named = line["judgement"]!["ratings"] is JsonArray ratings ? ratings.Select(rating => Text(rating as JsonObject, "responseId")).OfType<string>().Distinct().ToList() : [];
        string?[] ids = (Text(line, "item_id"), Text(line, "prompt_id")) switch
        {
            ({ } item, _) => [ItemBuilder.TaskIdOfItem(project.ProjectId, item), .. named.Select(response => ItemBuilder.TaskIdOfItem(project.ProjectId, item, response))],
            (null, { } prompt) => [ItemBuilder.TaskIdOfResponses(project.ProjectId, prompt, named)],
            _ => [],
        };
        foreach (var id in ids)
        {
            if (await store.FindAsync<EvalItem>(EvalItem.KeyOf(project.ProjectId, id!), cancellation) is { } stored)
            {
                return stored.Value;
            }
        }

        return null;
    }

    /// <summary>The judgement with keys in place of response ids.</summary>
    private Judgement? Reference(JsonObject line, List<string> order)
    {
        var judgement = line["judgement"]!.DeepClone().AsObject();
        foreach (var entry in judgement.Select(field => field.Value).OfType<JsonArray>().SelectMany(list => list).OfType<JsonObject>())
        {
            if (entry["responseId"] is not { } response)
            {
                continue;
            }

            if (Key(response, order) is not { } key)
            {
                _faults.Add("judgement", $"The item has no response '{response}'.");
                return null;
            }

            entry.Remove("responseId");
            entry["response"] = key;
        }

        if (judgement["preference"] is JsonObject preference && preference["winner"] is { } winner && Key(winner, order) is { } best)
        {
            preference["winner"] = best;
        }

        try
        {
            return Json.Parse<Judgement>(Json.Bytes(judgement));
        }
        catch (JsonException wrong)
        {
            _faults.Add(wrong.Path?.TrimStart('$', '.') is { Length: > 0 } path ? $"judgement.{path}" : "judgement", "This is not of the form that a judgement has.");
            return null;
        }
    }

    private Dictionary<string, IReadOnlyDictionary<string, ScoreRange>> Acceptable(JsonObject line, List<string> order, HashSet<string> dimensions)
    {
        var byKey = new Dictionary<string, IReadOnlyDictionary<string, ScoreRange>>(StringComparer.Ordinal);
        foreach (var (response, ranges) in line["acceptable"] as JsonObject ?? [])
        {
            var read = new Dictionary<string, ScoreRange>(StringComparer.Ordinal);
            foreach (var (dimension, range) in ranges as JsonObject ?? [])
            {
                if (!dimensions.Contains(dimension))
                {
                    _faults.Add($"acceptable.{response}.{dimension}", "The guideline has no such dimension.");
                }
                else if (range is JsonArray { Count: 2 } pair && pair[0] is JsonValue low && pair[1] is JsonValue high && low.TryGetValue(out int from) && high.TryGetValue(out int to) && from >= 1 && to <= 5 && from <= to)
                {
                    read[dimension] = new ScoreRange(from, to);
                }
                else
                {
                    _faults.Add($"acceptable.{response}.{dimension}", "Expected the lowest and the highest acceptable score, as [2, 3].");
                }
            }

            var at = order.IndexOf(response);
            if (at >= 0)
            {
                byKey[ResponseOrder.Key(at)] = read;
            }
            else
            {
                _faults.Add($"acceptable.{response}", "The item has no such response.");
            }
        }

        return byKey;
    }

    private static string? Key(JsonNode? response, List<string> order)
    {
        var at = response is JsonValue value && value.TryGetValue(out string? id) ? order.IndexOf(id) : -1;
        return at < 0 ? null : ResponseOrder.Key(at);
    }

    private static string? Text(JsonObject? from, string field) => from?[field] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
}

internal sealed record GoldRead(GoldItem? Gold, EvalItem? Source, IReadOnlyDictionary<string, List<string>> Faults);
