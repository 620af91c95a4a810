using System.CommandLine;

namespace HealthEval.Cli;

/// <summary>The program without its web server, for verbs that work on the store.</summary>
internal static class Services
{
    public static WebApplication Open(ParseResult parsed) => Program.Build(builder =>
    {
        UseDataFolder(builder, parsed);
        builder.Logging.ClearProviders();
    });

    public static void UseDataFolder(WebApplicationBuilder builder, ParseResult parsed) =>
        builder.Configuration["Storage:DataFolder"] = parsed.GetValue(CommandLine.Data)!.FullName;
}
