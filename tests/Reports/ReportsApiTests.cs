using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using HealthEval.People;
using HealthEval.Reports;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.AspNetCore.WebUtilities;

namespace HealthEval.Tests.Reports;

public sealed class ReportsApiTests
{
    [Fact]
    public async Task A_customer_sees_the_weeks_and_downloads_what_a_lead_compiled()
    {
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var (lead, customer) = (await app.SignedInAsync(Roles.Lead), await app.SignedInAsync(Roles.Customer, WeekSample.ProjectId));
        Assert.Equal(["2026-W48 open", "2026-W47 due"], await StatesAsync(customer));

        var compiled = await (await CompiledAsync(lead, "reports/p1/2026-W47", () => null)).JsonAsync();
        Assert.Equal("compiled", (string?)compiled["state"]);
        Assert.Equal(ReportFiles.Listed, compiled["files"]!.AsArray().Select(f => (string)f!["path"]!));
        Assert.Equal(["2026-W48 open", "2026-W47 compiled"], await StatesAsync(customer));

        var workbook = await customer.GetAsync("reports/p1/2026-W47/workbook");
        var bytes = TestStorage.IsAzure ? await LinkedAsync(app, workbook) : await workbook.Content.ReadAsByteArrayAsync();
        if (!TestStorage.IsAzure)
        {
            Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook.Content.Headers.ContentType?.MediaType);
            Assert.Equal("p1-2026-W47.xlsx", workbook.Content.Headers.ContentDisposition?.FileName);
        }

