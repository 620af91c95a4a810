using System.Text.Json;
using HealthEval.Batches;
using HealthEval.Storage;

namespace HealthEval.Tests.Batches;

public sealed class ContentHashTests
{
    private static readonly EvalItem Item = new(
        "p1", "t1", "prompt", [new("system", "s"), new("user", "q")], [new("r1", "a", Sha.Of("a"), "m")], "general", "lay", "US", "en", "routine", "b1", 1, "",
        [new("c1", "says so", 1, ["x"])], ["tag"], "i1", "cardiology", "r1", Element("""{"a":[1,"ü"]}"""), new Dictionary<string, JsonElement> { ["k"] = Element("1") });

    /// <summary>A change per field. A new field belongs either here or among those that the hash leaves out.</summary>
    public static TheoryData<string> Fields => [.. Changes.Keys];

    private static readonly Dictionary<string, EvalItem[]> Changes = new()
    {
        ["ProjectId"] = [Item with { ProjectId = "p2" }],
        ["PromptId"] = [Item with { PromptId = "prompt2" }],
        ["Messages"] = [Item with { Messages = [new("system", "s")] }, Item with { Messages = [new("user", "s"), new("user", "q")] }, Item with { Messages = [new("system", "sq"), new("user", "")] }],
        ["Responses"] = [Item with { Responses = [] }, Item with { Responses = [new("r2", "a", Sha.Of("a"), "m")] }, Item with { Responses = [new("r1", "b", Sha.Of("b"), "m")] }, Item with { Responses = [new("r1", "a", Sha.Of("a"))] }],
        ["Claims"] = [Item with { Claims = [new("k1", "r1", "a")] }, Item with { Responses = [new("r1", "a", Sha.Of("a"), "m", "thought")] }],
        ["Theme"] = [Item with { Theme = "emergency_referrals" }],
        ["TaskType"] = [Item with { TaskType = "emergency_referrals" }, Item with { TaskType = "patient_communication" }],
        ["Mode"] = [Item with { Mode = "quick" }],
        ["Subdomain"] = [Item with { Subdomain = "specialty" }],
        ["Audience"] = [Item with { Audience = "clinician" }],
        ["Jurisdiction"] = [Item with { Jurisdiction = "EU" }],
        ["Language"] = [Item with { Language = "de" }],
        ["RiskTier"] = [Item with { RiskTier = "elevated" }],
        ["Rubric"] = [Item with { Rubric = [] }, Item with { Rubric = [new("c1", "says so", 1.5, ["x"])] }, Item with { Rubric = [new("c1", "says so", 1, ["y"])] }, Item with { Rubric = [new("c1", "says", 1, ["x"])] }],
        ["Tags"] = [Item with { Tags = [] }, Item with { Tags = ["ta", "g"] }],
        ["ItemId"] = [Item with { ItemId = null }, Item with { ItemId = null, Specialty = "i1", Chosen = "cardiology" }],
        ["Benchmark"] = [Item with { Benchmark = new("b", 1, "q") }, Item with { Benchmark = new("b", 2, "q") }, Item with { Benchmark = new("b", 1, "r") }],
        ["Specialty"] = [Item with { Specialty = "" }],
        ["Chosen"] = [Item with { Chosen = null }],
        ["Reference"] = [Item with { Reference = null }, Item with { Reference = Element("""{"a":[1,"u"]}""") }],
        ["Meta"] = [Item with { Meta = null }, Item with { Meta = new Dictionary<string, JsonElement> { ["k"] = Element("2") } }, Item with { Meta = new Dictionary<string, JsonElement> { ["l"] = Element("1") } }],
    };

    private static readonly string[] LeftOut = ["Bookkeeping", "TaskId", "BatchId", "Line", "ContentSha256", "OriginalSha256", "Statements", "Criteria"];

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_changed_field_changes_the_hash(string field) => Assert.All(Changes[field], changed => Assert.NotEqual(Item.ContentHash(), changed.ContentHash()));

    [Fact]
    public void Every_field_is_either_hashed_or_left_out_on_purpose() =>
        Assert.Equal(typeof(EvalItem).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal), Changes.Keys.Concat(LeftOut).Order(StringComparer.Ordinal));

    /// <summary>Statements are the reference's own; where it was redacted they are all that is left of it.</summary>
    [Fact]
    public void Statements_of_a_redacted_reference_are_hashed()
    {
        var redacted = Item with { Reference = null, Statements = [new("s1", "rest", 1, [])] };

        Assert.NotEqual(redacted.ContentHash(), (redacted with { Statements = null }).ContentHash());
        Assert.NotEqual(redacted.ContentHash(), (redacted with { Statements = [new("s1", "rust", 1, [])] }).ContentHash());
        Assert.Equal(Item.ContentHash(), (Item with { Statements = redacted.Statements }).ContentHash());
    }

    [Fact]
    public void Where_a_record_came_from_does_not_matter() =>
        Assert.Equal(Item.ContentHash(), (Item with { BatchId = "b2", Line = 7, ContentSha256 = "x", TaskId = "t2", OriginalSha256 = "y" }).ContentHash());

    [Fact]
    public void What_was_stored_has_the_hash_of_what_came()
    {
        var spaced = Item with { Reference = Element("""{ "a" : [ 1, "\u00fc" ] }""") };

        Assert.Equal(Item.ContentHash(), spaced.ContentHash());
        Assert.Equal(spaced.ContentHash(), Json.Parse<EvalItem>(Json.Bytes(spaced)).ContentHash());
    }

    private static JsonElement Element(string json) => JsonDocument.Parse(json).RootElement;
}
