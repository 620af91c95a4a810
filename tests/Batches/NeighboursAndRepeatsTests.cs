using HealthEval.Batches;
using HealthEval.Batches.Privacy;
using HealthEval.Intake;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Batches;

/// <summary>Identifiers beside each other, many in one text, and records that say the same in another order.</summary>
public sealed class NeighboursAndRepeatsTests
{
    private const string Two = "Call 555-010-4477 or write to ana.silva@clinic.example today; SSN 078-05-1120.";

    [Fact]
    public void Around_a_held_place_the_others_are_masked_too()
    {
        var item = Work.Item("p1", 1) with { Messages = [new EvalMessage("user", Two)] };
        var places = HeldTexts.PlacesIn(item).Where(place => place.Path == "prompt[0].content").ToList();

        Assert.Equal(["phone", "email", "ssn"], places.Select(place => place.Class));
        foreach (var shown in places.Select(place => place.Before + place.Masked + place.After))
        {
            Assert.DoesNotMatch(@"\d|ana|silva|clinic", shown);
        }

        Assert.All(places, place => Assert.Equal(place.Masked, PrivacyScreen.Mask(Two.AsSpan(place.Start, place.End - place.Start))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(49)]
    [InlineData(50)]
    public async Task Every_suspicion_of_a_text_is_counted_the_last_one_too(int addresses)
    {
        using var rig = new IngestRig();
        var text = string.Join(" and ", Enumerable.Range(1, addresses).Select(n => $"a{n}@x.example"));
        var receipt = (await rig.IngestAsync($$"""{"prompt":"q","response":"{{text}}"}""")).Batch;

        Assert.Equal([new ClassCount("email", addresses)], receipt.Suspicions);
    }

    [Fact]
    public async Task A_single_suspicion_holds_its_item_wherever_it_stands()
    {
        using var rig = new IngestRig();
        rig.Project = rig.Project with { Privacy = "hold" };
        var receipt = (await rig.IngestAsync("""
            {"item_id":"1","prompt":"a@x.example","response":"a"}
            {"item_id":"2","prompt":"q","response":"a@x.example"}
            {"item_id":"3","prompt":"q","response":"a","rubric":[{"criterion":"a@x.example","points":1}]}
            {"item_id":"4","prompt":"q","response":"a"}
            """)).Batch;

        Assert.Equal((3L, 1L), (receipt.Held, await rig.TasksAsync()));
    }

    /// <summary>Ids in another order name the same item: nobody is asked to judge it twice.</summary>
    [Theory]
    [InlineData(
        """{"prompt_id":"q1","prompt":"q","responses":[{"response_id":"x","content":"1"},{"response_id":"y","content":"2"}]}""",
        """{"prompt_id":"q1","prompt":"q","responses":[{"response_id":"y","content":"2"},{"response_id":"x","content":"1"}]}""",
        1)]
    [InlineData("""{"item_id":"i","prompt":"q","response":"1"}""", """{"item_id":"i","prompt":"q","response":"1"}""", 1)]
    [InlineData("""{"prompt":"q","response":"1"}""", """{"prompt":"q","response":"1"}""", 1)]
    [InlineData("""{"prompt":"q","response":"1"}""", """{"prompt":"q","response":"1 "}""", 2)]
    [InlineData("""{"item_id":"i","prompt":"q","response":"1"}""", """{"item_id":"j","prompt":"q","response":"1"}""", 2)]
    public async Task The_same_record_again_is_no_second_item(string first, string second, int items)
    {
        using var rig = new IngestRig();
        await rig.IngestAsync(first);
        await rig.IngestAsync(second, "again.jsonl");

        Assert.Equal((items, (long)items), ((await rig.ItemsAsync()).Count, await rig.TasksAsync()));
    }
}
