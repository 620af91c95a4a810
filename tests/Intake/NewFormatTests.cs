using HealthEval.Intake;
using HealthEval.Intake.Formats;
using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

/// <summary>What somebody has to write who adds a format: the two members below, and one line in a list.</summary>
internal static class ToyFormat
{
    public static Format Format { get; } = new("toy", CommonFields.And(("prompt", ["asked"]), ("response", ["said"])), record => record.Has("asked") && record.Has("said"), Read)
    {
        SuitsColumns = names => names.Contains("asked") && names.Contains("said"),
    };

    private static void Read(Fields fields)
    {
        fields.Draft.Messages = [new EvalMessage("user", fields.Text("asked") ?? "")];
        fields.Draft.Responses.Add(new DraftResponse(null, null, fields.Text("said") ?? ""));
        fields.RestToMeta();
    }
}

public sealed class NewFormatTests : IDisposable
{
    private readonly IngestRig _rig = new(new IngestOptions { Formats = FormatCatalog.Default.With(ToyFormat.Format) });

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("toy, jsonl", """{"asked":"Q","said":"A","seen":7}""")]
    [InlineData("toy, json", """[{"asked":"Q","said":"A","seen":7}]""")]
    [InlineData("toy, csv", "asked;said;seen\nQ;A;7\n")]
    public async Task A_format_of_one_file_and_one_line_is_read_from_every_container(string format, string content)
    {
        var receipt = (await _rig.IngestAsync(content)).Batch;

        Assert.Equal((format, 1L, "asked", "said"), (receipt.Format, receipt.Accepted, receipt.Mapping["prompt"], receipt.Mapping["response"]));
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(("Q", "A", "7"), (item.Messages[0].Content, item.Responses[0].Content, item.Meta!["seen"].ToString()));
    }

    [Fact]
    public async Task Without_that_line_it_is_no_format()
    {
        using var rig = new IngestRig();

        Assert.Equal("failed", (await rig.IngestAsync("""{"asked":"Q","said":"A"}""")).Batch.State);
    }
}
