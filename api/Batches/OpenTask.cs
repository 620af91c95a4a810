using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// Makes the assignment state of a new item, written in the same commit as the item. Tasks, which come after batches, provide it.
/// </summary>
/// <param name="notFor">Who has had another part in this item, and so does not judge it.</param>
internal delegate Write.Create OpenTask(EvalItem item, Project project, string? notFor = null);
