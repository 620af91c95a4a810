using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace HealthEval.Intake.Sheets;

/// <summary>The texts that the cells of a workbook share. They are held in memory, so their size is limited.</summary>
internal static partial class SharedStrings
{
    private const int MaxCharacters = 32 << 20;

    public static List<string> Read(Func<string, Stream?> entry, string path, IngestOptions options)
    {
        var strings = new List<string>();
        using var xml = Xml.Open(entry, path);
        var characters = 0L;
        while (xml is not null && Xml.Next(xml, "si"))
        {
            using var item = xml.ReadSubtree();
            strings.Add(Text(item));
            characters += strings[^1].Length + 16;
            if (characters > MaxCharacters)
            {
                throw new UnreadableFileException($"The workbook has more than {MaxCharacters:N0} characters of text. Send a file of this size as CSV or JSON Lines.");
            }
        }

        return strings;
    }

    /// <summary>All the runs of text inside the element that the reader is on, without phonetic hints.</summary>
    public static string Text(XmlReader item)
    {
        var text = new StringBuilder();
        var inText = false;
        var phonetic = 0;
        while (item.Read())
        {
            switch (item.NodeType)
            {
                case XmlNodeType.Element when item.LocalName is "rPh" && !item.IsEmptyElement:
                    phonetic++;
                    break;
                case XmlNodeType.EndElement when item.LocalName is "rPh":
                    phonetic--;
                    break;
                case XmlNodeType.Element when item.LocalName is "t":
                    inText = !item.IsEmptyElement;
                    break;
                case XmlNodeType.EndElement when item.LocalName is "t":
                    inText = false;
                    break;
                case XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA when inText && phonetic == 0:
                    text.Append(item.Value);
                    break;
                default:
                    break;
            }
        }

        return Unescape(text.ToString());
    }

    /// <summary>Characters that XML cannot hold are written as _xHHHH_ in a workbook.</summary>
    public static string Unescape(string text) => text.Contains("_x", StringComparison.Ordinal)
        ? Escape().Replace(text, match => ((char)int.Parse(match.Groups["code"].ValueSpan, NumberStyles.HexNumber)).ToString())
        : text;

    [GeneratedRegex("_x(?<code>[0-9A-Fa-f]{4})_", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();
}

/// <param name="Dates">Styles of cells whose number is shown as a date.</param>
/// <param name="Digits">Styles of cells whose number is shown with so many digits: 7 as 007.</param>
internal sealed record CellFormats(HashSet<int> Dates, Dictionary<int, int> Digits, bool IsFrom1904);

/// <summary>Which cell styles show a number as something else than its digits.</summary>
internal static partial class CellStyles
{
    public static CellFormats Read(Func<string, Stream?> entry, string path)
    {
        var custom = new HashSet<int>();
        var padded = new Dictionary<int, int>();
        var formats = new CellFormats([], [], IsFrom1904: false);
        using var xml = Xml.Open(entry, path);
        var cellFormats = false;
        var index = 0;
        while (xml?.Read() == true)
        {
            if (xml.NodeType is XmlNodeType.EndElement && xml.LocalName is "cellXfs")
            {
                return formats;
            }

            if (xml.NodeType is not XmlNodeType.Element)
            {
                continue;
            }

            cellFormats |= xml.LocalName is "cellXfs";
            if (xml.LocalName is "numFmt" && DateCode().IsMatch(Quoted().Replace(xml.GetAttribute("formatCode") ?? "", "")))
            {
                custom.Add(Number(xml.GetAttribute("numFmtId")));
            }
            else if (xml.LocalName is "numFmt" && xml.GetAttribute("formatCode") is { Length: > 1 and < 30 } zeros && zeros.All(c => c is '0'))
            {
                padded[Number(xml.GetAttribute("numFmtId"))] = zeros.Length;
            }
            else if (xml.LocalName is "xf" && cellFormats)
            {
                var format = Number(xml.GetAttribute("numFmtId"));
                if (format is (>= 14 and <= 22) or (>= 45 and <= 47) || custom.Contains(format))
                {
                    formats.Dates.Add(index);
                }
                else if (padded.TryGetValue(format, out var digits))
                {
                    formats.Digits[index] = digits;
                }

                index++;
            }
        }

        return formats;
    }

    private static int Number(string? text) => int.TryParse(text, out var number) ? number : 0;

    [GeneratedRegex("[dmyhs]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DateCode();

    [GeneratedRegex("\"[^\"]*\"|\\\\.|\\[[^\\]]*\\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
