using System.Security;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>
/// Label Studio's import format: a task per response, an annotation per rater, spans and ratings as regions. An annotation names no user, since its importer refuses
/// those it does not know: the pseudonym is in the region's meta and in the task's data.
/// </summary>
internal static class LabelStudio
{
    /// <summary>The labelling configuration that tasks of this format need: every code and every dimension of the guidelines that they were judged under.</summary>
    public static string Config(IReadOnlyCollection<Guideline> judgedUnder)
    {
        IReadOnlyCollection<Guideline> guidelines = judgedUnder.Count == 0 ? [GuidelineLibrary.Default] : judgedUnder;
        var labels = guidelines.SelectMany(guideline => guideline.Codes.Select(c => c.Code).Concat(guideline.Kinds.Select(k => k.Key))).Distinct(StringComparer.Ordinal)
            .Select(l => $"    <Label value=\"{SecurityElement.Escape(l)}\"/>");
        var ratings = guidelines.SelectMany(guideline => guideline.Dimensions).Select(d => d.Key).Distinct(StringComparer.Ordinal)
            .Select(d => $"  <Header value=\"{d}\"/>\n  <Rating name=\"{d}\" toName=\"text\" maxRating=\"5\"/>");
        return $"""
            <View>
              <Header value="$prompt"/>
              <Labels name="spans" toName="text">
            {string.Join("\n", labels)}
              </Labels>
              <Text name="text" value="$text"/>
            {string.Join("\n", ratings)}
            </View>

            """.ReplaceLineEndings("\n");
    }

    public static IEnumerable<ExportRow> Tasks(JudgedTask task) =>
        task.Responses.Select(judged => Row(task, judged.Response, [.. task.Annotations.Where(a => judged.Rows.Any(r => r.Rater == a.Rater))]));

    private static ExportRow Row(JudgedTask task, EvalResponse response, IReadOnlyList<AnnotationExport> by) => new(new JsonObject
    {
        ["data"] = new JsonObject
        {
            ["text"] = response.Content,
            ["prompt"] = string.Join("\n\n", task.Item.Messages.Select(m => $"{m.Role}: {m.Content}")),
            ["taskId"] = task.Item.TaskId,
            ["responseId"] = response.ResponseId,
            ["model"] = response.Model,
        },
        ["annotations"] = new JsonArray([.. by.Select(a => AnnotationOf(a, response))]),
    }, [response.ResponseId], by);

    private static JsonObject AnnotationOf(AnnotationExport annotation, EvalResponse response)
    {
        var result = new JsonArray();
        foreach (var rating in annotation.Judgement.Ratings.Where(r => annotation.ResponseId(r.Response) == response.ResponseId))
        {
            foreach (var (dimension, score) in rating.AllScores.Where(s => s.Score is not null))
            {
                result.Add(new JsonObject
                {
                    ["id"] = dimension,
                    ["from_name"] = dimension,
                    ["to_name"] = "text",
                    ["type"] = "rating",
                    ["value"] = new JsonObject { ["rating"] = score },
                    ["meta"] = new JsonObject { ["rater"] = annotation.Rater },
                });
            }
        }

        var units = Utf16Offsets(response.Content);
        foreach (var span in annotation.Judgement.Spans.Where(s => annotation.ResponseId(s.Response) == response.ResponseId && s is { Start: not null, End: not null } && s.End < units.Length))
        {
            result.Add(new JsonObject
            {
                ["id"] = $"span{result.Count}",
                ["from_name"] = "spans",
                ["to_name"] = "text",
                ["type"] = "labels",
                ["value"] = new JsonObject { ["start"] = units[span.Start!.Value], ["end"] = units[span.End!.Value], ["text"] = span.Quote, ["labels"] = new JsonArray(span.Code ?? span.Kind) },
                ["meta"] = new JsonObject { ["kind"] = span.Kind, ["severity"] = span.Severity, ["comment"] = span.Comment, ["rater"] = annotation.Rater },
            });
        }

        return new JsonObject { ["result"] = result, ["was_cancelled"] = false, ["ground_truth"] = false };
    }

    /// <summary>Where each code point begins, in UTF-16 units; the last entry is the end of the text.</summary>
    private static int[] Utf16Offsets(string text)
    {
        var offsets = new List<int>(text.Length + 1);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            offsets.Add(at);
            at += rune.Utf16SequenceLength;
        }

        return [.. offsets, at];
    }
}
