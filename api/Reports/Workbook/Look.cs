using ClosedXML.Excel;

namespace HealthEval.Reports.Workbook;

/// <summary>Colours and number formats. Colour never says anything that a word or a number beside it does not say too.</summary>
internal static class Look
{
    public const string Ink = "#16323F";
    public const string Accent = "#1B6E78";
    public const string AccentLight = "#8CC0C6";
    public const string Soft = "#EEF4F5";
    public const string Line = "#CFDADD";
    public const string Muted = "#5B6B73";
    public const string Amber = "#FDF1D3";
    public const string AmberInk = "#7A4B00";
    public const string Red = "#FBE3E1";
    public const string RedInk = "#8E1B16";
    public const string Green = "#E3F3E8";
    public const string Bar = "#9CCBD0";

    public const string Count = "#,##0";
    public const string Score = "0.00";
    public const string OneDecimal = "0.0";
    public const string Rate = "0.0%";
    public const string Time = "yyyy-mm-dd hh:mm";

    /// <summary>One colour per series, distinguishable for the colour-blind (after Okabe and Ito 2008).</summary>
    public static readonly IReadOnlyList<string> Series = ["1B6E78", "E69F00", "7A5195", "56B4E9", "C8553D", "6B8E23", "B07AA1", "4E5D6C"];

    public static XLColor Color(string html) => XLColor.FromHtml(html);

    public static string FormatOf(Headline headline) => headline.Format switch
    {
        "rate" => Rate,
        "index" => OneDecimal,
        _ => Score,
    };
}
