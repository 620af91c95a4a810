using System.Globalization;
using HealthEval.Guidelines;

namespace HealthEval.Tests.Guidelines;

/// <summary>The registry of version 2: a tier is a property of a page, and every entry says whose it is.</summary>
public sealed class RegistryTests
{
    private static readonly Guideline Second = GuidelineLibrary.BuiltIn[1];

    [Fact]
    public void Every_entry_has_an_owner_a_kind_and_a_jurisdiction_and_a_tier_or_a_word_why_not() => Assert.All(Second.Sources, source =>
    {
        Assert.NotEmpty(source.Owner!);
        Assert.NotEmpty(source.Kind);
        Assert.Matches("^(INT|EU|[A-Z]{2})$", source.Jurisdiction);
        Assert.True(source.Tier is not null || !string.IsNullOrEmpty(source.Note), source.Address);
        Assert.True(source.CheckedOn is null || DateOnly.TryParseExact(source.CheckedOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), source.Address);
        Assert.True(source.CheckedIn is null or "copy" && (source.CheckedIn is null || source.CheckedOn is not null), source.Address);
        Assert.DoesNotMatch("^www\\.|/$", source.Address);
    });

    [Fact]
    public void Indexes_registers_of_protocols_and_contested_pages_have_no_tier_of_their_own() =>
        Assert.All(Second.Sources.Where(source => source.Kind is "index" or "contested"), source => Assert.Null(source.Tier));

    [Theory]
    [InlineData("https://www.cdc.gov/flu/index.html", null)]
    [InlineData("https://www.hhs.gov/about", null)]
    [InlineData("https://www.gov.uk/browse/benefits", null)]
    [InlineData("https://www.gob.mx/tramites", null)]
    [InlineData("https://www.crd.york.ac.uk/PROSPERO/view/CRD1", null)]
    [InlineData("https://doi.org/10.1056/NEJMoa1500858", null)]
    [InlineData("https://www.ncbi.nlm.nih.gov/books/NBK537200/", null)]
    [InlineData("https://academic.oup.com/cid/article/52/5/e103/388285", null)]
    [InlineData("https://www.england.nhs.uk/publication/x", null)]
    [InlineData("https://cks.nice.org.uk/topics/anaemia-iron-deficiency/", "T5")]
    [InlineData("https://www.nice.org.uk/guidance/ng133", "T1")]
    [InlineData("https://www.nice.org.uk/news", null)]
    [InlineData("https://www.gov.uk/drug-safety-update/x", "T1")]
    [InlineData("https://www.ahajournals.org/doi/10.1161/JAHA.1", "T4")]
    [InlineData("https://publications.aap.org/redbook/book/1", "T3")]
    [InlineData("https://richtlijnendatabase.nl/richtlijn/x", "T3")]
    [InlineData("https://register.awmf.org/de/leitlinien/detail/x", "T3")]
    public void A_tier_goes_by_the_page(string url, string? tier)
    {
        var entry = SourceRegistry.Find(Second, url);

        Assert.NotNull(entry);
        Assert.Equal(tier, entry.Tier);
    }

    [Theory]
    [InlineData("US", "MX", "BR", "AR", "CO", "CL", "JP", "KR", "CN", "IN", "SG", "SA", "ZA", "NG", "KE", "GB", "EU", "CA", "AU", "NZ", "CH")]
    public void Every_region_has_its_regulator(params string[] countries) => Assert.All(countries, country =>
        Assert.Contains(Second.Sources, source => source.Jurisdiction == country && source.Kind is "regulator" or "label" && source.Tier == "T1"));

    [Fact]
    public void Two_faces_of_one_owner_are_one_publisher()
    {
        string Of(string url) => SourceRegistry.PublisherOf(Second, url, "as somebody wrote it");

        Assert.Equal(Of("https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=x"), Of("https://www.accessdata.fda.gov/drugsatfda_docs/label/2014/x.pdf"));
        Assert.Equal(Of("https://www.merckmanuals.com/x"), Of("https://www.msdmanuals.com/x"));
        Assert.NotEqual(Of("https://bnf.nice.org.uk/drugs/morphine/"), Of("https://www.nice.org.uk/guidance/ng196"));
        Assert.Equal("as somebody wrote it", Of("https://pubmed.ncbi.nlm.nih.gov/1/"));
    }

    [Fact]
    public void The_quiz_and_the_calibration_set_are_there_and_use_the_words_of_the_guideline()
    {
        Assert.Equal((12, 10), (Second.Quiz!.Count, Second.Calibration!.Count));
        Assert.All(Second.Quiz, question => Assert.Equal(4, question.Choices.Count));
        Assert.True(Second.Quiz.GroupBy(question => question.Answer).Max(same => same.Count()) <= 6, "nobody passes by always choosing the same letter");
        Assert.Equal(4, Second.Calibration.Select(item => item.Subdomain).Distinct().Count());
        var verdicts = Second.Verdicts.Select(verdict => verdict.Key).ToHashSet();
        Assert.All(Second.Calibration, item =>
        {
            Assert.All(item.Claims, claim => Assert.True(claim.Verdicts.All(verdicts.Contains) && item.Response.Contains(claim.Quote, StringComparison.Ordinal), item.Id));
            Assert.All(item.HarmExtents, extent => Assert.Contains(extent, Vocabulary.HarmExtents));
            Assert.Contains("overall", item.Ranges.Keys);
            Assert.True(item.MustFind.Count > 0 || item.HarmExtents.SequenceEqual(["none"]), item.Id);
        });
    }
}
