using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Intake;
using HealthEval.People;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

/// <summary>What is beside the right thing does not do for it: the other response, the same answer twice, a sentence of blanks.</summary>
public sealed class NeighboursAndRepeatsTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private HttpClient _rater = null!;
    private JsonNode _next = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1");
        var item = Work.Item("p1", 1, "general", "en", "Take it twice a day.", "Rest and drink enough.");
        item = item with { Rubric = [new RubricCriterion("c1", "Names a dose", 5, []), new RubricCriterion("c2", "Frightens", -3, [])] };
        await _app.AddItemsAsync(project, [item with { ContentSha256 = item.ContentHash() }]);
        _rater = await _app.SignedInAsync(Roles.Annotator);
        _next = (await _rater.NextAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        _rater.Dispose();
        await _app.DisposeAsync();
    }

    private const string Omission = "\"kind\":\"improve\",\"code\":\"O1\",\"severity\":\"minor\",\"missingText\":\"When to call\"}";

    [Theory]
    [InlineData("""{"behaviour":[{"response":"A","check":"CB01","answer":"no","comment":" \t\n"}]}""", "judgement.behaviour[0].comment")]
    [InlineData("""{"behaviour":[{"response":"A","check":"CB01","answer":"no"}],"spans":[{"response":"B",""" + Omission + "]}", "judgement.behaviour[0].comment")]
    [InlineData("""{"behaviour":[{"response":"A","check":"CB01","answer":"no"}],"spans":[{"response":"A",""" + Omission + "]}", null)]
    [InlineData("""{"behaviour":[{"response":"A","check":"CB01","answer":"yes"},{"response":"A","check":"CB01","answer":"na"}]}""", "judgement.behaviour")]
    [InlineData("""{"behaviour":[{"response":"A","check":"CB01","answer":"yes"},{"response":"B","check":"CB01","answer":"na"}]}""", null)]
    [InlineData("""{"rubric":[{"response":"A","criterion":"c1","met":true},{"response":"A","criterion":"c1","met":true}]}""", "judgement.rubric")]
    [InlineData("""{"rubric":[{"response":"A","criterion":"c1","met":true},{"response":"A","criterion":"c1","met":false}]}""", "judgement.rubric")]
    [InlineData("""{"rubric":[{"response":"A","criterion":"c1","met":true},{"response":"A","criterion":"c2","met":true}]}""", null)]
    [InlineData("""{"rubric":[{"response":"A","criterion":"c1","met":true},{"response":"B","criterion":"c1","met":true}]}""", null)]
    [InlineData("""{"spans":[{"response":"A","kind":"improve","code":"O1","severity":"minor","missingText":"  "}]}""", "judgement.spans[0].missingText")]
    [InlineData("""{"claims":[{"response":"A","quote":" ","type":"dose","checkworthiness":"must"}]}""", "judgement.claims[0].quote")]
    public async Task Only_the_thing_itself_will_do(string change, string? field)
    {
        var judgement = Work.Judgement("A", "B").AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            judgement[name] = value!.DeepClone();
        }

        var answer = await _rater.SubmitAsync(_next, judgement);

        Assert.Equal(field is null ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        if (field is not null)
        {
            Assert.Equal([field], (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
        }
    }

    [Fact]
    public async Task The_quote_of_the_other_response_is_no_quote_of_this_one()
    {
        var responses = _next["task"]!["item"]!["responses"]!.AsArray();
        var texts = responses.ToDictionary(r => r!["key"]!.GetValue<string>(), r => r!["text"]!.GetValue<string>());
        var judgement = Work.Judgement("A", "B").AsObject();
        var span = new JsonObject { ["response"] = "A", ["kind"] = "strength", ["code"] = "G1", ["start"] = 0, ["end"] = 4, ["quote"] = texts["B"][..4] };
        judgement["spans"] = new JsonArray(span);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _rater.SubmitAsync(_next, judgement)).StatusCode);

        span["quote"] = texts["A"][..4];
        Assert.Equal(HttpStatusCode.Created, (await _rater.SubmitAsync(_next, judgement)).StatusCode);
    }
}
