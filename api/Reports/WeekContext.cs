using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>What a report needs beside the week's own judgements.</summary>
/// <param name="Conduct">Null in a report from before that was delivered.</param>
/// <param name="PreviousGuideline">The one that most judgements of the week before were made under; null without any.</param>
/// <param name="SetAside">Judgements that a lead set aside in the week; null in files from before that was told.</param>
internal sealed record WeekContext(Operations Operations, Guideline? PreviousGuideline, IReadOnlyList<SetAside>? SetAside = null, Conduct? Conduct = null);
