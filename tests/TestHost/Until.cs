namespace HealthEval.Tests.TestHost;

/// <summary>Waits that end: what has not come about after some minutes, which a machine with other work may need, says what it was, instead of a test that spins.</summary>
internal static class Until
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);
    private const int Steps = 1_000;

    /// <summary>Asks again and again, a few milliseconds apart.</summary>
    public static async Task TrueAsync(string what, Func<Task<bool>> holds, int everyMilliseconds = 20, TimeSpan? longest = null)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < (longest ?? Longest), $"waited in vain for {what}");
            await Task.Delay(everyMilliseconds);
        }
    }

    /// <summary>Takes steps without a pause until one of them is the last; returns how many were taken.</summary>
    public static async Task<int> LastAsync(string what, Func<Task<bool>> isLast)
    {
        for (var steps = 1; steps <= Steps; steps++)
        {
            if (await isLast())
            {
                return steps;
            }
        }

        throw new InvalidOperationException($"{Steps} steps did not come to {what}.");
    }
}
