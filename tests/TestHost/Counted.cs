namespace HealthEval.Tests.TestHost;

/// <summary>A row of the table of what was tried to be lost, which <c>dotnet run ci.cs -- --long</c> prints.</summary>
/// <param name="Acknowledged">Answers that somebody got, or files that lay there whole.</param>
/// <param name="Lost">Of these, those that are not there.</param>
/// <param name="Doubled">Those that are there more than once, or more of them than there may be.</param>
/// <param name="Stuck">Those that were not brought to their end.</param>
internal sealed record Counted(string What, long Acknowledged, long Lost, long Doubled, long Stuck)
{
    /// <summary>Says it, and fails where it is not nothing.</summary>
    public void Verify()
    {
        Tell($"| {What} | {Acknowledged} | {Lost} | {Doubled} | {Stuck} |");
        Assert.Equal((0L, 0L, 0L), (Lost, Doubled, Stuck));
    }

    public static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
