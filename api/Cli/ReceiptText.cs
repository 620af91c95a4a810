using System.Globalization;
using System.Text;
using HealthEval.Batches;

namespace HealthEval.Cli;

/// <summary>A receipt that is understood in ten seconds.</summary>
internal static class ReceiptText
{
    private const int ErrorsShown = 10;

    public static string Of(IngestResult result)
    {
        var batch = result.Batch;
        var text = new StringBuilder();
        Row(text, batch.File, $"{State(batch.State)}   ({batch.BatchId})");
        Row(text, "format", batch.Format ?? "not recognised");
        Row(text, "records", $"{batch.Read:N0} read = {batch.Accepted:N0} accepted + {batch.Duplicate:N0} duplicate + {batch.Rejected:N0} rejected");
        var prompts = batch.Warnings.Where(warning => warning.Class is "prompt_without_response").Sum(warning => warning.Count);
        Row(text, "loaded", $"{batch.Items - prompts:N0} tasks with {batch.Responses:N0} responses{(prompts == 0 ? "" : $", and {prompts:N0} prompts without an answer: kept with their rubrics and references, nobody is asked to judge them")}");
        if (batch.Reason is { } reason)
        {
            Row(text, "reason", reason);
        }

        Counts(text, "privacy", batch.Suspicions);
        Counts(text, "note", batch.Warnings);
        foreach (var (ours, theirs) in batch.Accepted > 0 ? batch.Mapping : new Dictionary<string, string>())
        {
            Row(text, $"  {ours}", $"from {theirs}");
        }

        foreach (var error in result.Errors.Where(error => error.Line > 0).Take(ErrorsShown))
        {
            Row(text, $"  line {error.Line:N0}", error.Path is null ? error.Reason : $"{error.Path}: {error.Reason}");
        }

        var more = batch.MoreErrors + batch.Errors.Count - ErrorsShown;
        return text.Append(more > 0 ? string.Create(CultureInfo.InvariantCulture, $"  … {more:N0} more in receipts/{batch.ProjectId}/{batch.BatchId}.rejects.jsonl") : "").ToString().TrimEnd();
    }

    private static string State(string state) => state.Replace('_', ' ');

    private static void Counts(StringBuilder text, string label, IReadOnlyList<ClassCount> counts)
    {
        if (counts.Count > 0)
        {
            Row(text, label, string.Join(", ", counts.Select(count => $"{count.Class.Replace('_', ' ')} {count.Count:N0}")));
        }
    }

    private static void Row(StringBuilder text, string label, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"{label,-14}  {value}");
}
