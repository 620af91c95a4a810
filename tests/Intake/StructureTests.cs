namespace HealthEval.Tests.Intake;

/// <summary>Structure that was written down as text is decoded when it is one as a whole; what somebody said stays as it was said.</summary>
public sealed class StructureTests
{
    private const string Turns = "system: Be kind. | user: What's gout?";

    [Theory]
    [InlineData("""{"prompt":"[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"What's gout?\"}]","response":"Crystals."}""", "json_text_decoded")]
    [InlineData("""{"messages":"[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"What's gout?\"},{\"role\":\"assistant\",\"content\":\"Crystals.\"}]"}""", "json_text_decoded")]
    [InlineData("""{"input":"{\"messages\":[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"What's gout?\"}]}","output":"{\"role\":\"assistant\",\"content\":\"Crystals.\"}"}""", "json_text_decoded")]
    [InlineData("""{"input":"\"[{\\\"role\\\":\\\"system\\\",\\\"content\\\":\\\"Be kind.\\\"},{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"What's gout?\\\"}]\"","output":"\"Crystals.\""}""", "json_text_decoded")]
    [InlineData("input;output\n\"[\n  {\"\"role\"\": \"\"system\"\", \"\"content\"\": \"\"Be kind.\"\"},\n  {\"\"role\"\": \"\"user\"\", \"\"content\"\": \"\"What's gout?\"\"}\n]\";\"\"\"Crystals.\"\"\"\n", "json_text_decoded")]
    [InlineData("prompt;completion\n\"[{'role': 'system', 'content': 'Be kind.'}, {'role': 'user', 'content': \"\"What's gout?\"\"}]\";Crystals.\n", "python_text_decoded")]
    [InlineData("prompt;completion\n\"[{'content': 'Be kind.', 'role': 'system'}\n {'content': 'What\\'s gout?', 'role': 'user'}]\";Crystals.\n", "python_text_decoded")]
    [InlineData("prompt;completion\n\"array([{'role': 'system', 'content': 'Be kind.'},\n       {'role': 'user', 'content': 'What\\x27s gout?'}], dtype=object)\";Crystals.\n", "python_text_decoded")]
    public async Task Messages_written_as_text_are_turns(string content, string note)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal((Turns, "Crystals."), (Assert.Single(read.Prompts), Assert.Single(read.Answers)));
        Assert.Contains(note, read.Notes);
    }

    [Theory]
    [InlineData("{\\\"dose\\\": \\\"5 mg\\\"}")]
    [InlineData("[1] See your doctor. [2]")]
    [InlineData("[\\\"iron\\\",\\\"zinc\\\"]")]
    [InlineData("{'dose': 5}")]
    [InlineData("[{'role': 'user', 'content': open}]")]
    public async Task What_decodes_into_anything_else_stays_text(string answer)
    {
        var read = await Reading.OfAsync($$"""{"prompt":"Q","response":"{{answer}}"}""");

        Assert.Equal(answer.Replace("\\\"", "\"", StringComparison.Ordinal), Assert.Single(read.Answers));
        Assert.Empty(read.Notes);
    }

    [Theory]
    [InlineData("""{"input":{"messages":[{"role":"user","content":"Q?"}]},"output":{"role":"assistant","content":"A."}}""")]
    [InlineData("""{"inputs":{"question":"Q?"},"outputs":{"answer":"A."},"dataset_id":"d"}""")]
    [InlineData("""{"inputs":{"messages":[{"role":"user","content":"Q?"}]},"outputs":{"generations":[[{"text":"A.","generation_info":{}}]]}}""")]
    [InlineData("""{"inputs":{"messages":[[{"lc":1,"type":"constructor","id":["langchain","schema","HumanMessage"],"kwargs":{"content":"Q?","type":"human"}}]]},"outputs":{"output":"A."}}""")]
    [InlineData("""{"prompt":{"role":"user","content":"Q?"},"response":"A."}""")]
    [InlineData("""{"prompt":[{"role":"user","content":"Q?"}],"response":[{"role":"user","content":"Q?"},{"role":"assistant","content":"A."}]}""")]
    [InlineData("""[[{"role":"user","content":"Q?"},{"role":"assistant","content":"A."}]]""")]
    public async Task A_prompt_or_an_answer_may_be_an_object_or_messages(string content)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("user: Q?", "A."), (Assert.Single(read.Prompts), Assert.Single(read.Answers)));
    }
}
