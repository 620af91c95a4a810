using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using NCrontab;

namespace HealthEval.Http;

/// <summary>What Azure reads of a function's attributes, for the program on one machine, which does the same work at the same times.</summary>
internal static class Triggers
{
    /// <summary>Six fields, UTC.</summary>
    public static CrontabSchedule ScheduleOf(Type functions, string method) =>
        CrontabSchedule.Parse(Of<TimerTriggerAttribute>(functions, method).Schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true });

    /// <summary>The folder of the container whose new files the function is told of, such as <c>drop</c>.</summary>
    public static string FolderOf(Type functions, string method) =>
        string.Join('/', Of<BlobTriggerAttribute>(functions, method).BlobPath.Split('/').Skip(1).TakeWhile(part => !part.Contains('{', StringComparison.Ordinal)));

    private static T Of<T>(Type functions, string method)
        where T : Attribute => functions.GetMethod(method)!.GetParameters().Select(parameter => parameter.GetCustomAttribute<T>()).OfType<T>().Single();
}
