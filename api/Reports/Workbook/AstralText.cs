using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HealthEval.Reports.Workbook;

/// <summary>
/// ClosedXML escapes each half of a character beyond the first 65,536 by itself; Excel puts them together, pandas and openpyxl show <c>_xD83D__xDC8A_</c>. XML can hold the
/// character itself. A text that really says so has its underscores escaped and is left alone.
/// </summary>
internal static partial class AstralText
{
    public static byte[] Whole(byte[] xml) => xml.AsSpan().IndexOf("_xD"u8) < 0 && xml.AsSpan().IndexOf("_xd"u8) < 0 ? xml
        : Encoding.UTF8.GetBytes(Pair().Replace(Encoding.UTF8.GetString(xml), match => $"{Half(match.Groups["high"])}{Half(match.Groups["low"])}"));

    private static char Half(Group code) => (char)int.Parse(code.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex("_x(?<high>D[89AB][0-9A-F]{2})__x(?<low>D[C-F][0-9A-F]{2})_", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Pair();
}
