using System.Text;
using HealthEval.Batches;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Tests.Batches;

/// <summary>The two files of an OpenAI batch, in every order and with everything that can be missing.</summary>
public sealed class OpenAiBatchTests : IAsyncLifetime
{
    private readonly IngestRig _rig = new();

    public async ValueTask InitializeAsync() => await _rig.Documents.CommitAsync(new Write.Create(Project.Key("p1"), _rig.Project), default);

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    public static TheoryData<string, string, string> Shapes => new()
    {
        { """{"model":"gpt","messages":[{"role":"system","content":"S"},{"role":"user","content":"Q"}],"temperature":0}""", """{"object":"chat.completion","model":"gpt-1","choices":[{"index":0,"message":{"role":"assistant","content":"A"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}""", "S|Q>A" },
        { """{"model":"gpt","messages":[{"role":"user","content":[{"type":"text","text":"Q"}]}],"n":2}""", """{"object":"chat.completion","model":"gpt-1","choices":[{"message":{"content":"A"}},{"message":{"content":"B"}}]}""", "Q>A|B" },
        { """{"model":"gpt","messages":[{"role":"user","content":"Q"}]}""", """{"model":"gpt-1","choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}""", "Q>No." },
        { """{"model":"gpt","instructions":"S","input":"Q"}""", """{"object":"response","status":"completed","model":"gpt-1","output":[{"type":"reasoning","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"A","annotations":[]}]}]}""", "S|Q>A" },
        { """{"model":"gpt","input":[{"role":"user","content":[{"type":"input_text","text":"Q"}]}]}""", """{"object":"response","model":"gpt-1","output":[{"type":"message","content":[{"type":"output_text","text":"A"},{"type":"refusal","refusal":"B"}]}]}""", "Q>A\nB" },
        { """{"model":"gpt","prompt":"Q","max_tokens":5}""", """{"object":"text_completion","model":"gpt-1","choices":[{"text":"A","index":0,"finish_reason":"length"}]}""", "Q>A" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Every_endpoint_is_read(string request, string body, string expected)
    {
        await _rig.IngestAsync(Ask("c1", request), "in.jsonl");
        var receipt = (await _rig.IngestAsync(Answer("c1", body), "out.jsonl")).Batch;

        Assert.Equal(("openai-batch, jsonl", "loaded", 1L), (receipt.Format, receipt.State, receipt.Accepted));
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(expected, $"{string.Join('|', item.Messages.Select(message => message.Content))}>{string.Join('|', item.Responses.Select(response => response.Content))}");
        Assert.Equal("gpt-1", item.Responses[0].Model);
        Assert.Equal("c1", item.Meta!["custom_id"].GetString());
    }

    [Fact]
    public async Task Answers_are_joined_by_id_whatever_their_order_and_each_missing_one_is_named()
    {
        await _rig.IngestAsync(string.Concat(Enumerable.Range(1, 200).Select(n => Ask($"c{n}", $"q{n}"))), "in.jsonl");
        var lines = Enumerable.Range(1, 200).Reverse().Select(n => n % 50 == 0 ? Failed($"c{n}") : Answer($"c{n}", $"a{n}")).ToArray();
        var receipt = (await _rig.IngestAsync(string.Concat(lines), "out.jsonl")).Batch;

        Assert.Equal(("loaded_with_rejects", 200L, 196L, 4L), (receipt.State, receipt.Read, receipt.Accepted, receipt.Rejected));
        Assert.Equal([1L, 51L, 101L, 151L], receipt.Errors.Select(error => error.Line));
        Assert.All(receipt.Errors, error => Assert.Equal("response.status_code", error.Path));
        Assert.All(await _rig.ItemsAsync(), item => Assert.Equal(item.Messages[0].Content[1..], item.Responses[0].Content[1..]));
    }

    [Fact]
    public async Task The_output_waits_for_its_input_and_then_loads_by_itself()
    {
        var output = Answer("c1", "a1") + Answer("c2", "a2");
        var waiting = (await _rig.IngestAsync(output, "out.jsonl")).Batch;
        var input = (await _rig.IngestAsync(PackedFileTests.Gzip(Encoding.UTF8.GetBytes(Ask("c2", "q2") + Ask("c1", "q1") + Ask("c3", "q3"))), "in.jsonl.gz")).Batch;
        var loaded = (await _rig.Documents.FindAsync<Batch>(Batch.Key("p1", waiting.BatchId), default))!.Value;

        Assert.Equal(("waiting", 0L), (waiting.State, waiting.Read));
        Assert.Contains("Send the input file", waiting.Reason, StringComparison.Ordinal);
        Assert.Equal(("loaded", 3L, 0L), (input.State, input.Accepted, input.Items));
        Assert.Equal(("loaded", 2L, 2L, null), (loaded.State, loaded.Read, loaded.Accepted, loaded.WaitsUntil));
        Assert.Equal([input.BatchId], loaded.Inputs!);
        Assert.Equal(["q1>a1", "q2>a2"], (await _rig.ItemsAsync()).Select(item => $"{item.Messages[0].Content}>{item.Responses[0].Content}"));
    }

    [Fact]
    public async Task An_output_whose_input_never_comes_fails_when_its_time_is_over()
    {
        _rig.Options.WaitForInput = TimeSpan.FromMilliseconds(1);
        var waiting = (await _rig.IngestAsync(Answer("c1", "a1"), "out.jsonl")).Batch;
        await Task.Delay(20);
        var due = await _rig.Ingest.FinishWaitingAsync(default);
        var failed = (await _rig.Documents.FindAsync<Batch>(Batch.Key("p1", waiting.BatchId), default))!.Value;

        Assert.Equal((1, "failed", 0), (due, failed.State, await _rig.Ingest.FinishWaitingAsync(default)));
        Assert.Contains("did not come", failed.Reason, StringComparison.Ordinal);
        await foreach (var left in _rig.Files.ListAsync("pending/p1/", default))
        {
            Assert.Fail($"{left.Path} was left behind.");
        }
    }

    [Fact]
    public async Task One_zip_with_both_files_is_whole()
    {
        var zip = PackedFileTests.Zip(("a_output.jsonl", Encoding.UTF8.GetBytes(Answer("c2", "a2") + Answer("c1", "a1") + Answer("c9", "a9"))), ("z_input.jsonl", Encoding.UTF8.GetBytes(Ask("c1", "q1") + Ask("c2", "q2") + "{\n")));
        var receipt = (await _rig.IngestAsync(zip, "batch.zip")).Batch;
        var again = (await _rig.IngestAsync(zip, "batch.zip")).Batch;

        Assert.Equal(("loaded_with_rejects", 4L, 2L, 2L), (receipt.State, receipt.Read, receipt.Accepted, receipt.Rejected));
        Assert.Equal((3L, "custom_id"), (receipt.Errors[0].Line, receipt.Errors[0].Path));
        Assert.Equal((0L, 2L), (again.Accepted, again.Duplicate));
        Assert.Equal(["q2>a2", "q1>a1"], (await _rig.ItemsAsync()).Select(item => $"{item.Messages[0].Content}>{item.Responses[0].Content}"));
    }

    [Fact]
    public async Task Ids_that_come_again_every_week_are_not_joined_with_the_questions_of_last_week()
    {
        await _rig.IngestAsync(Ask("request-1", "old question"), "in1.jsonl");
        await _rig.IngestAsync(Answer("request-1", "old answer"), "out1.jsonl");
        var early = (await _rig.IngestAsync(Answer("request-1", "new answer"), "out2.jsonl")).Batch;
        await _rig.IngestAsync(Ask("request-1", "new question"), "in2.jsonl");

        Assert.Equal("waiting", early.State);
        Assert.Contains("answered by an earlier output", early.Reason, StringComparison.Ordinal);
        Assert.Equal(["new question>new answer", "old question>old answer"], (await _rig.ItemsAsync()).Select(item => $"{item.Messages[0].Content}>{item.Responses[0].Content}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_input_files_that_ask_differently_under_one_id_are_not_guessed_between()
    {
        await _rig.IngestAsync(Ask("c1", "q"), "in1.jsonl");
        await _rig.IngestAsync(Ask("c1", "another q"), "in2.jsonl");
        var receipt = (await _rig.IngestAsync(Answer("c1", "a"), "out.jsonl")).Batch;

        Assert.Equal("waiting", receipt.State);
        Assert.Contains("unclear what was asked", receipt.Reason, StringComparison.Ordinal);
        Assert.Empty(await _rig.ItemsAsync());
    }

    [Fact]
    public async Task Several_outputs_share_an_input_and_one_output_may_need_several()
    {
        await _rig.IngestAsync(Ask("c1", "q1") + Ask("c2", "q2"), "in1.jsonl");
        await _rig.IngestAsync(Ask("c3", "q3"), "in2.jsonl");
        var first = (await _rig.IngestAsync(Answer("c1", "a1"), "out.jsonl")).Batch;
        var errors = (await _rig.IngestAsync(Failed("c2") + Answer("c3", "a3"), "errors.jsonl")).Batch;

        Assert.Equal(("loaded", "loaded_with_rejects"), (first.State, errors.State));
        Assert.Equal(["q1>a1", "q3>a3"], (await _rig.ItemsAsync()).Select(item => $"{item.Messages[0].Content}>{item.Responses[0].Content}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Files_that_are_sent_along_belong_together_even_if_the_requests_were_answered_before()
    {
        var input = (await _rig.IngestAsync(Ask("c1", "q1"), "in.jsonl")).Batch;
        await _rig.IngestAsync(Answer("c1", "a1"), "out1.jsonl");
        var source = IngestRig.Source(Encoding.UTF8.GetBytes(Answer("c1", "a2"))) with { Partners = [input.BatchId] };
        var second = (await _rig.Ingest.RunAsync(_rig.Project, source, _ => { }, again: true, default)).Batch;

        Assert.Equal(("loaded", 1L), (second.State, second.Accepted));
    }

    [Fact]
    public async Task An_output_that_is_sent_again_is_joined_as_before_and_adds_nothing()
    {
        await _rig.IngestAsync(Ask("c1", "q1"), "in.jsonl");
        await _rig.IngestAsync(Answer("c1", "a1"), "out.jsonl");
        await _rig.IngestAsync(Ask("c1", "q1 of next week"), "in2.jsonl");
        var again = (await _rig.IngestAsync(Answer("c1", "a1"), "out.jsonl")).Batch;

        Assert.Equal((0L, 1L), (again.Accepted, again.Duplicate));
        Assert.Single(await _rig.ItemsAsync());
    }

    [Fact]
    public async Task An_id_that_stands_for_two_things_is_refused_where_it_does()
    {
        var input = (await _rig.IngestAsync(Ask("c1", "q1") + Ask("c1", "q1") + Ask("c2", "q2") + Ask("c2", "another q2"), "in.jsonl")).Batch;
        var output = (await _rig.IngestAsync(Answer("c1", "a1") + Answer("c1", "a1") + Answer("c1", "other") + Answer("c2", "a2") + """{"response":{"body":{}}}""", "out.jsonl")).Batch;

        Assert.Equal((3L, 4L), (input.Accepted, Assert.Single(input.Errors).Line));
        Assert.Equal((1L, 1L, 3L), (output.Accepted, output.Duplicate, output.Rejected));
        Assert.Equal([3L, 4L, 5L], output.Errors.Select(error => error.Line));
        Assert.All(output.Errors, error => Assert.Equal("custom_id", error.Path));
    }

    [Theory]
    [InlineData("""{"custom_id":"c1","response":null,"error":{"code":"batch_expired","message":"This request could not be executed."}}""", "error", "batch_expired")]
    [InlineData("""{"custom_id":"c1","response":{"status_code":429,"body":{"error":{"message":"Rate limit","type":"requests","code":"rate_limit_exceeded"}}},"error":null}""", "response.status_code", "HTTP 429: rate_limit_exceeded: Rate limit")]
    [InlineData("""{"custom_id":"c1","response":{"status_code":200,"body":null},"error":null}""", "response.body", "object")]
    [InlineData("""{"custom_id":"c1","response":{"status_code":200,"body":{"choices":[]}},"error":null}""", "response", "no response")]
    [InlineData("""{"custom_id":"c1","response":{"status_code":200,"body":{"choices":[7]}},"error":null}""", "response.body.choices[0]", "a number")]
    [InlineData("""{"custom_id":"c1","response":{"status_code":"x","body":{"output":"text"}},"error":null}""", "response.body.choices", "Required")]
    public async Task What_is_no_answer_is_reported_with_its_reason(string line, string path, string reason)
    {
        await _rig.IngestAsync(Ask("c1", "q1"), "in.jsonl");
        var receipt = (await _rig.IngestAsync(line, "errors.jsonl")).Batch;

        Assert.Equal(("failed", path), (receipt.State, receipt.Errors[0].Path));
        Assert.Contains(reason, receipt.Errors[0].Reason, StringComparison.Ordinal);
    }

    private static string Ask(string id, string question) =>
        $"{{\"custom_id\":\"{id}\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{(question[0] == '{' ? question : $"{{\"model\":\"gpt\",\"messages\":[{{\"role\":\"user\",\"content\":\"{question}\"}}]}}")}}}\n";

    private static string Answer(string id, string answer) =>
        Line(id, 200, answer[0] == '{' ? answer : $"{{\"model\":\"gpt-1\",\"choices\":[{{\"message\":{{\"role\":\"assistant\",\"content\":\"{answer}\"}}}}]}}");

    private static string Failed(string id) => Line(id, 500, """{"error":{"message":"failed"}}""");

    private static string Line(string id, int status, string body) =>
        $"{{\"id\":\"batch_req_{id}\",\"custom_id\":\"{id}\",\"response\":{{\"status_code\":{status},\"request_id\":\"r\",\"body\":{body}}},\"error\":null}}\n";
}
