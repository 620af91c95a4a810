using NCrontab;

namespace HealthEval.Http;

/// <summary>The work of a timer function, which says when it is to be done.</summary>
internal sealed record CronJob(Type Functions, string Method, Func<CancellationToken, Task> RunAsync)
{
    public CrontabSchedule Schedule => Triggers.ScheduleOf(Functions, Method);
}

/// <summary>
/// Runs the timer functions on one machine, by the schedules that Azure reads. Each job runs once at the start, so what became due while the
/// program was off is caught up; after that when its schedule says so.
/// </summary>
internal sealed class CronLoop(IEnumerable<CronJob> jobs, IConfiguration configuration, TimeProvider time, ILogger<CronLoop> log) : BackgroundService
{
    /// <summary>Short, since a machine that slept wakes up with a clock that has jumped.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);

    /// <summary>What the program does by itself lets those go first for whom it was started. By the machine's own clock: a test's may stand still.</summary>
    public static TimeSpan Courtesy(IConfiguration configuration) => configuration.GetValue("Timers:Courtesy", TimeSpan.FromSeconds(1));

    private readonly Dictionary<CronJob, DateTime> _next = jobs.ToDictionary(job => job, _ => DateTime.MinValue);

    /// <summary>Runs the jobs whose time has come; returns how many.</summary>
    public async Task<int> RunDueAsync(CancellationToken cancellation)
    {
        var ran = 0;
        foreach (var job in _next.Keys.ToList())
        {
            var now = time.GetUtcNow().UtcDateTime;
            if (_next[job] > now)
            {
                var soonest = job.Schedule.GetNextOccurrence(now);
                _next[job] = soonest < _next[job] ? soonest : _next[job]; // the clock was ahead when it was set
                continue;
            }

            try
            {
                await job.RunAsync(cancellation);
                ran++;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogError(failure, "The timer {Function} failed; it runs again at its next time", job.Method);
            }

            _next[job] = job.Schedule.GetNextOccurrence(time.GetUtcNow().UtcDateTime);
        }

        return ran;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Courtesy(configuration), stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await RunDueAsync(stoppingToken);
            await Task.Delay(LookEvery, time, stoppingToken);
        }
    }
}
