using HealthEval.Intake;
using HealthEval.Intake.Profiles;
using HealthEval.Tests.Batches;
using System.Text;

namespace HealthEval.Tests.Intake;

/// <summary>XML whose elements nobody has agreed on: read as a profile says, and never further than is safe.</summary>
public sealed class XmlTests : IDisposable
{
    private const string Cases = """
        <?xml version="1.0"?>
        <faelle quelle="Klinik"><fall nr="7"><patient><frage>Was hilft <i>gegen</i> Gicht?</frage><alter>40</alter></patient><antwort von="a">Ruhe.</antwort><antwort von="b">Wasser.</antwort></fall>
        <fall nr="8"><patient><frage>Und Fieber?</frage></patient><antwort><p>Trinken.</p><p>Schlafen.</p></antwort></fall></faelle>
        """;

    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Elements_in_elements_and_repeated_ones_are_read_as_a_profile_says()
    {
        var profile = ImportProfile.Parse("prompt=patient.frage,response=antwort,itemId=nr,language==de", "klinik", out _);
        var batch = (await _rig.Ingest.RunAsync(_rig.Project, IngestRig.Source(Encoding.UTF8.GetBytes(Cases), "f.xml") with { Profile = profile }, _ => { }, again: true, default)).Batch;

        Assert.Equal(("loaded", "profile klinik v1, xml", 2L), (batch.State, batch.Format, batch.Accepted));
        var items = await _rig.ItemsAsync();
        Assert.Equal(["7: Was hilft gegen Gicht?", "8: Und Fieber?"], items.Select(item => $"{item.ItemId}: {item.Messages[0].Content}").Order());
        Assert.Equal(["Ruhe.|Wasser.", "Trinken.\nSchlafen."], items.Select(item => string.Join('|', item.Responses.Select(response => response.Content))).Order());
    }

    [Fact]
    public async Task Without_one_the_fields_are_named_so_that_somebody_can_say_what_they_are()
    {
        var source = IngestRig.Source(Encoding.UTF8.GetBytes(Cases), "f.xml");
        var preview = HealthEval.Batches.Preview.Of(_rig.Project, source, [], _rig.Options, default);

        Assert.Equal("failed", (await _rig.IngestAsync(Encoding.UTF8.GetBytes(Cases), "f.xml")).Batch.State);
        Assert.Contains(preview.Fields, field => field is { Path: "patient.frage", Records: 2, Example: "Was hilft gegen Gicht?" });
        Assert.Equal(["patient.frage", "antwort"], preview.Proposal.Take(2).Select(proposed => proposed.Paths[0]));
    }

    [Theory]
    [InlineData("""<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><c><r><question>&b;</question><answer>A</answer></r></c>""", "document type definition")]
    [InlineData("""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><c><r><question>&e;</question><answer>A</answer></r></c>""", "document type definition")]
    [InlineData("""<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><c><r><question>Q</question><answer>A</answer></r></c>""", "document type definition")]
    public async Task Entities_and_document_types_are_refused(string content, string reason)
    {
        var batch = (await _rig.IngestAsync(Encoding.UTF8.GetBytes(content), "f.xml")).Batch;

        Assert.Equal(("failed", 0L), (batch.State, batch.Items));
        Assert.Contains(reason, batch.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Depth_and_length_of_a_record_are_bounded()
    {
        using var rig = new IngestRig(new IngestOptions { MaxRecordBytes = 10_000 });
        var deep = string.Concat(Enumerable.Repeat("<a>", 12)) + "x" + string.Concat(Enumerable.Repeat("</a>", 12));
        var batch = (await rig.IngestAsync(Encoding.UTF8.GetBytes(
            $"<c><r><question>Q1</question><answer>A</answer></r><r><question>Q2</question><answer>{deep}</answer></r><r><question>Q3</question><answer>{new string('x', 20_000)}</answer></r><r><question>Q4</question><answer>A</answer></r></c>"), "f.xml")).Batch;

        Assert.Equal((2L, 2L), (batch.Accepted, batch.Rejected));
        Assert.Contains("levels inside of each other", batch.Errors[0].Reason, StringComparison.Ordinal);
        Assert.Contains("longer than 10,000 bytes", batch.Errors[1].Reason, StringComparison.Ordinal);
    }
}
