using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace HealthEval.Http;

/// <summary>
/// One line per event on stdout, text for people or JSON for Application Insights, and nothing in it that somebody sent: an exception is told by
/// its type and where it happened, because its message may quote the input; what libraries log by their fixed words, without the values.
/// </summary>
internal sealed class LogLines(bool json) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "lines";
    private const string Own = "HealthEval";
    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var values = logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        var isOwn = logEntry.Category.StartsWith(Own, StringComparison.Ordinal);
        var message = isOwn ? logEntry.Formatter(logEntry.State, null) : values.LastOrDefault(value => value.Key == Template).Value as string ?? logEntry.EventId.Name ?? "";
        textWriter.WriteLine(json
            ? Json(logEntry.LogLevel, logEntry.Category, message, isOwn ? values : [], logEntry.Exception)
            : OneLine($"{logEntry.LogLevel}: {logEntry.Category}: {message}{(logEntry.Exception is { } failure ? $" | {Types(failure)} {Places(failure)}" : "")}"));
    }

    private static string Json(LogLevel level, string category, string message, IReadOnlyList<KeyValuePair<string, object?>> values, Exception? failure)
    {
        using var buffer = new MemoryStream();
        using (var line = new Utf8JsonWriter(buffer))
        {
            line.WriteStartObject();
            line.WriteString("level", $"{level}");
            line.WriteString("category", category);
            line.WriteString("message", message);
            foreach (var (name, value) in values.Where(value => value.Key != Template))
            {
                line.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
            }

            if (failure is not null)
            {
                line.WriteString("exception", Types(failure));
                line.WriteString("at", Places(failure));
            }

            if (Activity.Current is { } activity)
            {
                line.WriteString("trace", activity.TraceId.ToHexString());
            }

            line.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Types(Exception failure) => failure.InnerException is { } inner ? $"{failure.GetType()} < {Types(inner)}" : $"{failure.GetType()}";

    /// <summary>Names of methods, files and lines of code: the innermost exception's, which is where it began.</summary>
    private static string Places(Exception failure) => OneLine(failure.GetBaseException().StackTrace ?? "");

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])['\r', '\n', '\u0085', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

internal static class LogSetup
{
    /// <param name="json">Lines for a machine: behind the Functions host each becomes one trace, whose own level is always Information.</param>
    public static ILoggingBuilder AddLines(this ILoggingBuilder logging, bool json)
    {
        logging.ClearProviders().AddConsole(console => console.FormatterName = LogLines.FormatterName);
        logging.Services.AddSingleton<ConsoleFormatter>(new LogLines(json));
        return logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning).AddFilter("Azure", LogLevel.Warning);
    }
}
