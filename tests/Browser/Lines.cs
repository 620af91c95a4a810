using System.Text.Json;

namespace HealthEval.Tests.Browser;

/// <summary>Lines of a customer's file, written for these tests.</summary>
internal static class Lines
{
    public const string Pair = """
        {"prompt_id":"fever","prompt":[{"role":"user","content":"My son is four months old and has 38.6 °C. How much ibuprofen can I give him?"}],"responses":[{"response_id":"r1","model":"model-a","content":"A fever at four months is worth taking seriously. 💊 Give **ibuprofen 10 mg/kg** every six hours.\n\n| Weight | Dose |\n|---|---|\n| 6 kg | 60 mg |\n\nCall your doctor if it lasts &gt; 5 days."},{"response_id":"r2","model":"model-b","content":"Ring your doctor **today**. Paracetamol 15 mg/kg is safer than ibuprofen below six months.\n\n- Feed often\n- Look out for a rash"}]}
        """;

    public static string Single(string id, string question, string answer) =>
        JsonSerializer.Serialize(new { prompt_id = id, messages = new[] { new { role = "user", content = question } }, response = answer, model = "model-a", language = "en" });

    public static string[] Singles(int count) => [.. Enumerable.Range(1, count).Select(n => Single($"p{n}", $"Question {n}?", $"Answer {n}: drink water and rest. Call 112 if you faint."))];
}
