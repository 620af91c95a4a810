using HealthEval.Projects;
using HealthEval.Tasks;

namespace HealthEval.Oversight;

/// <summary>The acts that change nothing but a task, as rules: the changed task, or why not.</summary>
internal static class TaskActs
{
    public static (EvalTask? Changed, string? Refusal) Apply(Act act, EvalTask task, EvalTask? case_, DateTimeOffset now)
    {
        if (case_ is { Judged: 0 } && case_.Slots.Any(slot => slot.IsTaken(now)))
        {
            return (null, "An adjudicator has it right now.");
        }

        var refusal = act.Kind switch
        {
            "add" when task.Overlap >= Project.MostOverlap => $"It asks for {task.Overlap} judgements already, the most that one item may have.",
            "add" or "narrow" or "release" when task.Stopped is not null => "It is stopped. Restore it first.",
            "narrow" when task.Overlap <= Math.Max(1, task.Slots.Count(slot => slot.IsTaken(now))) => "Somebody has the place already.",
            "release" when task.Slots.All(slot => slot.IsFilled) => "Nobody holds it.",
            "cancel" when task.Stopped is not null => "It is stopped already.",
            "restore" when task.Stopped is null => "It is not stopped.",
            "restore" when task.Stopped.Kind == Stop.Danger => "Decide in the inbox whether somebody is in danger.",
            _ => null,
        };
        return refusal is not null ? (null, refusal) : (Changed(act, task, now), null);
    }

    private static EvalTask Changed(Act act, EvalTask task, DateTimeOffset now) => act.Kind switch
    {
        "add" => task.Asking(task.Overlap + 1, now),
        "narrow" => task.Asking(task.Overlap - 1, now),
        "release" => task.Without(slot => !slot.IsFilled, now).Reopened(now),
        "cancel" => task.Halted(new Stop(Stop.Cancelled, act.By, now), now),
        "restore" => task.Resumed(now),
        _ => throw new ArgumentException($"'{act.Kind}' is not about a task alone.", nameof(act)),
    };
}
