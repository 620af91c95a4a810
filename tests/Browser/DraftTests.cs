using System.Collections.Concurrent;
using HealthEval.People;
using HealthEval.Tests.TestHost;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class DraftTests(Site site)
{
    [Fact]
    public async Task A_draft_survives_a_dropped_network_and_a_reload()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(2));
        var page = await clinic.SignInAsync(Roles.Annotator);
        var form = await TaskForm.NextAsync(page);
        await form.Rationale.FillAsync("Acknowledged.");
        await form.SavedAsync();

        await page.Context.SetOfflineAsync(true);
        await form.Rationale.FillAsync("Written without a network.");
        await Expect(form.Draft).ToContainTextAsync("Offline – kept on this device");

        await page.Context.RouteAsync("**/draft", route => route.AbortAsync()); // so that only the device can have kept it
        await page.Context.SetOfflineAsync(false);
        await page.ReloadAsync();
        form = await TaskForm.OpenAsync(page);
        await Expect(form.Rationale).ToHaveValueAsync("Written without a network.");
        await Expect(form.Draft).ToContainTextAsync("Offline");

        var asked = page.WaitForRequestAsync("**/draft");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try now" }).ClickAsync();
        await asked;

        // The page also tries by itself, at longer and longer intervals: once nothing stops it the button may be gone before a click, so the browser says that it is online.
        await page.Context.UnrouteAllAsync();
        await page.EvaluateAsync("dispatchEvent(new Event('online'))");
        await form.SavedAsync();

        await page.EvaluateAsync("localStorage.clear()");
        await page.ReloadAsync();
        form = await TaskForm.OpenAsync(page);
        await Expect(form.Rationale).ToHaveValueAsync("Written without a network.");
    }

    [Fact]
    public async Task What_was_written_last_is_saved_before_a_task_is_given_back_and_when_the_page_is_left()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(3));
        var page = await clinic.SignInAsync(Roles.Annotator);
        var form = await TaskForm.NextAsync(page);
        var calls = new ConcurrentQueue<string>();
        page.Request += (_, request) =>
        {
            if (request.Method == "DELETE" || request.PostData?.Contains("last sentence", StringComparison.Ordinal) == true)
            {
                calls.Enqueue($"{request.Method} {new Uri(request.Url).AbsolutePath.Split('/')[^1]}");
            }
        };

        await form.Rationale.FillAsync("The last sentence.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give back" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Outside my expertise" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Give it back" }).ClickAsync();
        await Until.TrueAsync("the task to be given back", () => Task.FromResult(calls.Contains("DELETE lease")));
        Assert.Equal(["PUT draft", "DELETE lease"], calls.Take(2));

        form = await TaskForm.OpenAsync(page);
        await Expect(form.Rationale).ToHaveValueAsync("");
        calls.Clear();
        await form.Rationale.FillAsync("Another last sentence.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Home", Exact = true }).ClickAsync();
        await Until.TrueAsync("the draft to be sent", () => Task.FromResult(calls.Contains("PUT draft")));
    }

    [Fact]
    public async Task Two_tabs_on_one_task_leave_one_record()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(2));
        var page = await clinic.SignInAsync(Roles.Annotator);
        var first = await TaskForm.NextAsync(page);
        await first.JudgeAsync();
        await first.SavedAsync();

        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(page.Url);
        var second = await TaskForm.OpenAsync(other);
        await Expect(other.GetByText("Everything needed is there")).ToBeVisibleAsync();
        var ids = new List<string>();
        var clicked = new TaskCompletionSource();
        await page.Context.RouteAsync("**/api/annotations/**", async route =>
        {
            if (route.Request.Method == "PUT")
            {
                lock (ids)
                {
                    ids.Add(route.Request.Url);
                }
            }

            await clicked.Task; // so that the second tab hands in before it hears of the first
            await route.ContinueAsync();
        });
        await Task.WhenAll(first.HandInAsync(), second.HandInAsync());
        clicked.SetResult();
        foreach (var tab in new[] { page, other })
        {
            await Expect(tab.Locator("[data-draft=untouched]").Or(tab.GetByText("in another tab")).First).ToBeVisibleAsync();
        }

        Assert.Single(ids.Distinct());
        var desk = await page.EvaluateAsync<int>("fetch('/api/tasks/desk').then(answer => answer.json()).then(desk => desk.total)");
        Assert.Equal(1, desk);
    }

    [Fact]
    public async Task The_draft_of_another_tab_is_shown_and_can_be_taken()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(1));
        var page = await clinic.SignInAsync(Roles.Annotator);
        var mine = await TaskForm.NextAsync(page);
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(page.Url);
        var theirs = await TaskForm.OpenAsync(other);
        await theirs.Rationale.FillAsync("Theirs.");
        await theirs.SavedAsync();

        await mine.Rationale.FillAsync("Mine.");
        await Expect(mine.Draft).ToContainTextAsync("A newer draft exists elsewhere");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the differences" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Theirs.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take the newer one" }).ClickAsync();
        await Expect(mine.Rationale).ToHaveValueAsync("Theirs.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(mine.Rationale).ToHaveValueAsync("Mine.");
    }
}
