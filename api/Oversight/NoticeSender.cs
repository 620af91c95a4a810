using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;

namespace HealthEval.Oversight;

/// <summary>
/// Section <c>Notices</c> of the settings: where the operator wants to hear of what waits for leads. Nobody else can name an address, and a host that is not
/// in the list is refused at start.
/// </summary>
internal sealed class NoticeOptions
{
    public const int ShortestSecret = 32;

    /// <summary>An https address; nothing is sent without one.</summary>
    public string? Webhook { get; set; }

    /// <summary>The hosts that may be sent to.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>What the receiver knows the sender by.</summary>
    public string? Secret { get; set; }

    /// <summary>The operator's mail server, if notices are to leave that way too.</summary>
    public NoticeMailOptions Mail { get; set; } = new();

    public static NoticeOptions Of(IConfiguration configuration)
    {
        var options = configuration.GetSection("Notices").Get<NoticeOptions>() ?? new NoticeOptions();
        options.Mail.Check(options.Hosts);
        if (options.Webhook is null)
        {
            return options;
        }

        if (!Uri.TryCreate(options.Webhook, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || address.IsLoopback) || address.UserInfo.Length > 0)
        {
            throw new StartupException("Notices:Webhook is no https address. Write it as https://HOST/PATH, without a name or password in it.");
        }

        return !options.Hosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase) ? throw new StartupException($"Notices:Webhook goes to {address.Host}, which is not among Notices:Hosts ({string.Join(", ", options.Hosts)}). Add it there if it is meant.")
            : options.Secret is not { Length: >= ShortestSecret } ? throw new StartupException($"Notices:Secret is missing or short. Give at least {ShortestSecret} characters, which the receiver checks the signature with.")
            : options;
    }
}

/// <summary>How far the sending of a notice is, on one way.</summary>
internal sealed record NoticeSent(string NoticeId, int Tries, DateTimeOffset NextAt, DateTimeOffset? SentAt)
{
    public const string Webhook = "";
    public const string Mail = "mail:";

    public static DocumentKey Key(Notice notice, string way) => new(DocumentKind.NoticeSent, new Partition(notice.ProjectId, notice.Scope), way + notice.NoticeId);
}

/// <summary>
/// Tells the operator's webhook, or mail server, of every new notice, once, and again later where it could not be reached. What is sent says what kind of thing waits and
/// where to look, never words of a person, a conversation or a judgement.
/// </summary>
internal sealed class NoticeSender(IDocumentStore store, NoticeOptions options, HttpMessageInvoker http, TimeProvider time, ILogger<NoticeSender> log)
{
    public const string SignatureHeader = "X-HealthEval-Signature";
    public const int MostTries = 12;

    private static readonly TimeSpan Window = TimeSpan.FromDays(7);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task SendAsync(CancellationToken cancellation)
    {
        if (options.Webhook is null && options.Mail.Server is null)
        {
            return;
        }

        await foreach (var (project, _) in store.AllAsync<Project>(new DocumentQuery(DocumentKind.Project), cancellation))
        {
            var now = time.GetUtcNow();
            foreach (var notice in await NoticesApi.AllAsync(store, project.ProjectId, now, cancellation))
            {
                if (notice.State == Notice.Open && notice.Kind != "case" && notice.At > now - Window)
                {
                    await SendAsync(notice, now, cancellation);
                }
            }
        }
    }

    /// <summary>Of the time in Unix seconds, a dot and the body.</summary>
    public static string SignatureOf(string secret, long seconds, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{seconds}."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }

    private async Task SendAsync(Notice notice, DateTimeOffset now, CancellationToken cancellation)
    {
        if (options.Webhook is not null)
        {
            await SendAsync(notice, NoticeSent.Webhook, () => PostAsync(notice, now, cancellation), now, cancellation);
        }

        if (options.Mail.Server is not null)
        {
            await SendAsync(notice, NoticeSent.Mail, () => NoticeMail.SendAsync(options.Mail, notice, log, cancellation), now, cancellation);
        }
    }

    private async Task SendAsync(Notice notice, string way, Func<Task<bool>> send, DateTimeOffset now, CancellationToken cancellation)
    {
        var key = NoticeSent.Key(notice, way);
        var stored = await store.FindAsync<NoticeSent>(key, cancellation);
        if (stored?.Value is { SentAt: not null } or { Tries: >= MostTries } || stored?.Value.NextAt > now)
        {
            return;
        }

        var tries = (stored?.Value.Tries ?? 0) + 1;
        var trying = new NoticeSent(notice.NoticeId, tries, now + TimeSpan.FromMinutes(Math.Pow(2, tries - 1)), SentAt: null);
        var noted = await store.CommitAsync(stored is null ? new Write.Create(key, trying) : new Write.Replace(key, trying, stored.ETag), cancellation);
        if (noted is Committed { ETags: [var etag] } && await send()) // another instance may be at it
        {
            await store.CommitAsync(new Write.Replace(key, trying with { SentAt = now }, etag), cancellation);
        }
    }

    private async Task<bool> PostAsync(Notice notice, DateTimeOffset now, CancellationToken cancellation)
    {
        var body = Json.Bytes(new { notice.ProjectId, notice.NoticeId, notice.Kind, notice.Code, notice.At, notice.TaskId, notice.BatchId, notice.Paused, look = $"#/inbox/{notice.ProjectId}" });
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(MediaTypeNames.Application.Json);
        request.Headers.Add(SignatureHeader, SignatureOf(options.Secret!, now.ToUnixTimeSeconds(), body));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            using var answer = await http.SendAsync(request, patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                return true;
            }

            log.LogWarning("The webhook answered {Status} to a notice; it is tried again later", (int)answer.StatusCode);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            log.LogWarning("The webhook could not be reached ({Failure}); it is tried again later", failure.GetType().Name);
        }

        return false;
    }
}
