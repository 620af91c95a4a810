using System.CommandLine;
using System.Text.Json;
using HealthEval.Cli;
using HealthEval.Cli.Stats;

namespace HealthEval.Tests.Cli;

/// <summary>An option that is given is used or refused; a table that can be read in two ways is refused with both named; every result says how the table was read.</summary>
public sealed class StatsHonestyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("healtheval-honesty-");

    /// <summary>30 prompts with four votes each: 6, 1, 2, 2 and 19 of them had 0 to 4 votes won.</summary>
    private static string Votes { get; } = "prompt,rater,win\n" + string.Join('\n', new[] { 6, 1, 2, 2, 19 }.SelectMany((count, won) => Enumerable.Range(0, count).Select(i => (won, i)))
        .SelectMany(p => Enumerable.Range(0, 4).Select(r => $"p{p.won}-{p.i},r{r},{(r < p.won ? 1 : 0)}")));

    // Share 0.725, standard error over prompt means 0.0751913: the votes of a prompt are not independent.
    [Fact]
    public void A_proportion_by_prompt_has_the_standard_error_of_prompt_means()
    {
        var clustered = Json(Votes, "proportion", "--value", "win", "--cluster", "prompt");
        Assert.Equal(0.725, clustered.GetProperty("estimate").GetDouble(), 1e-12);
        Assert.Equal(0.07519, clustered.GetProperty("se").GetDouble(), 0.0015);
        var resampled = Json(Votes, "proportion", "--value", "win", "--cluster", "prompt");
        Assert.Equal(0.575, resampled.GetProperty("ci")[0].GetDouble(), 0.005);
        Assert.Equal(0.8667, resampled.GetProperty("ci")[1].GetDouble(), 0.0085); // exact: 0.8583 has 97.48 % below it or at it, so one vote of 120 is within chance
        Assert.Equal(20_000, resampled.GetProperty("details").GetProperty("draws").GetInt32());
        var independent = Json(Votes, "proportion", "--value", "win");
        Assert.Equal(0.6391, independent.GetProperty("ci")[0].GetDouble(), 5e-5);
        Assert.Equal(0.797, independent.GetProperty("ci")[1].GetDouble(), 5e-5);
    }

    [Fact]
    public void A_share_of_nothing_has_exact_limits_over_prompts()
    {
        var none = Json(Votes.Replace(",1\n", ",0\n", StringComparison.Ordinal)[..^1] + "0", "proportion", "--value", "win", "--cluster", "prompt");
        Assert.Equal(0, none.GetProperty("estimate").GetDouble(), 1e-12);
        Assert.Equal(1 - Math.Pow(0.025, 1.0 / 30), none.GetProperty("ci")[1].GetDouble(), 1e-6); // Clopper–Pearson: none of 30 prompts
    }

    [Fact]
    public void The_mean_of_a_named_column_is_of_that_column_alone()
    {
        var mean = Json("prompt,words,win\np1,100,1\np1,90,0\np2,80,1\np3,70,1\n", "mean", "--value", "win", "--cluster", "prompt");
        Assert.Equal(0.75, mean.GetProperty("estimate").GetDouble(), 1e-12);
        Assert.Equal(4, mean.GetProperty("n").GetProperty("ratings").GetInt32());
        Assert.Equal(3, mean.GetProperty("details").GetProperty("clusters").GetInt32());
    }

    [Theory]
    [InlineData("cohen-kappa", "--form", "1,1")]
    [InlineData("cohen-kappa", "--tolerance", "1")]
    [InlineData("cohen-kappa", "--ties", "davidson")]
    [InlineData("cohen-kappa", "--item", "x")]
    [InlineData("icc", "--weights", "linear")]
    [InlineData("icc", "--bootstrap")]
    [InlineData("icc", "--cluster", "prompt")]
    [InlineData("cohen-kappa", "--interval", "bca")]
    [InlineData("cohen-kappa", "--seed", "7")]
    [InlineData("cohen-kappa", "--draws", "50")]
    [InlineData("cohen-kappa", "--distance", "rank")]
    [InlineData("cohen-kappa", "--rater", "r1")]
    [InlineData("cohen-kappa", "--value", "r1")]
    [InlineData("icc", "--level", "ordinal")]
    [InlineData("gwet-ac", "--weights", "linear", "--level", "ordinal")]
    [InlineData("cohen-kappa", "--set", "tie=0")]
    [InlineData("krippendorff-alpha", "--seed", "7", "--draws", "0")]
    public void An_option_that_would_change_nothing_is_refused(string measure, params string[] options)
    {
        var error = Refused("item,prompt,r1,r2\n1,p1,1,1\n2,p1,2,2\n3,p2,3,3\n4,p2,1,2\n", [measure, .. options]);
        Assert.Contains(options.Length == 4 && options[2] != "--draws" ? options[2] : options[0], error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rater", "x")]
    [InlineData("--levels", "1-5")]
    [InlineData("--format", "wide")]
    [InlineData("--missing", "x")]
    [InlineData("--by", "x")]
    [InlineData("--repeats", "first")]
    [InlineData("--seed", "1")]
    public void A_plan_without_a_file_refuses_what_is_about_files(params string[] options) =>
        Assert.Contains(options[0], Refused(null, ["items-for-proportion", "--set", "proportion=0.8", "--set", "width=0.1", .. options]), StringComparison.Ordinal);

    [Fact]
    public void Levels_and_raters_of_a_table_of_counts_are_refused()
    {
        const string counts = "unit,mild,moderate,severe\n1,14,0,0\n2,7,7,0\n3,0,0,14\n";
        Assert.Contains("--levels", Refused(counts, ["fleiss-kappa", "--levels", "mild,moderate,severe"]), StringComparison.Ordinal);
        Assert.Contains("--raters", Refused(counts, ["fleiss-kappa", "--raters", "mild,severe"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_numbered_first_row_is_neither_taken_for_names_nor_for_values() =>
        Assert.Contains("names of the columns or as a row of values", Refused("0,1,2\n1,1,1\n2,1,2\n0,0,0\n", ["krippendorff-alpha"]), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "win-rate", "no file", "--set", "wins=3", "--set", "losses=2")]
    [InlineData("winner,loser\na,b\nb,a\na,b\n", "win-rate", "a row per comparison")]
    [InlineData("team,a,b,c\na,0,3,2\nb,1,0,2\nc,2,1,0\n", "bradley-terry", "square table of wins")]
    [InlineData("item,r1,r2\n1,1,1\n2,1,2\n", "cohen-kappa", "units × raters")]
    public void Every_result_names_the_shape(string? table, string measure, string shape, params string[] options) =>
        Assert.StartsWith(shape, Json(table, measure, options).GetProperty("details").GetProperty("shape").GetString(), StringComparison.Ordinal);

    [Fact]
    public void Totals_without_rows_have_no_clusters() =>
        Assert.Contains("--cluster", Refused(null, ["proportion", "--set", "successes=3", "--set", "trials=10", "--cluster", "prompt"]), StringComparison.Ordinal);

    [Theory]
    [InlineData("ranks", "item,A,B,C\n1,1,2,3\n2,3,1,2\n3,2,3,1\n4,1,3,2\n")]
    [InlineData("ranks from 0", "item,A,B,C\n1,0,1,2\n2,2,0,1\n3,1,2,0\n4,0,2,1\n")]
    [InlineData("integer names", ",0,1,2\n0,1,1,1\n1,0,1,2\n2,2,1,0\n3,1,0,2\n")]
    [InlineData("unequal totals", "unit,mild,moderate,severe\n1,3,0,0\n2,1,2,0\n3,0,2,2\n4,0,0,2\n5,2,1,1\n")]
    [InlineData("two levels", "subject,yes,no\n1,4,0\n2,3,2\n3,1,1\n4,0,6\n")]
    [InlineData("no zero", "unit,mild,moderate,severe\n1,3,1,1\n2,1,3,1\n3,2,2,1\n4,1,2,2\n")]
    public void A_table_with_two_readings_is_refused_with_both(string kind, string table)
    {
        var error = Refused(table, ["fleiss-kappa"]);
        Assert.True(error.Contains("--format wide", StringComparison.Ordinal) && error.Contains("--format counts", StringComparison.Ordinal), $"{kind}: {error}");
        Assert.StartsWith("counts: a row per unit", Json(table, "fleiss-kappa", "--format", "counts").GetProperty("details").GetProperty("shape").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("units × raters", Json(table, "krippendorff-alpha", "--format", "wide").GetProperty("details").GetProperty("shape").GetString(), StringComparison.Ordinal);
    }

    // As pandas writes three units by three raters, and as two raters' counts are printed.
    [Fact]
    public void A_square_of_integer_names_with_values_among_them_is_refused_with_both_readings()
    {
        const string table = ",0,1,2\n0,2,2,1\n1,1,0,1\n2,1,1,1\n";
        var error = Refused(table, ["krippendorff-alpha"]);
        Assert.True(error.Contains("--format wide", StringComparison.Ordinal) && error.Contains("--format square", StringComparison.Ordinal), error);
        Assert.StartsWith("square table", Json(table, "cohen-kappa", "--format", "square").GetProperty("details").GetProperty("shape").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("units × raters", Json(table, "krippendorff-alpha", "--format", "wide").GetProperty("details").GetProperty("shape").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("square table", Json(",0,1,2\n0,44,5,1\n1,7,20,3\n2,9,5,6\n", "cohen-kappa").GetProperty("details").GetProperty("shape").GetString(), StringComparison.Ordinal);
    }

    // Two units, 100 ratings of each of three levels: agreement is what chance gives less 1/299 of it, (Σn² − N·n)/… = −0.003344.
    [Fact]
    public void Large_equal_counts_are_counts() =>
        Assert.Equal(-0.003344, Json("unit,cat1,cat2,cat3\n1,100,100,100\n2,100,100,100\n", "fleiss-kappa").GetProperty("estimate").GetDouble(), 5e-7);

    [Fact]
    public void True_and_TRUE_are_one_value() =>
        Assert.Equal(0.5, Json("item,r1,r2\n1,True,TRUE\n2,False,FALSE\n3,True,TRUE\n4,False,TRUE\n", "cohen-kappa").GetProperty("estimate").GetDouble(), 1e-12);

    [Fact]
    public void Labels_that_differ_in_capitals_only_are_different_and_said()
    {
        var json = Json("item,r1,r2\n1,Yes,yes\n2,No,No \n3,yes,Yes\n4,No,no\n", "cohen-kappa");
        Assert.Equal(0, json.GetProperty("estimate").GetDouble(), 1e-12);
        Assert.Equal(["No and no", "Yes and yes"], json.GetProperty("details").GetProperty("differInCapitalsOnly").EnumerateArray().Select(x => x.GetString()));
    }

    // Ratings by two of four items: (1,1) (2,3) (3,3) (1,2); nominal alpha = 1 − (8 − 1)·Do/De by hand 1/3.
    [Fact]
    public void Potatos_label_columns_are_the_labels_of_one_question()
    {
        const string rows = "user\tinstance_id\tdisplayed_text\taccuracy:::1\taccuracy:::2\taccuracy:::3\nann\titem1\tT\ttrue\t\t\nbob\titem1\tT\ttrue\t\t\nann\titem2\tT\t\ttrue\t\n"
            + "bob\titem2\tT\t\t\ttrue\nann\titem3\tT\t\t\ttrue\nbob\titem3\tT\t\t\ttrue\nann\titem4\tT\ttrue\t\t\nbob\titem4\tT\t\ttrue\t\n";
        var json = Json(rows, "krippendorff-alpha", "--level", "nominal");
        Assert.Equal(1.0 / 3, json.GetProperty("estimate").GetDouble(), 1e-4);
        Assert.StartsWith("long: a row per rating (unit unit, rater rater", json.GetProperty("details").GetProperty("shape").GetString(), StringComparison.Ordinal);
        Assert.Contains("tone", Refused(rows.Replace("accuracy:::3", "tone:::3", StringComparison.Ordinal), ["krippendorff-alpha"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_of_several_questions_ask_which_one()
    {
        const string rows = "id,timestamp,name,value,authorUserId,traceId\n1,t,accuracy,4,u1,t1\n2,t,tone,3,u1,t1\n3,t,accuracy,4,u2,t1\n4,t,tone,1,u2,t1\n5,t,accuracy,2,u1,t2\n6,t,accuracy,3,u2,t2\n";
        Assert.Contains("accuracy, tone", Refused(rows, ["percent-agreement"]), StringComparison.Ordinal);
        Assert.Equal(0.5, Json(rows, "percent-agreement", "--item", "accuracy").GetProperty("estimate").GetDouble(), 1e-12);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private JsonElement Json(string? content, string measure, params string[] args)
    {
        var (code, output, error) = Run(content, [measure, .. args]);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private string Refused(string? content, string[] args)
    {
        var (code, output, error) = Run(content, args);
        Assert.Equal((2, ""), (code, output));
        return error;
    }

    private (int Code, string Output, string Error) Run(string? content, string[] args)
    {
        var path = Path.Combine(_folder.FullName, "data.csv");
        File.WriteAllText(path, content);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand { CommandLine.JsonOutput, StatsCommand.Build() };
        string[] file = content is null ? [] : [path];
        var code = root.Parse(["stats", .. file, "--json", "--measure", .. args]).Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), error.ToString());
    }
}
