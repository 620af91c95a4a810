using System.Text.Json;
using HealthEval.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Http;

/// <summary>The one place where exceptions become answers. What they say never contains what a user sent.</summary>
internal static class ErrorHandling
{
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerAsync,
            SuppressDiagnosticsCallback = failed => failed.Exception is StorageUnavailableException || Describe(failed.Exception).StatusCode < StatusCodes.Status500InternalServerError, // a caller's mistake is no error of ours
        });
        app.UseStatusCodePages(pages => Describe(pages.HttpContext.Response.StatusCode)?.ExecuteAsync(pages.HttpContext) ?? Task.CompletedTask);
        return app;
    }

    private static Task AnswerAsync(HttpContext context)
    {
        var failure = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (failure is StorageUnavailableException unavailable)
        {
            context.Response.Headers.RetryAfter = $"{Math.Max(1, Math.Ceiling(unavailable.RetryAfter.TotalSeconds))}";
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("HealthEval.Storage").LogWarning("Storage does not answer ({Failure})", unavailable.Trouble);
        }

        return Describe(failure).ExecuteAsync(context);
    }

    private static ProblemHttpResult Describe(Exception? failure) => failure switch
    {
        BadHttpRequestException { StatusCode: 413 } => TooLarge(),
        BadHttpRequestException { InnerException: JsonException json } => Problems.Malformed($"The body is not the JSON that is expected here{At(json)}. See /api/openapi.json."),
        BadHttpRequestException bad => Problems.Of(bad.StatusCode, "malformed", "The request cannot be read", "A parameter or the body is missing or has the wrong form. See /api/openapi.json."),
        ContinuationException => Problems.Malformed("'continuation' is not one that a page of this list has given. Send it as it came, or begin again without it."),
        UnsafePathException => Problems.Malformed("A name must be a plain file name: no folders, no '..'."),
        StoreDamagedException => Problems.Of(503, "storage_damaged", "The store is damaged", "What was stored cannot be read. Tell whoever runs this server: 'healtheval check' says what is wrong. Nothing was changed."),
        StorageUnavailableException { Trouble: StorageTrouble.DiskFull } => Problems.Of(507, "disk_full", "The disk is full", "The request could not be carried out to its end. Free some space on the server, then send it again: what was stored already is recognised."),
        StorageUnavailableException { Trouble: StorageTrouble.ReadOnly } => Problems.Of(503, "read_only", "The data folder is read-only", "The request could not be carried out to its end. Make the data folder writable, then send it again: what was stored already is recognised."),
        StorageUnavailableException => Problems.Of(503, "storage_unavailable", "Storage did not answer", "Nothing is half-done. The same request can be sent again in a moment."),
        DocumentTooLargeException => Problems.Of(413, "too_large", "This is too large to be kept", "One item, with everything written together with it, may have 2,000,000 bytes."),
        IOException => Problems.Of(503, "storage_unavailable", "Storage did not answer", "The request could not be carried out to its end. Send it again in a moment: what was stored already is recognised."),
        _ => Problems.Of(500, "unexpected", "Something went wrong here", "The request was not carried out. Try again; if it happens again, tell the lead what you did and when."),
    };

    private static ProblemHttpResult TooLarge() => Problems.Of(413, "too_large", "The body is too large",
        "Send a smaller body. A file goes to POST /api/batches/PROJECT?name=FILE, by an upload link (POST /api/batches/PROJECT/uploads), or into the project's drop folder.");

    private static string At(JsonException json) => json.Path is { Length: > 1 } path && path.Length < 100 ? $" (at {path})" : "";

    private static ProblemHttpResult? Describe(int status) => status switch
    {
        401 => Problems.Of(401, "signed_out", "Not signed in", "Sign in. If you have, ask your lead: for a new link, or, where people sign in with their own account, to enter your e-mail address."),
        403 => Problems.Of(403, "forbidden", "Not for your role", "Your role does not allow this. Ask your lead if you think it should."),
        404 => Problems.Of(404, "not_found", "Nothing here", "There is nothing at this address. See /api/openapi.json for what there is."),
        405 => Problems.Of(405, "method_not_allowed", "Not with this method", "This address exists, but not with this method. See /api/openapi.json."),
        413 => TooLarge(),
        415 => Problems.Of(415, "not_json", "JSON is expected", "Send the body as application/json."),
        >= 400 and < 500 => Problems.Of(status, "refused", "The request was refused", "It does not have the form that is expected here. See /api/openapi.json."),
        >= 500 => Problems.Of(status, "unexpected", "Something went wrong here", "The request was not carried out. Try again in a moment."),
        _ => null,
    };
}
