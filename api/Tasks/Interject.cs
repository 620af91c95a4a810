using HealthEval.People;
using HealthEval.Projects;

namespace HealthEval.Tasks;

/// <summary>
/// Names a task that lies aside and that this person should get now instead of the next one of their lanes; null for none. Who decides that and
/// why is a later slice's matter, which registers it.
/// </summary>
/// <param name="served">How many fresh tasks the person has been handed in this project so far.</param>
internal delegate Task<string?> Interject(Project project, Person person, long served, CancellationToken cancellation);

/// <summary>Says whether a person may be handed fresh work of a project now, and which; registered by a later slice, as <see cref="Interject"/> is.</summary>
internal delegate Task<Admission> Admit(Project project, Person person, CancellationToken cancellation);

/// <param name="Closed">Why there is nothing fresh for them, as a code; null when there is.</param>
/// <param name="OnlyAside">They are handed nothing but what lies aside, also where there is no other work: they are being examined, and know it.</param>
/// <param name="Bars">Whether they may not judge responses of any of these models; null when they may judge all.</param>
internal sealed record Admission(string? Closed = null, bool OnlyAside = false, Func<IReadOnlyList<string>, bool>? Bars = null)
{
    public static readonly Admission Free = new();
}
