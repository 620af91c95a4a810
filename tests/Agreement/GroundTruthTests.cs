namespace HealthEval.Tests.Agreement;

public sealed class GroundTruthTests
{
    public static TheoryData<string> Keys => [.. Published.Values.Select(v => v.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_published_number_is_reproduced_to_its_printed_digits(string key)
    {
        var value = Published.Values.Single(v => v.Key == key);
        var ours = Published.Compute(key);
        Assert.True(Math.Abs(ours - value.Expected) <= value.Tolerance + 1e-12, $"{key}: published {value.Expected} ({value.Source}), ours {ours}");
    }
}
