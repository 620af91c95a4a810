using System.Diagnostics;
using System.Text.Json;
using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

/// <summary>How many keys a clinician presses for the usual pieces of work; a test prints what it counted, and fails when it becomes more.</summary>
public sealed class KeyCountTests(Site site)
{
    private const string FiveClaims = "Ibuprofen lowers fever within an hour. Give 10 mg/kg every six hours. It is contraindicated in dengue. A 2019 trial found no difference. Most fevers end after three days.";
    private readonly Stopwatch _clock = new();
    private int _keys;

    [Fact]
    public async Task Five_claims_with_sources_a_checklist_of_twenty_and_the_ratings_take_few_keys_and_no_mouse()
    {
        await using var clinic = await site.ClinicAsync(Lines.WithRubric("five", "Is ibuprofen fine?", FiveClaims, criteria: 11));
        var page = await clinic.SignInAsync(Roles.Annotator);
        JsonElement sent = default;
        page.Request += (_, request) => sent = JudgementIn(request) ?? sent;
        await page.Keyboard.PressAsync("n");
        await TaskForm.OpenAsync(page);
        await ClaimsAsync(page);
        Say("five claims with a source each, of which two are new", atMost: 30);
        await PressAsync(page, ["k", .. Enumerable.Repeat("y", 20)]);
        await Expect(page.Locator("#behaviour-A summary")).ToContainTextAsync("9 of 9");
        await Expect(page.Locator("#rubric-A summary")).ToContainTextAsync("11 of 11");
        Say("a checklist of twenty items", atMost: 25);
        await PressAsync(page, "j", "3", "4", "4", "4", "4", "4", "1", "j", "3", "Control+Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing for you now" }).Or(page.Locator("#submit-panel"))).ToBeVisibleAsync();
        Say("a single response, rated and handed in", atMost: 11);
        if (await page.Locator("#submit-panel").IsVisibleAsync())
        {
            Assert.Fail(await page.Locator("#submit-panel").InnerTextAsync());
        }

        var claims = sent.GetProperty("claims").EnumerateArray().ToList();
        Assert.Equal(["SUPPORTED", "SUPPORTED", "REFUTED", "SUPPORTED", "PARTLY_SUPPORTED"], claims.Select(claim => claim.GetProperty("verdict").GetString()));
        Assert.Equal(
            ["https://pubmed.ncbi.nlm.nih.gov/30215381/", "https://www.nice.org.uk/guidance/ng143", "https://www.nice.org.uk/guidance/ng143", "https://pubmed.ncbi.nlm.nih.gov/30215381/", "https://www.nice.org.uk/guidance/ng143"],
            claims.Select(claim => claim.GetProperty("evidence")[0].GetProperty("url").GetString()));
        Assert.Equal(["supports", "supports", "refutes", "supports", "supports"], claims.Select(claim => claim.GetProperty("evidence")[0].GetProperty("stance").GetString()));
    }

    [Fact]
    public async Task Three_responses_are_rated_and_ranked_with_one_key_a_question_and_can_be_corrected()
    {
        await using var clinic = await site.ClinicAsync(Lines.Three);
        var page = await clinic.SignInAsync(Roles.Annotator);
        await page.Keyboard.PressAsync("n");
        await TaskForm.OpenAsync(page);
        await PressAsync(page, [.. "444444124444441344444412121".Select(key => key.ToString()), "Control+Enter"]);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing for you now" })).ToBeVisibleAsync();
        Say("three responses, rated, ranked and handed in", atMost: 28);

        await page.GetByRole(AriaRole.Link, new() { Name = "My work" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Which is best?" }).ClickAsync();
        var accuracy = page.GetByRole(AriaRole.Group, new() { Name = "Accuracy" }).First;
        await Expect(accuracy.GetByRole(AriaRole.Radio, new() { Name = "4:" })).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Correct it" }).ClickAsync();
        await page.Keyboard.TypeAsync("I misread it.");
        await accuracy.GetByRole(AriaRole.Radio, new() { Name = "3:" }).CheckAsync();
        Assert.Empty(await Axe.SeriousAsync(page, "correction"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Hand in the correction" }).ClickAsync();
        await Expect(page.GetByText("I misread it.")).ToBeVisibleAsync();
        await Expect(accuracy.GetByRole(AriaRole.Radio, new() { Name = "3:" })).ToBeCheckedAsync();
    }

    [Theory]
    [InlineData(1, "444444144444412j3")]
    [InlineData(2, "444444134444441222")]
    public async Task A_pair_is_judged_with_a_key_a_question_under_either_guideline(int guideline, string keys)
    {
        await using var clinic = await site.ClinicAsync(1, guideline, Lines.Pair);
        var page = await clinic.SignInAsync(Roles.Annotator);
        JsonElement sent = default;
        page.Request += (_, request) => sent = JudgementIn(request) ?? sent;
        await page.Keyboard.PressAsync("n");
        await TaskForm.OpenAsync(page);
        await PressAsync(page, [.. keys.Select(key => key.ToString()), "Control+Enter"]);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing for you now" })).ToBeVisibleAsync();
        Say($"a pair under version {guideline}", atMost: 21);
        Assert.Equal("B", sent.GetProperty("preference").GetProperty("winner").GetString());
        Assert.Equal(guideline == 1, sent.GetProperty("confidence").ValueKind == JsonValueKind.Number);
        Assert.Equal(guideline == 2, sent.GetProperty("ratings")[1].TryGetProperty("confidence", out var sure) && sure.GetInt32() == 2);
    }

    [Fact]
    public async Task A_single_response_takes_at_most_eleven_keys()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(2));
        var page = await clinic.SignInAsync(Roles.Annotator);
        await PressAsync(page, "n");
        await TaskForm.OpenAsync(page);
        await PressAsync(page, "4", "4", "4", "4", "4", "4", "1", "3", "Control+Enter");
        await Expect(page.GetByText("Handed in. Here is the next task.")).ToBeVisibleAsync();
        Say("a single response from the home page to the next one", atMost: 11);
    }

    /// <summary>Two sources are named once, by PMID and by address; the others are taken from the tray by their number. Pasting counts as one key.</summary>
    private async Task ClaimsAsync(IPage page)
    {
        await PressAsync(page, "c");
        await Expect(page.Locator("[role=option]")).ToHaveCountAsync(5);
        await PressAsync(page, "1", "e");
        await PasteAsync(page, "PMID: 30215381");
        await PressAsync(page, "Enter");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "What kind of publication is it?" })).ToBeVisibleAsync();
        Assert.Empty(await Axe.SeriousAsync(page, "source tray"));
        await PressAsync(page, "1", "ArrowDown", "1", "e");
        await PasteAsync(page, "www.nice.org.uk/guidance/ng143");
        await PressAsync(page, "Enter", "ArrowDown", "3", "e", "2", "ArrowDown", "1", "e", "1", "ArrowDown", "2", "e", "2");
        await Expect(page.Locator("[role=option]").Last).ToContainTextAsync("1 source");
        Assert.Empty(await Axe.SeriousAsync(page, "claim pass"));
        await PressAsync(page, "Escape");
    }

    private static JsonElement? JudgementIn(IRequest request) =>
        request is { Method: "PUT", PostData: { } body } && request.Url.Contains("/api/annotations/", StringComparison.Ordinal) ? JsonDocument.Parse(body).RootElement.GetProperty("judgement").Clone() : null;

    private async Task PasteAsync(IPage page, string text)
    {
        _keys++;
        await Expect(page.Locator("#tray-source")).ToBeFocusedAsync();
        await page.Keyboard.InsertTextAsync(text);
    }

    private async Task PressAsync(IPage page, params IEnumerable<string> keys)
    {
        _clock.Start();
        foreach (var key in keys)
        {
            _keys++;
            await page.Keyboard.PressAsync(key);
            await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"); // nobody is faster than the screen
        }

        _clock.Stop();
    }

    private void Say(string what, int atMost)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {_keys} keys, {_clock.Elapsed.TotalSeconds:0.0} s as fast as the screen");
        Assert.InRange(_keys, 1, atMost);
        _keys = 0;
        _clock.Reset();
    }
}
