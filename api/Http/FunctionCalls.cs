using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace HealthEval.Http;

/// <summary>
/// Around every function: the host gets no message of an exception, only its type, because the host writes it into its own log; what is logged
/// inside belongs to the caller's trace; and the program ends only when the steps under way have saved where they are.
/// </summary>
internal sealed class FunctionCalls(RunningCalls running, ILogger<FunctionCalls> log) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        using var call = running.Begin();
        using var trace = Activity.Current is null && context.TraceContext.TraceParent is { Length: > 0 } parent ? new Activity("function").SetParentId(parent).Start() : null;
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "The function {Function} failed", context.FunctionDefinition.Name);
            throw new FunctionFailedException(failure.GetType());
        }
    }
}

/// <summary>All that leaves the program of an exception that nobody expected.</summary>
internal sealed class FunctionFailedException(Type failure) : Exception(failure.FullName);

/// <summary>The host waits for nobody when it stops the program; this waits for the steps, which end early once the program is stopping.</summary>
internal sealed class RunningCalls : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4); // the host kills the program after five
    private readonly TaskCompletionSource _none = new();
    private int _running = 1; // one for the program itself

    public Call Begin()
    {
        Interlocked.Increment(ref _running);
        return new Call(this);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        End();
        await Task.WhenAny(_none.Task, Task.Delay(Patience, cancellationToken));
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _none.TrySetResult();
        }
    }

    internal readonly struct Call(RunningCalls calls) : IDisposable
    {
        public void Dispose() => calls.End();
    }
}

internal static class FunctionCallsSetup
{
    public static void AddFunctionCalls(this FunctionsApplicationBuilder builder)
    {
        builder.UseMiddleware<FunctionCalls>();
        builder.Services.AddSingleton<RunningCalls>().AddHostedService(services => services.GetRequiredService<RunningCalls>());
        builder.Logging.AddHostLines();
    }
}
