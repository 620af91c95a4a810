namespace HealthEval.Tests.Batches;

public sealed class CanonicalFormTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task One_response_a_line_becomes_one_task_with_all_its_fields()
    {
        var receipt = (await _rig.IngestAsync("""
            {"item_id":"i1","prompt_id":"p1","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Can I take both?"}],"response":"Ask first.","model":"m-1","response_id":"r1","subdomain":"specialty","specialty":"cardiology","audience":"clinician","jurisdiction":"UK","language":"en-GB","risk_tier":"elevated","reference":"Avoid.","rubric":[{"criterion":"Says to ask","points":5,"tags":["axis:accuracy"]}],"tags":["a"],"meta":{"k":1},"run":7}
            """)).Batch;

        Assert.Equal(("loaded", 1, 1, 1L), (receipt.State, (int)receipt.Accepted, (int)receipt.Items, await _rig.TasksAsync()));
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(("i1", "p1", "specialty", "cardiology", "clinician", "UK", "en-GB", "elevated"), (item.ItemId, item.PromptId, item.Subdomain, item.Specialty, item.Audience, item.Jurisdiction, item.Language, item.RiskTier));
        Assert.Equal(["system: Be brief.", "user: Can I take both?"], item.Messages.Select(message => $"{message.Role}: {message.Content}"));
        Assert.Equal(("r1", "m-1", "Ask first."), (item.Responses[0].ResponseId, item.Responses[0].Model, item.Responses[0].Content));
        Assert.Equal(("c1", "Says to ask", 5d), (item.Rubric[0].Id, item.Rubric[0].Criterion, item.Rubric[0].Points));
        Assert.Equal("Avoid.", item.Reference?.GetString());
        Assert.Equal(["meta", "run"], item.Meta!.Keys);
        Assert.Equal(item.ContentSha256, item.ContentHash());
    }

    [Fact]
    public async Task What_a_record_leaves_out_takes_the_default_that_the_receipt_names()
    {
        var receipt = (await _rig.IngestAsync("""{"prompt":"How much?","response":"Two."}""")).Batch;

        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(("general", "unknown", "unspecified", "en", "routine"), (item.Subdomain, item.Audience, item.Jurisdiction, item.Language, item.RiskTier));
        Assert.Equal("(default) general", receipt.Mapping["subdomain"]);
        Assert.Equal(("prompt", "response"), (receipt.Mapping["prompt"], receipt.Mapping["response"]));
        Assert.Equal("canonical, jsonl", receipt.Format);
    }

    [Fact]
    public async Task A_prompt_with_two_responses_is_one_task_and_one_with_many_is_a_task_each()
    {
        static string Grouped(string id, int responses) =>
            $$"""{"prompt_id":"{{id}}","prompt":[{"role":"user","content":"Q"}],"responses":[{{string.Join(',', Enumerable.Range(1, responses).Select(n => $$"""{"response_id":"{{n}}","model":"m{{n}}","content":"A{{n}}"}"""))}}]}""";
        var receipt = (await _rig.IngestAsync(Grouped("two", 2) + "\n" + Grouped("many", 9))).Batch;

        Assert.Equal((2L, 10L, 11L, 10L), (receipt.Accepted, receipt.Items, receipt.Responses, await _rig.TasksAsync()));
        var items = await _rig.ItemsAsync();
        Assert.Equal(["A1", "A2"], items[0].Responses.Select(response => response.Content));
        Assert.All(items.Skip(1), item => Assert.Single(item.Responses));
    }

    [Fact]
    public async Task Content_is_kept_byte_for_byte()
    {
        const string Awkward = "  =SUM(A1)\r\n\t\u0000\u001B\u200Bעברית \u202Eabc\u202C 👩‍⚕️ e\u0301 é \uFEFF <script>&amp; _x000D_ \uFFFF ";
        var json = System.Text.Json.JsonSerializer.Serialize(new { prompt = Awkward, response = Awkward + "!" });
        await _rig.IngestAsync(json);

        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(Awkward, item.Messages[0].Content);
        Assert.Equal(Awkward + "!", item.Responses[0].Content);
        Assert.Equal(HealthEval.Storage.Sha.Of(Awkward + "!"), item.Responses[0].Sha256);
    }

    [Fact]
    public async Task A_conversation_that_ends_with_the_assistant_is_judged_on_its_last_turn()
    {
        var receipt = (await _rig.IngestAsync("""
            {"messages":[{"role":"user","content":"Q1"},{"role":"assistant","content":"A1"},{"role":"user","content":[{"type":"text","text":"Q2"},{"type":"text","text":"more"}]},{"role":"assistant","content":"A2"}],"model":"m"}
            {"messages":[{"role":"user","content":"Q1"}]}
            {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]},{"role":"assistant","content":"A2"}]}
            """)).Batch;

        Assert.Equal(("chat-messages, jsonl", 1L, 2L), (receipt.Format, receipt.Accepted, receipt.Rejected));
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(["Q1", "A1", "Q2\nmore"], item.Messages.Select(message => message.Content));
        Assert.Equal("A2", item.Responses[0].Content);
        Assert.Equal(["messages", "messages[0].content[0]"], receipt.Errors.Select(error => error.Path));
    }

    [Theory]
    [InlineData("""{"prompt":"q","response":5}""", "response")]
    [InlineData("""{"prompt":"q"}""", "response")]
    [InlineData("""{"response":"a"}""", "prompt")]
    [InlineData("""{"prompt":{"a":1},"response":"a"}""", "prompt")]
    [InlineData("""{"prompt":[{"role":"alien","content":"q"}],"response":"a"}""", "prompt[0].role")]
    [InlineData("""{"prompt":[{"role":"system","content":"q"}],"response":"a"}""", "prompt")]
    [InlineData("""{"prompt":[{"role":"user","content":"q"},{"role":"assistant","content":"x"}],"response":"a"}""", "prompt[1].role")]
    [InlineData("""{"prompt":"  ","response":"a"}""", "prompt")]
    [InlineData("""{"prompt":"q","responses":[]}""", "responses")]
    [InlineData("""{"prompt":"q","responses":[{"content":"a"},{"model":"m"}]}""", "responses[1].content")]
    [InlineData("""{"prompt":"q","responses":[{"response_id":"r","content":"a"},{"response_id":"r","content":"b"}]}""", "responses[1].response_id")]
    [InlineData("""{"prompt":"q","response":"a","rubric":[{"criterion":"c","points":"many"}]}""", "rubric[0].points")]
    public async Task A_wrong_field_is_named_with_its_line_and_the_other_lines_load(string bad, string path)
    {
        const string Good = """{"prompt":"fine","response":"fine"}""";
        var receipt = (await _rig.IngestAsync($"{Good}\n\n{bad}\n")).Batch;

        Assert.Equal(("loaded_with_rejects", 2L, 1L, 1L), (receipt.State, receipt.Read, receipt.Accepted, receipt.Rejected));
        Assert.Contains(receipt.Errors, error => error.Line == 3 && error.Path == path);
        Assert.Single(await _rig.ItemsAsync());
    }

    [Fact]
    public async Task An_empty_answer_is_kept_and_noted()
    {
        var receipt = (await _rig.IngestAsync("{\"prompt\":\"q\",\"response\":\"\u200B \"}")).Batch;

        Assert.Equal((1L, "empty_response", 1L), (receipt.Accepted, receipt.Warnings[0].Class, receipt.Warnings[0].Count));
    }

    [Fact]
    public async Task A_field_called_is_gold_gives_nobody_a_gold_item()
    {
        await _rig.IngestAsync("""{"prompt":"q","response":"a","is_gold":true,"__proto__":{"admin":true},"taskId":"t1","batchId":"x"}""");

        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(["__proto__", "batchId", "is_gold", "taskId"], item.Meta!.Keys.Order(StringComparer.Ordinal));
        Assert.NotEqual("t1", item.TaskId);
    }
}
