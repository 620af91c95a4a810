using System.Net;
using HealthEval.Audit;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Audit;

public sealed class AuditTrailTests : IAsyncLifetime
{
    private TestApp _app = null!;

    private AuditTrail Trail => _app.Services.GetRequiredService<AuditTrail>();

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.AddProjectAsync("p1");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task What_many_record_at_once_is_one_chain_without_a_gap()
    {
        var other = new AuditTrail(_app.Store, _app.Time); // as in a second process
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? Trail : other).RecordAsync("p1", $"person-{i}", AuditActions.ExportTaken, "consensus")));

        var entries = await Trail.EntriesAsync("p1", default).ToListAsync();
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), entries.Select(entry => entry.Number));
        Assert.Equal(200, entries.Select(entry => entry.By).Distinct().Count());
        Assert.True((await Trail.CheckAsync("p1", default)).Whole);
    }

    [Fact]
    public async Task An_empty_chain_is_whole() => Assert.Equal((true, 0, null), await Trail.CheckAsync("p1", default) is var check ? (check.Whole, check.Entries, check.Head) : default);

    [Fact]
    public async Task A_changed_entry_is_found()
    {
        var entries = await RecordAsync(5);
        await _app.Store.CommitAsync(new Write.Put(entries[2].Key(), entries[2] with { By = "somebody-else" }), default);

        Assert.Equal(["entry 3 was changed"], (await Trail.CheckAsync("p1", default)).Faults);
    }

    [Fact]
    public async Task An_entry_that_was_changed_with_its_hash_is_found_by_the_next_one()
    {
        var entries = await RecordAsync(5);
        var forged = entries[2] with { By = "somebody-else" };
        await _app.Store.CommitAsync(new Write.Put(forged.Key(), forged with { Hash = forged.ComputedHash() }), default);

        Assert.Equal(["entry 4 does not follow on the one before it"], (await Trail.CheckAsync("p1", default)).Faults);
    }

    [Fact]
    public async Task A_missing_entry_is_found()
    {
        var entries = await RecordAsync(5);
        await _app.Store.CommitAsync(new Write.Delete(entries[0].Key()), default);
        await _app.Store.CommitAsync(new Write.Delete(entries[2].Key()), default);
        await _app.Store.CommitAsync(new Write.Delete(entries[3].Key()), default);

        Assert.Equal(["entry 1 is missing", "entries 3 to 4 are missing"], (await Trail.CheckAsync("p1", default)).Faults);
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_found()
    {
        var entries = await RecordAsync(5);
        await _app.Store.CommitAsync([new Write.Delete(entries[4].Key()), new Write.Delete(entries[3].Key())], default);
        Assert.Equal(["the end is missing: 3 entries, but the last one written was 5"], (await Trail.CheckAsync("p1", default)).Faults);

        await _app.Store.CommitAsync(new Write.Delete(TrailHead.Key("p1")), default);
        Assert.Equal(["the head of the chain is missing"], (await Trail.CheckAsync("p1", default)).Faults);
    }

    [Fact]
    public async Task Nobodys_words_get_in()
    {
        await Trail.RecordAsync("p1", "lead-1", AuditActions.ProjectChanged, "p1", "Mrs Jane Doe, 14 Mill Lane", new string('x', 201));

        var entry = await Trail.EntriesAsync("p1", default).SingleAsync();
        Assert.Equal(("(text)", "(text)", "p1"), (entry.From, entry.To, entry.About));
    }

    [Fact]
    public async Task The_page_is_newest_first_and_can_be_filtered()
    {
        await Trail.RecordAsync("p1", "ann", AuditActions.ExportTaken, "claims");
        _app.Time.Advance(TimeSpan.FromDays(1));
        await Trail.RecordAsync("p1", "bob", AuditActions.ReportTaken, "2026-W46");
        _app.Time.Advance(TimeSpan.FromDays(1));
        await Trail.RecordAsync("p1", "ann", AuditActions.ReportTaken, "2026-W46");
        using var lead = await _app.SignedInAsync(Roles.Lead, "*");

        Assert.Equal([3, 2, 1], await NumbersAsync(lead, ""));
        Assert.Equal([3, 1], await NumbersAsync(lead, "?by=ann"));
        Assert.Equal([3, 2], await NumbersAsync(lead, $"?action={AuditActions.ReportTaken}"));
        Assert.Equal([2], await NumbersAsync(lead, "?from=2026-11-19T00:00:00Z&until=2026-11-20T00:00:00Z"));
        Assert.Equal([3], await NumbersAsync(lead, $"?action={AuditActions.ReportTaken}&by=ann"));
        Assert.True((bool)(await (await lead.GetAsync("audit/p1/check")).JsonAsync())["whole"]!);
    }

    [Fact]
    public async Task An_export_is_the_chain_itself_and_on_record()
    {
        await RecordAsync(3);
        using var lead = await _app.SignedInAsync(Roles.Lead, "*");

        var lines = (await lead.GetStringAsync("audit/p1/export")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var entries = lines.Select(line => Json.Parse<AuditEntry>(System.Text.Encoding.UTF8.GetBytes(line))).ToList();

        Assert.Equal([AuditActions.ExportTaken, AuditActions.ExportTaken, AuditActions.ExportTaken, AuditActions.TrailExported], entries.Select(entry => entry.Action));
        Assert.All(entries, entry => Assert.Equal(entry.Hash, entry.ComputedHash()));
    }

    [Fact]
    public async Task The_platforms_own_trail_is_for_those_with_every_project()
    {
        using var limited = await _app.SignedInAsync(Roles.Admin, "p1");
        using var admin = await _app.SignedInAsync(Roles.Admin);

        Assert.Equal(HttpStatusCode.NotFound, (await limited.GetAsync($"audit/{AuditTrail.Platform}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync($"audit/{AuditTrail.Platform}")).StatusCode);
    }

    private static async Task<IEnumerable<long>> NumbersAsync(HttpClient client, string query) =>
        (await (await client.GetAsync($"audit/p1{query}")).JsonAsync())["entries"]!.AsArray().Select(entry => (long)entry!["number"]!);

    private async Task<List<AuditEntry>> RecordAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Trail.RecordAsync("p1", "lead-1", AuditActions.ExportTaken, "consensus");
        }

        return await Trail.EntriesAsync("p1", default).ToListAsync();
    }
}
