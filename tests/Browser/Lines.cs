using System.Text.Json;

namespace HealthEval.Tests.Browser;

/// <summary>Lines of a customer's file, written for these tests.</summary>
internal static class Lines
{
    public const string Pair = """
        {"prompt_id":"fever","prompt":[{"role":"user","content":"My son is four months old and has 38.6 °C. How much ibuprofen can I give him?"}],"responses":[{"response_id":"r1","model":"model-a","content":"A fever at four months is worth taking seriously. 💊 Give **ibuprofen 10 mg/kg** every six hours.\n\n| Weight | Dose |\n|---|---|\n| 6 kg | 60 mg |\n\nCall your doctor if it lasts &gt; 5 days."},{"response_id":"r2","model":"model-b","content":"Ring your doctor **today**. Paracetamol 15 mg/kg is safer than ibuprofen below six months.\n\n- Feed often\n- Look out for a rash"}]}
        """;

    public const string Three = """
        {"prompt_id":"three","prompt":[{"role":"user","content":"Which is best?"}],"responses":[{"response_id":"r1","content":"Rest and drink water."},{"response_id":"r2","content":"Call your doctor today."},{"response_id":"r3","content":"Wait and see."}]}
        """;

    /// <summary>Everything that is wider than a phone, and text that runs the other way.</summary>
    public static readonly string Wide = Single(
        "wide", "What does this mean?\n\n```\n" + new string('x', 400) + "\n```",
        "Here is the code:\n\n```\n" + new string('y', 400) + "\n```\n\n| " + string.Join(" | ", Enumerable.Range(1, 14).Select(n => $"Column number {n}")) + " |\n|" +
        string.Concat(Enumerable.Repeat("---|", 14)) + "\n| " + string.Join(" | ", Enumerable.Range(1, 14).Select(n => $"Value {n} in milligrams")) + " |\n\n- اشرب الماء كثيرا\n- استرح في البيت\n\n| الوزن | الجرعة |\n|---|---|\n| ستة | ستون |\n\n" +
        string.Join("\n\n", Enumerable.Range(1, 25).Select(n => $"Paragraph {n} says to drink water and to rest for a while.")));

    public static string Single(string id, string question, string answer) =>
        JsonSerializer.Serialize(new { prompt_id = id, messages = new[] { new { role = "user", content = question } }, response = answer, model = "model-a", language = "en" });

    /// <summary>A single answer with so many rubric criteria.</summary>
    public static string WithRubric(string id, string question, string answer, int criteria) => JsonSerializer.Serialize(new
    {
        prompt_id = id,
        prompt = new[] { new { role = "user", content = question } },
        responses = new[] { new { response_id = "r1", content = answer } },
        rubrics = Enumerable.Range(1, criteria).Select(n => new { criterion = $"Says thing number {n}", points = 1 }),
    });

    /// <summary>Two claims came with it: one in the text, one in other words.</summary>
    public const string WithClaims = """
        {"prompt_id":"given","prompt":[{"role":"user","content":"What helps?"}],"responses":[{"response_id":"r1","content":"Drink water. Take 500 mg twice a day.","claims":[{"quote":"Take 500 mg twice a day.","importance":"must"},{"quote":"The dose suits adults."}]}]}
        """;

    /// <summary>Two long answers that differ in a word a paragraph.</summary>
    public static readonly string Long = JsonSerializer.Serialize(new
    {
        prompt_id = "long",
        prompt = new[] { new { role = "user", content = "What shall I drink?" } },
        responses = new[] { "water", "tea" }.Select(drink => new { response_id = drink, content = string.Join("\n\n", Enumerable.Range(1, 40).Select(n => $"Paragraph {n}: drink {drink} and rest for a while.")) }),
    });

    /// <summary>Prompts that three models have answered.</summary>
    public static string[] Compared(int prompts) => [.. Enumerable.Range(1, prompts).Select(n => JsonSerializer.Serialize(new
    {
        prompt_id = $"compared-{n}",
        prompt = new[] { new { role = "user", content = $"Question {n}?" } },
        responses = new[] { "aster", "birch", "cedar" }.Select(model => new { response_id = $"{model}-{n}", model, content = $"{model} says: rest, and see a doctor within {n} days." }),
    }))];

    /// <summary>Answers to one prompt, as a task each; the last two share a sentence.</summary>
    public static string[] OnePrompt(params string[] answers) => [.. answers.Select((answer, n) =>
        JsonSerializer.Serialize(new { prompt_id = "same", prompt = new[] { new { role = "user", content = "What helps?" } }, responses = new[] { new { response_id = $"same-{n}", content = answer } } }))];

    public static string[] Singles(int count) => [.. Enumerable.Range(1, count).Select(n => Single($"p{n}", $"Question {n}?", $"Answer {n}: drink water and rest. Call 112 if you faint."))];
}
