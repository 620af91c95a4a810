using System.Text.Json;
using HealthEval.People;
using HealthEval.Tests.TestHost;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

/// <summary>Where the focus is after every add, delete, close and hand-in: a row of FocusCases.json each, in the order in which a person would come by them.</summary>
public sealed class FocusTests(Site site)
{
    private const string Answer = "Drink water and rest. Take ten tablets at once. Call 112 if you faint.";

    private const string Mark = """
        words => {
            const texts = document.createTreeWalker(document.querySelector('.answer'), NodeFilter.SHOW_TEXT);
            while (texts.nextNode() && !texts.currentNode.data.includes(words));
            const text = texts.currentNode, from = text.data.indexOf(words), answer = document.querySelector('.answer');
            answer.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerType: 'mouse' }));
            getSelection().setBaseAndExtent(text, from, text, from + words.length);
            answer.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, pointerType: 'mouse' }));
        }
        """;

    private static readonly List<Row> Rows = JsonSerializer.Deserialize<List<Row>>(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "Browser", "FocusCases.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public async Task It_goes_somewhere_sensible_after_every_add_delete_close_and_hand_in()
    {
        await using var clinic = await site.ClinicAsync(Line("p1", Answer), Line("p2", $"{Answer} Rest well."));
        var page = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(page);
        var lost = new List<string>();
        foreach (var row in Rows)
        {
            foreach (var step in row.Do)
            {
                var (act, what) = (step[..step.IndexOf(' ', StringComparison.Ordinal)], step[(step.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
                await StepAsync(page, act, what);
            }

            if (!await IsThereAsync(page, row.Focus))
            {
                lost.Add($"{row.What}: not {row.Focus}, but {await page.EvaluateAsync<string>("document.activeElement.outerHTML.slice(0, 120)")}");
            }
        }

        Assert.Empty(lost);
        Assert.True(Rows.Count > 50);
    }

    private static async Task StepAsync(IPage page, string act, string what)
    {
        await (act switch
        {
            "press" => page.Keyboard.PressAsync(what),
            "type" => page.Keyboard.TypeAsync(what),
            "click" => page.Locator(what).First.ClickAsync(),
            "go" => page.EvaluateAsync("to => location.hash = to", what),
            "mark" => MarkAsync(page, what),
            _ => throw new InvalidOperationException($"No such act: {act}"),
        });
        await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    private static async Task MarkAsync(IPage page, string words)
    {
        await page.EvaluateAsync(Mark, words);
        await Assertions.Expect(page.Locator(".span-editor input[name=span-kind]").First).ToBeFocusedAsync();
    }

    private static async Task<bool> IsThereAsync(IPage page, string place)
    {
        for (var tries = 0; tries < 150; tries++)
        {
            if (await page.Locator(place).EvaluateAllAsync<bool>("found => found.includes(document.activeElement)"))
            {
                return true;
            }

            await Task.Delay(100);
        }

        return false;
    }

    private static string Line(string id, string answer) => JsonSerializer.Serialize(new
    {
        prompt_id = id,
        messages = new[]
        {
            new { role = "user", content = "I am allergic to penicillin and 34 weeks pregnant. What now?" }, new { role = "assistant", content = "Tell me more." },
            new { role = "user", content = "I have a fever of 39 °C." },
        },
        response = answer,
        must_have = new[] { "Says to rest", "Says to call" },
    });

    private sealed record Row(string What, List<string> Do, string Focus);
}
