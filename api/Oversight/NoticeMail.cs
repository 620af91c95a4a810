using HealthEval.Projects;
using HealthEval.Storage;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace HealthEval.Oversight;

/// <summary>Section <c>Notices:Mail</c> of the settings: the operator's mail server, and to whom notices go. Nobody else can name a server or an address.</summary>
internal sealed class NoticeMailOptions
{
    /// <summary>Also in <c>Notices:Hosts</c>; no mail is sent without one.</summary>
    public string? Server { get; set; }

    public int Port { get; set; } = 587;

    /// <summary>starttls (usual on 587), tls (usual on 465), or none, which only a server on this machine may have.</summary>
    public string Security { get; set; } = "starttls";

    public string? User { get; set; }

    public string? Password { get; set; }

    public string? From { get; set; }

    public IReadOnlyList<string> To { get; set; } = [];

    public void Check(IReadOnlyList<string> hosts)
    {
        if (Server is null)
        {
            return;
        }

        var fault = !hosts.Contains(Server, StringComparer.OrdinalIgnoreCase) ? $"Notices:Mail:Server is {Server}, which is not among Notices:Hosts ({string.Join(", ", hosts)}). Add it there if it is meant."
            : Security is not ("starttls" or "tls" or "none") ? "Notices:Mail:Security is one of: starttls, tls, none."
            : Security == "none" && Server is not ("localhost" or "127.0.0.1" or "::1") ? "Notices:Mail:Security may be none only for a server on this machine. Choose starttls or tls."
            : Port is < 1 or > 65_535 ? "Notices:Mail:Port is a number from 1 to 65535."
            : !IsAddress(From) ? "Notices:Mail:From is not an e-mail address."
            : To.Count == 0 || !To.All(IsAddress) ? "Notices:Mail:To names one e-mail address or more: Notices__Mail__To__0=…"
            : User is null != Password is null ? "Notices:Mail:User and Notices:Mail:Password go together."
            : null;
        if (fault is not null)
        {
            throw new StartupException(fault);
        }
    }

    private static bool IsAddress(string? address) => address is not null && address.Contains('@') && MailboxAddress.TryParse(address, out _);
}

/// <summary>Sends one notice as a mail. It says what kind of thing waits and where to look, never words of a person, a conversation or a judgement.</summary>
internal static class NoticeMail
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["notice"] = "A rule of the watch over raters has fired",
        ["danger"] = "A rater reports danger, or a real person in a text",
        ["question"] = "A rater asks a question",
        ["failed_batch"] = "A file could not be loaded",
        ["held"] = "Items wait for a decision about personal data",
        ["case"] = "Disagreements wait for an adjudicator",
    };

    /// <summary>Whether the server has taken it.</summary>
    public static async Task<bool> SendAsync(NoticeMailOptions options, Notice notice, ILogger log, CancellationToken cancellation)
    {
        using var message = MessageOf(options, notice);
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await client.ConnectAsync(options.Server!, options.Port, SecurityOf(options), patience.Token);
            if (options.User is { } user)
            {
                await client.AuthenticateAsync(user, options.Password!, patience.Token);
            }

            await client.SendAsync(message, patience.Token);
            await client.DisconnectAsync(quit: true, patience.Token);
            return true;
        }
        catch (Exception failure) when (failure is ProtocolException or CommandException or ServiceNotConnectedException or ServiceNotAuthenticatedException or AuthenticationException or SslHandshakeException
            or IOException or System.Net.Sockets.SocketException or NotSupportedException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            log.LogWarning("The mail server did not take a notice ({Failure}); it is tried again later", failure.GetType().Name);
            return false;
        }
    }

    private static MimeMessage MessageOf(NoticeMailOptions options, Notice notice)
    {
        var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(options.From!));
        message.To.AddRange(options.To.Select(MailboxAddress.Parse));
        message.Subject = $"HealthEval, project {notice.ProjectId}: {Kinds.GetValueOrDefault(notice.Kind, "Something waits for a lead")}";
        message.MessageId = $"{notice.NoticeId}.{notice.ProjectId}@healtheval"; // a mail that comes twice is known by it
        message.Date = notice.At;
        message.Body = new TextPart("plain")
        {
            Text = $"{Kinds.GetValueOrDefault(notice.Kind, "Something waits for a lead")} ({notice.Code}){(notice.Paused ? "; the rater is paused in this project" : "")}.\n\n"
                + $"Project {notice.ProjectId}, {notice.At:yyyy-MM-dd HH:mm} UTC. Look at it in HealthEval on the page Inbox (#/inbox/{notice.ProjectId}).\n",
        };
        return message;
    }

    private static SecureSocketOptions SecurityOf(NoticeMailOptions options) => options.Security switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}
