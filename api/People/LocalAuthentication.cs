using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace HealthEval.People;

/// <summary>Who is calling, from the session cookie.</summary>
internal sealed class LocalAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SignIn signIn)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Cookie = "healtheval_session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Cookies[Cookie] is not { Length: > 0 } token || await signIn.FindAsync(token, Context.RequestAborted) is not { } caller)
        {
            return AuthenticateResult.NoResult();
        }

        return caller.Enter(Context, Scheme.Name);
    }
}
