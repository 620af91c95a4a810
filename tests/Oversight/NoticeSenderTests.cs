using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Http;
using HealthEval.Oversight;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthEval.Tests.Oversight;

/// <summary>What leaves for the operator's webhook: once, signed, without words, and again where it failed.</summary>
public sealed class NoticeSenderTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task A_notice_is_sent_once_signed_and_without_words()
    {
        await using var app = await TestApp.StartAsync();
        await NoticeAsync(app);
        using var hook = new Hook(HttpStatusCode.NoContent);
        var sender = Sender(app, hook);

        await sender.SendAsync(default);
        await sender.SendAsync(default);

        var (signature, body) = Assert.Single(hook.Received, sent => sent.Body.Contains("\"p1\"", StringComparison.Ordinal));
        Assert.Equal(NoticeSender.SignatureOf(Secret, app.Time.GetUtcNow().ToUnixTimeSeconds(), System.Text.Encoding.UTF8.GetBytes(body)), signature);
        Assert.Equal("notice", JsonNode.Parse(body)!["kind"]!.GetValue<string>());
        Assert.DoesNotContain("patient", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_is_tried_again_later_and_later_and_not_for_ever()
    {
        await using var app = await TestApp.StartAsync();
        await NoticeAsync(app);
        using var hook = new Hook(HttpStatusCode.InternalServerError);
        var sender = Sender(app, hook);
        var tries = new List<int>();
        for (var minute = 0; minute < 8; minute++)
        {
            await sender.SendAsync(default);
            tries.Add(hook.Received.Count(sent => sent.Body.Contains("\"p1\"", StringComparison.Ordinal)));
            app.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([1, 2, 2, 3, 3, 3, 3, 4], tries); // after 1, 2 and 4 minutes
        hook.Answer = HttpStatusCode.OK;
        app.Time.Advance(TimeSpan.FromMinutes(8));
        await sender.SendAsync(default);
        await sender.SendAsync(default);
        Assert.Equal(5, hook.Received.Count(sent => sent.Body.Contains("\"p1\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("http://hooks.example.org/x", "hooks.example.org", Secret, "https")]
    [InlineData("https://name:word@hooks.example.org/x", "hooks.example.org", Secret, "password")]
    [InlineData("https://hooks.example.org.evil.example/x", "hooks.example.org", Secret, "Notices:Hosts")]
    [InlineData("https://hooks.example.org/x", "", Secret, "Notices:Hosts")]
    [InlineData("https://hooks.example.org/x", "hooks.example.org", "tiny", "Notices:Secret")]
    [InlineData("not an address", "hooks.example.org", Secret, "https")]
    public void An_address_that_is_not_allowed_stops_the_program_at_the_start(string webhook, string host, string secret, string words)
    {
        var failure = Assert.Throws<StartupException>(() => NoticeOptions.Of(Settings(webhook, host, secret)));

        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_nothing_is_asked_for() => Assert.Null(NoticeOptions.Of(new ConfigurationBuilder().Build()).Webhook);

    private static IConfiguration Settings(string webhook, string host, string secret) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Notices:Webhook"] = webhook, ["Notices:Hosts:0"] = host, ["Notices:Secret"] = secret }).Build();

    private static NoticeSender Sender(TestApp app, Hook hook) => new(
        app.Store, NoticeOptions.Of(Settings("https://hooks.example.org/x", "hooks.example.org", Secret)), new HttpMessageInvoker(hook), app.Time, NullLogger<NoticeSender>.Instance);

    private static async Task NoticeAsync(TestApp app)
    {
        await app.AddProjectAsync("p1");
        var notice = new Notice("p1", Notice.Project, "pace-1", "notice", "pace", app.Time.GetUtcNow(), "Is this patient a real one?");
        await app.Store.CommitAsync(new Write.Create(notice.Key(), notice), default);
    }

    private sealed class Hook(HttpStatusCode answer) : HttpMessageHandler
    {
        public HttpStatusCode Answer { get; set; } = answer;

        public List<(string Signature, string Body)> Received { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Received.Add((request.Headers.GetValues(NoticeSender.SignatureHeader).Single(), await request.Content!.ReadAsStringAsync(cancellationToken)));
            return new HttpResponseMessage(Answer);
        }
    }
}
