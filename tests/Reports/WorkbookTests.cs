using System.Diagnostics;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Spreadsheet;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Reports;
using HealthEval.Tests.Storage;

namespace HealthEval.Tests.Reports;

public sealed partial class WorkbookTests
{
    private static readonly string[] Dangerous =
        ["=1+1", "+1", "-2+3", "@SUM(1)", "=HYPERLINK(\"http://x\",\"y\")", "\t=1", "'=1", "<b>&amp;</b>", "_x0041_", "😀 ]]> x", "\u202Eabc", "a\u0000b\u0001c\uFFFEd", "line\r\none\rtwo", "  spaces  "];

    [Fact]
    public async Task A_workbook_opens_without_an_error_and_has_every_sheet()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample());
        using var workbook = week.Open();
        Assert.Empty(workbook.Errors);
        Assert.Equal(
            [
                "Summary", "Contents", "Comparison", "Models", "Dimensions", "Safety", "Critical findings", "Cases", "Factuality", "Refuted claims", "Errors", "Behaviour", "Agreement", "Raters", "Operations", "Disagreements", "Changes",
                "Items", "Raw ratings", "Claims", "Annotations", "Methods", "Manifest",
            ],
            workbook.Sheets);
        Assert.Equal(CompiledWeek.Week.End.UtcDateTime, workbook.Created?.ToUniversalTime());
    }

    [Fact]
    public async Task The_same_data_give_the_same_bytes_whatever_the_order_of_writing_and_the_number_of_threads()
    {
        using var once = await CompiledWeek.OfAsync(new WeekSample());
        using var again = await CompiledWeek.OfAsync(new WeekSample(), backwards: true);
        foreach (var file in ReportFiles.Listed.Append(ReportFiles.Manifest))
        {
            Assert.True(once.Bytes(file).AsSpan().SequenceEqual(again.Bytes(file)), file);
        }

        foreach (var threads in new[] { 1, 2, 5 })
        {
            await Report.ComputeAsync(once.Folder, again.Folder, default, threads);
            Assert.True(once.Bytes(ReportFiles.Workbook).AsSpan().SequenceEqual(again.Bytes(ReportFiles.Workbook)), $"{threads} threads");
        }
    }

    /// <summary>A4 landscape holds 1,045 pixels beside its margins, A3 1,507.</summary>
    [Fact]
    public async Task Every_sheet_to_be_read_fits_one_page_width_at_80_percent_and_single_tables_keep_their_header()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample());
        using var workbook = week.Open();
        string[] rows = ["Critical findings", "Refuted claims", "Items", "Raw ratings", "Claims", "Annotations"];
        foreach (var sheet in workbook.Sheets.Except(rows))
        {
            var page = workbook.Part(sheet).Worksheet;
            var used = workbook.Part(sheet).TableDefinitionParts.Select(t => t.Table.TableColumns!.Count!.Value).DefaultIfEmpty(0u).Max();
            var pixels = page.Descendants<DocumentFormat.OpenXml.Spreadsheet.Column>().Where(c => c.Hidden?.Value != true)
                .Sum(c => Enumerable.Range((int)c.Min!.Value, (int)(c.Max!.Value - c.Min.Value + 1)).Count(at => at <= used) * c.Width!.Value * 7); // the stored width has the space around the characters in it
            var paper = page.GetFirstChild<PageSetup>()?.PaperSize?.Value == 8 ? 1507 : 1045; // 8 is A3
            Assert.True(pixels * 0.8 <= paper + 5, $"{sheet}: {pixels:0} pixels");
            Assert.Equal(0u, page.GetFirstChild<PageSetup>()!.FitToHeight!.Value); // one page high would make a long sheet small
            var merged = page.Descendants<MergeCell>().Select(m => m.Reference!.Value!.Split(':')[0]).ToHashSet();
            var runsOn = workbook.Cells(sheet).Where(c => c.CellReference!.Value![0] == 'A' && char.IsDigit(c.CellReference.Value[1]) && workbook.Text(c).Length * 7 > pixels)
                .Select(c => c.CellReference!.Value!).Except(merged);
            Assert.True(!runsOn.Any(), $"{sheet}: the texts in {string.Join(", ", runsOn)} run on beyond the tables, so the sheet is printed smaller");
            if (sheet != "Summary" && workbook.Part(sheet).TableDefinitionParts.Count() == 1)
            {
                var header = int.Parse(workbook.Part(sheet).TableDefinitionParts.Single().Table.Reference!.Value!.Split(':')[0].Trim("ABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray()), System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal(header, page.Descendants<Pane>().Single().VerticalSplit!.Value);
            }
        }
    }

    [Fact]
    public async Task Other_data_give_other_bytes()
    {
        using var once = await CompiledWeek.OfAsync(new WeekSample());
        using var other = await CompiledWeek.OfAsync(new WeekSample(seed: 8));
        Assert.NotEqual(once.Bytes(ReportFiles.Workbook), other.Bytes(ReportFiles.Workbook));
    }

    [Fact]
    public async Task Text_that_looks_like_a_formula_or_breaks_XML_stays_text()
    {
        using var week = await CompiledWeek.OfAsync(Hostile());
        using var workbook = week.Open();
        Assert.Empty(workbook.Errors);
        var formulas = workbook.Sheets.SelectMany(s => workbook.Cells(s)).Where(c => c.CellFormula is not null).Select(c => c.CellFormula!.Text).ToList();
        Assert.NotEmpty(formulas);
        Assert.All(formulas, f => Assert.Matches(OwnFormula(), f));
        var shown = workbook.Table("RawRatings").Select(r => r["Rationale"]).ToHashSet();
        Assert.Contains("=1+1", shown);
        Assert.Contains("_x005F_x0041_", shown);
        Assert.Contains("a\uFFFDb\uFFFDc\uFFFDd", shown);
        Assert.Contains("line\none\ntwo", shown);
        Assert.Contains("  spaces  ", shown);
        Assert.Contains("=1+1", workbook.Table("Models").Select(r => r["Model"]));
        Assert.Contains("_x005F_x0041_", workbook.Table("Models").Select(r => r["Model"]));
    }

    [Fact]
    public async Task A_text_over_the_cell_limit_is_cut_with_a_mark_and_never_through_a_surrogate_pair()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 20_000));
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 1)
        {
            Annotation = a => a with { Judgement = a.Judgement with { Ratings = [.. a.Judgement.Ratings.Select((r, i) => r with { Rationale = (i == 0 ? "" : "x") + text })] } },
        });
        using var workbook = week.Open();
        Assert.Empty(workbook.Errors);
        foreach (var row in workbook.Table("RawRatings"))
        {
            Assert.InRange(row["Rationale"].Length, 32_760, 32_767);
            Assert.DoesNotContain('\uFFFD', row["Rationale"]); // half a pair would have been written as this
            Assert.Matches(@"[^\uD800-\uDBFF] … \[cut here: 40,00[01] characters in all; the whole text is in the export files\]$", row["Rationale"]);
        }
    }

    [Fact]
    public async Task A_week_without_judgements_gives_a_valid_workbook_that_says_so()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(), week: IsoWeek.Parse("2026-W46"));
        using var workbook = week.Open();
        Assert.Empty(workbook.Errors);
        Assert.Contains("NO DATA", workbook.AllText("Summary"), StringComparison.Ordinal);
        Assert.Contains("No judgement was submitted in this week.", workbook.AllText("Raw ratings"), StringComparison.Ordinal);
        Assert.All(workbook.Table("Headlines"), row => Assert.Equal("not defined", row["Value"]));
        Assert.All(workbook.Table("Headlines"), row => Assert.NotEqual("", row["Remark"]));
    }

    [Fact]
    public async Task Simulated_judgements_are_marked_on_the_summary_in_the_rows_and_in_the_methods()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(simulated: true));
        using var workbook = week.Open();
        Assert.Contains("SIMULATED: 80 of 80 judgements", workbook.AllText("Summary"), StringComparison.Ordinal);
        Assert.All(workbook.Table("RawRatings"), row => Assert.Equal("simulated", row["Simulated"]));
        Assert.Contains("80 of 80 judgements were made by a program", workbook.AllText("Methods"), StringComparison.Ordinal);
        Assert.Equal(80, week.Manifest.Counts.SimulatedJudgements);
    }

    [Fact]
    public async Task A_week_that_has_not_ended_is_marked_as_open()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(), now: CompiledWeek.Week.End.AddSeconds(-1));
        using var workbook = week.Open();
        Assert.True(week.Manifest.Open);
        Assert.Contains("WEEK STILL OPEN", workbook.AllText("Summary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_name_and_no_person_id_leaves_the_platform()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample());
        foreach (var file in ReportFiles.Exports)
        {
            var text = File.ReadAllText(week[file]);
            Assert.DoesNotContain("Secret Name", text, StringComparison.Ordinal);
            Assert.DoesNotContain("person-", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"lease\"", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_cell_holds_a_number_or_words_never_NaN_and_every_formula_its_value()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 3, overlap: 1));
        using var workbook = week.Open();
        foreach (var cell in workbook.Sheets.SelectMany(s => workbook.Cells(s)))
        {
            Assert.DoesNotMatch("NaN|Infinity|∞|#DIV|#REF|#VALUE", workbook.Text(cell));
            Assert.True(cell.CellFormula is null || cell.CellValue is not null, $"{cell.CellReference} has a formula without a value");
        }
    }

    /// <summary>A second reader, where there is one: it also undoes the escapes that the SDK leaves as they are.</summary>
    [Fact]
    public async Task LibreOffice_reads_every_sheet_and_shows_hostile_texts_as_they_are()
    {
        var office = new[] { "/usr/bin/soffice", "/usr/local/bin/soffice" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(office is null, "LibreOffice is not on this machine");
        using var week = await CompiledWeek.OfAsync(Hostile());
        using var output = new TempFolder();
        using var process = Process.Start(new ProcessStartInfo(office, [$"-env:UserInstallation=file://{output["profile"]}", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", "--outdir", output.Path, week[ReportFiles.Workbook]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(23, Directory.GetFiles(output.Path, "*.csv").Length);
        var ratings = await File.ReadAllTextAsync(output["workbook-Raw ratings.csv"]);
        Assert.Contains(",=1+1,", ratings, StringComparison.Ordinal);
        Assert.Contains(",_x0041_,", ratings, StringComparison.Ordinal);
        Assert.Contains("a\uFFFDb\uFFFDc\uFFFDd", ratings, StringComparison.Ordinal);
        Assert.Contains("_x0041_", await File.ReadAllTextAsync(output["workbook-Models.csv"]), StringComparison.Ordinal);
    }

    private static WeekSample Hostile() => new(tasks: Dangerous.Length)
    {
        Item = item => int.Parse(item.TaskId[1..]) is var n ? item with
        {
            TaskId = $"../{Dangerous[n].Replace("\0", "")}/{n}",
            PromptId = Dangerous[n],
            Responses = [.. item.Responses.Select(r => r with { ResponseId = $"{Dangerous[n]}|{r.ResponseId}", Model = Dangerous[n] })],
        } : item,
        Annotation = a => a with
        {
            Judgement = a.Judgement with
            {
                Ratings = [.. a.Judgement.Ratings.Select(r => r with { Rationale = Dangerous[int.Parse(a.TaskId[(a.TaskId.LastIndexOf('/') + 1)..])] })],
                Flags = ["=cmd|' /C calc'!A0"],
            },
        },
    };

    [GeneratedRegex(@"^SUM\([A-Z]+\d+:[A-Z]+\d+\)\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnFormula();
}
