using System.Text.Json;
using NCrontab;

namespace HealthEval.Http;

/// <summary>Work for the timer function of this name.</summary>
internal sealed record CronJob(string Function, Func<CancellationToken, Task> RunAsync);

/// <summary>
/// Runs the timer functions on one machine, by the schedules of the same function.json files that Azure reads. Each job runs once at the start,
/// so what became due while the program was off is caught up; after that when its schedule says so. Under the Functions host it does nothing.
/// </summary>
internal sealed class CronLoop(IEnumerable<CronJob> jobs, TimeProvider time, IConfiguration configuration, ILogger<CronLoop> log) : BackgroundService
{
    /// <summary>Short, since a machine that slept wakes up with a clock that has jumped.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);
    private readonly Dictionary<CronJob, DateTime> _next = jobs.ToDictionary(job => job, _ => DateTime.MinValue);

    /// <summary>Runs the jobs whose time has come; returns how many.</summary>
    public async Task<int> RunDueAsync(CancellationToken cancellation)
    {
        var ran = 0;
        foreach (var job in _next.Keys.ToList())
        {
            if (_next[job] > time.GetUtcNow().UtcDateTime)
            {
                continue;
            }

            try
            {
                await job.RunAsync(cancellation);
                ran++;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogError(failure, "The timer {Function} failed; it runs again at its next time", job.Function);
            }

            _next[job] = ScheduleOf(job.Function).GetNextOccurrence(time.GetUtcNow().UtcDateTime);
        }

        return ran;
    }

    /// <summary>The schedule in the function's own function.json: six fields, UTC.</summary>
    public static CrontabSchedule ScheduleOf(string function)
    {
        using var stream = typeof(CronLoop).Assembly.GetManifestResourceStream($"{function}.function.json")
            ?? throw new InvalidOperationException($"There is no {function}.function.json in the program.");
        using var document = JsonDocument.Parse(stream);
        var timer = document.RootElement.GetProperty("bindings").EnumerateArray().Single(binding => binding.GetProperty("type").GetString() == "timerTrigger");
        return CrontabSchedule.Parse(timer.GetProperty("schedule").GetString(), new CrontabSchedule.ParseOptions { IncludingSeconds = true });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the web server starts first
        while (configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] is null && !stoppingToken.IsCancellationRequested)
        {
            await RunDueAsync(stoppingToken);
            await Task.Delay(LookEvery, time, stoppingToken);
        }
    }
}
