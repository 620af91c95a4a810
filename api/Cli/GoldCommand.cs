using System.CommandLine;
using System.Text.Json;
using HealthEval.Audit;
using HealthEval.Quality;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval gold import</c>: expert judgements, which are handed out unseen to see whether raters are right.</summary>
internal static class GoldCommand
{
    public static Command Build()
    {
        var project = CommandLine.Project();
        var file = new Argument<FileInfo>("FILE") { Description = "Expert judgements of items that the project has, one JSON object a line (see samples/gold.jsonl)" };
        var import = new Command("import", "Add gold items from a file; the same file again changes nothing") { file, project };
        import.SetAction((parsed, cancellation) => ImportAsync(parsed, parsed.GetValue(file)!, parsed.GetValue(project)!, cancellation));
        return new Command("gold", "Items whose right judgement is known") { import };
    }

    private static async Task<int> ImportAsync(ParseResult parsed, FileInfo file, string projectId, CancellationToken cancellation)
    {
        await using var app = Services.Open(parsed);
        var project = await CommandLine.FindProjectAsync(app.Services, projectId, cancellation);
        GoldImport result;
        try
        {
            await using var lines = file.OpenRead();
            result = await app.Services.GetRequiredService<Gold>().ImportAsync(project, lines, AuditTrail.CommandLine, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"healtheval: '{file}' cannot be read ({failure.Message}).");
            return ExitCode.Usage;
        }

        if (parsed.GetValue(CommandLine.JsonOutput))
        {
            Console.WriteLine(JsonSerializer.Serialize(result, Json.Options));
        }
        else
        {
            Console.WriteLine($"{result.Added} gold items added, {result.Unchanged} as before, {result.Errors.Count} refused.");
            foreach (var error in result.Errors)
            {
                Console.WriteLine($"  line {error.Line}: {string.Join(' ', error.Reasons.Select(reason => $"{reason.Key}: {reason.Value[0]}"))}");
            }

            if (result.Added > 0 && project.GoldShare == 0)
            {
                Console.WriteLine("None is handed out yet: the project's share of hidden gold tasks is 0. Set it in the project's settings.");
            }
        }

        return result.Errors.Count > 0 && result.Added + result.Unchanged == 0 ? ExitCode.Failed : ExitCode.Done;
    }
}
