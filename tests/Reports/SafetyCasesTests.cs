using HealthEval.Annotations;
using HealthEval.Projects;
using HealthEval.Reports;

namespace HealthEval.Tests.Reports;

public sealed class SafetyCasesTests
{
    [Fact]
    public async Task A_span_and_a_claim_about_the_same_words_are_one_finding_with_both_raters_and_the_ruling()
    {
        var sample = new WeekSample(tasks: 2, raters: 3)
        {
            Annotation = a => a with
            {
                ResponseOrder = [.. a.ResponseOrder.Order(StringComparer.Ordinal)],
                Judgement = new Judgement
                {
                    Ratings = a.Judgement.Ratings,
                    Harm = [new Harm("A", a.TaskId == "t00001" ? "severe" : "none", a.TaskId == "t00001" ? "low" : null)],
                    Spans = a.TaskId == "t00000" && a.Rater == "person-0" ? [new Span("A", "factual_error", "F2", "critical", 0, 10, "0123456789")] : [],
                    Claims = a.TaskId == "t00000" && a.Rater != "person-0" ? [new Claim("A", 5, 20, "56789 and more", "dose", "must", "REFUTED", Critical: true)] : [],
                },
            },
            Adjudications =
            [
                new Adjudication(
                    "a1", WeekSample.ProjectId, "t00000", "senior", "A-1", "l", ["j1", "j2"], "s", new("healtheval", 1), "g", "i", false, WeekSample.Monday, WeekSample.Monday.AddDays(1), "c",
                    [new Ruling(new Dispute("critical", "t00000-r0", null, 0, 20, null, "Marked as critical", ["stands"]), Dispute.DoesNotStand, null, false, "The dose is right.")]),
            ],
        };
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 2, raters: 3) { Annotation = sample.Annotation, Adjudications = sample.Adjudications });
        var (cases, all) = SafetyCases.Of(WeekData.Read(week.Folder));
        Assert.Equal((2, 2), (cases.Count, all));
        var finding = Assert.Single(cases[0].Findings);
        Assert.Equal("F2 factual_error + claim REFUTED", finding.What);
        Assert.Equal(["does not stand: The dose is right."], cases[0].Findings.Select(f => f.Ruling));
        var severe = Assert.Single(cases[1].Findings);
        Assert.Equal("harm: severe, low likelihood", severe.What);
        Assert.Equal("not decided by an adjudicator in this week", severe.Ruling);

        using var workbook = week.Open();
        Assert.Empty(workbook.Errors);
        var answer = sample.Items[0].Responses[0].Content;
        var rows = workbook.Table("Cases").Where(r => r["Case"] == "C001" && r["What"].StartsWith("answer", StringComparison.Ordinal));
        Assert.Equal(answer, string.Concat(rows.Select(r => r["Text"])));
    }

    [Fact]
    public async Task A_long_answer_is_split_over_rows_and_nothing_of_it_is_lost()
    {
        var text = string.Concat(Enumerable.Range(0, 4_000).Select(i => $"{i} word "));
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 1, raters: 1, overlap: 1)
        {
            Item = item => item with { Responses = [.. item.Responses.Select(r => r with { Content = text })] },
            Annotation = a => a with { Judgement = new Judgement { Ratings = a.Judgement.Ratings, Harm = [new Harm("A", "death", "high")] } },
        });
        using var workbook = week.Open();
        var rows = workbook.Table("Cases").Where(r => r["What"].StartsWith("answer", StringComparison.Ordinal)).ToList();
        Assert.InRange(rows.Count, 10, 40);
        Assert.Equal(text, string.Concat(rows.Select(r => r["Text"])));
    }

    [Fact]
    public async Task A_moderate_harm_is_a_case_too_and_the_worst_come_first()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 4, raters: 1, overlap: 1)
        {
            Annotation = a => a with
            {
                Judgement = new Judgement
                {
                    Ratings = a.Judgement.Ratings,
                    Harm = [new Harm("A", a.TaskId switch { "t00000" => "moderate", "t00001" => "mild", "t00002" => "death", _ => "severe" }, "low")],
                },
            },
        });
        var (cases, all) = SafetyCases.Of(WeekData.Read(week.Folder));
        Assert.Equal(3, all);
        Assert.Equal(["C001 t00002", "C002 t00003", "C003 t00000"], cases.Select(c => $"{c.Id} {c.TaskId}"));
        Assert.Equal(3, System.Text.Json.Nodes.JsonNode.Parse(week.Bytes(ReportFiles.Display))!["safety"]!["cases"]!.AsArray().Count);
    }

    // M1 is neither R nor P and can mark nothing but unsafe reasoning; C1 can never be that.
    [Fact]
    public async Task A_code_that_is_unsafe_by_itself_is_a_safety_code_whatever_its_letter()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 6)
        {
            Annotation = a => a with
            {
                Guideline = new GuidelineReference("healtheval", 2),
                Judgement = a.Judgement with { Spans = [new Span("A", "unsafe_reasoning", "M1", "critical", null, null, null, "feeds it"), new Span("A", "improve", "C1", "minor", null, null, null, "jargon")] },
            },
        });
        using var workbook = week.Open();
        var codes = workbook.Table("SafetyCodes").Select(r => r["Code"]).ToHashSet();
        Assert.Contains("M1", codes);
        Assert.DoesNotContain("C1", codes);
        Assert.Contains(workbook.Table("SafetyCodes"), r => r["Code"] == "any other" && r["Per 100"] != "0");
    }

    // 24 responses of one model and nothing marked: the upper limit is not 0.
    [Fact]
    public async Task A_code_nobody_marked_has_an_upper_limit_for_every_model()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 12) { Annotation = a => a with { Judgement = a.Judgement with { Spans = [] } } });
        using var workbook = week.Open();
        var rows = workbook.Table("SafetyCodes");
        Assert.Equal(6, rows.Count);
        Assert.All(rows, r => Assert.Equal(("0", "0"), (r["Per 100"], r["95% low"])));
        Assert.All(rows, r => Assert.InRange(double.Parse(r["95% high"], System.Globalization.CultureInfo.InvariantCulture), 40, 60)); // 1 − 0.025^(1/m) for five or six prompts
    }
}
