using System.Reflection;

namespace HealthEval.Storage;

/// <summary>Settings as somebody wrote them: what cannot be is said at the start, with its name.</summary>
internal static class Settings
{
    /// <summary>A section as its options, in which every number and every time is more than nothing.</summary>
    /// <param name="mayBeZero">Those that may be nothing, but not less.</param>
    public static T Read<T>(this IConfiguration configuration, string section, params IReadOnlyList<string> mayBeZero)
        where T : class, new()
    {
        var options = configuration.GetSection(section).Get<T>();
        foreach (var property in options is null ? [] : typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            Require($"{section}:{property.Name}", property.GetIndexParameters().Length == 0 ? property.GetValue(options) : null, mayBeZero.Contains(property.Name));
        }

        return options ?? new T();
    }

    /// <summary>How long something is kept or waits; null where nothing is said.</summary>
    public static TimeSpan? Period(this IConfiguration configuration, string name)
    {
        var period = configuration.GetValue<TimeSpan?>(name);
        Require(name, period, mayBeZero: false);
        return period;
    }

    /// <summary>What is wrong with the settings when reading them ended like this; null when it is something else.</summary>
    public static string? FaultOf(Exception failure) => failure switch
    {
        InvalidDataException { InnerException: { Source: "Microsoft.Extensions.Configuration.Json" } cause } => $"{failure.Message} {cause.Message} {cause.InnerException?.Message}".TrimEnd(),
        { Source: "Microsoft.Extensions.Configuration.Binder" } => $"A setting cannot be read: {failure.Message} Correct it, or leave it out.",
        _ => null,
    };

    private static void Require(string name, object? value, bool mayBeZero)
    {
        var sign = value switch
        {
            int number => Math.Sign(number),
            long number => Math.Sign(number),
            double number => Math.Sign(number),
            TimeSpan time => Math.Sign(time.Ticks),
            _ => 1,
        };
        if (sign < 0 || (sign == 0 && !mayBeZero))
        {
            throw new StartupException($"{name} is {value}. It is {(mayBeZero ? "not less" : "more")} than nothing; leave it out for what is usual.");
        }
    }
}
