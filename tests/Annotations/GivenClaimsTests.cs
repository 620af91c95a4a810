using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Batches.Privacy;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

/// <summary>Claims that came with an answer: the same for everybody who judges it, and judged as they came.</summary>
public sealed class GivenClaimsTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private HttpClient _rater = null!;
    private JsonNode _next = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1", project => project with { Mode = "fact_check", Guideline = new GuidelineReference("healtheval", 2) });
        var item = Work.Item("p1", 1, responses: ["Rest. Take 500 mg twice.", "💧 Drink."]) with
        {
            Claims = [new GivenClaim("k1", "r1-0", "Take 500 mg twice.", 6, 24, "must"), new GivenClaim("k2", "r1-0", "The dose is right for adults.")],
        };
        await _app.AddItemsAsync(project, [item with { ContentSha256 = item.ContentHash() }]);
        _rater = await _app.SignedInAsync(Roles.Annotator);
        _next = (await _rater.NextAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        _rater.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public void They_are_handed_out_under_the_letter_that_this_rater_sees()
    {
        var item = _next["task"]!["item"]!;
        var letter = Letter("Take 500 mg");
        Assert.Equal([letter, letter], item["claims"]!.AsArray().Select(claim => claim!["response"]!.GetValue<string>()));
        var placed = item["claims"]![0]!;
        Assert.Equal(("k1", 6, 24, "must"), (placed["claimId"]!.GetValue<string>(), placed["start"]!.GetValue<int>(), placed["end"]!.GetValue<int>(), placed["importance"]!.GetValue<string>()));
        Assert.Null(item["claims"]![1]!["start"]);
    }

    [Fact]
    public async Task A_fact_check_gives_each_of_them_a_verdict_and_changes_none()
    {
        Assert.Contains("k2", await FaultAsync(Judgement(Claim("k1"))), StringComparison.Ordinal);

        var shortened = Claim("k1");
        (shortened["quote"], shortened["end"]) = ("Take 500 mg", 17);
        Assert.Contains("as it came", await FaultAsync(Judgement(shortened, Claim("k2"))), StringComparison.Ordinal);
        Assert.Contains("twice", await FaultAsync(Judgement(Claim("k1"), Claim("k2"), Claim("k2"))), StringComparison.Ordinal);
        var elsewhere = Claim("k2");
        elsewhere["response"] = Letter("Drink");
        Assert.Contains("as it came", await FaultAsync(Judgement(Claim("k1"), Claim("k2"), elsewhere)), StringComparison.Ordinal);

        (await _rater.SubmitAsync(_next, Judgement(Claim("k1"), Claim("k2")))).EnsureSuccessStatusCode();
    }

    [Fact]
    public void What_is_in_other_words_than_the_answer_is_screened_and_can_be_redacted()
    {
        var item = Work.Item("p1", 2, responses: ["Rest."]) with { Claims = [new GivenClaim("k1", "r2-0", "Rest.", 0, 5), new GivenClaim("k2", "r2-0", "Mrs Smith should rest.")] };

        Assert.Equal(["claims[1].text"], ItemTexts.Of(item).Select(text => text.Path).Where(path => path.StartsWith("claims", StringComparison.Ordinal)));
        var redacted = item.With(new Dictionary<string, string> { ["claims[1].text"] = "[name] should rest." });
        Assert.Equal(["Rest.", "[name] should rest."], redacted.Claims!.Select(claim => claim.Text));
    }

    private string Letter(string begins) => _next["task"]!["item"]!["responses"]!.AsArray().Single(response => response!["text"]!.GetValue<string>().Contains(begins, StringComparison.Ordinal))!["key"]!.GetValue<string>();

    private JsonObject Claim(string given)
    {
        var claim = new JsonObject { ["response"] = Letter("Take 500 mg"), ["type"] = "treatment", ["checkworthiness"] = "not", ["verdict"] = "NOT_A_CLAIM", ["given"] = given, ["quote"] = "The dose is right for adults." };
        if (given == "k1")
        {
            (claim["quote"], claim["start"], claim["end"]) = ("Take 500 mg twice.", 6, 24);
        }

        return claim;
    }

    private JsonObject Judgement(params JsonObject[] claims) => new()
    {
        ["mode"] = "fact_check",
        ["claims"] = new JsonArray([.. claims]),
        ["activeSeconds"] = 5,
        ["ratings"] = new JsonArray(new JsonObject { ["response"] = Letter("Drink"), ["accuracy"] = "NA" }),
    };

    private async Task<string> FaultAsync(JsonObject judgement)
    {
        var answer = await _rater.SubmitAsync(_next, judgement);
        Assert.Equal(422, (int)answer.StatusCode);
        return (await answer.JsonAsync())["errors"]!.ToJsonString();
    }
}
