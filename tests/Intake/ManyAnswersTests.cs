namespace HealthEval.Tests.Intake;

/// <summary>Answers of several models in one record, and what only looks like them.</summary>
public sealed class ManyAnswersTests
{
    [Theory]
    [InlineData("""{"question":"Q?","responses":{"gpt":"A.","llama":"B."}}""", "gpt: A. | llama: B.")]
    [InlineData("""{"prompt":"Q?","responses":{"gpt":"A.","llama":"B."}}""", "gpt: A. | llama: B.")]
    [InlineData("""{"question":"Q?","answers":{"gpt":"A.","llama":"B."}}""", "gpt: A. | llama: B.")]
    [InlineData("""{"question":"Q?","answers":[{"model":"gpt","answer":"A."},{"model":"llama","answer":"B."}]}""", "gpt: A. | llama: B.")]
    [InlineData("""{"instruction":"Q?","model_outputs":["A.","B."]}""", "A. | B.")]
    public async Task Answers_by_the_name_of_their_model_are_rivals(string record, string answers)
    {
        var read = await Reading.OfAsync(record);

        Assert.Equal("user: Q?", Assert.Single(read.Prompts));
        Assert.Equal(answers, Assert.Single(read.Answers));
    }

    [Theory]
    [InlineData("""{"question":"Q?","answers":["Paris","paris"]}""")]
    [InlineData("""{"question":"Q?","answers":{"A":"Rest","B":"Run"}}""")]
    [InlineData("""{"question":"Q?","answers":{"text":["Paris"],"answer_start":[3]}}""")]
    public async Task What_is_right_or_to_be_chosen_from_is_no_answer_of_a_model(string record) =>
        Assert.Equal("failed", (await Reading.OfAsync(record)).Batch.State);

    [Fact]
    public async Task A_model_that_thinks_between_what_it_says_is_quoted_without_its_thoughts()
    {
        var response = Assert.Single(Assert.Single((await Reading.OfAsync("""{"prompt":"Q","response":"<think>one</think>Rest. <think>two</think>\n\nDrink."}""")).Items).Responses);

        Assert.Equal(("Rest. Drink.", "one\ntwo"), (response.Content, response.Reasoning));
    }

    [Fact]
    public async Task Many_thoughts_cost_no_more_than_their_length()
    {
        var thoughts = string.Concat(Enumerable.Repeat("<think>a</think>b", 60_000));
        var response = Assert.Single(Assert.Single((await Reading.OfAsync($$"""{"prompt":"Q","response":"{{thoughts}}"}""")).Items).Responses);

        Assert.Equal((60_000, 119_999), (response.Content.Length, response.Reasoning!.Length));
    }
}
