using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Guidelines;
using HealthEval.Audit;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Quality;

/// <summary>From the quiz to production, and what a lead decides on the way.</summary>
public sealed class PathTests
{
    private static readonly GuidelineReference Second = new("healtheval", 2);

    [Fact]
    public async Task The_quiz_comes_first_and_tells_no_answer_before_it_is_over()
    {
        await using var app = await StartAsync(new QualitySettings(Quiz: true));
        using var rater = await app.SignedInAsync(Roles.Annotator);

        Assert.Null(await rater.NextAsync("p1"));
        Assert.Equal("quiz", (string)(await (await rater.GetAsync("tasks/desk")).JsonAsync())["projects"]![0]!["closed"]!);
        Assert.Equal("invalid", await (await AnswerAsync(rater, _ => null)).ProblemAsync(422));
        var failed = await (await AnswerAsync(rater, Wrong)).JsonAsync();
        Assert.Equal((1, false), (failed["triesLeft"]!.GetValue<int>(), failed["passed"]!.GetValue<bool>()));
        Assert.All(failed["questions"]!.AsArray(), question => Assert.True(question!["answer"] is null && question["why"] is null && question["correct"]!.GetValue<bool>() == false));

        var passed = await (await AnswerAsync(rater, question => question.Answer)).JsonAsync();

        Assert.True(passed["passed"]!.GetValue<bool>());
        Assert.NotNull(passed["questions"]![0]!["why"]);
        Assert.NotNull(await rater.NextAsync("p1"));
    }

    [Fact]
    public async Task Two_failed_tries_end_it_until_the_lead_lets_them_try_anew_or_waives_it()
    {
        await using var app = await StartAsync(new QualitySettings(Quiz: true));
        var person = Someone.With(Roles.Annotator);
        using var rater = await app.SignedInAsync(person);
        using var lead = await app.SignedInAsync(Roles.Lead);
        await AnswerAsync(rater, Wrong);
        await AnswerAsync(rater, Wrong);

        Assert.Equal("quiz_over", await (await AnswerAsync(rater, question => question.Answer)).ProblemAsync(409));
        app.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("invalid", await (await AllowAsync(lead, person, "again", "")).ProblemAsync(422));
        Assert.Equal(HttpStatusCode.NoContent, (await AllowAsync(lead, person, "again", "Read it again together.")).StatusCode);
        app.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await (await AnswerAsync(rater, Wrong)).JsonAsync())["triesLeft"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.NoContent, (await AllowAsync(lead, person, "waived", "Wrote the guideline.")).StatusCode);

