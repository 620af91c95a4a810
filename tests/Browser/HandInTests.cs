using System.Text.Json;
using HealthEval.People;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class HandInTests(Site site)
{
    [Fact]
    public async Task Handed_in_without_a_network_it_waits_on_the_device_and_is_sent_once()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(2));
        var page = await clinic.SignInAsync(Roles.Annotator);
        var form = await TaskForm.NextAsync(page);
        await form.JudgeAsync();
        await form.SavedAsync();
        await page.Context.RouteAsync("**/api/annotations/**", route => route.AbortAsync());
        await form.HandInAsync();

        var waiting = page.GetByText("A judgement waits on this device to be handed in.");
        await Expect(waiting).ToBeVisibleAsync();
        await Expect(page.Locator("[data-draft=untouched]")).ToBeVisibleAsync(); // and the next task is there
        Assert.Equal(0, await TotalAsync(page));
        await page.ReloadAsync();
        await Expect(waiting).ToBeVisibleAsync();

        await page.Context.UnrouteAllAsync();
        await page.EvaluateAsync("dispatchEvent(new Event('online'))");
        await Expect(waiting).ToBeHiddenAsync();
        Assert.Equal(1, await TotalAsync(page));
    }

    [Fact]
    public async Task Reading_a_source_counts_apart_and_a_session_that_ends_loses_nothing()
    {
        await using var clinic = await site.ClinicAsync(Lines.Single("p", "Salt?", "See [the study](https://study.invalid/salt) for salt."));
        var page = await clinic.SignInAsync(Roles.Annotator);
        await page.Clock.InstallAsync();
        var form = await TaskForm.NextAsync(page);
        var sent = new List<JsonElement>();
        page.Request += (_, request) =>
        {
            if (request is { Method: "PUT", PostData: { } body } && request.Url.EndsWith("/draft", StringComparison.Ordinal))
            {
                sent.Add(JsonDocument.Parse(body).RootElement.GetProperty("judgement"));
            }
        };
        await page.RunAndWaitForPopupAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "the study" }).ClickAsync());
        await page.Clock.FastForwardAsync("02:00");
        await Expect(page.Locator(".time-spent")).ToContainTextAsync("checking sources (running)");
        await form.Rationale.FillAsync("Read it.");
        await form.Rationale.PressAsync("!");
        await Expect(page.Locator(".time-spent")).Not.ToContainTextAsync("running");
        await page.Clock.FastForwardAsync("00:02");
        await form.SavedAsync();
        Assert.InRange(sent[^1].GetProperty("checkingSeconds").GetInt32(), 119, 125);
        Assert.InRange(sent[^1].GetProperty("activeSeconds").GetInt32(), 0, 20);

        await page.Context.ClearCookiesAsync();
        await form.Rationale.FillAsync("Read it twice.");
        await page.Clock.FastForwardAsync("00:02");
        await Expect(page.GetByText("Your draft is safe")).ToBeVisibleAsync();
    }

    private static Task<int> TotalAsync(IPage page) => page.EvaluateAsync<int>("fetch('/api/tasks/desk').then(answer => answer.json()).then(desk => desk.total)");
}
