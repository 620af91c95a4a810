namespace HealthEval.Tests.Intake;

/// <summary>None of several answers is dropped, no two are joined, and nothing that is no answer is taken for one.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("""{"question":"How long do I rest?","output":["Two days.","A week."]}""", "Two days. | A week.")]
    [InlineData("""{"prompt":"How long do I rest?","response":["Two days.","A week."],"model":"m"}""", "m: Two days. | m: A week.")]
    [InlineData("question,answer\nHow long do I rest?,\"[\"\"Two days.\"\",\"\"A whole week.\"\"]\"\n", "Two days. | A whole week.")]
    [InlineData("""{"doc_id":3,"target":"t","arguments":[["How long do I rest?",{}]],"resps":[["Two days.","A week.","Ask us."]],"filtered_resps":["Two days."]}""", "Two days. | A week. | Ask us.")]
    [InlineData("""{"doc_id":3,"target":"t","arguments":[["How long do I rest?",{}]],"resps":[["Two days."],["A week."]],"filtered_resps":["Two days."]}""", "Two days. | A week.")]
    [InlineData("""{"prompt":"How long do I rest?","completions":["Rest is good.","So two days.","So ten days."],"labels":[true,true,false]}""", "Rest is good.\nSo two days.\nSo ten days.")]
    [InlineData("""{"prompt":"How long do I rest?","completions":["Two days.","A week."]}""", "Two days. | A week.")]
    [InlineData("""{"prompt":"How long do I rest?","outputs":[{"index":0,"text":"Two days.","finish_reason":"stop"},{"index":1,"text":"A week."}]}""", "Two days. | A week.")]
    [InlineData("""{"input":"How long do I rest?","answer_clinic":"Two days.","answer_modelx":"A week."}""", "clinic: Two days. | modelx: A week.")]
    [InlineData("""{"prompt":"How long do I rest?","responses":[{"model":"m1","content":[{"role":"assistant","content":"Two days."}]},{"model":"m2","messages":[{"role":"assistant","content":"A week."}]}]}""", "m1: Two days. | m2: A week.")]
    [InlineData("""{"prompt":"How long do I rest?","completion":[{"role":"assistant","content":"Two days."}]}""", "Two days.")]
    [InlineData("""{"prompt":"How long do I rest?","response":{"role":"assistant","content":"Two days."}}""", "Two days.")]
    [InlineData("""{"messages":[{"role":"user","content":"How long do I rest?"}],"model":"m","response":{"choices":[{"message":{"content":"Two days."},"finish_reason":"stop"}]}}""", "m: Two days.")]
    [InlineData("""{"prompt":"How long do I rest?","response":[{"type":"text","text":"Two"},{"type":"text","text":"days."}]}""", "Two\ndays.")]
    [InlineData("""{"prompt":"How long do I rest?","response":"{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"Two days.\"}},{\"message\":{\"content\":\"A week.\"}}]}"}""", "Two days. | A week.")]
    [InlineData("""{"prompt":"How long do I rest?","response":{"model":"m","output":[{"type":"reasoning","id":"rs","summary":[]},{"type":"web_search_call","id":"ws"},{"type":"message","content":[{"type":"output_text","text":"Two days."}]}]}}""", "m: Two days.")]
    public async Task Every_answer_is_kept_and_stands_by_itself(string content, string answers)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("loaded", "user: How long do I rest?"), (read.Batch.State, Assert.Single(read.Prompts)));
        Assert.Equal(answers, Assert.Single(read.Answers));
    }

    [Theory]
    [InlineData("""{"doc_id":1,"arguments":{"gen_args_0":{"arg_0":"Q","arg_1":" a"}},"resps":[[["-12.5","False"]],[["-3.25","True"]]]}""", "likelihoods cannot be judged")]
    [InlineData("""{"doc_id":1,"arguments":[["Q"," a"]],"resps":[[[-12.5,false]]]}""", "likelihoods cannot be judged")]
    [InlineData("""{"prompt":"Q","response":300}""", "found a number")]
    [InlineData("""{"prompt":"Q","response":[1,2]}""", "found a number")]
    [InlineData("""{"prompt":"Q","response":{"answer":"One","confidence":0.8}}""", "found an object with answer, confidence")]
    [InlineData("""{"prompt":"Q","response":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"x"}}]}""", "'imageurl' cannot be shown")]
    [InlineData("""{"prompt":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}],"response":"A"}""", "no pictures, audio or files")]
    public async Task What_is_no_text_refuses_its_record_and_says_what_it_is(string content, string reason)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("failed", 1L), (read.Batch.State, read.Batch.Rejected));
        Assert.Contains(reason, read.Batch.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"Q","response":"<think>It may be viral.</think>\n\nRest."}""", "Rest.", "It may be viral.")]
    [InlineData("""{"prompt":"Q","response":"It may be viral.</think>Rest."}""", "Rest.", "It may be viral.")]
    [InlineData("""{"prompt":"Q","response":"<think>It may be viral, but"}""", "", "It may be viral, but")]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"Rest.","reasoning_content":"It may be viral."}]}""", "Rest.", "It may be viral.")]
    [InlineData("""{"prompt":"Q","response":[{"type":"thinking","thinking":[{"type":"text","text":"It may be viral."}],"signature":"zz"},{"type":"text","text":"Rest."}]}""", "Rest.", "It may be viral.")]
    [InlineData("""{"input":"Q","output":{"model":"m","choices":[{"message":{"content":[{"type":"reasoning","reasoning":"It may be viral."},{"type":"text","text":"Rest."}]}}]}}""", "Rest.", "It may be viral.")]
    [InlineData("""{"prompt":"Q","response":"Rest.","reasoning":"It may be viral."}""", "Rest.", "It may be viral.")]
    [InlineData("""{"prompt":"Q","response":"◁think▷It may be viral.◁/think▷Rest."}""", "Rest.", "It may be viral.")]
    [InlineData("""{"prompt":"Q","response":"<|begin_of_thought|>It may be viral.<|end_of_thought|>\n<|begin_of_solution|>Rest.<|end_of_solution|>"}""", "Rest.", "It may be viral.")]
    [InlineData("""{"prompt":"Q","response":"<|channel|>analysis<|message|>It may be viral.<|end|><|start|>assistant<|channel|>final<|message|>Rest.<|return|>"}""", "Rest.", "It may be viral.")]
    public async Task Reasoning_is_kept_apart_from_the_answer(string content, string answer, string reasoning)
    {
        var read = await Reading.OfAsync(content);

        var response = Assert.Single(Assert.Single(read.Items).Responses);
        Assert.Equal((answer, reasoning), (response.Content, response.Reasoning));
        Assert.Contains("reasoning_kept_apart", read.Notes);
        Assert.DoesNotContain("viral", Seen(showReasoning: false), StringComparison.Ordinal);
        Assert.Contains("\"reasoning\":\"It may be viral", Seen(showReasoning: true), StringComparison.Ordinal);

        string Seen(bool showReasoning) => System.Text.Encoding.UTF8.GetString(HealthEval.Storage.Json.Bytes(HealthEval.Tasks.ItemView.Of(read.Items[0], "r", showReasoning)));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":null,"refusal":"I cannot help with this.","tool_calls":[]}]}""", "I cannot help with this.", "")]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"","refusal":"I cannot help with this."}]}""", "I cannot help with this.", "")]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":null,"tool_calls":[]}]}""", "", "empty_response")]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"book"}}]}]}""", """[{"function":{"name":"book"}}]""", "tool_call_shown")]
    [InlineData("""{"prompt":"Q","response":{"choices":[{"message":{"content":"","tool_calls":[{"function":{"name":"book"}}]}}]}}""", """[{"function":{"name":"book"}}]""", "answer_is_a_tool_call")]
    public async Task A_refusal_is_the_answer_a_call_is_shown_and_an_empty_list_of_calls_is_nothing(string content, string answer, string note)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(answer, Assert.Single(read.Answers));
        Assert.True(note.Length == 0 || read.Notes.Contains(note));
    }

    [Fact]
    public async Task Turns_of_tools_stay_in_the_conversation()
    {
        var read = await Reading.OfAsync("""{"messages":[{"from":"human","value":"Am I due?"},{"from":"function_call","value":"{\"f\":1}"},{"from":"observation","value":"yes"},{"from":"gpt","value":"You are."}]}""");

        Assert.Equal("user: Am I due? | assistant: {\"f\":1} | tool: yes", Assert.Single(read.Prompts));
        Assert.Equal("You are.", Assert.Single(read.Answers));
    }
}
