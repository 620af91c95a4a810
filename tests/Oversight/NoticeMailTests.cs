using System.Net;
using System.Net.Sockets;
using HealthEval.Oversight;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthEval.Tests.Oversight;

/// <summary>Notices leave as mail where the operator named a server: once, without words, and again where it failed.</summary>
public sealed class NoticeMailTests
{
    [Fact]
    public async Task A_notice_is_mailed_once_to_whom_the_operator_named_and_without_words()
    {
        await using var app = await TestApp.StartAsync();
        await NoticeAsync(app);
        await using var server = new MailServer();
        using var http = new HttpMessageInvoker(new HttpClientHandler());
        var sender = new NoticeSender(app.Store, NoticeOptions.Of(Settings(server.Port)), http, app.Time, NullLogger<NoticeSender>.Instance);

        await sender.SendAsync(default);
        await sender.SendAsync(default);

        var mail = Assert.Single(server.Received, mail => mail.Contains("project p1", StringComparison.Ordinal));
        Assert.Contains("RCPT TO:<lead@hospital.example>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("A rule of the watch", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("patient", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_was_refused_is_sent_again_later()
    {
        await using var app = await TestApp.StartAsync();
        await NoticeAsync(app);
        await using var server = new MailServer { Refuses = true };
        using var http = new HttpMessageInvoker(new HttpClientHandler());
        var sender = new NoticeSender(app.Store, NoticeOptions.Of(Settings(server.Port)), http, app.Time, NullLogger<NoticeSender>.Instance);

        await sender.SendAsync(default);
        Assert.DoesNotContain(server.Received, mail => mail.Contains("project p1", StringComparison.Ordinal));
        server.Refuses = false;
        await sender.SendAsync(default);
        Assert.DoesNotContain(server.Received, mail => mail.Contains("project p1", StringComparison.Ordinal)); // not yet
        app.Time.Advance(TimeSpan.FromMinutes(1));
        await sender.SendAsync(default);

        Assert.Single(server.Received, mail => mail.Contains("project p1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mail.example.org", "other.example.org", "starttls", "a@b.example", "c@d.example", "Notices:Hosts")]
    [InlineData("mail.example.org", "mail.example.org", "none", "a@b.example", "c@d.example", "on this machine")]
    [InlineData("mail.example.org", "mail.example.org", "ssl", "a@b.example", "c@d.example", "starttls, tls, none")]
    [InlineData("mail.example.org", "mail.example.org", "tls", "nobody", "c@d.example", "From")]
    [InlineData("mail.example.org", "mail.example.org", "tls", "a@b.example", "nobody", "To")]
    public void A_server_that_is_not_allowed_or_whole_stops_the_program_at_the_start(string server, string host, string security, string from, string to, string words)
    {
        var failure = Assert.Throws<StartupException>(() => NoticeOptions.Of(Settings(587, server, host, security, from, to)));

        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(int port, string server = "127.0.0.1", string host = "127.0.0.1", string security = "none", string from = "healtheval@hospital.example", string to = "lead@hospital.example") =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Notices:Hosts:0"] = host,
            ["Notices:Mail:Server"] = server,
            ["Notices:Mail:Port"] = $"{port}",
            ["Notices:Mail:Security"] = security,
            ["Notices:Mail:From"] = from,
            ["Notices:Mail:To:0"] = to,
        }).Build();

    private static async Task NoticeAsync(TestApp app)
    {
        await app.AddProjectAsync("p1");
        var notice = new Notice("p1", Notice.Project, "pace-1", "notice", "pace", app.Time.GetUtcNow(), "Is this patient a real one?");
        await app.Store.CommitAsync(new Write.Create(notice.Key(), notice), default);
    }

    /// <summary>Takes mail as RFC 5321 has it, as far as one client needs it, one connection after the other.</summary>
    private sealed class MailServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _serving;

        public MailServer()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public bool Refuses { get; set; }

        /// <summary>Every mail with the commands before it.</summary>
        public List<string> Received { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _listener.Stop();
            await _serving;
            _listener.Dispose();
            _end.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                    await TalkAsync(client.GetStream());
                }
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // the test is over
            }
        }

        private async Task TalkAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream);
            await using var writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
            var said = new List<string>();
            await writer.WriteLineAsync("220 ready");
            while (await reader.ReadLineAsync(_end.Token) is { } line && !line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
            {
                said.Add(line);
                if (!line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
                {
                    await writer.WriteLineAsync(Refuses && line.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase) ? "451 not now" : "250 fine");
                    continue;
                }

                await writer.WriteLineAsync("354 go on");
                while (await reader.ReadLineAsync(_end.Token) is { } text && text != ".")
                {
                    said.Add(text);
                }

                Received.Add(string.Join('\n', said));
                await writer.WriteLineAsync("250 taken");
            }

            await writer.WriteLineAsync("221 bye");
        }
    }
}
