using System.Net;
using System.Text.Json.Nodes;
using HealthEval.People;
using HealthEval.Reports;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Reports;

public sealed class ExportsApiTests
{
    [Fact]
    public async Task A_customer_gets_every_format_of_the_own_project_with_the_bytes_of_the_command_line()
    {
        await using var app = await StartAsync();
        var customer = await app.SignedInAsync(Roles.Customer, WeekSample.ProjectId);
        foreach (var format in DatasetExport.Formats.Keys)
        {
            var answer = await customer.GetAsync($"exports/p1/{format}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(format == "label-studio" ? "application/json" : "application/jsonl", answer.Content.Headers.ContentType?.MediaType);
            Assert.StartsWith($"p1-{format}.json", answer.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
            var text = await answer.Content.ReadAsStringAsync();
            using var written = new MemoryStream();
            await app.Services.GetRequiredService<DatasetExport>().WriteAsync(WeekSample.ProjectId, format, new ExportOptions(), _ => written, default);
            Assert.Equal(System.Text.Encoding.UTF8.GetString(written.ToArray()), text);
            Assert.NotEmpty(text);
            Assert.DoesNotContain("person-", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_customer_and_a_rater_get_nothing()
    {
        await using var app = await StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.SignedInAsync(Roles.Customer, "p2")).GetAsync("exports/p1/consensus")).StatusCode);
        foreach (var role in new[] { Roles.Annotator, Roles.Adjudicator })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.SignedInAsync(role)).GetAsync("exports/p1/consensus")).StatusCode);
        }
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("Consensus")]
    [InlineData("..%2Fannotations")]
    [InlineData("annotations%0A")]
    public async Task A_format_that_is_none_is_refused_with_the_list_of_those_that_are(string format)
    {
        await using var app = await StartAsync();
        var answer = await (await app.SignedInAsync(Roles.Lead)).GetAsync($"exports/p1/{format}");
        Assert.True(answer.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{answer.StatusCode}");
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            Assert.Contains("trl-preference", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_project_without_judgements_gives_an_empty_file_and_an_unknown_one_none()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("empty");
        var lead = await app.SignedInAsync(Roles.Lead);
        Assert.Equal("", await (await lead.GetAsync("exports/empty/kto")).Content.ReadAsStringAsync());
        Assert.Empty(JsonNode.Parse(await (await lead.GetAsync("exports/empty/label-studio")).Content.ReadAsStringAsync())!.AsArray());
        Assert.Equal("not_found", await (await lead.GetAsync("exports/nothing/kto")).ProblemAsync(404));
    }

    [Fact]
    public async Task An_option_that_does_not_go_with_the_format_is_refused_not_ignored()
    {
        await using var app = await StartAsync();
        var lead = await app.SignedInAsync(Roles.Lead);
        Assert.Equal("options_do_not_fit", await (await lead.GetAsync("exports/p1/kto?minMargin=2")).ProblemAsync(422));
        Assert.Equal("options_do_not_fit", await (await lead.GetAsync("exports/p1/annotations?applyAdjudications=true")).ProblemAsync(422));
        Assert.Equal("", await (await lead.GetAsync("exports/p1/consensus?minRaters=9")).Content.ReadAsStringAsync());
    }

    private static async Task<TestApp> StartAsync()
    {
        var app = await TestApp.StartAsync();
        await new WeekSample(tasks: 12) { Annotation = a => a with { Judgement = a.Judgement with { IdealResponse = "Rest, and call if it gets worse." } } }.StoreAsync(app.Store);
        return app;
    }
}
