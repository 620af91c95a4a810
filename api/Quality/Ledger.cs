using System.Globalization;
using System.Text;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>Time and pay of one person, week and kind of task. What was set aside later was worked nevertheless: it stands apart, and is taken off the pay.</summary>
/// <param name="Kind">work, gold, repeat or case; who judged sees the first three as one.</param>
/// <param name="Mode">full, quick or fact_check, or case: what pay goes by, so that it tells gold from nothing.</param>
/// <param name="Monday">Of the ISO week in UTC in which it was handed in.</param>
/// <param name="Void">Of the tasks, how many were set aside since.</param>
/// <param name="Pay">Rate × (tasks − void), in the project's currency; null where it has no rate for the kind.</param>
internal sealed record LedgerLine(string PersonId, DateOnly Monday, string Kind, string Mode, int Tasks, int Void, long ActiveSeconds, long CheckingSeconds, double? Rate, double? Pay);

/// <summary>What was worked, reckoned from the judgements themselves.</summary>
internal sealed class Ledger(IDocumentStore store)
{
    /// <param name="personId">Of one person; null for all.</param>
    public async Task<IReadOnlyList<LedgerLine>> ReadAsync(Project project, string? personId, DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancellation)
    {
        var entries = new List<Entry>();
        List<Filter> where = [];
        if (personId is not null)
        {
            where.Add(new Filter.Equal("rater", personId));
        }

        var inTime = from is null && until is null ? where : [.. where, new Filter.Range("submittedAt", from is { } start ? Json.Stamp(start) : null, until is { } end ? Json.Stamp(end) : null)];
        var gold = await store.AllAsync<GoldItem>(GoldItem.Of(project.ProjectId), cancellation).Select(item => item.Value.TaskId).ToHashSetAsync(cancellationToken: cancellation);
        await foreach (var (made, _) in store.AllAsync<Annotation>(Judgements(DocumentKind.Annotation, project, inTime), cancellation))
        {
            entries.Add(Entry.Of(made, "work", isVoid: false));
        }

        await foreach (var (made, _) in store.AllAsync<Annotation>(Judgements(DocumentKind.AsideAnnotation, project, inTime), cancellation))
        {
            entries.Add(Entry.Of(made, gold.Contains(made.TaskId) ? "gold" : "repeat", isVoid: false));
        }

        await foreach (var (aside, _) in store.AllAsync<VoidJudgement>(VoidJudgement.Of(project.ProjectId, where), cancellation))
        {
            if (!(aside.Annotation.SubmittedAt < from) && !(aside.Annotation.SubmittedAt >= until))
            {
                entries.Add(Entry.Of(aside.Annotation, "work", isVoid: true));
            }
        }

        await foreach (var (made, _) in store.AllAsync<Adjudication>(Adjudication.Of(project.ProjectId, inTime), cancellation))
        {
            entries.Add(new Entry(made.Rater, Monday(made.SubmittedAt), "case", "case", false, 0, 0));
        }

        return
        [
            .. entries.GroupBy(entry => (entry.PersonId, entry.Monday, entry.Kind, entry.Mode)).Select(group => Line(group.Key, [.. group], project.Quality?.Rates))
                .OrderBy(line => line.Monday).ThenBy(line => line.PersonId, StringComparer.Ordinal).ThenBy(line => line.Kind, StringComparer.Ordinal)
                .ThenBy(line => line.Mode, StringComparer.Ordinal),
        ];
    }

    /// <summary>For the person themselves: a line a week, in which nothing tells gold items and repeats from other work.</summary>
    public static IReadOnlyList<LedgerLine> Own(IReadOnlyList<LedgerLine> lines) =>
    [
        .. lines.GroupBy(line => (line.PersonId, line.Monday, Kind: line.Kind == "case" ? "case" : "work", line.Mode)).Select(group => new LedgerLine(
            group.Key.PersonId, group.Key.Monday, group.Key.Kind, group.Key.Mode, group.Sum(line => line.Tasks), group.Sum(line => line.Void), group.Sum(line => line.ActiveSeconds),
            group.Sum(line => line.CheckingSeconds), group.First().Rate, group.Any(line => line.Pay is not null) ? group.Sum(line => line.Pay ?? 0) : null)),
    ];

    /// <summary>Codes and numbers only, so that no cell is a formula.</summary>
    public static string Csv(IReadOnlyList<LedgerLine> lines, Func<string, string> nameOf)
    {
        var csv = new StringBuilder("person,pseudonym,week_from,kind,mode,tasks,void,active_seconds,checking_seconds,rate,pay\r\n");
        foreach (var line in lines)
        {
            csv.AppendJoin(',', Safe(line.PersonId), Safe(nameOf(line.PersonId)), line.Monday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line.Kind, line.Mode, line.Tasks, line.Void, line.ActiveSeconds, line.CheckingSeconds,
                line.Rate?.ToString(CultureInfo.InvariantCulture), line.Pay?.ToString("0.00", CultureInfo.InvariantCulture)).Append("\r\n");
        }

        return csv.ToString();
    }

    private static string Safe(string id) => id.Length > 0 && char.IsLetterOrDigit(id[0]) && !id.Contains('"', StringComparison.Ordinal) && !id.Contains(',', StringComparison.Ordinal) ? id : $"\"'{id.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static DocumentQuery Judgements(DocumentKind kind, Project project, IReadOnlyList<Filter> where) => new(kind) { ProjectId = project.ProjectId, Where = where, OrderBy = "submittedAt", Top = 500 };

    private static LedgerLine Line((string PersonId, DateOnly Monday, string Kind, string Mode) key, List<Entry> entries, IReadOnlyDictionary<string, double>? rates)
    {
        var taken = entries.Count(entry => entry.IsVoid);
        double? rate = rates is not null && rates.TryGetValue(key.Mode, out var set) ? set : null;
        return new LedgerLine(
            key.PersonId, key.Monday, key.Kind, key.Mode, entries.Count, taken, entries.Sum(entry => entry.Active), entries.Sum(entry => entry.Checking), rate,
            rate is { } each ? Math.Round(each * (entries.Count - taken), 2) : null);
    }

    private static DateOnly Monday(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime.Date.AddDays(-(((int)at.UtcDateTime.DayOfWeek + 6) % 7)));

    private sealed record Entry(string PersonId, DateOnly Monday, string Kind, string Mode, bool IsVoid, long Active, long Checking)
    {
        public static Entry Of(Annotation made, string kind, bool isVoid) =>
            new(made.Rater, Ledger.Monday(made.SubmittedAt), kind, made.Judgement.Mode ?? Vocabulary.FullMode, isVoid, made.Judgement.ActiveSeconds, made.Judgement.CheckingSeconds ?? 0);
    }
}
