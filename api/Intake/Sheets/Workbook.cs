using System.Xml;

namespace HealthEval.Intake.Sheets;

/// <summary>The parts of an Excel workbook, found by how they are related and not by what they are called; names differ in case and slashes between programs.</summary>
internal sealed class Workbook
{
    private readonly Func<string, Stream?> _entry;
    private readonly string _path;

    private Workbook(Func<string, Stream?> entry, string path)
    {
        (_entry, _path) = (entry, path);
        var folder = path[..(path.LastIndexOf('/') + 1)];
        (SharedStrings, Styles) = ($"{folder}sharedStrings.xml", $"{folder}styles.xml"); // where they usually lie, if nothing says so
        foreach (var (type, _, target) in Relations(path))
        {
            SharedStrings = type is "sharedStrings" ? target : SharedStrings;
            Styles = type is "styles" ? target : Styles;
        }
    }

    public string SharedStrings { get; }

    public string Styles { get; }

    /// <summary>Days are counted from 1904, as Excel did on the Macintosh.</summary>
    public bool IsFrom1904 { get; private set; }

    /// <summary>Null when this is no workbook.</summary>
    public static Workbook? Of(Func<string, Stream?> entry)
    {
        var root = new Workbook(entry, "");
        return root.Relations("").Where(relation => relation.Type is "officeDocument").Select(relation => relation.Target).FirstOrDefault() is { } path && root.Open(path, out _) ? new Workbook(entry, path)
            : root.Open("xl/workbook.xml", out _) ? new Workbook(entry, "xl/workbook.xml")
            : null;
    }

    /// <summary>The visible sheets in their order.</summary>
    public List<(string Name, string Path)> Sheets()
    {
        var targets = Relations(_path).ToDictionary(relation => relation.Id, relation => relation.Target);
        var sheets = new List<(string, string)>();
        using var workbook = Xml.Open(_entry, _path);
        while (workbook is not null && Xml.Read(workbook))
        {
            if (workbook.LocalName is "workbookPr")
            {
                IsFrom1904 = workbook.GetAttribute("date1904") is "1" or "true" or "on";
            }
            else if (workbook.LocalName is "sheet" && (workbook.GetAttribute("state") is null or "visible") && Id(workbook) is { } id && targets.TryGetValue(id, out var target))
            {
                sheets.Add((workbook.GetAttribute("name") ?? "", target));
            }
        }

        return sheets;
    }

    /// <summary>How many rows at the end of a table on this sheet are totals, by the last row of the table.</summary>
    public Dictionary<long, int> TotalsRows(string sheet)
    {
        var totals = new Dictionary<long, int>();
        foreach (var (type, _, target) in Relations(sheet))
        {
            using var table = type is "table" ? Xml.Open(_entry, target) : null;
            if (table is not null && Xml.Next(table, "table") && int.TryParse(table.GetAttribute("totalsRowCount"), out var count) && table.GetAttribute("ref")?.Split(':') is [_, var last] && MergedCells.Row(last) is { } row)
            {
                totals[row] = Math.Clamp(count, 0, 100);
            }
        }

        return totals;
    }

    private bool Open(string path, out bool isThere)
    {
        using var stream = _entry(path);
        return isThere = stream is not null;
    }

    /// <summary>What a part refers to; the kind is the last word of its address, the same in both dialects of the format.</summary>
    private IEnumerable<(string Type, string Id, string Target)> Relations(string path)
    {
        var slash = path.LastIndexOf('/');
        var folder = path[..(slash + 1)];
        using var relations = Xml.Open(_entry, $"{folder}_rels/{path[(slash + 1)..]}.rels");
        while (relations is not null && Xml.Next(relations, "Relationship"))
        {
            if (relations.GetAttribute("TargetMode") is not "External" && relations.GetAttribute("Target") is { Length: > 0 } target)
            {
                yield return ((relations.GetAttribute("Type") ?? "").Split('/')[^1], relations.GetAttribute("Id") ?? "", Resolved(folder, target.Replace('\\', '/')));
            }
        }
    }

    private static string Resolved(string folder, string target)
    {
        var steps = target.StartsWith('/') ? [] : folder.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step is "..")
            {
                steps.RemoveRange(Math.Max(0, steps.Count - 1), Math.Min(1, steps.Count));
            }
            else if (step is not ".")
            {
                steps.Add(step);
            }
        }

        return string.Join('/', steps);
    }

    /// <summary>The relation's id is in a namespace whose prefix every program may choose.</summary>
    private static string? Id(XmlReader sheet)
    {
        string? id = null;
        for (var has = sheet.MoveToFirstAttribute(); has; has = sheet.MoveToNextAttribute())
        {
            id = sheet.LocalName is "id" && sheet.NamespaceURI.EndsWith("/relationships", StringComparison.Ordinal) ? sheet.Value : id;
        }

        sheet.MoveToElement();
        return id;
    }
}
