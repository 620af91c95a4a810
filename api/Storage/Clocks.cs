namespace HealthEval.Storage;

/// <summary>Machines' clocks differ a little; one that is far ahead leaves times behind which nothing would happen until they have come.</summary>
internal static class Clocks
{
    /// <summary>A time that is further ahead than it can be by more than this is not believed.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
}
