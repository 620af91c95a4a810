using FsCheck;
using FsCheck.Fluent;
using HealthEval.Batches.Privacy;

namespace HealthEval.Tests.Batches;

/// <summary>One row per shape of each class that is looked for, and the usual false alarms. Every number here was made up, or is a published example.</summary>
public sealed class PrivacyScreenTests
{
    [Theory]
    [InlineData("ssn", "SSN ", "078-05-1120")]
    [InlineData("ssn", "my ssn is ", "078051120")]
    [InlineData("ssn", "Social Security number: ", "078 05 1120")]
    [InlineData("phone", "reach me under ", "(555) 010-4477")]
    [InlineData("phone", "under ", "+44 20 7946 0958")]
    [InlineData("phone", "call me on ", "020 7946 0958")]
    [InlineData("phone", "phone: ", "5550104477")]
    [InlineData("fax", "Fax no. ", "555-010-4478")]
    [InlineData("email", "write to ", "jane.doe+x@clinic.example.org")]
    [InlineData("url", "see ", "https://portal.example/p/1")]
    [InlineData("url", "see ", "www.portal.example/p/1")]
    [InlineData("ip", "from ", "192.168.10.7")]
    [InlineData("ip", "from ", "2001:db8::8a2e:370:7334")]
    [InlineData("record_number", "MRN: ", "0048213")]
    [InlineData("record_number", "MRN#", "A-0048213")]
    [InlineData("record_number", "medical record number ", "0048213")]
    [InlineData("account", "acct ", "55500123")]
    [InlineData("account", "my account number is ", "55500123")]
    [InlineData("plan_beneficiary", "Member ID: ", "XYZ123456789")]
    [InlineData("plan_beneficiary", "policy no ", "99887766")]
    [InlineData("licence", "license number ", "C-1234567")]
    [InlineData("licence", "certificate no. ", "889900")]
    [InlineData("device_id", "pacemaker serial ", "PM-445566")]
    [InlineData("device_id", "serial number: ", "7712345")]
    [InlineData("mbi", "Medicare ", "1EG4-TE5-MK73")]
    [InlineData("mbi", "Medicare ", "1EG4TE5MK73")]
    [InlineData("npi", "NPI ", "1234567893")]
    [InlineData("dea", "DEA ", "AB1234563")]
    [InlineData("nhs_number", "NHS ", "943 476 5919")]
    [InlineData("vin", "VIN ", "1M8GDM9AXKP042788")]
    [InlineData("date", "DOB ", "01/02/1950")]
    [InlineData("date", "admitted on ", "March 3, 2021")]
    [InlineData("date", "Discharge date: ", "2021-03-09")]
    [InlineData("date", "born on the ", "3rd of March 1950")]
    [InlineData("age_over_89", "a ", "93-year-old")]
    [InlineData("age_over_89", "she is ", "101 years of age")]
    [InlineData("age_over_89", "", "aged 92")]
    [InlineData("zip", "lives in Austin, ", "TX 78701")]
    [InlineData("zip", "", "zip code 78701-1234")]
    [InlineData("name", "my name is ", "Maria Lopez")]
    [InlineData("name", "so ", "Mrs. Okafor")]
    public void It_suspects(string kind, string before, string value)
    {
        Assert.Equal((kind, value), Assert.Single(Found(before + value + " today")));
        Assert.Equal((kind, value), Assert.Single(Found("😀 (" + before + value + ")")));
    }

    [Theory]
    [InlineData("take 500 mg every 6-8 hours, at most 4,000 mg a day")]
    [InlineData("insulin 10 units, metformin 1000 mg, vitamin D 50000 IU, heparin 5000 units/mL")]
    [InlineData("potassium 3.5-5.0 mmol/L on 03/04/2021, ratio 1:2:3")]
    [InlineData("HbA1c of 2024-01-15: 7.2%, platelets 150000-400000, white cell count 4000-11000")]
    [InlineData("SSN 000-12-3456 and 666-12-3456 and 900-12-3456 are never issued")]
    [InlineData("NPI 1234567890 and DEA AB1234567 and NHS 9434765918 fail their check digits")]
    [InlineData("VIN 1M8GDM9A1KP042788 fails its check digit; 1S00-TE5-MK73 has letters that no MBI has")]
    [InlineData("guideline 2023, version 10.2.3.400 and version 1.2.3.4, n = 12345")]
    [InlineData("a 45-year-old man; survival at 90 months was 95%")]
    [InlineData("for people aged 90 and over, or 90 years old and older")]
    [InlineData("call 911, or poison control on 1-800-222-1222, or 988; ring 888-555-0100")]
    [InlineData("The patient should ask a doctor. Is the account of 2019-2021 right?")]
    [InlineData("at 12:30:45, pH 7.35, 120/80 mmHg, ICD-10 E11.9, PMID 31535829")]
    public void It_does_not_suspect(string text) => Assert.Empty(Found(text));

