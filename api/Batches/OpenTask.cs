using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// Makes the assignment state of a new item, written in the same commit as the item. Tasks, which come after batches, provide it.
/// </summary>
internal delegate Write.Create OpenTask(EvalItem item, Project project);
