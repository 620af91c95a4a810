using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace HealthEval.Http;

/// <summary>
/// One line per event, text for people or JSON for Application Insights, and nothing in it that somebody sent: an exception is told by its type
/// and where it happened, because its message may quote the input; what libraries log by their fixed words, without the values.
/// </summary>
internal static class LogLine
{
    private const string Own = "HealthEval";
    private const string Template = "{OriginalFormat}";

    public static string Of<TState>(bool json, in LogEntry<TState> entry)
    {
        var values = entry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        var isOwn = entry.Category.StartsWith(Own, StringComparison.Ordinal);
        var message = isOwn ? entry.Formatter(entry.State, null) : values.LastOrDefault(value => value.Key == Template).Value as string ?? entry.EventId.Name ?? "";
        return json
            ? Json(entry.LogLevel, entry.Category, message, isOwn ? values : [], entry.Exception)
            : OneLine($"{entry.LogLevel}: {entry.Category}: {message}{(entry.Exception is { } failure ? $" | {Types(failure)} {Places(failure)}" : "")}");
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

/// <summary>On one machine: lines on stdout.</summary>
internal sealed class ConsoleLines() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "lines";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) =>
        textWriter.WriteLine(LogLine.Of(json: false, logEntry));
}

/// <summary>Under the Functions host: stands before the worker's own logger, which would send the host whatever it is given.</summary>
internal sealed class HostLines(ILoggerProvider toHost) : ILoggerProvider, ISupportExternalScope
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, toHost.CreateLogger(categoryName));

    /// <summary>The scopes say which call a line belongs to.</summary>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (toHost as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    public void Dispose() => toHost.Dispose();

    private sealed class Logger(string category, ILogger toHost) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => toHost.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => toHost.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            toHost.Log(logLevel, eventId, LogLine.Of(json: true, new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter)), null, (line, _) => line);
    }
}

internal static class LogSetup
{
    public static ILoggingBuilder AddConsoleLines(this ILoggingBuilder logging)
    {
        logging.ClearProviders().AddConsole(console => console.FormatterName = ConsoleLines.FormatterName);
        logging.Services.AddSingleton<ConsoleFormatter, ConsoleLines>();
        return logging.AddFilters();
    }

    public static ILoggingBuilder AddHostLines(this ILoggingBuilder logging)
    {
        foreach (var provider in logging.Services.Where(service => service.ServiceType == typeof(ILoggerProvider)).ToList())
        {
            logging.Services.Remove(provider);
            if (provider.ImplementationType is { } worker && worker.Assembly == typeof(FunctionContext).Assembly)
            {
                logging.Services.AddSingleton<ILoggerProvider>(services => new HostLines((ILoggerProvider)ActivatorUtilities.CreateInstance(services, worker)));
            }
        }

        return logging.AddFilters();
    }

    private static ILoggingBuilder AddFilters(this ILoggingBuilder logging) =>
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning).AddFilter("Azure", LogLevel.Warning);
}
