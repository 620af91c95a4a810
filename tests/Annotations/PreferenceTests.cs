using HealthEval.Annotations;
using HealthEval.Http;
using HealthEval.Storage;

namespace HealthEval.Tests.Annotations;

public sealed class PreferenceTests
{
    private static readonly string[] Four = ["A", "B", "C", "D"];

    [Fact]
    public void A_ranking_with_ties_gives_every_pair_once()
    {
        var preference = new Preference(Ranking: [["A"], ["C", "B"], ["D"]]);
        Assert.Equal(
            [("A", "B", 1.0), ("A", "C", 1.0), ("A", "D", 1.0), ("B", "C", 0.5), ("B", "D", 1.0), ("C", "D", 1.0)],
            preference.Pairs(Four));
        Assert.Equal([1, 2, 2, 3], Four.Select(key => preference.RankOf(key, Four)!.Value));
    }

    [Fact]
    public void What_is_shown_first_may_lose() =>
        Assert.Equal([("A", "B", 0.0)], new Preference(Ranking: [["B"], ["A"]]).Pairs(["A", "B"]));

    [Theory]
    [InlineData("A", 1.0)]
    [InlineData("B", 0.0)]
    [InlineData("tie", 0.5)]
    [InlineData("both_bad", 0.5)]
    public void A_winner_of_two_is_the_ranking_said_shorter(string winner, double score)
    {
        var preference = new Preference(winner, 2);
        Assert.Equal([("A", "B", score)], preference.Pairs(["A", "B"]));
        var recorded = preference.Recorded(["A", "B"]);
        Assert.Null(recorded.Winner);
        Assert.Equal([("A", "B", score)], recorded.Pairs(["A", "B"]));
        Assert.Equal(winner == "both_bad", recorded.IsAllBad);
        Assert.Equal(2, recorded.Strength);
    }

    [Fact]
    public void An_old_winner_of_five_is_better_than_each_of_the_others_who_are_not_compared()
    {
        string[] five = [.. Four, "E"];
        Assert.Equal([("A", "C", 0.0), ("B", "C", 0.0), ("C", "D", 1.0), ("C", "E", 1.0)], new Preference("C").Pairs(five));
        Assert.Equal(10, new Preference("tie").Pairs(five).Count(pair => pair.Score is 0.5));
        Assert.Equal(new Preference("C").Pairs(five), new Preference("C").Recorded(five).Pairs(five));
    }

    [Fact]
    public void That_none_will_do_is_a_fact_beside_the_ranking()
    {
        var preference = new Preference(Ranking: [["B"], ["A"]], BothBad: true);
        Assert.True(preference.Recorded(["A", "B"]).IsAllBad);
        Assert.Equal([("A", "B", 0.0)], preference.Pairs(["A", "B"]));
    }

    [Theory]
    [InlineData("""{"ranking":[["A"],["B","C"]]}""", null)]
    [InlineData("""{"ranking":[["A","B","C"]],"bothBad":true}""", null)]
    [InlineData("""{"winner":"C"}""", null)]
    [InlineData("""{"winner":"tie"}""", null)]
    [InlineData("""{"ranking":[["A"],["B"]]}""", "judgement.preference.ranking")]
    [InlineData("""{"ranking":[["A"],["B","A"],["C"]]}""", "judgement.preference.ranking")]
    [InlineData("""{"ranking":[["A"],[],["B","C"]]}""", "judgement.preference.ranking")]
    [InlineData("""{"ranking":[["A"],["B","C"],["D"]]}""", "judgement.preference.ranking")]
    [InlineData("""{"ranking":[]}""", "judgement.preference.ranking")]
    [InlineData("""{"ranking":[["A"],["B","C"]],"winner":"A"}""", "judgement.preference.winner")]
    [InlineData("""{"winner":"D"}""", "judgement.preference.winner")]
    [InlineData("""{"strength":1}""", "judgement.preference.winner")]
    public void A_ranking_names_every_response_once(string json, string? field)
    {
        var faults = new Faults();
        Json.Parse<Preference>(System.Text.Encoding.UTF8.GetBytes(json)).Check(["A", "B", "C"], faults);
        Assert.Equal(field is null ? [] : (string[])[field], faults.ByField.Keys);
    }

    [Fact]
    public void In_other_letters_it_says_the_same()
    {
        var turned = new Preference(Ranking: [["A"], ["C", "B"], ["D"]], PerDimension: new Dictionary<string, string> { ["tone"] = "A", ["clarity"] = "tie" })
            .Renamed(key => key switch { "A" => "D", "D" => "A", _ => key });
        Assert.Equal([["D"], ["B", "C"], ["A"]], turned.Ranking!);
        Assert.Equal(("D", "tie"), (turned.PerDimension!["tone"], turned.PerDimension["clarity"]));
    }
}