        Assert.NotNull(await rater.NextAsync("p1"));
        var standing = (await (await lead.GetAsync("quality/p1/standing")).JsonAsync())["raters"]!.AsArray().First(one => (string)one!["personId"]! == person.PersonId)!;
        Assert.Equal(("active", "Wrote the guideline."), ((string)standing["state"]!, (string)standing["allowances"]![1]!["why"]!));
        Assert.Equal(["quiz True waived 1", "calibration False open 0", "qualification False open 0"], standing["path"]!.AsArray().Select(step => $"{step!["step"]} {step["asked"]!.GetValue<bool>()} {step["state"]} {step["tries"]}"));
        Assert.Contains(await app.Services.GetAuditAsync("p1"), entry => entry.Action == AuditActions.StepAllowed && entry.About == person.PersonId);
    }

    [Fact]
    public async Task Calibration_shows_the_experts_judgement_beside_mine_once_I_have_judged()
    {
        await using var app = await StartAsync(new QualitySettings(Calibration: true));
        using var rater = await app.SignedInAsync(Roles.Annotator);
        var items = GuidelineLibrary.Default.Calibration!;

        for (var n = 0; n < items.Count; n++)
        {
            Assert.Null(await rater.NextAsync("p1"));
            var text = await (await rater.GetAsync("quality/p1/calibration")).Content.ReadAsStringAsync();
            Assert.DoesNotContain(items[n].Reason, JsonNode.Parse(text)!["next"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Equal(n, JsonNode.Parse(text)!["done"]!.GetValue<int>());
            var told = await (await CalibrateAsync(rater, items[n], items[n].Reference)).JsonAsync();
            Assert.Equal(items[n].Reason, (string)told["reason"]!);
            Assert.Equal(items[n].Ranges.Count, told["inside"]!.GetValue<int>());
            Assert.All(told["found"]!.AsArray(), found => Assert.True(found!.GetValue<bool>()));
        }

        Assert.NotNull(await rater.NextAsync("p1"));
        var again = await (await CalibrateAsync(rater, items[0], items[0].Ranges.ToDictionary(range => range.Key, _ => 3))).JsonAsync();
        Assert.Equal(items[0].Ranges.Count, again["inside"]!.GetValue<int>()); // the first answer is the record
    }

    [Fact]
    public void Another_version_asks_again_only_when_a_scale_has_changed()
    {
        var guideline = GuidelineLibrary.Default;
        var settings = new QualitySettings(Calibration: true);
        var standing = guideline.Calibration!.Aggregate(Standing.New("p1", "ana"), (all, item) => all.With(
            new StepResult(ProductionPath.Calibration, guideline.Id, guideline.Version, Scales.Of(guideline), default, true, 1, 1, item.Id)));
        var reworded = guideline with { Version = 9, Summary = "Another summary.", Instructions = guideline.Instructions.Take(1).ToList() };
        var anchors = new Dictionary<string, string>(guideline.Dimensions[0].Anchors) { ["3"] = "Something else." };
        var rescaled = guideline with { Version = 9, Dimensions = [guideline.Dimensions[0] with { Anchors = anchors }, .. guideline.Dimensions.Skip(1)] };

        Assert.Null(ProductionPath.Next(settings, guideline, standing));
        Assert.Null(ProductionPath.Next(settings, reworded, standing));
        Assert.Equal(ProductionPath.Calibration, ProductionPath.Next(settings, rescaled, standing));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(1, false)]
    public async Task Qualification_is_gold_alone_and_ends_in_production_or_with_the_lead(int accuracy, bool passes)
    {
        await using var app = await StartAsync(new QualitySettings(Qualification: true, QualificationItems: 5), version: 1);
        using var lead = await app.SignedInAsync(Roles.Lead);
        for (var n = 1; n <= 6; n++)
        {
            var reference = Work.Judgement();
            reference["ratings"]![0]!["clarity"] = 1 + (n % 5);
            (await lead.PostAsync($"quality/p1/gold/items/t{n:D6}", Body.Of(new { judgement = reference }))).EnsureSuccessStatusCode();
        }

        var gold = (await app.Store.AllAsync<GoldItem>(GoldItem.Of("p1"), default).ToListAsync()).ToDictionary(one => one.Value.TaskId, one => one.Value);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        for (var n = 0; n < 5; n++)
        {
            var next = (await rater.NextAsync("p1"))!;
            var said = Work.Judgement();
            said["ratings"]![0]!["accuracy"] = accuracy;
            said["ratings"]![0]!["rationale"] = "Because of what it says.";
            said["ratings"]![0]!["clarity"] = passes ? gold[next.TaskId()].Reference.Ratings[0].Clarity : 6 - gold[next.TaskId()].Reference.Ratings[0].Clarity;
            said["spans"] = new JsonArray(new JsonObject { ["response"] = "A", ["kind"] = "improve", ["code"] = "O1", ["severity"] = "minor", ["missingText"] = "when to seek care" });
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, said, null, "low_score_unexplained", "accuracy_5_unchecked")).StatusCode);
        }

        Assert.Equal(passes, await rater.NextAsync("p1") is not null);
        var notices = (await (await lead.GetAsync("quality/p1/notices")).JsonAsync())["notices"]!.AsArray();
        Assert.Equal(passes ? 0 : 1, notices.Count(notice => (string)notice!["code"]! == "qualification_failed"));
    }

    [Fact]
    public async Task Who_is_paused_reads_why_and_whom_to_ask_and_loses_nothing()
    {
        await using var app = await StartAsync(QualitySettings.Standard);
        var person = Someone.With(Roles.Annotator);
        using var rater = await app.SignedInAsync(person);
        using var lead = await app.SignedInAsync(Someone.With(Roles.Lead, "p1") with { Name = "Leila Haddad" });
        var held = (await rater.NextAsync("p1"))!;

        Assert.Equal(HttpStatusCode.NoContent, (await lead.PostAsync($"quality/p1/standing/{person.PersonId}/pause", Body.Of(new { why = "Let us talk first." }))).StatusCode);

        Assert.Null(await rater.NextAsync("p1", held.TaskId()));
        Assert.Equal(HttpStatusCode.OK, (await rater.PutAsync($"tasks/p1/{held.TaskId()}/draft", Body.Of(new { leaseId = held.LeaseId(), revision = 0, judgement = new { overall = 3 } }))).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(held, Work.Judgement())).StatusCode);
        var mine = (await (await rater.GetAsync("quality/mine")).JsonAsync())["projects"]!.AsArray().First(one => (string)one!["projectId"]! == "p1")!;
        Assert.Equal(("paused", "Let us talk first."), ((string)mine["state"]!, (string)mine["paused"]!["words"]!));
        Assert.Contains("Leila Haddad", mine["askWhom"]!.AsArray().Select(name => (string)name!));

        Assert.Equal(HttpStatusCode.NoContent, (await lead.PostAsync($"quality/p1/standing/{person.PersonId}/resume", Body.Of(new { why = "We talked." }))).StatusCode);
        Assert.NotNull(await rater.NextAsync("p1"));
        Assert.Equal([AuditActions.RaterPaused, AuditActions.RaterResumed], (await app.Services.GetAuditAsync("p1")).Where(entry => entry.About == person.PersonId && entry.Action.StartsWith("rater.", StringComparison.Ordinal)).Select(entry => entry.Action));
    }

    [Fact]
    public async Task A_rule_pauses_who_gives_every_dimension_the_same_score_and_the_lead_reads_the_figure()
    {
        await using var app = await StartAsync(new QualitySettings(RepeatShare: 0, SecondOnHarm: false, SecondShare: 0), version: 1);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        using var lead = await app.SignedInAsync(Roles.Lead);
        var judged = 0;
        for (; judged < 20 && await rater.NextAsync("p1") is { } next; judged++)
        {
            var said = Work.Judgement();
            foreach (var dimension in Vocabulary.Dimensions)
            {
                said["ratings"]![0]![dimension] = 4;
            }

            app.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, said)).StatusCode);
        }

        Assert.Equal(WatchRules.FewestToPause, judged);
        var notices = (await (await lead.GetAsync("quality/p1/notices")).JsonAsync())["notices"]!.AsArray().Where(notice => (string)notice!["code"]! == "straight_lining").ToList();
        Assert.Equal([true, false], notices.Select(notice => notice!["paused"]!.GetValue<bool>())); // the newest first: told at five, paused at ten
        Assert.Equal(10, notices[0]!["figure"]!["n"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_cap_holds_for_the_day_and_interests_for_good()
    {
        await using var app = await StartAsync(QualitySettings.Standard);
        var person = Someone.With(Roles.Annotator);
        using var rater = await app.SignedInAsync(person);
        using var lead = await app.SignedInAsync(Roles.Lead);
        await lead.PostAsync($"quality/p1/standing/{person.PersonId}/cap", Body.Of(new { perDay = 2, why = "Part time." }));

        await rater.SubmitAsync((await rater.NextAsync("p1"))!, Work.Judgement());
        await rater.SubmitAsync((await rater.NextAsync("p1"))!, Work.Judgement());
        Assert.Null(await rater.NextAsync("p1"));
        app.Time.Advance(TimeSpan.FromDays(1));
        Assert.NotNull(await rater.NextAsync("p1"));

        using var another = await app.SignedInAsync(Roles.Annotator);
        Assert.Equal(HttpStatusCode.OK, (await another.PutAsync("quality/interests", Body.Of(new { makers = new[] { "model-0" } }))).StatusCode);
        app.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await another.NextAsync("p1")); // every item has a response of it
        Assert.Equal(HttpStatusCode.OK, (await another.PutAsync("quality/interests", Body.Of(new { customers = new[] { "P1" } }))).StatusCode);
        Assert.Null(await another.NextAsync("p1"));
        Assert.Equal("invalid", await (await another.PutAsync("quality/interests", Body.Of(new { makers = new[] { "" } }))).ProblemAsync(422));
    }

    [Theory]
    [InlineData("OpenAI", "gpt-4o-mini", true)]
    [InlineData("openai", "azure/gpt-4.1", true)]
    [InlineData("Anthropic", "claude-sonnet", true)]
    [InlineData("Google", "claude-sonnet", false)]
    [InlineData("Acme", "acme-med-7b", true)]
    [InlineData("Meta", "meta-llama/Llama-3", true)]
    public void A_maker_is_known_by_the_names_of_its_models(string maker, string model, bool covered) =>
        Assert.Equal(covered, new Interests("ana", [], [maker], default).Cover([model]));

    private static async Task<TestApp> StartAsync(QualitySettings settings, int version = 2)
    {
        var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Guideline = version == 2 ? Second : p.Guideline, Quality = settings with { SecondShare = 0 } });
        await app.AddItemsAsync(project, Enumerable.Range(1, 30).Select(n => Work.Item("p1", n)));
        if (version == 2)
        {
            await app.AddProjectAsync("p1", p => p with { Quality = settings with { SecondShare = 0 }, Guideline = settings.Quiz || settings.Calibration ? Second : p.Guideline });
        }

        return app;
    }

    private static async Task<HttpResponseMessage> AnswerAsync(HttpClient rater, Func<QuizQuestion, string?> answer)
    {
        var answers = GuidelineLibrary.Default.Quiz!.Select(question => (question.Id, Answer: answer(question))).Where(one => one.Answer is not null).ToDictionary(one => one.Id, one => one.Answer);
        return await rater.PostAsync("quality/p1/quiz", Body.Of(new { answers }));
    }

    private static string Wrong(QuizQuestion question) => question.Choices.First(choice => choice.Key != question.Answer).Key;

    private static Task<HttpResponseMessage> AllowAsync(HttpClient lead, Person person, string decision, string why) =>
        lead.PostAsync($"quality/p1/standing/{person.PersonId}/steps/quiz", Body.Of(new { decision, why }));

    private static Task<HttpResponseMessage> CalibrateAsync(HttpClient rater, CalibrationItem item, IReadOnlyDictionary<string, int> ratings) =>
        rater.PostAsync($"quality/p1/calibration/{item.Id}", Body.Of(new { ratings, harm = item.HarmExtents[0], findings = item.MustFind.Select(find => new { code = find.Codes[0], quote = find.Quote }) }));
}
