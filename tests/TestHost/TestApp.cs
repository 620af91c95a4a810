using System.Text;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace HealthEval.Tests.TestHost;

/// <summary>
/// The whole program on a store of its own, with a clock that tests move, and a client per person. Another customer lies in the same store
/// (<see cref="Neighbour"/>): no client of somebody who may not see them gets a byte of theirs, whatever a test asks.
/// </summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("healtheval-test-").FullName;
    private WebApplication _app = null!;

    public ManualTime Time { get; } = new(new DateTimeOffset(2026, 11, 18, 9, 0, 0, TimeSpan.Zero));

    public IServiceProvider Services => _app.Services;

    public IDocumentStore Store => Services.GetRequiredService<IDocumentStore>();

    public IFileStore Files => Services.GetRequiredService<IFileStore>();

    public string Folder => _folder;

    public WebApplication App => _app;

    public static async Task<TestApp> StartAsync(Action<WebApplicationBuilder>? adjust = null)
    {
        var test = new TestApp();
        var storage = await TestStorage.SettingsAsync(test._folder);
        test._app = Program.Build(builder =>
        {
            builder.Configuration.AddInMemoryCollection(storage);
            builder.Configuration["Timers:Courtesy"] = "00:00:00"; // what runs at the start is not to meet what the test does a second later
            builder.Configuration["Auth:IdleTimeout"] = "14.00:00:00"; // tests move the clock by weeks
            builder.Logging.ClearProviders();
            builder.WebHost.UseTestServer();
            adjust?.Invoke(builder);
        }, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(test.Time));
            services.Remove(services.Single(service => service.ImplementationType == typeof(CronLoop))); // tests run the timers whose work they look at
        });
        await Neighbour.MoveInAsync(test.Store, test.Files);
        await test._app.StartAsync();
        return test;
    }

    /// <summary>A client without a cookie.</summary>
    public HttpClient Anonymous() => Client(seesEverything: false);

    /// <summary>A client signed in as the person.</summary>
    public async Task<HttpClient> SignedInAsync(Person person)
    {
        await Store.CommitAsync(new Write.Put(Person.Key(person.PersonId), person), default);
        var (token, _) = await Services.GetRequiredService<SignIn>().InviteAsync(person, by: null, Invite.Lifetime, default);
        var client = Client(person.Projects.Contains("*") || person.Projects.Contains(Neighbour.ProjectId));
        (await client.PostAsync("session", Body.Of(new { token }))).EnsureSuccessStatusCode();
        return client;
    }

    public Task<HttpClient> SignedInAsync(string role, params string[] projects) => SignedInAsync(Someone.With(role, projects));

    public async Task<Project> AddProjectAsync(string projectId, Func<Project, Project>? adjust = null)
    {
        var project = Project.Default(projectId, new GuidelineReference("healtheval", 1), Time.GetUtcNow());
        project = adjust?.Invoke(project) ?? project;
        await Store.CommitAsync(new Write.Put(Project.Key(projectId), project), default);
        return project;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(); // to the end, before its folder goes: a watcher whose folder went first would keep its thread, its inotify instance and the app
        await _app.DisposeAsync();
        try
        {
            if (Path.Combine(_folder, "files") is var files && Directory.Exists(files))
            {
                Neighbour.AssertAbsentFromFolder(files);
            }
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private HttpClient Client(bool seesEverything) =>
        new(new Browsing(_app.GetTestServer().CreateHandler(), seesEverything)) { BaseAddress = new Uri("http://localhost/api/") };

    /// <summary>Keeps the cookie the server sets, as a browser does, and looks at every byte of every answer.</summary>
    private sealed class Browsing(HttpMessageHandler inner, bool seesEverything) : DelegatingHandler(inner)
    {
        private string? _cookie;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_cookie is not null)
            {
                request.Headers.Add("Cookie", _cookie);
            }

            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
            {
                _cookie = cookies.First().Split(';')[0];
            }

            if (!seesEverything)
            {
                var where = $"{request.Method} {request.RequestUri?.PathAndQuery}";
                Neighbour.AssertAbsent(Encoding.UTF8.GetBytes($"{response.Headers}{response.Content.Headers}"), where);
                await response.Content.LoadIntoBufferAsync(cancellationToken);
                Neighbour.AssertAbsent(await response.Content.ReadAsByteArrayAsync(cancellationToken), where);
            }

            return response;
        }
    }
}
