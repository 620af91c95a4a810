using HealthEval.Batches.Privacy;
using HealthEval.Cli;
using HealthEval.Reports.Workbook;
using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

public sealed class CitationTests
{
    [Theory]
    [InlineData("hold", "Read https://www.cdc.gov/flu/index.html first.", 1, 0, "citation")]
    [InlineData("reject", "Read https://www.cdc.gov/flu/index.html first.", 1, 0, "citation")]
    [InlineData("hold", "See https://portal.example/p/1 for it.", 0, 1, "url")]
    [InlineData("hold", "See https://cdc.gov.example/p/1 for it.", 0, 1, "url")]
    [InlineData("hold", "See https://www.cdc.gov/x?patient=7 for it.", 0, 1, "url")]
    public async Task A_cited_page_of_a_trusted_source_is_reported_and_holds_nothing(string privacy, string answer, int tasks, int held, string reported)
    {
        using var rig = new IngestRig();
        rig.Project = rig.Project with { Privacy = privacy };
        var batch = (await rig.IngestAsync($$"""{"prompt":"Is it flu?","response":"{{answer}}"}""")).Batch;

        Assert.Equal((tasks, held, reported), ((int)await rig.TasksAsync(), (int)batch.Held, Assert.Single(batch.Suspicions).Class));
    }

    [Fact]
    public async Task A_simulated_rater_quotes_no_more_than_a_part_of_an_endless_sentence()
    {
        using var rig = new IngestRig();
        await rig.IngestAsync($$"""{"prompt":"Q","response":"{{string.Concat(Enumerable.Repeat("one 💊, ", 2_000))}}"}""");
        var item = (await rig.ItemsAsync())[0];

        for (var number = 1; number <= 20; number++)
        {
            var judgement = new SimulatedRater(7, number).Judge(item, [.. item.Responses.Select(response => response.ResponseId)], HealthEval.Guidelines.GuidelineLibrary.Default, HealthEval.Guidelines.Vocabulary.FullMode);
            Assert.All(judgement.Claims!.Select(claim => claim.Quote).Concat(judgement.Spans!.Select(span => span.Quote)).OfType<string>(), quote => Assert.InRange(quote.Length, 1, 300));
            Assert.All(judgement.Claims!, claim => Assert.False(char.IsHighSurrogate(claim.Quote![^1])));
        }
    }

    [Theory]
    [InlineData("<t>a _xD83D__xDC8A_ b</t>", "<t>a 💊 b</t>")]
    [InlineData("<t>_x005F_xD83D__x005F_xDC8A_</t>", "<t>_x005F_xD83D__x005F_xDC8A_</t>")]
    [InlineData("<t>_xD83D_ alone</t>", "<t>_xD83D_ alone</t>")]
    public void Characters_beyond_the_first_65536_are_whole_in_a_workbook(string written, string delivered) =>
        Assert.Equal(delivered, System.Text.Encoding.UTF8.GetString(AstralText.Whole(System.Text.Encoding.UTF8.GetBytes(written))));
}
