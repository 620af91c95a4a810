using System.IO.Compression;
using System.Net;
using System.Text;
using HealthEval.People;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Reports;

/// <summary>A report that is damaged, or is just being replaced.</summary>
public sealed class DamagedReportTests
{
    private static readonly DateTimeOffset MondayMorning = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("manifest.json", "")]
    [InlineData("manifest.json", "{")]
    [InlineData("manifest.json", "null")]
    [InlineData("manifest.json", """{"projectId":"p1","week":"2026-W47"}""")]
    [InlineData("manifest.json", "\0\0\0\0\0\0\0\0")]
    [InlineData("figures.json", "\0\0\0\0")]
    [InlineData("workbook.xlsx", "")]
    public async Task One_damaged_report_is_its_own_trouble_and_is_made_again_on_request(string file, string content)
    {
        await using var app = await StartAsync();
        await app.AddProjectAsync("p2");
        await new WeekSample(tasks: 4).StoreAsync(app.Store);
        var lead = await app.SignedInAsync(Roles.Lead);
        (await lead.PostAsync("reports/p1/2026-W47", null)).EnsureSuccessStatusCode();
        await app.Files.WriteBytesAsync(Path(file), Encoding.UTF8.GetBytes(content), FileCondition.None, default);

        app.Time.Set(MondayMorning.AddDays(7));
        var archive = app.Services.GetRequiredService<ReportArchive>();
        while (await archive.FindAsync(WeekSample.ProjectId, CompiledWeek.Week.Add(1), default) is null)
        {
            await app.Services.GetRequiredService<WeeklyReports>().CompileDueAsync(default); // the next week is compiled, although the one before is damaged
        }

        var weeks = (await (await lead.GetAsync("reports/p1")).JsonAsync())["weeks"]!.AsArray();
        Assert.Equal("damaged", (string?)weeks.Single(week => (string?)week!["week"] == "2026-W47")!["state"]);
        Assert.NotEmpty((string)weeks.Single(week => (string?)week!["week"] == "2026-W47")!["damage"]!);
        Assert.Equal("report_damaged", await (await lead.GetAsync("reports/p1/2026-W47/data")).ProblemAsync(409));

        var again = await (await lead.PostAsync("reports/p1/2026-W47", null)).JsonAsync();
        Assert.Equal("compiled", (string?)again["state"]);
        Assert.Equal(HttpStatusCode.OK, (await lead.GetAsync("reports/p1/2026-W47/data")).StatusCode);
    }

    [Fact]
    public async Task A_project_whose_data_cannot_be_read_does_not_keep_the_others_from_their_reports()
    {
        await using var app = await StartAsync();
        await app.AddProjectAsync("a-broken-one");
        var broken = new DocumentKey(DocumentKind.Annotation, new Partition("a-broken-one", "t1"), "x");
        await app.Store.CommitAsync(new Write.Put(broken, new { submittedAt = MondayMorning.AddDays(-3), rater = "r" }), default);
        app.Time.Set(MondayMorning);

        var reports = app.Services.GetRequiredService<WeeklyReports>();
        await reports.CompileDueAsync(default);

        Assert.NotNull(await app.Services.GetRequiredService<ReportArchive>().FindAsync(WeekSample.ProjectId, CompiledWeek.Week, default));
        Assert.DoesNotContain("a-broken-one", await reports.DueProjectsAsync(default).ToListAsync());
    }

    [Fact]
    public async Task Readers_of_a_report_that_is_being_replaced_get_the_old_or_the_new_one()
    {
        await using var app = await StartAsync(MondayMorning.AddDays(-2));
        using var first = await CompiledWeek.OfAsync(new WeekSample(tasks: 12), now: CompiledWeek.Week.End.AddHours(-1));
        using var second = await CompiledWeek.OfAsync(new WeekSample(seed: 5, tasks: 14), now: CompiledWeek.Week.End.AddHours(-1));
        var archive = app.Services.GetRequiredService<ReportArchive>();
        Assert.True(await archive.PublishAsync(WeekSample.ProjectId, CompiledWeek.Week, first.Folder, default));
        var customer = await app.SignedInAsync(Roles.Customer, WeekSample.ProjectId);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(number => Task.Run(async () =>
        {
            var read = 0;
            for (; !done.IsCancellationRequested || read == 0; read++)
            {
                using var data = await customer.GetAsync("reports/p1/2026-W47/data");
                Assert.Equal(HttpStatusCode.OK, data.StatusCode);
                using var folder = new TempFolder();
                await ZipFile.ExtractToDirectoryAsync(await data.Content.ReadAsStreamAsync(), folder.Path);
                var manifest = await File.ReadAllBytesAsync(folder["manifest.json"]);
                Assert.True(manifest.AsSpan().SequenceEqual(first.Bytes("manifest.json")) || manifest.AsSpan().SequenceEqual(second.Bytes("manifest.json")));
                Assert.All(ReportFiles.Listed, name => Assert.Contains(Sha.Of(File.ReadAllBytes(folder[name])), Encoding.UTF8.GetString(manifest), StringComparison.Ordinal));
                Assert.Equal(HttpStatusCode.OK, (await customer.GetAsync("reports/p1/2026-W47/manifest")).StatusCode);
                Assert.Equal("open", (string?)(await (await customer.GetAsync("reports/p1/2026-W47")).JsonAsync())["state"]);
            }

            return read;
        })).ToList();

        for (var i = 0; i < 12; i++)
        {
            Assert.True(await archive.PublishAsync(WeekSample.ProjectId, CompiledWeek.Week, (i % 2 == 0 ? second : first).Folder, default));
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), read => Assert.True(read > 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(14)]
    [InlineData(18)]
    [InlineData(28)]
    public async Task Whoever_is_stopped_while_replacing_a_report_leaves_the_old_or_the_new_one(int writes)
    {
        await using var app = await StartAsync(MondayMorning.AddDays(-2));
        using var first = await CompiledWeek.OfAsync(new WeekSample(tasks: 12), now: CompiledWeek.Week.End.AddHours(-1));
        using var second = await CompiledWeek.OfAsync(new WeekSample(seed: 5, tasks: 14), now: CompiledWeek.Week.End.AddHours(-1));
        await app.Services.GetRequiredService<ReportArchive>().PublishAsync(WeekSample.ProjectId, CompiledWeek.Week, first.Folder, default);

        await Assert.ThrowsAsync<IOException>(() => new ReportArchive(new StoppedFiles(app.Files, writes)).PublishAsync(WeekSample.ProjectId, CompiledWeek.Week, second.Folder, default));

        var customer = await app.SignedInAsync(Roles.Customer, WeekSample.ProjectId);
        var manifest = await (await customer.GetAsync("reports/p1/2026-W47/manifest")).Content.ReadAsByteArrayAsync();
        Assert.Equal(writes <= ReportFiles.Listed.Count + 1 ? first.Bytes("manifest.json") : second.Bytes("manifest.json"), manifest);
        using var data = await customer.GetAsync("reports/p1/2026-W47/data");
        Assert.Equal(HttpStatusCode.OK, data.StatusCode);

        await app.Services.GetRequiredService<ReportArchive>().SettleAsync(WeekSample.ProjectId, CompiledWeek.Week, default);
        Assert.True(await app.Services.GetRequiredService<ReportArchive>().PublishAsync(WeekSample.ProjectId, CompiledWeek.Week, second.Folder, default));
        var files = await app.Files.ListAsync(ReportArchive.Folder(WeekSample.ProjectId, CompiledWeek.Week), default).Select(file => file.Path.Split('/')[3]).ToListAsync();
        Assert.Equal(ReportFiles.Listed.Append(ReportFiles.Manifest).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    private static string Path(string file) => ReportArchive.PathOf(WeekSample.ProjectId, CompiledWeek.Week, file);

    private static async Task<TestApp> StartAsync(DateTimeOffset? now = null)
    {
        var app = await TestApp.StartAsync();
        await new WeekSample(tasks: 12).StoreAsync(app.Store);
        app.Time.Set(now ?? MondayMorning);
        return app;
    }

    /// <summary>Stops after some writes, as a killed process does.</summary>
    private sealed class StoppedFiles(IFileStore inner, int writes) : IFileStore
    {
        private int _left = writes;

        public Task<FileEntry?> FindAsync(string path, CancellationToken cancellation) => inner.FindAsync(path, cancellation);

        public Task<Stream?> OpenAsync(string path, CancellationToken cancellation) => inner.OpenAsync(path, cancellation);

        public Task<FileEntry?> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, FileCondition condition, CancellationToken cancellation) =>
            _left-- > 0 ? inner.WriteAsync(path, write, condition, cancellation) : throw new IOException("stopped");

        public IAsyncEnumerable<FileEntry> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

        public Task<bool> DeleteAsync(string path, CancellationToken cancellation) => inner.DeleteAsync(path, cancellation);
    }
}
