namespace HealthEval.Tests.Batches;

public sealed class PrivacyTests
{
    private const string Batch = """
        {"item_id":"1","prompt":"My SSN is 078-05-1120","response":"a"}
        {"item_id":"2","prompt":"q","response":"a"}
        """;

    [Theory]
    [InlineData("warn", "loaded", 2, 0, 2)]
    [InlineData("reject", "loaded_with_rejects", 1, 1, 1)]
    [InlineData("hold", "waiting", 2, 0, 1)]
    public async Task A_project_decides_what_becomes_of_a_suspicion(string rule, string state, int accepted, int rejected, int tasks)
    {
        using var rig = new IngestRig();
        rig.Project = rig.Project with { Privacy = rule };
        var receipt = (await rig.IngestAsync(Batch)).Batch;

        Assert.Equal((state, accepted, rejected, tasks), (receipt.State, (int)receipt.Accepted, (int)receipt.Rejected, (int)await rig.TasksAsync()));
        Assert.DoesNotContain("078-05", System.Text.Json.JsonSerializer.Serialize(receipt), StringComparison.Ordinal);
        Assert.Equal(rule == "reject" ? [] : ["ssn"], receipt.Suspicions.Select(suspicion => suspicion.Class));
    }

    [Fact]
    public async Task A_held_record_sent_again_is_a_duplicate()
    {
        using var rig = new IngestRig();
        rig.Project = rig.Project with { Privacy = "hold" };
        await rig.IngestAsync(Batch);
        var again = (await rig.IngestAsync(Batch + "\n")).Batch;

        Assert.Equal((0L, 2L, 0L), (again.Accepted, again.Duplicate, again.Held));
    }
}
