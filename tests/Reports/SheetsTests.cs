using HealthEval.Annotations;
using HealthEval.Projects;
using HealthEval.Reports;
using HealthEval.Tasks;

namespace HealthEval.Tests.Reports;

/// <summary>What single sheets say, in weeks made so that the answer is known.</summary>
public sealed class SheetsTests
{
    private static readonly GuidelineReference Reference = new("healtheval", 1);

    [Fact]
    public async Task A_rater_is_compared_with_the_others_alone_and_bias_has_its_sign()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(raters: 3, overlap: 3) { Annotation = a => Scored(a, a.Rater == "person-0" ? 4 : 3) });
        using var workbook = week.Open();
        var raters = workbook.Table("Raters");
        Assert.Equal(["-0.5", "-0.5", "1"], raters.Select(r => r["Bias against others"]).Order());
        Assert.All(raters, r => Assert.Equal("80", r["Shared ratings"]));
        Assert.All(raters, r => Assert.Equal("480", r["Score pairs"]));
        Assert.All(raters, r => Assert.NotEqual("", r["Drift (EWMA)"]));
        Assert.Contains("mixes in no gold items", workbook.AllText("Raters"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rater_with_fewer_than_five_judgements_is_shown_without_figures()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 4, raters: 2));
        using var workbook = week.Open();
        Assert.All(workbook.Table("Raters"), r => Assert.Equal(("–", "–", "fewer than 5 judgements: suppressed"), (r["Bias against others"], r["Median active seconds"], r["Remark"])));
    }

    [Fact]
    public async Task Raters_far_apart_are_listed_with_what_both_wrote_and_hostile_words_stay_words()
    {
        var text = "=HYPERLINK(\"http://x\")\u0001" + new string('x', 40_000);
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 6, raters: 3)
        {
            Annotation = a => (a.TaskId == "t00003" && a.Rater == "person-2" ? Scored(a, 1, text, "severe") : Scored(a, 4, "fine")),
        });
        using var workbook = week.Open();
        Assert.Empty(workbook.Errors);
        var rows = workbook.Table("Disagreements");
        Assert.Equal(2, rows.Count); // the task's two responses
        Assert.All(rows, r => Assert.Equal("3", r["Range"]));
        Assert.All(rows, r => Assert.Contains("harm: none against severe", r["Why it is here"], StringComparison.Ordinal));
        Assert.All(rows, r => Assert.StartsWith("=HYPERLINK(\"http://x\")\uFFFDxxx", r["Rationale "], StringComparison.Ordinal));
        Assert.All(rows, r => Assert.EndsWith("(all of it on Raw ratings)", r["Rationale "], StringComparison.Ordinal));
        Assert.All(rows, r => Assert.Equal("fine", r["Rationale"]));
    }

    [Fact]
    public async Task What_an_adjudicator_decided_stands_beside_what_the_raters_said()
    {
        var sample = new WeekSample(tasks: 6, raters: 3) { Annotation = a => a.TaskId == "t00003" && a.Rater == "person-2" ? Scored(a, 1, "No dose.", "severe") : Scored(a, 4, "fine") };
        var response = sample.Items[3].Responses[0].ResponseId;
        Ruling Settled(string final, bool overturned) => new(new Dispute("rating", response, "accuracy", null, null, null, "Scores from 1 to 4", ["1", "4", null]), final, overturned ? null : 1, overturned, "The dose is missing.");
        var adjudication = new Adjudication(
            "a1", WeekSample.ProjectId, "t00003", "senior-1", "A-12345678", "l1", ["j1", "j2"], "seed", new GuidelineReference("healtheval", 1), "g", "i", Simulated: false,
            WeekSample.Monday.AddDays(2), WeekSample.Monday.AddDays(3), "c", [Settled("2", overturned: true), Settled("1", overturned: false)]);
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 6, raters: 3) { Annotation = sample.Annotation, Adjudications = [adjudication] });
        using var workbook = week.Open();

        var rows = workbook.Table("Disagreements");
        Assert.Equal(["accuracy: 2, as no judgement had it (The dose is missing.); accuracy: 1 (The dose is missing.)", "not settled in this week"], rows.Select(r => r["Adjudication"]).Order(StringComparer.Ordinal));
        var operations = workbook.Table("Operations").ToDictionary(r => r["Figure"]);
        Assert.Equal("1", operations["Cases settled in this week"]["Value"]);
        Assert.Equal(("1", "2"), (operations["Points overturned"]["Value"], operations["Points overturned"]["of"]));
        Assert.DoesNotContain("senior-1", File.ReadAllText(week[ReportFiles.Adjudications]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raters_who_agree_are_not_listed()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 6, raters: 3) { Annotation = a => Scored(a, 4) });
        using var workbook = week.Open();
        Assert.Contains("No two raters are that far apart in this week.", workbook.AllText("Disagreements"), StringComparison.Ordinal);
        var agreement = workbook.Table("Agreement");
        Assert.All(agreement, r => Assert.Equal("not defined", r["α ordinal"]));
        Assert.All(agreement, r => Assert.Contains("same value", r["Reading"], StringComparison.Ordinal));
        Assert.All(agreement, r => Assert.Equal("1", r["Identical"]));
    }

    [Fact]
    public async Task Agreement_has_every_coefficient_and_fewer_than_thirty_units_are_low_n()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 10));
        using var workbook = week.Open();
        Assert.All(workbook.Table("Agreement"), r => Assert.True(r["α ordinal"] != "" && r["AC2 quadratic"] != "" && r["AC2: 95% low"] != "" && r["Identical"] != "" && r["At most 1 apart"] != ""));
        Assert.All(workbook.Table("Agreement").Where(r => r["α ordinal"] != "not defined"), r => Assert.StartsWith("low n", r["Reading"], StringComparison.Ordinal));
        Assert.All(workbook.Table("AgreementIcc"), r => Assert.StartsWith("ICC(1,1) and (1,k)", r["Form and remark"], StringComparison.Ordinal));
        var names = workbook.Table("AgreementNames").Select(r => r["Rated"]).ToList();
        Assert.Contains("Harm: moderate or worse, or not", names);
        Assert.Contains("Check CB01", names);
        Assert.Contains("Claim verdicts", names);
        Assert.Contains(names, n => n.StartsWith("Errors: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Claims_that_came_with_the_answers_are_units_of_their_own()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 8, raters: 3) { Annotation = WithGivenClaims });
        using var workbook = week.Open();
        var given = workbook.Table("AgreementNames").Single(r => r["Rated"] == "Claim verdicts, claims that came with the answers");
        Assert.Equal(("16", "32", "0.5"), (given["Units with 2+ raters"], given["Ratings"], given["Identical"]));
        Assert.DoesNotContain(workbook.Table("AgreementNames"), r => r["Rated"] == "Claim verdicts"); // nothing is counted twice
    }

    /// <summary>About the same two claims, one in the text and one not: all agree about the first, nobody about the second.</summary>
    private static Annotation WithGivenClaims(Annotation annotation)
    {
        var key = ResponseOrder.Key(annotation.ResponseOrder.ToList().IndexOf(annotation.ResponseOrder.Order(StringComparer.Ordinal).First()));
        var other = annotation.Rater == $"person-{int.Parse(annotation.TaskId[1..]) % 3}" ? "SUPPORTED" : "REFUTED";
        return annotation with
        {
            Judgement = annotation.Judgement with
            {
                Claims = [new Claim(key, 0, 4, "rest", "dose", "must", "SUPPORTED", Given: "k1"), new Claim(key, null, null, "In other words.", "dose", "must", other, Given: "k2")],
            },
        };
    }

    [Fact]
    public async Task Where_every_rater_rates_every_response_the_two_way_correlation_is_given()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 10, raters: 3, overlap: 3));
        using var workbook = week.Open();
        Assert.Contains(workbook.Table("AgreementIcc"), r => r["Form and remark"].StartsWith("ICC(2,1) and (2,k)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Operations_count_what_was_planned_and_delivered()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample());
        using var workbook = week.Open();
        var rows = workbook.Table("Operations").ToDictionary(r => r["Figure"]);
        Assert.Equal(("80", "80", "1"), (rows["Delivered of planned"]["Value"], rows["Delivered of planned"]["of"], rows["Delivered of planned"]["Share"]));
        Assert.Equal("0", rows["Backlog"]["Value"]);
        Assert.Equal(("40", "40"), (rows["Judged by two or more"]["Value"], rows["Judged by two or more"]["of"]));
        Assert.Equal("not defined", rows["Records rejected"]["Share"]);
        Assert.Equal("80", workbook.Table("OperationsDays")[^1]["Delivered"]);
    }

    [Fact]
    public void A_judgement_after_the_week_a_lease_and_a_task_that_came_later_do_not_count()
    {
        var week = CompiledWeek.Week;
        var tally = new OperationsTally(week, week.End.AddDays(3));
        tally.Add(Task("a", [week.Start.AddHours(30), week.End]), week.Start.AddHours(6)); // the second came too late
        tally.Add(Task("b", [week.Start.AddHours(10), week.Start.AddHours(50)]), week.Start.AddHours(-100));
        tally.Add(Task("c", []) with { Slots = [new Slot("r", "l", Reference, week.Start, week.End)] }, week.Start.AddDays(6.5));
        tally.Add(Task("d", []), week.End);
        var operations = tally.Result([]);
        Assert.Equal((3, 2, 1, 1), (operations.Tasks, operations.Judged, operations.TwiceJudged, operations.Completed));
        Assert.Equal([150.0], operations.CycleHours);
        Assert.Equal([(4, 1), (4, 2), (4, 3), (4, 3), (4, 3), (4, 3), (6, 3)], operations.Days.Select(d => (d.Planned, d.Delivered)));
    }

    [Fact]
    public void A_running_week_is_counted_up_to_now()
    {
        var week = CompiledWeek.Week;
        var tally = new OperationsTally(week, week.Start.AddHours(30));
        tally.Add(Task("a", [week.Start.AddHours(29), week.Start.AddHours(31)]), week.Start);
        Assert.Equal([(2, 0), (2, 1)], tally.Result([]).Days.Select(d => (d.Planned, d.Delivered)));
    }

    private static EvalTask Task(string id, DateTimeOffset[] submitted) => EvalTask.New("p1", id, "q", "b", "general", "en", 2, CompiledWeek.Week.Start) with
    {
        Slots = [.. submitted.Select((time, i) => new Slot($"r{i}", "l", Reference, time.AddMinutes(-5), time, $"a{i}", time))],
    };

    private static Annotation Scored(Annotation a, int score, string? rationale = null, string harm = "none") => a with
    {
        Judgement = a.Judgement with
        {
            Ratings = [.. a.Judgement.Ratings.Select(r => new Rating(r.Response, score, score, false, score, score, score, score, rationale))],
            Harm = [.. a.Judgement.Harm.Select(h => new Harm(h.Response, harm))],
        },
    };
}
