namespace HealthEval.Intake.Formats;

/// <summary>Languages by their English names, as chat logs give them, as language tags.</summary>
internal static class Languages
{
    private const string Known =
        "afrikaans af albanian sq amharic am arabic ar armenian hy azerbaijani az basque eu belarusian be bengali bn bosnian bs bulgarian bg burmese my catalan ca chinese zh croatian hr czech cs danish da "
        + "dutch nl english en estonian et filipino fil finnish fi french fr galician gl georgian ka german de greek el gujarati gu hausa ha hebrew he hindi hi hungarian hu icelandic is igbo ig indonesian id "
        + "irish ga italian it japanese ja kannada kn kazakh kk khmer km korean ko kurdish ku kyrgyz ky lao lo latin la latvian lv lithuanian lt macedonian mk malay ms malayalam ml maltese mt mandarin zh marathi mr "
        + "mongolian mn nepali ne norwegian no pashto ps persian fa farsi fa polish pl portuguese pt punjabi pa romanian ro russian ru serbian sr sinhala si slovak sk slovenian sl somali so spanish es swahili sw "
        + "swedish sv tagalog tl tajik tg tamil ta telugu te thai th tibetan bo turkish tr ukrainian uk urdu ur uzbek uz vietnamese vi welsh cy xhosa xh yoruba yo zulu zu";

    private static readonly Dictionary<string, string> ByName = Known.Split(' ').Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);

    /// <summary>Null for nothing and for <c>unknown</c>; what is no known name stays as it is.</summary>
    public static string? TagOf(string? language) =>
        string.IsNullOrWhiteSpace(language) || language.Trim().Equals("unknown", StringComparison.OrdinalIgnoreCase) ? null
        : ByName.GetValueOrDefault(language.Trim(), language.Trim().Replace('_', '-'));
}
