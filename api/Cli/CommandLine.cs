using HealthEval.Cli.Stats;
using System.CommandLine;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary>The verbs. Each is one file beside this one.</summary>
internal static class CommandLine
{
    public static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "The folder of the embedded store",
        DefaultValueFactory = _ => new DirectoryInfo(".data"),
        Recursive = true,
        HelpName = "DIR",
    };

    public static readonly Option<bool> JsonOutput = new("--json") { Description = "Print JSON for programs instead of text for people", Recursive = true };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine($"healtheval: {error.Message}");
            }

            Console.Error.WriteLine($"Try 'healtheval {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help'.");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (StartupException cannot)
        {
            Console.Error.WriteLine($"healtheval: {cannot.Message}");
            return ExitCode.Usage;
        }
        catch (Exception wrong) when (Settings.FaultOf(wrong) is { } fault)
        {
            Console.Error.WriteLine($"healtheval: {fault}");
            return ExitCode.Usage;
        }
        catch (Exception cannot) when (cannot is StoreDamagedException or StorageUnavailableException)
        {
            Console.Error.WriteLine($"healtheval: {cannot.Message}");
            return ExitCode.Store;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"healtheval: {failure.Message} What was stored before is unchanged; repeat the call when this is solved.");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("healtheval: stopped.");
            return ExitCode.Failed;
        }
    }

    /// <summary>The option that names an existing project.</summary>
    public static Option<string> Project() => new("--project") { Description = "The project", HelpName = "P", Required = true };

    public static async Task<Project> FindProjectAsync(IServiceProvider services, string projectId, CancellationToken cancellation) =>
        (await services.GetRequiredService<IDocumentStore>().FindAsync<Project>(Projects.Project.Key(projectId), cancellation))?.Value
        ?? throw new StartupException($"There is no project '{projectId}' here. Create it in the web form, or with 'healtheval ingest FILE --project {projectId} --create'; another store is chosen with --data DIR.");

    private static RootCommand Root()
    {
        var serve = ServeCommand.Build();
        var root = new RootCommand("HealthEval: clinicians judge what AI systems say about health. Without a verb it serves the web form and the API.")
        {
            Data,
            JsonOutput,
            serve,
            StatsCommand.Build(),
            IngestCommand.Build(),
            ReportCommand.Build(),
            VerifyCommand.Build(),
            ExportCommand.Build(),
            SimulateCommand.Build(),
            CheckCommand.Build(),
            BackupCommand.Build(),
            BackupCommand.BuildRestore(),
            GoldCommand.Build(),
            BenchmarkCommand.Build(),
            PurgeCommand.Build(),
            ForgetCommand.Build(),
            AuditCommand.Build(),
        };
        foreach (var option in serve.Options)
        {
            root.Options.Add(option);
        }

        root.Action = serve.Action;
        return root;
    }
}

internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>The store is damaged, or cannot be read or written.</summary>
    public const int Store = 3;
}
