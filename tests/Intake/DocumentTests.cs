using System.Text;
using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

/// <summary>Records lie in documents of many shapes; each is found wherever it is.</summary>
public sealed class DocumentTests
{
    private const string Two = """{"prompt":"Q1","response":"A1"},{"prompt":"Q2","response":"A2"}""";

    [Theory]
    [InlineData("""{"columns":["prompt","response"],"data":[["Q1","A1"],["Q2","A2"]],"ncols":2}""")]
    [InlineData("""{"columns":["prompt","response"],"index":[0,1],"data":[["Q1","A1"],["Q2","A2"]]}""")]
    [InlineData("""{"prompt":["Q1","Q2"],"response":["A1","A2"]}""")]
    [InlineData("""{"prompt":{"0":"Q1","1":"Q2"},"response":{"0":"A1","1":"A2"}}""")]
    [InlineData("""{"4711":{"QUESTION":"Q1","LONG_ANSWER":"A1"},"4712":{"QUESTION":"Q2","LONG_ANSWER":"A2"}}""")]
    [InlineData("""{"run":{"name":"r","results":{"stats":[{"n":1}],"rows":[""" + Two + """]}}}""")]
    [InlineData("""{"score":0.5,"metadata":{"rows":[""" + Two + """]}}""")]
    [InlineData("{\n \"task\": \"t\",\n \"outputs_of_run\": [\n  " + Two + "\n ]\n}")]
    public async Task The_records_in_a_document_are_found(string document)
    {
        var read = await Reading.OfAsync(document);

        Assert.Equal(("loaded", "json"), (read.Batch.State, read.Batch.Format!.Split(", ")[1]));
        Assert.Equal(["A1", "A2"], read.Answers.Order(StringComparer.Ordinal));
        Assert.Equal(["user: Q1", "user: Q2"], read.Prompts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task However_much_stands_before_the_list_it_is_found_and_lines_are_counted()
    {
        var ids = string.Join(",\n", Enumerable.Range(0, 30_000));
        var read = await Reading.OfAsync($$"""{"eval":{"sample_ids":[{{ids}}]},"samples":[{{"\n"}}{{Two}}]}""");

        Assert.Equal(("loaded", 2L), (read.Batch.State, read.Batch.Accepted));
        Assert.Equal(30_001L, read.Items[0].Line);
    }

    [Fact]
    public async Task An_object_by_ids_gives_each_record_its_id() =>
        Assert.Equal(["4711", "4712"], (await Reading.OfAsync("""{"4711":{"QUESTION":"Q1","LONG_ANSWER":"A1"},"4712":{"QUESTION":"Q2","LONG_ANSWER":"A2"}}""")).Items.Select(item => item.ItemId).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("\uFEFF{\"prompt\":\"Q1\",\"response\":\"A1\"}\n\uFEFF{\"prompt\":\"Q2\",\"response\":\"A2\"}\n")]
    [InlineData("{\n\"prompt\":\"Q1\",\"response\":\"A1\"}\n\uFEFF{\n\"prompt\":\"Q2\",\"response\":\"A2\"}\n")]
    public async Task A_mark_between_joined_files_is_nothing(string joined)
    {
        var read = await Reading.OfAsync(joined);

        Assert.Equal(("loaded", 2L), (read.Batch.State, read.Batch.Accepted));
    }

    [Fact]
    public async Task A_header_over_several_lines_and_titles_above_it_are_read()
    {
        var lines = await Reading.OfAsync("\"prompt\n\",\"Response \",\"Seen\nby\"\nQ1,A1,1\n");
        var titled = await Reading.OfAsync("Export of June;;\n;;\nprompt;response;note\nQ1;A1;x\n");

        Assert.Equal(("loaded", "A1"), (lines.Batch.State, Assert.Single(lines.Answers)));
        Assert.Equal(("loaded", "A1", "header in line 3"), (titled.Batch.State, Assert.Single(titled.Answers), titled.Batch.Mapping["table"]));
    }

    [Fact]
    public async Task Samples_in_a_log_of_Inspect_are_the_records()
    {
        static byte[] Sample(int n) => Encoding.UTF8.GetBytes("""{"id":#,"epoch":1,"input":"Q#","target":"t","messages":[],"output":{"model":"m","choices":[{"message":{"role":"assistant","content":"A#"},"stop_reason":"stop"}]},"scores":{}}"""
            .Replace("#", $"{n}", StringComparison.Ordinal));
        var log = PackedFileTests.Zip(("_journal/start.json", "{}"u8.ToArray()), ("samples/1_epoch_1.json", Sample(1)), ("samples/2_epoch_1.json", Sample(2)), ("summaries.json", "[]"u8.ToArray()), ("header.json", "{}"u8.ToArray()));
        var read = await Reading.OfAsync(log, "run.eval");

        Assert.Equal(("inspect, inspect log", 2L, "t"), (read.Batch.Format, read.Batch.Accepted, read.Items[0].Reference!.Value.GetString()));
        Assert.Equal(["m: A1", "m: A2"], read.Answers);
    }

    [Fact]
    public async Task Elements_of_XML_are_records_and_a_document_type_is_refused()
    {
        const string Pairs = "<Document id=\"d7\" url=\"u\"><Focus>Scurvy</Focus><QAPairs><QAPair pid=\"1\"><Question qid=\"d7-1\" qtype=\"treatment\">How is it treated &amp; when?</Question><Answer>With\nvitamin C.</Answer></QAPair>"
            + "<QAPair pid=\"2\"><Question>Who gets it?</Question><Answer>Anyone.</Answer></QAPair></QAPairs></Document>";
        var read = await Reading.OfAsync("""<?xml version="1.0" encoding="UTF-8"?>""" + Pairs, "d.xml");
        var typed = await Reading.OfAsync("""<!DOCTYPE Document [<!ENTITY e SYSTEM "file:///etc/passwd">]>""" + Pairs.Replace("Anyone", "&e;", StringComparison.Ordinal), "d.xml");

        Assert.Equal(("table, xml", 2L), (read.Batch.Format, read.Batch.Accepted));
        Assert.Equal("user: How is it treated & when?", read.Prompts.First());
        Assert.Equal(("d7", "treatment"), (read.Items[0].Meta!["document_id"].GetString(), read.Items[0].Meta!["question_qtype"].GetString()));
        Assert.Equal(("failed", true), (typed.Batch.State, typed.Batch.Reason!.Contains("DTD", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_OpenDocument_table_is_named()
    {
        var read = await Reading.OfAsync(PackedFileTests.Zip(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"u8.ToArray()), ("content.xml", "<x/>"u8.ToArray())), "t.ods");

        Assert.Contains("OpenDocument", read.Batch.Reason, StringComparison.Ordinal);
    }
}
