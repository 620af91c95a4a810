using System.Text.Json;

namespace HealthEval.Batches.Formats;

/// <summary>HelpSteer2: a prompt, one rated response a row (or two, compared). Others' ratings become metadata and are not shown.</summary>
internal static class HelpSteer
{
    public static Format Format { get; } = new(
        "helpsteer2",
        CommonFields.And(("prompt", ["prompt"]), ("response", ["response", "response_1"])),
        record => record.Has("prompt") && ((record.Has("response") && record.Has("helpfulness") && record.Has("correctness")) || (record.Has("response_1") && record.Has("response_2") && record.Has("preference_strength"))),
        Columns.Read);
}
