using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Tests.Storage;

public sealed class JsonTests
{
    private sealed record Listed(IReadOnlyList<string> Names, IReadOnlyList<Card>? Cards = null);

    [Theory]
    [InlineData("""{"names":["a",null]}""")]
    [InlineData("""{"names":[],"cards":[{},null]}""")]
    [InlineData("""{"names":null}""")]
    public void A_list_with_nothing_in_a_place_is_refused(string json) => Assert.Throws<JsonException>(() => Json.Parse<Listed>(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":[{"b":{"c":1,"c":2}}]}""")]
    [InlineData("[]")]
    public void An_object_with_a_name_that_is_there_twice_is_refused(string json) =>
        Assert.Throws<JsonException>(() => Json.Parse<System.Text.Json.Nodes.JsonObject>(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_whole_list_is_read() => Assert.Equal(["a", ""], Json.Parse<Listed>("""{"names":["a",""],"cards":[{}]}"""u8).Names);

    [Fact]
    public void Parts_are_hashed_with_their_lengths()
    {
        byte[] expected = [.. BitConverter.GetBytes(3L), .. "aé"u8, .. BitConverter.GetBytes(-1L), .. BitConverter.GetBytes(0L)];

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), Sha.OfParts("aé", null, ""));
        Assert.NotEqual(Sha.OfParts("ab", "c"), Sha.OfParts("a", "bc"));
        Assert.Equal(Sha.OfParts(new string('x', 100_000), "y"), Sha.OfParts(new string('x', 100_000), "y"));
        Assert.Equal("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", Sha.Of("foo"));
    }
}
