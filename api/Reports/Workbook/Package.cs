using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HealthEval.Reports.Workbook;

/// <summary>
/// Turns what ClosedXML saved into the file that is delivered: long sheets get their rows, charts and cached values of formulas are added,
/// and whatever depends on the moment (entry times, random ids, core properties) is replaced, so that the same data give the same bytes.
/// </summary>
internal sealed partial class Package(Stream saved, IReadOnlyList<LongSheet> longSheets, IReadOnlyList<Chart> charts, IReadOnlyList<CachedValue> cached, CoreProperties properties)
{
    internal static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    internal static readonly XNamespace Rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static readonly XNamespace PackageRel = "http://schemas.openxmlformats.org/package/2006/relationships";
    private static readonly XNamespace ContentTypes = "http://schemas.openxmlformats.org/package/2006/content-types";
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the earliest time a zip entry can carry
    private readonly SortedDictionary<string, Action<Stream>> _parts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastRow = [];

    public void WriteTo(Stream target, CancellationToken cancellation)
    {
        using var source = new ZipArchive(saved, ZipArchiveMode.Read);
        var sheets = SheetParts(source);
        foreach (var entry in source.Entries.Where(e => !e.FullName.EndsWith(".psmdcp", StringComparison.Ordinal)))
        {
            _parts[entry.FullName] = stream => stream.Write(entry.FullName is "xl/sharedStrings.xml" ? AstralText.Whole(Bytes(entry)) : Bytes(entry));
        }

        _parts["[Content_Types].xml"] = stream => Save(Types(Xml(source, "[Content_Types].xml")), stream);
        _parts["_rels/.rels"] = stream => Save(RootRelationships(), stream);
        _parts["docProps/core.xml"] = stream => Save(properties.ToXml(), stream);
        foreach (var (name, part) in sheets)
        {
            AddSheet(source, name, part, cancellation);
        }

        using var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, write) in _parts.OrderBy(p => p.Key.StartsWith("xl/tables/", StringComparison.Ordinal)).ThenBy(p => p.Key, StringComparer.Ordinal))
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
            entry.LastWriteTime = Epoch;
            using var stream = entry.Open();
            write(stream);
        }
    }

    private void AddSheet(ZipArchive source, string name, string part, CancellationToken cancellation)
    {
        var sheet = Stable(source, part);
        foreach (var (_, cell, value) in cached.Where(c => c.Sheet == name))
        {
            sheet.Descendants(Main + "c").First(c => (string?)c.Attribute("r") == cell).Add(new XElement(Main + "v", value.ToString("R")));
        }

        foreach (var blank in sheet.Descendants(Main + "c").Where(c => !c.HasElements))
        {
            blank.SetAttributeValue("t", null); // ClosedXML calls empty cells text; some readers then look for the string
        }

        var mine = charts.Where(c => c.Sheet == name).ToList();
        if (mine.Count > 0)
        {
            AddCharts(source, sheet, part, mine);
        }

        if (longSheets.FirstOrDefault(s => s.Name == name) is { } rows)
        {
            AddLong(source, rows, sheet, part, cancellation);
        }
        else
        {
            _parts[part] = stream => Save(sheet, stream);
        }
    }

    /// <summary>ClosedXML wrote the header and one styled row; the row's styles are taken over, then it is replaced by the data.</summary>
    private void AddLong(ZipArchive source, LongSheet rows, XDocument sheet, string part, CancellationToken cancellation)
    {
        var data = sheet.Root!.Element(Main + "sheetData")!;
        var sample = data.Elements(Main + "row").Last();
        string[] styles = [.. sample.Elements(Main + "c").Select(c => (string)c.Attribute("s")!)];
        sample.ReplaceWith(new XComment("rows"));
        sheet.Root.Element(Main + "dimension")?.Remove(); // optional, and not known before the rows are written
        _parts[part] = stream =>
        {
            using var text = new MemoryStream();
            Save(sheet, text);
            var xml = Encoding.UTF8.GetString(text.ToArray());
            var cut = xml.IndexOf("<!--rows-->", StringComparison.Ordinal);
            stream.Write(Encoding.UTF8.GetBytes(xml[..cut]));
            _lastRow[rows.Name] = new RowWriter(stream, styles).WriteAll(OrEmpty(rows), 2, cancellation);
            stream.Write(Encoding.UTF8.GetBytes(xml[(cut + "<!--rows-->".Length)..]));
        };
        var relationships = Xml(source, RelationshipsOf(part)).Root!.Elements(PackageRel + "Relationship");
        var table = ((string)relationships.Single(r => ((string)r.Attribute("Type")!).EndsWith("/table", StringComparison.Ordinal)).Attribute("Target")!).TrimStart('/');
        _parts[table] = stream =>
        {
            var definition = Xml(source, table);
            var reference = $"A1:{ClosedXML.Excel.XLHelper.GetColumnLetterFromNumber(rows.Columns.Count)}{_lastRow[rows.Name]}";
            definition.Root!.SetAttributeValue("ref", reference);
            definition.Root.Element(Main + "autoFilter")?.SetAttributeValue("ref", reference);
            Save(definition, stream);
        };
    }

    private static IEnumerable<object?[]> OrEmpty(LongSheet sheet)
    {
        var any = false;
        foreach (var row in sheet.Rows())
        {
            any = true;
            yield return row;
        }

        if (!any)
        {
            yield return [sheet.WhenEmpty];
        }
    }

    private void AddCharts(ZipArchive source, XDocument sheet, string part, List<Chart> mine)
    {
        var number = Path.GetFileNameWithoutExtension(part)["sheet".Length..];
        var relationships = source.GetEntry(RelationshipsOf(part)) is null ? new XDocument(new XElement(PackageRel + "Relationships")) : Xml(source, RelationshipsOf(part));
        relationships.Root!.Add(Relationship("rIdDrawing", Rel + "drawing", $"/xl/drawings/drawing{number}.xml"));
        _parts[RelationshipsOf(part)] = stream => Save(relationships, stream);
        var drawing = new XElement(Main + "drawing", new XAttribute(Rel + "id", "rIdDrawing"));
        var after = sheet.Root!.Elements().First(e => e.Name.LocalName is "tableParts" or "extLst" or "legacyDrawing");
        after.AddBeforeSelf(drawing);
        _parts[$"xl/drawings/drawing{number}.xml"] = stream => Save(DrawingXml.Of(mine), stream);
        var links = new XElement(PackageRel + "Relationships");
        for (var i = 0; i < mine.Count; i++)
        {
            var chart = mine[i];
            links.Add(Relationship($"rId{i + 1}", Rel + "chart", $"/xl/charts/chart{number}_{i + 1}.xml"));
            _parts[$"xl/charts/chart{number}_{i + 1}.xml"] = stream => Save(ChartXml.Of(chart), stream);
        }

        _parts[$"xl/drawings/_rels/drawing{number}.xml.rels"] = stream => Save(new XDocument(links), stream);
    }

    private XDocument Types(XDocument types)
    {
        types.Root!.Elements().Where(e => (string?)e.Attribute("Extension") == "psmdcp").Remove();
        Override("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
        foreach (var part in _parts.Keys)
        {
            if (part.StartsWith("xl/charts/chart", StringComparison.Ordinal))
            {
                Override(part, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml");
            }
            else if (part.StartsWith("xl/drawings/drawing", StringComparison.Ordinal))
            {
                Override(part, "application/vnd.openxmlformats-officedocument.drawing+xml");
            }
        }

        return types;

        void Override(string part, string type) =>
            types.Root.Add(new XElement(ContentTypes + "Override", new XAttribute("PartName", "/" + part), new XAttribute("ContentType", type)));
    }

    private static XDocument RootRelationships() => new(new XElement(
        PackageRel + "Relationships",
        Relationship("rId1", Rel + "officeDocument", "xl/workbook.xml"),
        Relationship("rId2", XNamespace.Get("http://schemas.openxmlformats.org/package/2006/relationships/metadata") + "core-properties", "docProps/core.xml"),
        Relationship("rId3", Rel + "extended-properties", "docProps/app.xml")));

    private static XElement Relationship(string id, XName type, string target) => new(
        PackageRel + "Relationship", new XAttribute("Id", id), new XAttribute("Type", $"{type.NamespaceName}/{type.LocalName}"), new XAttribute("Target", target));

    private static List<(string Name, string Part)> SheetParts(ZipArchive source)
    {
        var targets = Xml(source, "xl/_rels/workbook.xml.rels").Root!.Elements().ToDictionary(r => (string)r.Attribute("Id")!, r => ((string)r.Attribute("Target")!).TrimStart('/'));
        return [.. Xml(source, "xl/workbook.xml").Descendants(Main + "sheet").Select(s => ((string)s.Attribute("name")!, targets[(string)s.Attribute(Rel + "id")!]))];
    }

    /// <summary>Data bars carry random ids that tie their two halves together: numbered here in their order.</summary>
    private static XDocument Stable(ZipArchive source, string part)
    {
        var numbers = new Dictionary<string, string>();
        var xml = RandomId().Replace(Encoding.UTF8.GetString(Bytes(source.GetEntry(part)!)), found =>
            numbers.TryGetValue(found.Value, out var known) ? known : numbers[found.Value] = new Guid(numbers.Count + 1, 0, 0, new byte[8]).ToString());
        return XDocument.Parse(xml.TrimStart('\uFEFF').Replace(" gradient=\"1\"", " gradient=\"0\"", StringComparison.Ordinal)); // a bar that fades out has no end to compare
    }

    private static string RelationshipsOf(string part) => $"{Path.GetDirectoryName(part)}/_rels/{Path.GetFileName(part)}.rels";

    private static XDocument Xml(ZipArchive source, string part)
    {
        using var stream = source.GetEntry(part)!.Open();
        return XDocument.Load(stream);
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static void Save(XDocument document, Stream stream)
    {
        using var writer = System.Xml.XmlWriter.Create(stream, new System.Xml.XmlWriterSettings { Encoding = new UTF8Encoding(false) });
        document.Save(writer);
    }

    [GeneratedRegex("""(?<=id="\{|id>\{)[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?=\})""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex RandomId();
}

/// <summary>What a formula comes to, for readers that do not calculate.</summary>
internal sealed record CachedValue(string Sheet, string Cell, double Value);

internal sealed record CoreProperties(string Title, string Subject, DateTimeOffset Created)
{
    public XDocument ToXml()
    {
        XNamespace core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
        XNamespace dc = "http://purl.org/dc/elements/1.1/";
        XNamespace terms = "http://purl.org/dc/terms/";
        XNamespace xsi = "http://www.w3.org/2001/XMLSchema-instance";
        var time = Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        return new XDocument(new XElement(
            core + "coreProperties",
            new XAttribute(XNamespace.Xmlns + "cp", core), new XAttribute(XNamespace.Xmlns + "dc", dc), new XAttribute(XNamespace.Xmlns + "dcterms", terms), new XAttribute(XNamespace.Xmlns + "xsi", xsi),
            new XElement(dc + "title", Title), new XElement(dc + "subject", Subject), new XElement(dc + "creator", "HealthEval"),
            new XElement(terms + "created", new XAttribute(xsi + "type", "dcterms:W3CDTF"), time), new XElement(terms + "modified", new XAttribute(xsi + "type", "dcterms:W3CDTF"), time)));
    }
}
