namespace HealthEval.Intake.Formats;

/// <summary>Never more of a customer's file in a message than this.</summary>
internal static class Excerpt
{
    public static string Of(string text, int most)
    {
        var plain = string.Create(Math.Min(text.Length, most), text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? ' ' : source[i];
            }
        });
        return text.Length > most ? plain + "…" : plain;
    }
}
