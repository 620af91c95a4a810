using System.Text.Json;

namespace HealthEval.Batches.Formats;

/// <summary>Tools that put the columns of a table one level down: Label Studio tasks under <c>data</c>, Argilla records under <c>fields</c>. Others' annotations are not shown.</summary>
internal static class Nested
{
    public static Format LabelStudio { get; } = Of("label-studio", "data", record => record.Has("data", JsonValueKind.Object));

    public static Format Argilla { get; } = Of("argilla", "fields", record => record.Has("fields", JsonValueKind.Object));

    private static Format Of(string name, string under, Func<JsonElement, bool> recognises) => new(
        name,
        CommonFields.And(("prompt", [$"{under}.(prompt column)"]), ("response", [$"{under}.(response column)"]), ("itemId", ["id"])),
        record => recognises(record) && Columns.Suit([.. record.GetProperty(under).EnumerateObject().Select(property => property.Name)]),
        fields => Read(fields, under));

    private static void Read(Fields fields, string under)
    {
        if (fields.Take(under) is not { ValueKind: JsonValueKind.Object } data)
        {
            fields.Missing(under, "an object with the prompt and the response");
            return;
        }

        Columns.Read(new Fields(data, fields.Draft, under));
        fields.Draft.ItemId ??= fields.Id("id", "external_id");
        fields.Ignore("annotations", "predictions", "drafts", "responses", "suggestions", "vectors");
        fields.RestToMeta();
    }
}
