using HealthEval.Batches.Privacy;

namespace HealthEval.Tests.Batches;

/// <summary>The screen skips patterns that cannot match; these tests compare with running all of them.</summary>
public sealed class CluesTests
{
    private static readonly string[] Pieces =
    [
        "078-05-1120", "(555) 010-4477", "555.010.4477", "555 010 4477", "+44 20 7946 0958", "+1", "jane@x.org", "@", "https://a.b/c", "HTTP://", "www.a.example", "WWW.A.example", "192.168.10.7", "1.2.3", "2001:db8::8a2e:370:7334",
        "1:2:3:4:5:6:7:8", "MRN: 0048213", "acct", "acct 55500123", "SSN", "ssn 078051120", "social security number", "078 05 1120", "fax", "call me on", "phone: 5550104477", "member id", "XYZ123456", "license no", "serial number", "version ", "1-800-222-1222", "and over", "3rd of March 1950", "#", "12345", "1EG4-TE5-MK73", "1EG4TE5MK73", "1234567893", "NHS", "943 476 5919", "AB1234563", "A91234563", "1M8GDM9AXKP042788", "1M8GDM9AXKP04278", "DOB 01/02/1950", "born", "BORN", "3 March 2021",
        "March 3, 2021", "2021-03-04", "death", "admitted", "93", "-year-old", "110 years old", "aged 92", "age: 101", "95%", "TX 78701", "Zip code: 78701-1234", "My name is", "name: Maria Lopez", "Maria", "Mrs. Okafor", "Dr Who", "Miss", "Patient Ann B. Cole",
        "patient's name is Ann", "٩٣", "٥٥٥-٠١٠-٤٤٧٧", "９３-year-old", "\u212A", "ſ", "İ", "é", "😀", "a", "B", "x", "0", "9", "17", "106", " ", "  ", "-", ".", ",", ":", "::", "/", "\n", "(", ")", "+",
    ];

    [Fact]
    public void Skipping_patterns_changes_no_finding()
    {
        var random = new Random(20261127);
        var suspicions = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Piece(random)));
            var expected = Find(text, ~Clues.None);
            suspicions += expected.Count;

            Assert.True(expected.SequenceEqual(Find(text, ClueFinder.In(text))), $"'{text}'");
        }

        Assert.True(suspicions > 15_000, $"too few to prove anything: {suspicions}");
    }

    [Theory]
    [InlineData("Take 500 mg every 6-8 hours (at most 4,000 mg a day); see a doctor after 3 days: HbA1c was 7.2%.")]
    [InlineData("In 2019 the guideline changed. About one in ten women has PCOS. COVID-19, H1N1, B12: ask your pharmacist.")]
    public void Ordinary_text_has_no_clue(string text) => Assert.Equal(Clues.None, ClueFinder.In(text));

    /// <summary>Each pattern has a time limit, which a text that is looked at again and again would exceed.</summary>
    [Theory]
    [InlineData("A1")]
    [InlineData("1A")]
    [InlineData("9")]
    [InlineData("٩")]
    [InlineData("1.")]
    [InlineData("1:")]
    [InlineData("a@b.")]
    [InlineData("www.")]
    [InlineData("http://")]
    [InlineData("555-010-")]
    [InlineData("(555) ")]
    [InlineData("+1 22 ")]
    [InlineData("Dr A")]
    [InlineData("my name is ")]
    [InlineData("MRN 1")]
    [InlineData("dob 1")]
    [InlineData("0A1B2C3D4E5F6G7H8")]
    public void No_text_wastes_time(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));

        Assert.Equal(Find(text, ~Clues.None).Count, Find(text, ClueFinder.In(text)).Count);
    }

    private static string Piece(Random random)
    {
        var piece = Pieces[random.Next(Pieces.Length)];
        return random.Next(8) switch
        {
            0 => piece[random.Next(piece.Length)..],
            1 => piece[..random.Next(piece.Length + 1)],
            2 => piece + " ",
            _ => piece,
        };
    }

    private static List<Suspicion> Find(string text, Clues clues)
    {
        var found = new List<Suspicion>();
        PrivacyScreen.Find(text, clues, found);
        return found;
    }
}