        Assert.Equal((string?)compiled["workbookSha256"], HealthEval.Storage.Sha.Of(bytes));
        using var opened = new OpenedWorkbook(SpreadsheetDocument.Open(new MemoryStream(bytes), isEditable: false));
        Assert.Empty(opened.Errors);
    }

    /// <summary>What the address is of; it has expired for the emulator, whose clock is not the test's.</summary>
    private static async Task<byte[]> LinkedAsync(TestApp app, HttpResponseMessage redirect)
    {
        var link = redirect.Headers.Location!;
        var query = QueryHelpers.ParseQuery(link.Query);
        Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
        Assert.EndsWith("/reports/p1/2026-W47/workbook.xlsx", link.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(("r", "2026-11-25T09:05:00Z", "attachment; filename=\"p1-2026-W47.xlsx\""), (query["sp"].ToString(), query["se"].ToString(), query["rscd"].ToString()));
        await using var file = await app.Files.OpenAsync("reports/p1/2026-W47/workbook.xlsx", default);
        using var copy = new MemoryStream();
        await file!.CopyToAsync(copy);
        return copy.ToArray();
    }

    [Fact]
    public async Task The_downloaded_data_verify_after_unpacking()
    {
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var lead = await app.SignedInAsync(Roles.Lead);
        (await CompiledAsync(lead, "reports/p1/2026-W47", () => null)).EnsureSuccessStatusCode();
        using var folder = new TempFolder();
        var data = await lead.GetAsync("reports/p1/2026-W47/data");
        Assert.Equal("application/zip", data.Content.Headers.ContentType?.MediaType);
        await ZipFile.ExtractToDirectoryAsync(await data.Content.ReadAsStreamAsync(), folder.Path);
        Assert.Empty((await Verification.OfAsync(folder.Path, default)).Differences);
        var manifest = await (await lead.GetAsync("reports/p1/2026-W47/manifest")).JsonAsync();
        Assert.Equal("2026-W47", (string?)manifest["week"]);
    }

    [Fact]
    public async Task Compiling_again_says_that_nothing_has_changed()
    {
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var lead = await app.SignedInAsync(Roles.Lead);
        var first = await (await CompiledAsync(lead, "reports/p1/2026-W47", () => null)).JsonAsync();
        app.Time.Advance(TimeSpan.FromDays(3));
        var second = await (await CompiledAsync(lead, "reports/p1/2026-W47", () => Body.Of(new { reason = "just to be sure" }))).JsonAsync();
        Assert.Equal(("compiled", "unchanged"), ((string?)first["outcome"], (string?)second["outcome"]));
        first.AsObject().Remove("outcome");
        second.AsObject().Remove("outcome");
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public async Task Changed_data_become_a_revision_with_a_reason_and_both_reports_can_be_had()
    {
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var lead = await app.SignedInAsync(Roles.Lead);
        var first = await (await CompiledAsync(lead, "reports/p1/2026-W47", () => null)).JsonAsync();
        var firstManifest = await (await lead.GetAsync("reports/p1/2026-W47/manifest")).Content.ReadAsByteArrayAsync();
        await new WeekSample(seed: 99, tasks: 14).StoreAsync(app.Store);
        Assert.Equal("reason_needed", await (await CompiledAsync(lead, "reports/p1/2026-W47", () => null)).ProblemAsync(409));
        Assert.Equal("reason_needed", await (await CompiledAsync(lead, "reports/p1/2026-W47", () => Body.Of(new { reason = "  " }))).ProblemAsync(409));
        Assert.Equal((string?)first["workbookSha256"], (string?)(await (await lead.GetAsync("reports/p1/2026-W47")).JsonAsync())["workbookSha256"]);

        var second = await (await CompiledAsync(lead, "reports/p1/2026-W47", () => Body.Of(new { reason = "Two tasks were missing." }))).JsonAsync();
        Assert.Equal(("revised", 2, "Two tasks were missing."), ((string?)second["outcome"], (int)second["revision"]!, (string?)second["reason"]));
        Assert.Equal((1, (string?)first["workbookSha256"]), ((int)second["replaced"]![0]!["revision"]!, (string?)second["replaced"]![0]!["workbookSha256"]));
        var manifest = (await (await lead.GetAsync("reports/p1/2026-W47/manifest")).JsonAsync())["revision"]!;
        Assert.Equal((2, HealthEval.Storage.Sha.Of(firstManifest)), ((int)manifest["number"]!, (string?)manifest["replaces"]));

        foreach (var (revision, hash) in new[] { (1, first["workbookSha256"]), (2, second["workbookSha256"]) })
        {
            using var folder = new TempFolder();
            await ZipFile.ExtractToDirectoryAsync(await (await lead.GetAsync($"reports/p1/2026-W47/data?revision={revision}")).Content.ReadAsStreamAsync(), folder.Path);
            Assert.Empty((await Verification.OfAsync(folder.Path, default)).Differences);
            Assert.Equal((string?)hash, HealthEval.Storage.Sha.Of(await File.ReadAllBytesAsync(folder[ReportFiles.Workbook])));
        }

        Assert.Equal(firstManifest, await (await lead.GetAsync("reports/p1/2026-W47/manifest?revision=1")).Content.ReadAsByteArrayAsync());
        Assert.Equal("not_found", await (await lead.GetAsync("reports/p1/2026-W47/manifest?revision=3")).ProblemAsync(404));
        await new WeekSample(seed: 7, tasks: 15).StoreAsync(app.Store);
        var third = await (await CompiledAsync(lead, "reports/p1/2026-W47", () => Body.Of(new { reason = "One more." }))).JsonAsync();
        Assert.Equal([2, 1], third["replaced"]!.AsArray().Select(r => (int)r!["revision"]!));
    }

    [Fact]
    public async Task A_download_verifies_with_the_published_key_and_with_no_other()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "There the key is in a vault: VaultSignerTests.");
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var lead = await app.SignedInAsync(Roles.Lead);
        (await CompiledAsync(lead, "reports/p1/2026-W47", () => null)).EnsureSuccessStatusCode();
        var keys = PublicKey.Parse(await app.Anonymous().GetStringAsync("keys"))!;
        using var folder = new TempFolder();
        await ZipFile.ExtractToDirectoryAsync(await (await lead.GetAsync("reports/p1/2026-W47/data")).Content.ReadAsStreamAsync(), folder.Path);
        var verified = await Verification.OfAsync(folder.Path, default, keys);
        Assert.Empty(verified.Differences);
        Assert.Contains(keys[0].KeyId, verified.Origin, StringComparison.Ordinal);
        Assert.Contains("not checked", (await Verification.OfAsync(folder.Path, default)).Origin, StringComparison.Ordinal);

        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        Assert.Contains("is signed with key", Assert.Single((await Verification.OfAsync(folder.Path, default, [PublicKey.Of(other)])).Differences), StringComparison.Ordinal);
        Assert.False(OperatingSystem.IsLinux() && File.GetUnixFileMode(Path.Combine(app.Folder, FileSigner.FileName)) != (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task A_campaign_over_all_weeks_is_a_report_like_any_other()
    {
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var (lead, customer) = (await app.SignedInAsync(Roles.Lead), await app.SignedInAsync(Roles.Customer, WeekSample.ProjectId));
        Assert.Contains("422", $"{(int)(await CompiledAsync(lead, "reports/p1/campaigns", () => Body.Of(new { from = "2026-W47", to = "2026-W46" }))).StatusCode}", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PostAsync("reports/p1/campaigns", Body.Of(new { }))).StatusCode);
        var made = await (await CompiledAsync(lead, "reports/p1/campaigns", () => Body.Of(new { to = "2026-W47" }))).JsonAsync();
        Assert.Equal(("compiled", "compiled", "2026-W47"), ((string?)made["outcome"], (string?)made["state"], (string?)made["name"]));
        var key = (string)made["week"]!;
        Assert.Equal(key, (string?)(await (await customer.GetAsync("reports/p1/campaigns")).JsonAsync())["campaigns"]![0]!["week"]);
        using var folder = new TempFolder();
        await ZipFile.ExtractToDirectoryAsync(await (await customer.GetAsync($"reports/p1/{key}/data")).Content.ReadAsStreamAsync(), folder.Path);
        Assert.Empty((await Verification.OfAsync(folder.Path, default)).Differences);
        var figures = await (await customer.GetAsync($"reports/p1/{key}/figures")).JsonAsync();
        Assert.True((bool)figures["campaign"]!);
        Assert.Equal(24, (int)figures["counts"]!["judgements"]!);
        Assert.Equal("unchanged", (string?)(await (await CompiledAsync(lead, $"reports/p1/{key}", () => null)).JsonAsync())["outcome"]);
        Assert.Equal("invalid_week", await (await customer.GetAsync("reports/p1/c-000000000000/workbook")).ProblemAsync(422));
    }

    [Fact]
    public async Task The_running_week_can_be_compiled_and_says_that_it_is_open()
    {
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));
        var lead = await app.SignedInAsync(Roles.Lead);
        var view = await (await CompiledAsync(lead, "reports/p1/2026-W47", () => null)).JsonAsync();
        Assert.Equal("open", (string?)view["state"]);
        Assert.NotNull(view["compiledAt"]);
        Assert.Equal("week_not_begun", await (await lead.PostAsync("reports/p1/2026-W48", null)).ProblemAsync(409));
    }

    [Fact]
    public async Task Missing_values_are_null_not_absent_so_that_a_page_can_tell()
    {
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var lead = await app.SignedInAsync(Roles.Lead);
        var week = (await (await lead.GetAsync("reports/p1")).JsonAsync())["weeks"]![0]!.AsObject();
        Assert.True(week.ContainsKey("compiledAt"));
        Assert.Null(week["compiledAt"]);
        Assert.True(week.ContainsKey("workbookSha256"));
    }

    [Theory]
    [InlineData("2026-W60")]
    [InlineData("2026-47")]
    [InlineData("..%2F..%2Fp2%2F2026-W47")]
    [InlineData("%2e%2e")]
    public async Task A_week_that_is_none_is_refused_everywhere(string week)
    {
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var lead = await app.SignedInAsync(Roles.Lead);
        foreach (var path in new[] { "", "/workbook", "/data", "/manifest" })
        {
            var answer = await lead.GetAsync($"reports/p1/{week}{path}");
            Assert.True(answer.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound, $"{week}{path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task A_customer_of_another_project_and_a_rater_get_nothing()
    {
        await using var app = await StartAsync(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        (await (await app.SignedInAsync(Roles.Lead)).PostAsync("reports/p1/2026-W47", null)).EnsureSuccessStatusCode();
        var (other, rater) = (await app.SignedInAsync(Roles.Customer, "p2"), await app.SignedInAsync(Roles.Annotator));
        foreach (var path in new[] { "reports/p1", "reports/p1/2026-W47", "reports/p1/2026-W47/workbook", "reports/p1/2026-W47/data", "reports/p1/2026-W47/manifest" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await rater.GetAsync(path)).StatusCode);
        }

        var customer = await app.SignedInAsync(Roles.Customer, WeekSample.ProjectId);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PostAsync("reports/p1/2026-W47", null)).StatusCode);
    }

    [Fact]
    public async Task A_project_without_judgements_has_no_weeks_and_an_unknown_one_is_missing()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("empty");
        var lead = await app.SignedInAsync(Roles.Lead);
        Assert.Empty((await (await lead.GetAsync("reports/empty")).JsonAsync())["weeks"]!.AsArray());
        Assert.Equal("not_found", await (await lead.GetAsync("reports/nothing")).ProblemAsync(404));
        Assert.Equal("not_found", await (await lead.GetAsync("reports/empty/2026-W46/workbook")).ProblemAsync(404));
    }

    /// <summary>The program's own timer may be at the week at this moment: then it is asked for again, as the answer says.</summary>
    private static async Task<HttpResponseMessage> CompiledAsync(HttpClient lead, string path, Func<HttpContent?> content)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await lead.PostAsync(path, content());
            if (answer.StatusCode != HttpStatusCode.Conflict || tries == 300 || !(await answer.Content.ReadAsStringAsync()).Contains("compiling", StringComparison.Ordinal))
            {
                return answer;
            }

            await Task.Delay(100);
        }
    }

    private static async Task<IEnumerable<string>> StatesAsync(HttpClient client) =>
        (await (await client.GetAsync("reports/p1")).JsonAsync())["weeks"]!.AsArray().Select(w => $"{w!["week"]} {w["state"]}").ToList();

    private static async Task<TestApp> StartAsync(DateTimeOffset now)
    {
        var app = await TestApp.StartAsync();
        await new WeekSample(tasks: 12).StoreAsync(app.Store);
        app.Time.Set(now);
        return app;
    }
}
