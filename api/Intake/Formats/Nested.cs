using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// Tools that put a record of some other shape one level down: Label Studio tasks under <c>data</c>, Argilla records under <c>fields</c>. Others' annotations
/// are not shown, and what a tool counts and dates about its own work is left out: it changes without the record being another one.
/// </summary>
internal static class Nested
{
    private static readonly string[] Bookkeeping =
    [
        "annotations", "predictions", "drafts", "responses", "suggestions", "vectors", "status", "_server_id", "inserted_at", "created_at", "updated_at", "updated_by", "inner_id", "project", "file_upload",
        "total_annotations",  "cancelled_annotations", "total_predictions", "comment_count", "unresolved_comment_count", "last_comment_updated_at", "comment_authors", "is_labeled", "overlap",
    ];

    private static readonly Format[] Shapes = [HelpSteer.Third, Preferences.Pairs, Preferences.Kto, HealthBench.Results, Arena.Format, Canonical.Format, ChatMessages.Format, Lists.Rivals, Columns.Format];

    public static Format LabelStudio { get; } = Of("label-studio", "data");

    public static Format Argilla { get; } = Of("argilla", "fields");

    private static Format Of(string name, string under) => new(
        name,
        CommonFields.And(("prompt", [$"{under}.(prompt column)"]), ("response", [$"{under}.(response column)"]), ("itemId", ["id"])),
        record => record.TryField(under, out var data) && data.ValueKind is JsonValueKind.Object && ShapeOf(data) is not null,
        fields => Read(fields, under));

    private static Format? ShapeOf(JsonElement data) => Array.Find(Shapes, shape => shape.Recognises(data));

    private static void Read(Fields fields, string under)
    {
        var draft = fields.Draft;
        if (fields.Take(under) is not { ValueKind: JsonValueKind.Object } data)
        {
            fields.Missing(under, "an object with the prompt and the response");
            return;
        }

        (ShapeOf(data) ?? Columns.Format).Read(new Fields(data, draft, under));
        draft.ItemId ??= fields.Id("id", "external_id");
        foreach (var name in (string[])["meta", "metadata"])
        {
            if (fields.Take(name) is { ValueKind: JsonValueKind.Object } metadata)
            {
                var own = new Fields(metadata, draft, name);
                CommonFields.Read(own);
                own.RestToMeta();
            }
        }

        fields.Ignore(Bookkeeping);
        fields.RestToMeta();
    }
}
