namespace HealthEval.Tests.Intake;

public sealed class FieldTests
{
    [Theory]
    [InlineData("""{"Question":"Q?","Answer":"A.","Model-Name":"m"}""")]
    [InlineData("""{"USER INPUT":"Q?","actualOutput":"A.","modelId":"m"}""")]
    [InlineData("""{"prompt":"Q?","response":"A.","model_name":"m"}""")]
    [InlineData("""{"prompt":"Q?","response":"A.","metadata":{"model":"m"}}""")]
    [InlineData("""{"prompt":"Q?","response":"A.","model":{"id":"m","temperature":0}}""")]
    [InlineData("prompt,response,model_name\nQ?,A.,m\n")]
    [InlineData("User;Assistant;Model\nQ?;A.;m\n")]
    [InlineData("""{"id":4,"messages":[{"role":"User","content":"Q?"},{"role":"AI","content":"A."}],"model":"m"}""")]
    [InlineData("""[{"id":1,"data":{"dialogue":[{"author":"Patient","text":"Q?"},{"author":"Assistant","text":"A."}],"model":"m"},"annotations":[{"id":2,"result":[]}]}]""")]
    [InlineData("""{"user_input":[{"type":"human","content":"Q?"},{"type":"ai","content":"A."}],"model":"m"}""")]
    public async Task A_field_is_the_same_however_its_name_is_written(string content)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("loaded", "user: Q?", "m: A."), (read.Batch.State, Assert.Single(read.Prompts), Assert.Single(read.Answers)));
    }

    [Fact]
    public async Task A_user_s_id_is_no_question() => Assert.Equal("failed", (await Reading.OfAsync("""{"user":"u-71","output":"A."}""")).Batch.State);

    [Theory]
    [InlineData("audience", "\"patient\"")]
    [InlineData("risk", "0.3")]
    [InlineData("risk", "\"high\"")]
    [InlineData("tags", """{"team":"a"}""")]
    [InlineData("tags", "[1]")]
    [InlineData("rubrics", """{"tone":"warm"}""")]
    [InlineData("rubric", """[{"points":3}]""")]
    [InlineData("subdomain", "\"Cardiology\"")]
    [InlineData("specialty", "7")]
    [InlineData("language", """["en"]""")]
    [InlineData("language", "\"English (US)\"")]
    [InlineData("claims", """{"n":2}""")]
    public async Task A_field_of_somebody_else_is_metadata_with_a_note(string name, string value)
    {
        var read = await Reading.OfAsync($$"""{"prompt":"Q","response":"A","{{name}}":{{value}}}""");

        Assert.Equal("loaded", read.Batch.State);
        Assert.Equal("foreign_field_kept_as_metadata", Assert.Single(read.Notes));
        Assert.Equal(value, Assert.Single(read.Items).Meta![name].GetRawText());
    }

    [Theory]
    [InlineData("""{"rows":[{"row_idx":0,"row":{"prompt":"Q","response":"A long"},"truncated_cells":["response"]},{"row_idx":1,"row":{"prompt":"Q2","response":"A2"},"truncated_cells":[]}]}""", 1, 1)]
    [InlineData("""{"rows":[{"row_idx":0,"row":{"prompt":"Q","response":"A","source":"cut of"},"truncated_cells":["source"]},{"row_idx":1,"row":{"prompt":"Q2","response":"A2"},"truncated_cells":[]}]}""", 2, 0)]
    public async Task A_cut_cell_refuses_what_was_made_of_it_and_nothing_else(string page, int accepted, int rejected)
    {
        var read = await Reading.OfAsync(page);

        Assert.Equal((accepted, rejected), ((int)read.Batch.Accepted, (int)read.Batch.Rejected));
        Assert.All(read.Items, item => Assert.Null(item.Meta));
        Assert.All(read.Batch.Errors, error => Assert.Equal("response", error.Path));
    }

    [Fact]
    public async Task The_same_work_is_loaded_once_whatever_it_cost_and_an_id_beside_it_makes_it_another()
    {
        var read = await Reading.OfAsync("""
            {"prompt":"Q","response":"A","latency_ms":812,"cost":0.1,"case":1}
            {"prompt":"Q","response":"A","latency_ms":790,"cost":0.2,"case":1}
            {"prompt":"Q","response":"A","latency_ms":790,"cost":0.2,"case":2}
            """);

        Assert.Equal((2L, 1L), (read.Batch.Accepted, read.Batch.Duplicate));
        Assert.Contains("repeated_apart_from_bookkeeping", read.Notes);
        Assert.Equal(["cost", "latency_ms"], read.Items[0].Bookkeeping!.Keys);
        Assert.Equal(["case"], read.Items[0].Meta!.Keys);
    }

    [Fact]
    public async Task A_row_per_annotation_is_one_item_once()
    {
        var read = await Reading.OfAsync("""
            id,prompt,response,helpful,annotator,annotation_id,created_at,lead_time
            7,Q,A,yes,1,11,2026-11-02,5.1
            7,Q,A,no,2,12,2026-11-03,9.9
            """);

        Assert.Equal((1L, 1L, 0L), (read.Batch.Accepted, read.Batch.Duplicate, read.Batch.Rejected));
        Assert.Null(read.Items[0].Meta);
    }

    [Fact]
    public async Task A_sample_that_a_harness_logs_once_per_filter_is_one()
    {
        static string Line(int id, string filter, string kept) =>
            $$"""{"doc_id":{{id}},"doc":{"q":{{id}}},"target":"t","arguments":[["Question {{id}}?",{}]],"resps":[["Answer {{id}}."]],"filtered_resps":["{{kept}}"],"filter":"{{filter}}","metrics":["exact_match"],"exact_match":{{kept.Length}}}""";
        var read = await Reading.OfAsync(string.Join('\n', Line(0, "strict", "x"), Line(1, "strict", "yy"), Line(0, "flexible", "zzz"), Line(1, "flexible", "z")));

        Assert.Equal((2L, 2L), (read.Batch.Accepted, read.Batch.Duplicate));
    }

    [Fact]
    public async Task Claims_that_come_with_an_answer_are_kept_with_their_places()
    {
        var read = await Reading.OfAsync("""{"prompt":"Q","response":"💊 Take one. Rest.","claims":[{"quote":"Take one.","importance":"must"},{"start":12,"end":17},"Paraphrased claim"]}""");

        Assert.Equal(
            [("Take one.", 2, 11, "must"), ("Rest.", 12, 17, null), ("Paraphrased claim", null, null, null)],
            read.Items[0].Claims!.Select(claim => (claim.Text, claim.Start, claim.End, claim.Importance)));
    }
}
