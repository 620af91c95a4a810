using System.Net;
using HealthEval.People;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Http;

/// <summary>What keeps one caller from taking the program away from the others, and other sites' pages from using it.</summary>
public sealed class LimitsTests
{
    [Fact]
    public async Task Who_asks_without_end_is_told_to_wait_and_nobody_else_is()
    {
        await using var app = await LimitedAsync("RequestsOfPerson", 5, "RequestsOfPersonPerSecond", 1);
        using var greedy = await app.SignedInAsync(Roles.Lead, "p1");
        using var other = await app.SignedInAsync(Roles.Lead, "p1");

        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 40; i++)
        {
            answers.Add(await greedy.GetAsync("me"));
        }

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal("too_many", await refused.ProblemAsync(429));
        Assert.InRange(int.Parse(refused.Headers.GetValues("Retry-After").Single(), System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("me")).StatusCode);
    }

    [Fact]
    public async Task Changes_of_one_project_leave_room_for_those_of_another()
    {
        await using var app = await LimitedAsync("ChangesOfProject", 5, "ChangesOfProjectPerSecond", 1);
        await app.AddProjectAsync("p1");
        await app.AddProjectAsync("p2");
        using var lead = await app.SignedInAsync(Roles.Lead, "p1", "p2");
        async Task<HttpStatusCode> Change(string project) => (await lead.PostAsync($"reports/{project}/no-week", null)).StatusCode;

        var first = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            first.Add(await Change("p1"));
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, first);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await Change("p2"));
        Assert.Equal(HttpStatusCode.OK, (await lead.GetAsync("projects/p1")).StatusCode); // reading goes on
    }

    [Fact]
    public async Task Guesses_of_links_are_few_and_true_links_many()
    {
        await using var app = await LimitedAsync("LinkGuesses", 5, "LinkGuessesPerMinute", 1);
        for (var i = 0; i < 20; i++)
        {
            (await app.SignedInAsync(Roles.Annotator, "p1")).Dispose();
        }

        using var guesser = app.Anonymous();
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            codes.Add((await guesser.PostAsync("session", Body.Of(new { token = $"guess-{i}" }))).StatusCode);
        }

        Assert.Equal(Enumerable.Repeat(HttpStatusCode.Unauthorized, 5).Concat(Enumerable.Repeat(HttpStatusCode.TooManyRequests, 3)), codes);
    }

    /// <summary>By the server's own clock, so that this waits for some seconds.</summary>
    [Fact]
    public async Task An_upload_that_only_trickles_is_ended_and_nothing_of_it_is_kept()
    {
        using var folder = new TempFolder();
        using var program = await RealProcess.ServeAsync(folder.Path);
        using var admin = new HttpClient { BaseAddress = new Uri(program.Url + "/api/") };
        (await admin.PostAsync("session", Body.Of(new { token = program.SignInLinks["admin"].Split('/')[^1] }))).EnsureSuccessStatusCode();
        using var trickling = new Trickle();
        var upload = admin.PostAsync("batches/demo?name=slow.jsonl", trickling);

        var refused = await Record.ExceptionAsync(async () => (await upload.WaitAsync(TimeSpan.FromSeconds(60))).EnsureSuccessStatusCode());

        Assert.IsType<HttpRequestException>(refused);
        await Until.TrueAsync("an empty drop folder", () => Task.FromResult(!Directory.Exists(folder["files/drop/demo"]) || Directory.GetFiles(folder["files/drop/demo"]).Length == 0));
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("me")).StatusCode);
    }

    /// <summary>A byte now and then, for ever.</summary>
    private sealed class Trickle : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray());
                await stream.FlushAsync();
                await Task.Delay(500);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    [Theory]
    [InlineData("http://localhost", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:81", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task Where_a_browser_does_not_say_its_site_its_origin_counts(string? origin, HttpStatusCode expected)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var lead = await app.SignedInAsync(Roles.Lead, "p1");
        var etag = (string)(await (await lead.GetAsync("projects/p1")).JsonAsync())["etag"]!;
        if (origin is not null)
        {
            lead.DefaultRequestHeaders.Add("Origin", origin);
        }

        Assert.Equal(expected, (await lead.PatchAsync("projects/p1", """{"overlap":3}""", etag)).StatusCode);
    }

    [Fact]
    public async Task Behind_TLS_a_browser_is_told_to_stay_there_and_what_the_form_never_needs()
    {
        await using var app = await TestApp.StartAsync();
        using var plain = app.Anonymous();
        using var tls = app.Anonymous();
        tls.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        Assert.False((await plain.GetAsync("health/live")).Headers.Contains("Strict-Transport-Security"));
        var answer = await tls.GetAsync("health/live");
        Assert.Contains("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        Assert.Contains("camera=()", answer.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
    }

    private static Task<TestApp> LimitedAsync(string most, int value, string more, int perTime) => TestApp.StartAsync(builder =>
        (builder.Configuration[$"Limits:{most}"], builder.Configuration[$"Limits:{more}"]) = ($"{value}", $"{perTime}"));
}
