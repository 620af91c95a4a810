using System.CommandLine;
using System.Net.Sockets;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary><c>healtheval [serve]</c>: the API and the web form on this machine.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 5180;

    public static Command Build()
    {
        var port = new Option<int?>("--port") { Description = $"The port on 127.0.0.1; 0 picks a free one. Default {DefaultPort}", HelpName = "PORT" };
        var urls = new Option<string?>("--urls") { Description = "The address to listen on, instead of --port", HelpName = "URL" };
        var links = new Option<bool>("--links") { Description = "Print sign-in links for the demo's people and the admins, as the first start does; unused ones end in an hour" };
        var command = new Command("serve", "Serve the web form and the API (this is the default)") { port, urls, links };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed, parsed.GetValue(urls) ?? $"http://127.0.0.1:{parsed.GetValue(port) ?? DefaultPort}", parsed.GetValue(links), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string url, bool withLinks, CancellationToken cancellation)
    {
        await using var app = Program.Build(builder =>
        {
            Services.UseDataFolder(builder, parsed);
            builder.WebHost.UseUrls(url);
            builder.Logging.AddConsoleLines();
        });
        _ = app.Configuration.Period(SignIn.IdleSetting); // said now, not at the first request
        PeopleSetup.RequireThisMachine(app.Configuration, url.Split(';'));
        var isNew = await Demo.LoadIfEmptyAsync(app.Services, cancellation); // before the timers start, so that its finished weeks are among what they catch up on
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException failure) when (failure.InnerException is SocketException || failure.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException($"{url} cannot be used ({failure.Message.TrimEnd('.')}). Stop the other program, or choose another port with --port.");
        }

        _ = Task.Run(() => app.Services.GetRequiredService<EndpointDataSource>().Endpoints, cancellation); // described while somebody reads the first page; the first call of the API needs them
        PeopleSetup.RequireThisMachine(app.Configuration, app.Urls); // whatever else said where to listen
        await Demo.WelcomeAsync(app, parsed.GetValue(CommandLine.JsonOutput), isNew || withLinks, cancellation);
        await app.WaitForShutdownAsync(cancellation);
        return ExitCode.Done;
    }
}
