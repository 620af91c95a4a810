namespace HealthEval.Tests.Batches;

/// <summary>A field is found under its name, however the name is written in the file.</summary>
public sealed class FieldNameTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("""{"\u0070rompt":"q","response":"a","m\u006fdel":"m"}""")]
    [InlineData("""{"prompt":"q","\u0072\u0065sponse":"a","model":"m","Model":"other"}""")]
    public async Task Escapes_in_a_name_make_it_no_other(string line)
    {
        await _rig.IngestAsync(line);

        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(("q", "a", "m"), (item.Messages[0].Content, item.Responses[0].Content, item.Responses[0].Model));
        Assert.DoesNotContain("model", item.Meta?.Keys ?? []);
    }

    [Theory]
    [InlineData("größe")]
    [InlineData("m\u200bodel")]
    [InlineData("модель")]
    [InlineData("\\\"model\\\"")]
    public async Task A_name_that_only_looks_like_ours_is_metadata(string name)
    {
        await _rig.IngestAsync($$"""{"prompt":"q","response":"a","{{name}}":"x"}""");

        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Null(item.Responses[0].Model);
        Assert.Equal(name.Replace("\\", "", StringComparison.Ordinal), Assert.Single(item.Meta!).Key);
        Assert.Equal("x", item.Meta!.Values.Single().GetString());
    }
}
