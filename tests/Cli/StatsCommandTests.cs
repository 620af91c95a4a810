using System.CommandLine;
using System.Text.Json;
using HealthEval.Cli;
using HealthEval.Cli.Stats;

namespace HealthEval.Tests.Cli;

public sealed class StatsCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("healtheval-stats-");

    [Fact]
    public void Json_has_the_agreed_shape()
    {
        var json = Json(Truth("krippendorff_canonical.csv"), "--measure", "krippendorff-alpha", "--level", "ordinal", "--seed", "7");
        string[] expected = ["measure", "estimate", "se", "ci", "ciMethod", "n", "undefined", "seed", "details"];
        Assert.Equal(expected, json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(0.815, json.GetProperty("estimate").GetDouble(), 0.0005);
        Assert.Equal(2, json.GetProperty("ci").GetArrayLength());
        Assert.Equal([11, 40, 4], json.GetProperty("n").EnumerateObject().Select(p => p.Value.GetInt32()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("undefined").ValueKind);
        Assert.Contains("Krippendorff's ordinal metric", json.GetProperty("details").GetProperty("definition").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fleiss_1971_counts.csv", "fleiss", 0.4302445, 5e-8)]
    [InlineData("fleiss_wikipedia_counts.csv", "fleiss-kappa", 0.210, 0.0005)]
    [InlineData("gwet_raw4raters.csv", "ac1", 0.77544, 5e-6)]
    [InlineData("gwet_raw4raters.csv", "gwet-ac2", 0.914, 5e-4)]
    [InlineData("gwet_cont3x3abstractors.csv", "kappa", 0.7964094, 5e-8)]
    [InlineData("gwet_cont3x3abstractors.csv", "scott-pi", 0.7962397, 5e-8)]
    [InlineData("gwet_distrib_6raters.csv", "bp", 0.4388889, 5e-8)]
    [InlineData("krippendorff_2011_B_nominal.csv", "alpha", 0.692, 0.0005)]
    [InlineData("krippendorff_wikipedia_3coders.csv", "Krippendorff's alpha", 0.691, 0.0005)]
    [InlineData("shrout_fleiss_1979.csv", "ICC(3,k)", 0.91, 0.005)]
    [InlineData("shrout_fleiss_1979.csv", "icc", 0.29, 0.005)]
    [InlineData("dawid_skene_1979_ratings.csv", "dawid-skene", -192.8909, 5e-5)]
    public void A_published_table_is_read_as_it_is(string file, string measure, double published, double tolerance) =>
        Assert.Equal(published, Json(Truth(file), "--measure", measure, "--draws", "0").GetProperty("estimate").GetDouble(), tolerance);

    [Fact]
    public void Krippendorffs_ordinal_metric_and_ordinal_weights_are_told_apart()
    {
        var metric = Json(Truth("krippendorff_canonical.csv"), "--measure", "alpha", "--level", "ordinal", "--draws", "0");
        var weights = Json(Truth("krippendorff_canonical.csv"), "--measure", "alpha", "--weights", "ordinal");
        Assert.Equal(0.815, metric.GetProperty("estimate").GetDouble(), 0.0005);
        Assert.Equal(0.834, weights.GetProperty("estimate").GetDouble(), 0.0005);
        Assert.Contains("irrCAC", weights.GetProperty("details").GetProperty("weights").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, Run(Truth("krippendorff_canonical.csv"), "--measure", "alpha", "--level", "ordinal", "--weights", "ordinal").Code);
    }

    [Fact]
    public void Krippendorffs_metrics_apply_to_a_contingency_table_too()
    {
        var square = Json(File("s.csv", "first,1,2,3\n1,2,1,0\n2,0,2,0\n3,1,0,3\n"), "--measure", "alpha", "--level", "ordinal", "--draws", "0");
        var wide = Json(File("sw.csv", "item,r1,r2\n1,1,1\n2,1,1\n3,1,2\n4,2,2\n5,2,2\n6,3,1\n7,3,3\n8,3,3\n9,3,3\n"), "--measure", "alpha", "--level", "ordinal", "--draws", "0");
        Assert.Equal(wide.GetProperty("estimate").GetDouble(), square.GetProperty("estimate").GetDouble(), 1e-12);
    }

    [Fact]
    public void A_rater_who_is_not_there_is_named() => Assert.Contains(
        "has no rater 'z'", Run(File("long2.csv", "item,rater,value\n1,a,x\n1,b,y\n"), "--measure", "kappa", "--raters", "a,z").Error, StringComparison.Ordinal);

    [Fact]
    public void Long_wide_and_reordered_files_give_the_same_value()
    {
        var wide = Json(File("wide.csv", "item,anna,ben\n1,a,a\n2,a,b\n3,b,b\n"), "--measure", "cohen-kappa");
        var longer = Json(File("long.csv", "rating;item;coder\na;1;ben\na;1;anna\nb;2;ben\na;2;anna\nb;3;ben\nb;3;anna\n"), "--measure", "cohen-kappa");
        var named = Json(File("odd.csv", "x,who,what,said\n9,ben,1,a\n9,anna,1,a\n9,ben,2,b\n9,anna,2,a\n9,ben,3,b\n9,anna,3,b\n"), "--measure", "kappa", "--unit", "what", "--rater", "who", "--value", "said");
        Assert.Equal(wide.GetProperty("estimate").GetDouble(), longer.GetProperty("estimate").GetDouble(), 1e-12);
        Assert.Equal(wide.GetProperty("estimate").GetDouble(), named.GetProperty("estimate").GetDouble(), 1e-12);
    }

    [Fact]
    public void A_stated_scale_counts_levels_nobody_used()
    {
        var file = File("w.csv", "item,r1,r2\n1,1,1\n2,1,2\n3,2,2\n4,2,2\n");
        var found = Json(file, "--measure", "brennan-prediger").GetProperty("estimate").GetDouble();
        var stated = Json(file, "--measure", "brennan-prediger", "--levels", "1-5").GetProperty("estimate").GetDouble();
        Assert.Equal((0.75 - 0.5) / 0.5, found, 1e-12);
        Assert.Equal((0.75 - 0.2) / 0.8, stated, 1e-12);
        Assert.Contains("line 3: '2' is none of the levels", Run(file, "--measure", "bp", "--levels", "1,3").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_ordered_by_the_levels_option()
    {
        var file = File("l.csv", "item,r1,r2\n1,low,low\n2,mid,high\n3,high,high\n4,low,mid\n");
        Assert.Contains("without a stated order", Json(file, "--measure", "alpha", "--level", "ordinal").GetProperty("undefined").GetString(), StringComparison.Ordinal);
        Assert.True(Json(file, "--measure", "alpha", "--level", "ordinal", "--levels", "low,mid,high").GetProperty("estimate").GetDouble() > 0);
    }

    [Fact]
    public void Undefined_is_a_reason_and_no_error()
    {
        var (code, output, _) = Run(File("one.csv", "item,r1,r2\n1,a,a\n2,a,a\n"), "--measure", "cohen-kappa", "--json");
        Assert.Equal(0, code);
        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("estimate").ValueKind);
        Assert.NotEmpty(json.GetProperty("undefined").GetString()!);
        Assert.DoesNotContain("NaN", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("item,r1,r2\n1,a\n", "line 2: 2 cells where the header has 3")]
    [InlineData("item,r1,r2\n1,\"a,b\n", "line 2: a quotation mark is opened and never closed")]
    [InlineData("", "is empty")]
    [InlineData("item,r1,r2\n", "has a header and no rows")]
    [InlineData("item,r1,r1\n1,a,b\n", "two columns called 'r1'")]
    [InlineData("item,r1,r2,r3\n1,a,b,c\n2,a,b,b\n", "has 3: r1, r2, r3")]
    [InlineData("item,rater,value\n1,x,a\n1,x,b\n1,y,a\n", "'x' rated '1' as 'a' on line 2 and as 'b' on line 3")]
    public void A_bad_file_is_explained_and_exits_with_2(string content, string sentence)
    {
        var (code, _, error) = Run(File("bad.csv", content), "--measure", "cohen-kappa");
        Assert.Equal(2, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_call_is_explained_and_exits_with_2()
    {
        Assert.Contains("Did you mean 'cohen-kappa'", Run(Truth("irr_anxiety.csv"), "--measure", "cohen-kapa").Error, StringComparison.Ordinal);
        Assert.Contains("no column 'rater9'", Run(Truth("irr_anxiety.csv"), "--measure", "kappa", "--raters", "rater1,rater9").Error, StringComparison.Ordinal);
        Assert.Contains("There is no file", Run("nowhere.csv", "--measure", "kappa").Error, StringComparison.Ordinal);
        Assert.Equal(2, Run(Truth("irr_anxiety.csv"), "--measure", "icc", "--form", "4,1").Code);
        Assert.Equal(2, Run(Truth("irr_anxiety.csv"), "--measure", "alpha", "--level", "sideways").Code);
    }

    [Fact]
    public void By_gives_one_result_per_group()
    {
        var file = File("by.csv", "unit,rater,value,dimension\n1,a,1,tone\n1,b,1,tone\n2,a,2,tone\n2,b,2,tone\n1,a,1,clarity\n1,b,2,clarity\n2,a,2,clarity\n2,b,1,clarity\n");
        var json = Json(file, "--measure", "percent-agreement", "--by", "dimension");
        Assert.Equal(["clarity", "tone"], json.EnumerateArray().Select(g => g.GetProperty("group").GetString()));
        Assert.Equal([0.0, 1.0], json.EnumerateArray().Select(g => g.GetProperty("estimate").GetDouble()));
    }

    [Fact]
    public void Comparisons_are_read_in_three_shapes()
    {
        const string counts = "first,second,w1,w2\nx,y,2,1\ny,z,2,1\nz,x,1,2\n";
        const string rows = "a,b,winner\nx,y,x\nx,y,A\nx,y,b\ny,z,y\ny,z,y\ny,z,z\nz,x,z\nz,x,x\nz,x,second\n";
        const string winners = "winner,loser,count\nx,y,2\ny,x,1\ny,z,2\nz,y,1\nz,x,1\nx,z,2\n";
        var values = new[] { counts, rows, winners }.Select((text, i) => Json(File($"p{i}.csv", text), "--measure", "bt").GetProperty("estimate").GetDouble()).ToArray();
        Assert.Equal(values[0], values[1], 1e-9);
        Assert.Equal(values[0], values[2], 1e-9);
    }

    [Fact]
    public void Custom_weights_come_from_a_file()
    {
        var weights = File("weights.csv", "0,1,3\n1,0,6\n3,6,0\n");
        var table = File("cohen.csv", "first,a,b,c\na,88,14,18\nb,10,40,10\nc,2,6,12\n");
        Assert.Equal(0.348, Json(table, "--measure", "kappa", "--weights", weights).GetProperty("estimate").GetDouble(), 0.0005);
    }

    [Fact]
    public void Planning_needs_no_file()
    {
        Assert.Equal(6, Json(null, "--measure", "raters-for-reliability", "--set", "icc=0.4", "--set", "reliability=0.8").GetProperty("estimate").GetDouble());
        Assert.Contains("--set width=NUMBER", Run(null, "--measure", "items-for-icc", "--set", "icc=0.4").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_says_what_a_value_means_and_does_not() =>
        Assert.Contains("it does not", Run(null, "--measure", "alpha", "--explain").Output, StringComparison.Ordinal);

    [Fact]
    public void Plot_writes_an_svg_with_escaped_names()
    {
        var svg = Path.Combine(_folder.FullName, "out.svg");
        Assert.Equal(0, Run(File("x.csv", "winner,loser\n<x>,y\ny,<x>\n"), "--measure", "bt", "--plot", svg).Code);
        var text = System.IO.File.ReadAllText(svg);
        Assert.StartsWith("<svg", text, StringComparison.Ordinal);
        Assert.Contains("&lt;x&gt;", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_measure_can_be_found_by_all_its_names_and_explains_itself()
    {
        var names = StatsMeasures.All.SelectMany(m => m.Aliases.Append(m.Name).Select(n => (Name: StatsTable.Plain(n), Measure: m.Name))).ToArray();
        Assert.Empty(names.GroupBy(n => n.Name).Where(g => g.Select(x => x.Measure).Distinct().Count() > 1).Select(g => g.Key));
        Assert.All(StatsMeasures.All, m => Assert.All([m.Explanation.Formula, m.Explanation.Means, m.Explanation.DoesNotMean, m.Explanation.Source], Assert.NotEmpty));
    }

    [Fact]
    public void Help_lists_every_measure() => Assert.All(
        StatsMeasures.All.GroupBy(m => m.Group), g => Assert.Contains($"{g.Key}: {string.Join(", ", g.Select(m => m.Name))}", StatsCommand.Description, StringComparison.Ordinal));

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Truth(string name) => Agreement.GroundTruthFiles.PathOf(name);

    private static JsonElement Json(string? file, params string[] args)
    {
        var (code, output, error) = Run(file, [.. args, "--json"]);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static (int Code, string Output, string Error) Run(string? file, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand { CommandLine.JsonOutput, StatsCommand.Build() };
        var code = root.Parse(["stats", .. file is null ? [] : new[] { file }, .. args]).Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), error.ToString());
    }

    private string File(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }
}
