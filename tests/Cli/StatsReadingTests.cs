using System.CommandLine;
using System.Text.Json;
using HealthEval.Cli;
using HealthEval.Cli.Stats;

namespace HealthEval.Tests.Cli;

/// <summary>
/// One published set, Krippendorff's four observers and twelve units (ordinal α = .815), in the shapes in which strangers keep such data.
/// </summary>
public sealed class StatsReadingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("healtheval-reading-");

    public static TheoryData<string, Func<string[], string[][], string>> Shapes => new()
    {
        { "a dash for missing", (h, rows) => Wide(h, rows, "-") },
        { "a long dash for missing", (h, rows) => Wide(h, rows, "–") },
        { "R's missing", (h, rows) => Wide(h, rows, "NA") },
        { "a spreadsheet's missing", (h, rows) => Wide(h, rows, "#N/A") },
        { "pandas' missing", (h, rows) => Wide(h, rows, "<NA>") },
        { "Python's missing", (h, rows) => Wide(h, rows, "None") },
        { "Krippendorff's own star", (h, rows) => Wide(h, rows, "*") },
        { "decimals", (h, rows) => Wide(h, [.. rows.Select(r => r.Select((c, i) => i > 0 && c.Length > 0 ? c + ".0" : c).ToArray())], "") },
        { "semicolons, a byte order mark and Windows line ends", (h, rows) => "\uFEFF" + Wide(h, rows, "").Replace(',', ';').Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "tabs", (h, rows) => Wide(h, rows, "").Replace(',', '\t') },
        { "quotes and capitals", (h, rows) => Wide([.. h.Select(x => $"\"{x.ToUpperInvariant()}\"")], [.. rows.Select(r => r.Select(c => $"\"{c}\"").ToArray())], "\"\"") },
        { "no unit column", (h, rows) => Wide(h[1..], [.. rows.Select(r => r[1..])], "") },
        { "no header", (h, rows) => Wide(rows[0][1..], [.. rows[1..].Select(r => r[1..])], "") },
        { "a row per rater, a column per unit", (h, rows) => Transposed(h, rows) },
        { "names, texts and a gold column between", (h, rows) =>
            Wide(["id", "patient name", "text", "rater 1", "rater 2", "rater 3", "rater 4", "gold"], [.. rows.Select(r => (string[])[r[0], $"P{r[0]}", $"\"a, b {r[0]}\"", .. r[1..], "1"])], "") },
        { "a text column beside people's names", (h, rows) => Wide(["item", "ann", "bob", "cy", "dee", "remark"], [.. rows.Select(r => (string[])[.. r, r[0] == "3" ? "odd one" : ""])], "") },
        { "two numbering columns", (h, rows) => Wide(["id", "subject", "ann", "bob", "cy", "dee"], [.. rows.Select(r => (string[])[$"{100 + int.Parse(r[0], System.Globalization.CultureInfo.InvariantCulture)}", .. r])], "") },
        { "long", (h, rows) => Long("unit,rater,value", h, rows) },
        { "long, other words", (h, rows) => Long("question_id,annotator_name,response", h, rows) },
        { "long, more words", (h, rows) => Long("text_id,worker_id,stars", h, rows) },
        { "long, backwards and capital", (h, rows) => "RATING,Coder,Item ID,Comment\n" + string.Join('\n', Cells(h, rows).Reverse().Select(c => $"{c.Value},{c.Rater},{c.Unit},\"fine, ok\"")) },
        { "long with R's row numbers", (h, rows) => ",Unit,Rater,Score\n" + string.Join('\n', Cells(h, rows).Select((c, i) => $"{i + 1},{c.Unit},{c.Rater},{c.Value}")) },
        { "long with an id and a time", (h, rows) => "id,subject,judge,rating,timestamp\n" + string.Join('\n', Cells(h, rows).Select((c, i) => $"{i},{c.Unit},{c.Rater},{c.Value},2026-01-{1 + (i % 28):00}")) },
    };

    [Theory]
    [MemberData(nameof(Shapes), DisableDiscoveryEnumeration = true)]
    public void The_same_ratings_are_the_same_in_any_usual_shape(string shape, Func<string[], string[][], string> write)
    {
        var (header, rows) = Agreement.GroundTruthFiles.Read("krippendorff_canonical.csv");
        var json = Json(write(header, rows), "krippendorff-alpha", "--level", "ordinal", "--draws", "0");
        Assert.True(Math.Abs(json.GetProperty("estimate").GetDouble() - 0.8153875) < 5e-8, $"{shape}: {json}");
        Assert.Equal([11, 40, 4], json.GetProperty("n").EnumerateObject().Select(p => p.Value.GetInt32()));
    }

    [Fact]
    public void The_measure_is_named_as_in_the_list_and_its_variant_in_the_details()
    {
        var alpha = Json("item,r1,r2\n1,1,1\n2,2,3\n3,3,3\n", "ALPHA", "--level", "interval", "--draws", "0");
        Assert.Equal("krippendorff-alpha", alpha.GetProperty("measure").GetString());
        Assert.Equal("krippendorff-alpha interval", alpha.GetProperty("details").GetProperty("variant").GetString());
        Assert.Equal("icc", Json("item,r1,r2\n1,1,1\n2,2,3\n3,3,3\n", "icc2k").GetProperty("measure").GetString());
        Assert.False(Json("item,r1,r2\n1,1,1\n2,2,3\n", "kappa").GetProperty("details").TryGetProperty("variant", out _));
    }

    [Fact]
    public void Columns_that_hold_no_ratings_are_named_in_the_result()
    {
        var json = Json("id,name,ann,bob\n1,Zoe,a,a\n2,Yan,b,a\n3,Xi,b,b\n", "cohen-kappa");
        Assert.Equal(2, json.GetProperty("n").GetProperty("raters").GetInt32());
        Assert.Equal(["name"], json.GetProperty("details").GetProperty("columnsLeftOut").EnumerateArray().Select(c => c.GetString()));
        // Asked for by name, a column is a rater whatever it looks like.
        Assert.False(Json("id,name,ann,bob\n1,a,a,a\n2,b,b,a\n3,b,b,b\n", "cohen-kappa", "--raters", "name,ann").GetProperty("details").TryGetProperty("columnsLeftOut", out _));
    }

    [Fact]
    public void Signs_and_the_word_none_stay_labels_among_labels()
    {
        Assert.Equal(6, Json("case,a,b\n1,+,-\n2,-,-\n3,+,+\n", "cohen-kappa").GetProperty("n").GetProperty("ratings").GetInt32());
        Assert.Equal(6, Json("case,a,b\n1,mild,none\n2,none,none\n3,mild,mild\n", "cohen-kappa").GetProperty("n").GetProperty("ratings").GetInt32());
        Assert.Equal(4, Json("case,a,b\n1,mild,-\n2,severe,severe\n3,mild,mild\n", "cohen-kappa").GetProperty("n").GetProperty("ratings").GetInt32());
        Assert.Equal(6, Json("case,a,b\n1,mild,-\n2,-,-\n3,mild,mild\n", "cohen-kappa", "--missing", "x").GetProperty("n").GetProperty("ratings").GetInt32());
    }

    // Fleiss (1971) prints no zeros.
    [Theory]
    [InlineData("")]
    [InlineData("-")]
    public void A_printed_table_of_counts_may_leave_zeros_out(string zero)
    {
        var (header, rows) = Agreement.GroundTruthFiles.Read("fleiss_1971_counts.csv");
        var json = Json(Wide(header, [.. rows.Select(r => r.Select((c, i) => i > 0 && c == "0" ? zero : c).ToArray())], zero), "fleiss-kappa");
        Assert.Equal(0.4302445, json.GetProperty("estimate").GetDouble(), 5e-8);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Wide(string[] header, string[][] rows, string missing) =>
        string.Join('\n', rows.Prepend(header).Select(r => string.Join(',', r.Select(c => c.Length == 0 ? missing : c))));

    private static string Transposed(string[] header, string[][] rows) =>
        string.Join('\n', Enumerable.Range(1, header.Length - 1).Select(g => $"{header[g]},{string.Join(',', rows.Select(r => r[g]))}").Prepend($"coder,{string.Join(',', rows.Select(r => $"u{r[0]}"))}"));

    private static string Long(string first, string[] header, string[][] rows) => string.Join('\n', Cells(header, rows).Select(c => $"{c.Unit},{c.Rater},{c.Value}").Prepend(first));

    private static IEnumerable<(string Unit, string Rater, string Value)> Cells(string[] header, string[][] rows) =>
        from row in rows from g in Enumerable.Range(1, header.Length - 1) select (row[0], header[g], row[g]);

    private JsonElement Json(string content, string measure, params string[] args)
    {
        var path = Path.Combine(_folder.FullName, "data.csv");
        File.WriteAllText(path, content);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand { CommandLine.JsonOutput, StatsCommand.Build() };
        var code = root.Parse(["stats", path, "--measure", measure, "--json", .. args]).Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        Assert.True(code == 0, $"{error}\n{content}");
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}