    /// <summary>Said on the page, in the README and here, so that nobody takes silence for proof.</summary>
    [Theory]
    [InlineData("Maria Lopez from the bakery in Elm Street fell last Tuesday")]
    [InlineData("his birthday is the third of March and he is the mayor")]
    public void It_cannot_find(string text) => Assert.Empty(Found(text));

    [Theory]
    [InlineData("Dr. Kaplan and Dr. Meier showed in a trial that it works", "name")]
    [InlineData("the discharge protocol of 01/02/2021", "date")]
    [InlineData("a table of AL 35801 results", "zip")]
    public void It_raises_known_false_alarms(string text, string kind) => Assert.Contains(Found(text), found => found.Kind == kind);

    [Fact]
    public void A_report_has_the_place_and_the_shape_and_never_the_value()
    {
        var draft = new HealthEval.Intake.Draft { Messages = [new("user", "😀 SSN 078-05-1120")] };
        var suspicion = Assert.Single(Screening.Of(draft, 7));

        Assert.Equal((7L, "prompt[0].content", "ssn", 6, "###-##-####"), (suspicion.Line, suspicion.Path, suspicion.Class, suspicion.Start, suspicion.Masked));
    }

    [Fact]
    public void Everything_that_raters_read_is_looked_through()
    {
        var draft = new HealthEval.Intake.Draft { Messages = [new("system", "a"), new("user", "MRN 0048213")] };
        draft.Responses.Add(new(null, null, "call jane@clinic.example"));
        draft.Rubric.Add(new("c1", "asks Mrs. Okafor", 1, []));

        Assert.Equal(["prompt[1].content", "responses[0].content", "rubric[0].criterion"], Screening.Of(draft, 1).Select(suspicion => suspicion.Path));
    }

    private static readonly string[] Values = ["078-05-1120", "(555) 010-4477", "jane.doe@clinic.example", "https://portal.example/p/1", "192.168.10.7", "MRN 0048213", "1EG4-TE5-MK73", "DOB 01/02/1950", "my name is Maria Lopez", "TX 78701"];

    /// <summary>Whatever stands around it: the offset counts code points, the slice has the shape of the snippet, and no letter or digit of the value is in the report.</summary>
    [Fact]
    public void No_report_holds_a_value() => Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "").ToArbitrary(), Gen.Elements(Values).ToArbitrary(), (around, value) =>
    {
        var text = $"{Valid(around)} 😀 {value} , {Valid(around)}";
        var found = Screening.Of(new HealthEval.Intake.Draft { Messages = [new("user", text)] }, 1);
        var runes = text.EnumerateRunes().ToArray();
        Assert.NotEmpty(found);
        Assert.All(found, suspicion =>
        {
            Assert.DoesNotContain(suspicion.Masked, character => character is not 'x' && char.IsLetterOrDigit(character));
            var behind = string.Concat(runes.Skip(suspicion.Start).Take(80).Select(rune => rune.ToString()));
            Assert.Contains(Values, known => PrivacyScreen.Mask(known).EndsWith(suspicion.Masked, StringComparison.Ordinal) && behind.StartsWith(known[^suspicion.Masked.Length..], StringComparison.Ordinal));
        });
    }).QuickCheckThrowOnFailure();

    private static string Valid(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static List<(string Kind, string Value)> Found(string text)
    {
        var found = new List<Suspicion>();
        PrivacyScreen.Find(text, found);
        return [.. found.Select(place => (place.Class, text.Substring(place.Start, place.Length)))];
    }
}
