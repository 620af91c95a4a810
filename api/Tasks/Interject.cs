using HealthEval.People;
using HealthEval.Projects;

namespace HealthEval.Tasks;

/// <summary>
/// Names a task that lies aside and that this person should get now instead of the next one of their lanes; null for none. Who decides that and
/// why is a later slice's matter, which registers it.
/// </summary>
/// <param name="served">How many fresh tasks the person has been handed in this project so far.</param>
internal delegate Task<string?> Interject(Project project, Person person, long served, CancellationToken cancellation);
