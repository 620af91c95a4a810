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
    [InlineData("chat-messages, jsonl", """{"conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A1"}]}""", "A1")]
    [InlineData("trl-preference, jsonl", """{"chosen":"\n\nHuman: Q\n\nAssistant: A1","rejected":"\n\nHuman: Q\n\nAssistant: A2"}""", "A1|A2")]
    [InlineData("trl-preference, jsonl", """{"instruction":"Q","chosen_response":"A1","rejected_response":"A2","chosen_rating":5}""", "A1|A2")]
    [InlineData("trl-preference, jsonl", """{"input":{"messages":[{"role":"user","content":"Q"}],"tools":[]},"preferred_output":[{"role":"assistant","content":"A1"}],"non_preferred_output":[{"role":"assistant","content":"A2"}]}""", "A1|A2")]
    [InlineData("trl-preference, jsonl", """{"prompt":"Q","prompt_id":"u1","chosen":[{"role":"user","content":"Q"},{"role":"assistant","content":"A1"}],"rejected":[{"role":"user","content":"Q"},{"role":"assistant","content":"A2"}],"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A1"}],"score_chosen":8.0}""", "A1|A2")]
    [InlineData("kto, jsonl", """{"prompt":[{"role":"user","content":"Q"}],"completion":[{"role":"assistant","content":"A1"}],"label":1}""", "A1")]
    [InlineData("kto, csv", "prompt,completion,label\nQ,A1,True\n", "A1")]
    [InlineData("helpsteer3, jsonl", """{"domain":"stem","language":"english","context":[{"role":"user","content":"Q"}],"response1":"A1","response2":"A2","overall_preference":-2,"individual_preference":[{"score":-2,"reasoning":"r"}]}""", "A1|A2")]
    [InlineData("arena, jsonl", """{"id":"a2","model_a":"m1","model_b":"m2","winner":"tie (bothbad)","conversation_a":[{"role":"user","content":[{"type":"text","text":"Q","image":null}]},{"role":"assistant","content":[{"type":"text","text":"A1"}]}],"conversation_b":[{"role":"user","content":[{"type":"text","text":"Q"}]},{"role":"assistant","content":[{"type":"text","text":"A2"}]}],"language":"en"}""", "A1|A2")]
    [InlineData("arena, csv", "question_id,model_a,model_b,winner,conversation_a,conversation_b\n1,m1,m2,tie,\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Q\"\"},{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"A1\"\"}]\",\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Q\"\"},{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"A2\"\"}]\"\n", "A1|A2")]
    [InlineData("label-studio, json", """[{"id":7,"data":{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A1"}]},"annotations":[{"id":1,"result":[{"type":"choices","value":{"choices":["x"]}}],"completed_by":2}],"predictions":[],"meta":{},"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-02T00:00:00Z","total_annotations":1,"project":3}]""", "A1")]
    [InlineData("label-studio, json", """[{"id":8,"data":{"prompt":"Q","items":[{"id":"llm_1","title":"m1","body":"A1"},{"id":"llm_2","title":"m2","body":"A2"}]}}]""", "A1|A2")]
    [InlineData("argilla, json", """[{"id":"r2","status":"completed","_server_id":"x","fields":{"chat":[{"role":"user","content":"Q"}],"response":"A1"},"metadata":{"language":"en"},"suggestions":{"rating":{"value":4,"score":null,"agent":"m"}},"responses":{"rating":[{"value":5,"user_id":"u"}]},"vectors":{}}]""", "A1")]
    [InlineData("response-list, jsonl", """{"source":"s","instruction":"Q","models":["m1","m2"],"completions":[{"model":"m1","response":"A1","overall_score":7,"annotations":{}},{"model":"m2","response":"A2"}],"correct_answers":["None"]}""", "A1|A2")]
    [InlineData("response-list, jsonl", """{"instruction":"Q","generations":["A1","A2"],"generation_models":["m1","m2"],"ratings":[3,4]}""", "A1|A2")]
    [InlineData("canonical, jsonl", """{"prompt":"Q","responses":["A1","A2"],"models":["m1","m2"]}""", "A1|A2")]
    [InlineData("lm-eval, jsonl", """{"doc_id":0,"doc":{"q":"Q"},"target":"T","arguments":{"gen_args_0":{"arg_0":"Q","arg_1":{"until":[]}}},"resps":[["A1"]],"filtered_resps":["A1"],"exact_match":1.0}""", "A1")]
    [InlineData("inspect, json", """{"version":2,"status":"success","eval":{"model":"m1","task":"t"},"results":{"scores":[]},"samples":[{"id":1,"epoch":1,"input":"Q","target":"T","messages":[],"output":{"model":"m1","choices":[{"message":{"role":"assistant","content":"A1"},"stop_reason":"stop"}]},"scores":{}}]}""", "A1")]
    [InlineData("canonical, json", """{"features":[{"feature_idx":0,"name":"prompt","type":{"dtype":"string"}}],"rows":[{"row_idx":0,"row":{"prompt":"Q","response":"A1"},"truncated_cells":[]}],"num_rows_total":1,"partial":false}""", "A1")]
    [InlineData("table, json", """{"schema":{"fields":[]},"data":[{"question":"Q","answer":"A1"}]}""", "A1")]
    [InlineData("table, csv", "Question Text,Model-Answer,Sub-Domain\nQ,A1,public health\n", "A1")]
    [InlineData("chat-messages, csv", "messages,model\n\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Q\"\"},{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"A1\"\"}]\",m\n", "A1")]
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

    [Theory]
    [InlineData("""{"prompt":"Q","response":"A","@":1}""")]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"@":1}""")]
    [InlineData("""{"prompt":"Q","chosen":"A","rejected":"B","@":1}""")]
    [InlineData("""{"prompt":"Q","completion":"A","label":true,"@":1}""")]
    [InlineData("""{"prompt":"Q","response":"A","helpfulness":1,"correctness":1,"@":1}""")]
    [InlineData("""{"context":[{"role":"user","content":"Q"}],"response1":"A","response2":"B","@":1}""")]
    [InlineData("""{"conversation_a":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"conversation_b":[{"role":"user","content":"Q"},{"role":"assistant","content":"B"}],"@":1}""")]
    [InlineData("""{"prompt":[{"role":"user","content":"Q"}],"rubrics":[{"criterion":"c","points":1,"tags":[]}],"completion":"A","example_tags":[],"@":1}""")]
    [InlineData("""{"conversation":[{"role":"user","content":"Q"}],"rubric_items":[{"criterion":"c","points":1}],"response":"A","@":1}""")]
    [InlineData("""{"question":"Q","answer":"A","@":1}""")]
    [InlineData("""{"instruction":"Q","completions":[{"response":"A"}],"@":1}""")]
    [InlineData("""{"data":{"prompt":"Q","response":"A","@":1}}""")]
    [InlineData("""{"fields":{"prompt":"Q","response":"A"},"metadata":{"@":1}}""")]
    [InlineData("""{"doc_id":1,"arguments":[["Q"]],"resps":[["A"]],"@":1}""")]
    [InlineData("""{"input":"Q","output":{"choices":[{"message":{"content":"A"}}]},"@":1}""")]
    public async Task What_is_known_about_an_item_is_kept_from_every_format(string record)
    {
        await _rig.IngestAsync(record.Replace("\"@\":1", """
            "subdomain":"diagnostics","specialty":"cardiology","audience":"clinician","jurisdiction":"US","language":"German","risk_tier":"emergency","tags":["t"],"batch_of":7
            """, StringComparison.Ordinal).ReplaceLineEndings(""));
        var item = Assert.Single(await _rig.ItemsAsync());

        Assert.Equal(("diagnostics", "cardiology", "clinician", "US", "de", "emergency", "t"), (item.Subdomain, item.Specialty, item.Audience, item.Jurisdiction, item.Language, item.RiskTier, Assert.Single(item.Tags)));
        Assert.Equal(7, Assert.Single(item.Meta!, field => field.Key.EndsWith("batch_of", StringComparison.Ordinal)).Value.GetInt32());
    }

    [Fact]
    public async Task An_annotation_tool_s_own_counts_and_dates_do_not_make_a_task_another_one()
    {
        await _rig.IngestAsync("""[{"id":1,"data":{"prompt":"Q","response":"A"},"updated_at":"2026-01-01","total_annotations":0,"annotations":[]}]""");
        var later = (await _rig.IngestAsync("""[{"id":1,"data":{"prompt":"Q","response":"A"},"updated_at":"2026-01-08","total_annotations":2,"annotations":[{"result":[]}]}]""")).Batch;

        Assert.Equal((0L, 1L, 0L), (later.Accepted, later.Duplicate, later.Rejected));
    }

    [Theory]
    [InlineData("""{"system":"S","prompt":"Q","response":"A"}""")]
    [InlineData("""{"system_prompt":"S","question":"Q","answer":"A"}""")]
    [InlineData("""{"system":"S","question":"Q","chosen":"A","rejected":"B"}""")]
    [InlineData("""{"system":"S","conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A"}]}""")]
    public async Task A_system_prompt_beside_the_prompt_is_part_of_what_the_model_was_told(string record)
    {
        await _rig.IngestAsync(record);

        Assert.Equal([("system", "S"), ("user", "Q")], Assert.Single(await _rig.ItemsAsync()).Messages.Select(message => (message.Role, message.Content)));
    }

    [Theory]
    [InlineData("""{"context":[{"role":"user","content":"Q"}],"response1":"A","response2":"B","overall_preference":2}""", "B")]
    [InlineData("""{"prompt":"Q","response_1":"A","response_2":"B","preference_strength":-1}""", "A")]
    [InlineData("""{"prompt":"Q","response_1":"A","response_2":"B","preference_strength":0}""", null)]
    [InlineData("""{"winner":"model_b","conversation_a":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"conversation_b":[{"role":"user","content":"Q"},{"role":"assistant","content":"B"}]}""", "B")]
    [InlineData("""{"winner":"tie (bothbad)","conversation_a":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"conversation_b":[{"role":"user","content":"Q"},{"role":"assistant","content":"B"}]}""", null)]
    public async Task Which_response_others_preferred_is_kept_and_a_tie_is_none(string record, string? chosen)
    {
        await _rig.IngestAsync(record);
        var item = Assert.Single(await _rig.ItemsAsync());

        Assert.Equal(chosen, item.Responses.SingleOrDefault(response => response.ResponseId == item.Chosen)?.Content);
        Assert.Contains(item.Meta!, field => field.Key is "winner" or "overall_preference" or "preference_strength");
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
