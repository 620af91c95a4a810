using HealthEval.Http;
using HealthEval.People;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HealthEval.Tests.Browser;

public sealed class OfflineTests(Site site)
{
    [Fact]
    public async Task The_form_opens_and_works_without_a_network_and_hands_in_when_there_is_one_again()
    {
        await using var clinic = await site.ClinicAsync(Lines.Singles(5));
        await using var wire = new Wire(clinic.Url);
        var page = await clinic.SignInAsync(Roles.Annotator, at: wire.Url);
        await TaskForm.NextAsync(page);
        await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => {})");
        await TaskForm.UntilAsync(page, "Object.keys(localStorage).filter(key => key.endsWith(':held')).length === 3"); // the one in hand and two further ones

        wire.PullOut();
        await page.ReloadAsync();
        var form = await TaskForm.OpenAsync(page);
        for (var task = 1; task <= 3; task++)
        {
            await form.JudgeAsync();
            await form.HandInAsync();
            await Expect(page.Locator(".outbox")).ToContainTextAsync(task == 1 ? "A judgement waits" : $"{task} judgements wait");
        }

        await Expect(page.GetByText("The server cannot be reached").First).ToBeVisibleAsync(); // no fourth task is kept
        await page.ReloadAsync();
        await Expect(page.Locator(".outbox")).ToContainTextAsync("3 judgements wait");

        wire.PlugIn();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try now" }).First.ClickAsync();
        await Expect(page.Locator(".outbox")).ToBeHiddenAsync();
        Assert.Equal(3, await page.EvaluateAsync<int>("fetch('/api/tasks/desk').then(answer => answer.json()).then(desk => desk.total)"));
    }

    [Fact]
    public async Task An_update_of_the_form_is_never_hidden_behind_what_is_kept()
    {
        await using var clinic = await site.ClinicAsync();
        using var folder = new TempFolder();
        Copy(WebForm.Folder(new ConfigurationBuilder().Build())!, folder["form"]);
        using var program = await RealProcess.ServeAsync(folder["data"], new Dictionary<string, string> { ["Web__Root"] = folder["form"] });
        await using var wire = new Wire(program.Url);
        var page = await clinic.WindowAsync(keepsForm: true);
        await page.GotoAsync(wire.Url);
        await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => {})");
        await Expect(page.Locator("meta[name=form]")).ToHaveCountAsync(0);

        Change(Path.Combine(folder["form"], "index.html"), "<head>", "<head><meta name=\"form\" content=\"second\">");
        Change(Path.Combine(folder["form"], "sw.js"), "const version = '", "const version = 'second");
        await page.ReloadAsync();
        await Expect(page.Locator("meta[name=form]")).ToHaveCountAsync(1); // at once, not at the next visit
        await TaskForm.UntilAsync(page, "caches.keys().then(names => names.some(name => name.includes('second')))");
        await TaskForm.UntilAsync(page, "navigator.serviceWorker.getRegistration().then(one => one.active?.state === 'activated' && !one.installing && !one.waiting)");

        wire.PullOut();
        await page.ReloadAsync();
        await Expect(page.Locator("meta[name=form]")).ToHaveCountAsync(1); // nor when the network is gone
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Change(string file, string from, string to)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));
    }
}
