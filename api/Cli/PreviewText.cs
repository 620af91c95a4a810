using System.Globalization;
using System.Text;
using HealthEval.Batches;

namespace HealthEval.Cli;

/// <summary>What <c>ingest --dry-run</c> prints: how the file would be read, and three of its items as raters would see them.</summary>
internal static class PreviewText
{
    private const int LongestText = 400;

    public static string Of(string file, Preview preview)
    {
        var text = new StringBuilder();
        Row(text, file, "dry run: nothing was changed");
        Row(text, "format", preview.Format ?? "not recognised");
        if (preview.Reason is { } reason)
        {
            Row(text, "reason", reason);
        }

        if (preview.Format is not null)
        {
            Row(text, "records", $"{preview.Read:N0} read = {preview.Accepted:N0} would be accepted + {preview.Rejected:N0} rejected (duplicates are not looked up)");
        }

        if (preview.Notes.Count > 0)
        {
            Row(text, "note", string.Join(", ", preview.Notes.Select(note => $"{note.Class.Replace('_', ' ')} {note.Count:N0}")));
        }

        foreach (var (ours, theirs) in preview.Mapping)
        {
            Row(text, $"  {ours}", $"from {theirs}");
        }

        foreach (var error in preview.Errors.Take(5))
        {
            Row(text, $"  line {error.Line:N0}", error.Path is null ? error.Reason : $"{error.Path}: {error.Reason}");
        }

        foreach (var (item, number) in preview.Items.Select((item, index) => (item, index + 1)))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"item {number}");
            item.Prompt.ToList().ForEach(message => Row(text, $"  {message.Role}", Short(message.Content)));
            foreach (var response in item.Responses)
            {
                Row(text, "  answer", $"{(response.Model is null ? "" : $"[{response.Model}] ")}{Short(response.Content)}");
            }
        }

        if (preview.Format is null && preview.Fields.Count > 0)
        {
            Row(text, "fields", string.Join(", ", preview.Fields.Take(40).Select(field => $"{field.Path} ({field.Records:N0}×)")));
            Row(text, "say", $"--set {string.Join(',', preview.Proposal.Select(proposed => $"{proposed.Field}={string.Join('+', proposed.Paths)}"))}");
            foreach (var proposed in preview.Proposal)
            {
                Row(text, $"  {proposed.Field}", $"{string.Join(" + ", proposed.Paths)}: {proposed.Reason}");
            }
        }

        return text.ToString().TrimEnd();
    }

    private static string Short(string text) => (text.Length > LongestText ? text[..LongestText] + "…" : text).ReplaceLineEndings("\n                ");

    private static void Row(StringBuilder text, string label, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"{label,-14}  {value}");
}
