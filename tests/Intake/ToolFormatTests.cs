using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

/// <summary>What tools of the field write, in their own shapes.</summary>
public sealed class ToolFormatTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("promptfoo", """{"promptIdx":0,"vars":{"q":"x"},"provider":{"id":"m"},"prompt":{"raw":"Q?","label":"{{q}}"},"response":{"output":"A."},"latencyMs":5,"cost":0.1}""", "m: A.")]
    [InlineData("promptfoo", """{"evalId":"e","results":{"version":3,"prompts":[{"raw":"Q?","label":"l"}],"results":[{"vars":{},"provider":{"id":"m"},"prompt":{"raw":"[{\"role\":\"user\",\"content\":\"Q?\"}]"},"response":{"output":"A."}}]}}""", "m: A.")]
    [InlineData("promptfoo-table", "q,\"[m] Q{{q}}\",\"[m2] Q{{q}}\"\n?,[PASS] A.,\"[FAIL] (0.50)\nB.\"\n", "m: A. | m2: B.")]
    [InlineData("helm", """{"adapter_spec":{"model":"x"},"request_states":[{"instance":{"id":"i1","input":{"text":"raw"},"references":[{"output":{"text":"Ref"},"tags":["correct"]}]},"request":{"model":"m","prompt":"Q?"},"result":{"success":true,"completions":[{"text":"A.","logprob":-1}]}}]}""", "m: A.")]
    [InlineData("vertex-batch", """{"status":"","request":{"contents":[{"role":"user","parts":[{"text":"Q?"}]}]},"response":{"candidates":[{"content":{"role":"model","parts":[{"text":"A."}]},"finishReason":"STOP"}],"modelVersion":"m"}}""", "m: A.")]
    [InlineData("bedrock-batch", """{"recordId":"r1","modelInput":{"messages":[{"role":"user","content":[{"type":"text","text":"Q?"}]}]},"modelOutput":{"model":"m","role":"assistant","content":[{"type":"text","text":"A."}],"stop_reason":"end_turn"}}""", "m: A.")]
    [InlineData("bedrock-batch", """{"recordId":"r1","modelInput":{"messages":[{"role":"user","content":[{"text":"Q?"}]}]},"modelOutput":{"output":{"message":{"role":"assistant","content":[{"text":"A."}]}},"stopReason":"end_turn"}}""", "A.")]
    [InlineData("bedrock-batch", """{"recordId":"r1","modelInput":{"inputText":"Q?"},"modelOutput":{"results":[{"outputText":"A."}]}}""", "A.")]
    [InlineData("vllm", """{"prompt":"Q?","outputs":[{"index":0,"text":"A.","token_ids":[1]},{"index":1,"text":"B."}],"request_id":"0"}""", "A. | B.")]
    [InlineData("sglang", """{"prompt":"Q?","text":"A.","meta_info":{"id":"x"}}""", "A.")]
    [InlineData("openinference", """{"context.span_id":"s","attributes.input.value":"raw","attributes.llm.model_name":"m","attributes.llm.input_messages":[{"message.role":"user","message.content":"Q?"}],"attributes.llm.output_messages":[{"message.role":"assistant","message.content":"A."}]}""", "m: A.")]
    [InlineData("table", """{"input":"Q?","actual_output":"A.","expected_output":"Ref","retrieval_context":["c"],"context":null}""", "A.")]
    [InlineData("table", """{"user_input":"Q?","response":"A.","reference":"Ref","retrieved_contexts":["c"]}""", "A.")]
    [InlineData("table", "ID,section_header,section_text,dialogue\n1,HPI,A.,Q?\n", "A.")]
    [InlineData("table", "encounter_id,dialogue,note\n1,Q?,A.\n", "A.")]
    [InlineData("healthbench-results", """{"score":0.5,"htmls":["h"],"convos":[[{"role":"user","content":"x"}]],"metadata":{"example_level_metadata":[{"score":0.5,"usage":{"input_tokens":1},"prompt_id":"p1","completion_id":"c1","prompt":[{"role":"user","content":"Q?"}],"completion":[{"role":"assistant","content":"A."}],"rubric_items":[{"criterion":"Says so","points":7,"tags":[],"criteria_met":true,"explanation":"e"}]}]}}""", "A.")]
    [InlineData("langsmith", """{"id":"e1","dataset_id":"d","inputs":{"messages":[{"role":"user","content":"Q?"}]},"outputs":{"output":"A."}}""", "A.")]
    [InlineData("chat-completion", """{"id":"c","object":"chat.completion","model":"m","messages":[{"role":"user","content":"Q?"}],"choices":[{"index":0,"message":{"role":"assistant","content":"A."}},{"index":1,"message":{"role":"assistant","content":"B."}}]}""", "m: A. | m: B.")]
    [InlineData("gateway-log", """{"request":{"model":"x","messages":[{"role":"user","content":"Q?"}]},"response":{"model":"m","choices":[{"message":{"role":"assistant","content":"A."}}]},"latency_ms":3}""", "m: A.")]
    [InlineData("gemini", """{"contents":[{"role":"user","parts":[{"text":"Q?"}]}],"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"A."}]}}],"modelVersion":"m"}""", "m: A.")]
    [InlineData("bedrock-log", """{"schemaType":"ModelInvocationLog","modelId":"m","input":{"inputBodyJson":{"messages":[{"role":"user","content":[{"text":"Q?"}]}]}},"output":{"outputBodyJson":{"output":{"message":{"role":"assistant","content":[{"text":"A."}]}}}}}""", "m: A.")]
    [InlineData("table", """{"input":"Q?","model":"m","output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"A."}]}]}""", "m: A.")]
    [InlineData("response-list", """{"prompt":"Q?","generations":[[{"text":"A."},{"text":"B."}]]}""", "A. | B.")]
    [InlineData("canonical", """{"messages":[{"role":"user","content":"Q?"}],"choices":null,"response":{"id":"y","choices":[{"message":{"role":"assistant","content":"A."}}],"model":"m"},"response_cost":0.1}""", "m: A.")]
    public async Task A_tool_s_own_shape_is_known(string format, string content, string answers)
    {
        var receipt = (await _rig.IngestAsync(content, "export.bin")).Batch;

        Assert.Equal((format, "loaded"), (receipt.Format!.Split(", ")[0], receipt.State));
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal("user: Q?", string.Join(" | ", item.Messages.Select(message => $"{message.Role}: {message.Content}")));
        Assert.Equal(answers, string.Join(" | ", item.Responses.Select(response => response.Model is null ? response.Content : $"{response.Model}: {response.Content}")));
        Assert.True(!content.Contains("Ref", StringComparison.Ordinal) || item.Reference is not null);
    }

    [Fact]
    public async Task Statements_of_K_QA_become_criteria()
    {
        await _rig.IngestAsync("""{"Question":"Q?","Free_form_answer":"A.","Must_have":["Says one dose"],"Nice_to_have":["Names a pharmacist"],"Sources":"s"}""");

        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal([("Says one dose", 2d, "must_have"), ("Names a pharmacist", 1d, "nice_to_have")], item.Rubric.Select(criterion => (criterion.Criterion, criterion.Points, criterion.Tags[0])));
    }

    [Fact]
    public async Task What_an_automatic_grader_found_stays_a_machine_s()
    {
        var receipt = (await _rig.IngestAsync("""{"prompt_id":"p1","completion_id":"c1","score":0.5,"prompt":[{"role":"user","content":"Q?"}],"completion":"A.","rubric_items":[{"criterion":"Says so","points":7,"tags":["axis:accuracy"],"criteria_met":true,"explanation":"e"}]}""")).Batch;

        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(("p1", "c1", "Says so"), (item.PromptId, item.Responses[0].ResponseId, item.Rubric[0].Criterion));
        Assert.Equal("""[{"criterionId":"c1","met":true,"explanation":"e"}]""", item.Bookkeeping!["machine_grades"].GetRawText());
        Assert.Contains(receipt.Warnings, warning => warning.Class is "machine_grades_kept_apart");
    }

    [Fact]
    public async Task What_promptfoo_s_assertions_found_stays_beside_the_item_and_makes_it_no_other_one()
    {
        static string Row(string grade) => $$"""{"prompt":{"raw":"Q?"},"provider":{"id":"m"},"vars":{},"response":{"output":"A."},"success":true,"score":1,"gradingResult":{{grade}}}""";
        await _rig.IngestAsync(Row("""{"pass":true,"score":1}"""), "a.jsonl");
        var again = (await _rig.IngestAsync(Row("""{"pass":false,"score":0}"""), "b.jsonl")).Batch;

        Assert.Equal((0L, 1L), (again.Accepted, again.Duplicate));
        Assert.Equal("""{"pass":true,"score":1}""", Assert.Single(await _rig.ItemsAsync()).Bookkeeping!["gradingResult"].GetRawText());
    }

    [Fact]
    public async Task Messages_of_Anthropic_s_batches_are_joined_with_their_requests()
    {
        await _rig.IngestAsync("""
            {"custom_id":"a","params":{"model":"x","system":"Be brief.","messages":[{"role":"user","content":"Q1?"}]}}
            {"custom_id":"b","params":{"model":"x","messages":[{"role":"user","content":"Q2?"}]}}
            """, "requests.jsonl");
        var receipt = (await _rig.IngestAsync("""
            {"custom_id":"b","result":{"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":"too long"}}}}
            {"custom_id":"a","result":{"type":"succeeded","message":{"model":"m","role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"A1."}],"stop_reason":"end_turn"}}}
            """, "results.jsonl")).Batch;

        Assert.Equal(("loaded_with_rejects", "anthropic-batch, jsonl", 1L, 1L), (receipt.State, receipt.Format, receipt.Accepted, receipt.Rejected));
        Assert.Contains("too long", receipt.Errors[0].Reason, StringComparison.Ordinal);
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(["Be brief.", "Q1?"], item.Messages.Select(message => message.Content));
        Assert.Equal(("A1.", "m", "hm"), (item.Responses[0].Content, item.Responses[0].Model, item.Responses[0].Reasoning));
    }
}
