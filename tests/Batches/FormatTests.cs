using System.IO.Compression;
using System.Text;

namespace HealthEval.Tests.Batches;

/// <summary>The shapes that other tools write, each told from the others by its fields alone.</summary>
public sealed class FormatTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("healthbench, jsonl", """{"example_tags":["theme:hedging"],"ideal_completions_data":null,"prompt":[{"content":"Q","role":"user"}],"prompt_id":"h1","rubrics":[{"criterion":"Says","points":5,"tags":["axis:accuracy"]}],"canary":"c","completion":"A1"}""", "A1")]
    [InlineData("healthbench-professional, jsonl", """{"id":"h2","conversation":{"messages":[{"role":"user","content":"Q"}]},"rubric_items":[{"criterion_text":"Says","points":-3}],"physician_response":"P","response":"A1"}""", "A1")]
    [InlineData("trl-preference, jsonl", """{"prompt":"Q","chosen":"A1","rejected":"A2"}""", "A1|A2")]
    [InlineData("trl-preference, jsonl", """{"prompt":[{"role":"user","content":"Q"}],"chosen":[{"role":"assistant","content":"A1"}],"rejected":[{"role":"assistant","content":"A2"}]}""", "A1|A2")]
    [InlineData("trl-preference, jsonl", """{"chosen":[{"role":"user","content":"Q"},{"role":"assistant","content":"A1"}],"rejected":[{"role":"user","content":"Q"},{"role":"assistant","content":"A2"}],"score_chosen":8}""", "A1|A2")]
    [InlineData("kto, jsonl", """{"prompt":"Q","completion":"A1","label":false}""", "A1")]
    [InlineData("helpsteer2, jsonl", """{"prompt":"Q","response":"A1","helpfulness":3,"correctness":4,"coherence":4,"complexity":2,"verbosity":2}""", "A1")]
    [InlineData("helpsteer2, jsonl", """{"split":"train","prompt":"Q","response_1":"A1","response_2":"A2","preference_strength":-1}""", "A1|A2")]
    [InlineData("arena, jsonl", """{"question_id":"a1","model_a":"m1","model_b":"m2","winner":"model_b","conversation_a":[{"role":"user","content":"Q"},{"role":"assistant","content":"A1"}],"conversation_b":[{"role":"user","content":"Q"},{"role":"assistant","content":"A2"}],"turn":1,"language":"English"}""", "A1|A2")]
    [InlineData("llm-comparator, json", """{"metadata":{"source_path":"x"},"models":[{"name":"m1"},{"name":"m2"}],"examples":[{"input_text":"Q","tags":["t"],"output_text_a":"A1","output_text_b":"A2","score":0.5}],"rationale_clusters":[]}""", "A1|A2")]
    [InlineData("label-studio, json", """[{"id":1,"data":{"prompt":"Q","response_a":"A1","response_b":"A2"},"annotations":[{"result":[]}]}]""", "A1|A2")]
    [InlineData("argilla, json", """[{"id":"r1","fields":{"instruction":"Q","response1":"A1","response2":"A2"},"responses":{},"suggestions":{},"metadata":{"k":1}}]""", "A1|A2")]
    [InlineData("table, jsonl", """{"question":"Q","answer":"A1"}""", "A1")]
    [InlineData("trl-preference, csv", "prompt,chosen,rejected\nQ,A1,A2\n", "A1|A2")]
    public async Task A_format_is_known_by_its_fields(string format, string content, string responses)
    {
        var receipt = (await _rig.IngestAsync(content, "export.bin")).Batch;

        Assert.Equal((format, "loaded", 1L), (receipt.Format, receipt.State, receipt.Accepted));
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal("Q", Assert.Single(item.Messages).Content);
        Assert.Equal(responses.Split('|'), item.Responses.Select(response => response.Content));
        Assert.Equal(1L, await _rig.TasksAsync());
    }

    [Fact]
    public async Task A_benchmark_row_without_an_answer_is_kept_but_nobody_is_asked_to_judge_it()
    {
        var receipt = (await _rig.IngestAsync("""{"example_tags":[],"ideal_completions_data":{"ideal_completion":"Ideal"},"prompt":[{"content":"Q","role":"user"}],"prompt_id":"h1","rubrics":[{"criterion":"Says","points":-5,"tags":[]}]}""")).Batch;

        Assert.Equal((1L, 1L, 0L, 0L), (receipt.Accepted, receipt.Items, receipt.Responses, await _rig.TasksAsync()));
        Assert.Equal("prompt_without_response", receipt.Warnings[0].Class);
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal((-5d, "Ideal"), (item.Rubric[0].Points, item.Reference!.Value.GetProperty("ideal_completion").GetString()));
    }

    [Fact]
    public async Task Which_response_was_chosen_is_known_to_the_item_only()
    {
        await _rig.IngestAsync("""{"prompt":"Q","chosen":"better","rejected":"worse"}""");
        var item = Assert.Single(await _rig.ItemsAsync());

        Assert.Equal("better", item.Responses.Single(response => response.ResponseId == item.Chosen).Content);
    }

    [Theory]
    [InlineData("""{"conversation_a":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"conversation_b":[{"role":"user","content":"other"},{"role":"assistant","content":"B"}]}""", "conversation_b")]
    [InlineData("""{"prompt":"Q","chosen":[{"role":"user","content":"X"},{"role":"assistant","content":"A"}],"rejected":"B"}""", "chosen")]
    [InlineData("""{"prompt":"Q","chosen":[{"role":"user","content":"Q"}],"rejected":"B"}""", "chosen")]
    public async Task A_comparison_of_answers_to_different_questions_is_refused(string content, string path)
    {
        var receipt = (await _rig.IngestAsync(content)).Batch;

        Assert.Equal(("failed", path), (receipt.State, receipt.Errors[0].Path));
    }

    [Fact]
    public async Task A_long_comparison_document_is_streamed_and_laid_out_ones_count_their_lines()
    {
        var examples = string.Join(",\n", Enumerable.Range(1, 3_000).Select(n => $$"""    {"input_text":"Q{{n}} {{new string('x', 50)}}","output_text_a":"A","output_text_b":"B"}"""));
        var receipt = (await _rig.IngestAsync("{\n  \"models\": [{\"name\":\"m1\"},\n {\"name\":\"m2\"}],\n  \"examples\": [\n" + examples + "\n  ]\n}")).Batch;

        Assert.Equal(("loaded", 3_000L), (receipt.State, receipt.Accepted));
        var items = await _rig.ItemsAsync();
        Assert.Equal((5L, "m1", "m2"), (items[0].Line, items[0].Responses[0].Model, items[0].Responses[1].Model));
        Assert.Equal(3_004L, items[^1].Line);
    }

    [Fact]
    public async Task Rows_of_no_known_format_are_refused_with_their_fields_named()
    {
        var receipt = (await _rig.IngestAsync("""{"turn_id":"c1","answers":{"status_code":200,"body":{}},"error":null}""")).Batch;

        Assert.Equal(("failed", 0L), (receipt.State, receipt.Accepted));
        Assert.Contains("turn_id", receipt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_of_several_files_is_one_batch()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "a.jsonl", """{"prompt":"1","response":"a"}""");
            Add(archive, "sub/b.csv", "prompt,response\n2,b\n3\n");
            Add(archive, "__MACOSX/._a.jsonl", "junk");
            Add(archive, ".DS_Store", "junk");
        }

        var receipt = (await _rig.IngestAsync(zip.ToArray(), "a.zip")).Batch;

        Assert.Equal(("canonical, jsonl, zip; canonical, csv, zip", 2L, 1L), (receipt.Format, receipt.Accepted, receipt.Rejected));
        Assert.StartsWith("sub/b.csv: ", Assert.Single(receipt.Errors).Reason, StringComparison.Ordinal);
    }

    private static void Add(ZipArchive archive, string name, string content)
    {
        using var entry = archive.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(content));
    }
}
