using System.Text;
using System.Text.Json;
using ClosedXML.Excel;
using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

/// <summary>Files of which something would be lost, cut or shown as something else without anybody noticing.</summary>
public sealed class SilentLossTests
{
    [Theory]
    [InlineData("prompt, response, model\nQ?, \"First line.\nSecond, and last.\", m\n")]
    [InlineData("prompt, response, model\n\"Q?\" , \"First line.\nSecond, and last.\" ,m\n")]
    [InlineData("prompt; response; model\n \"Q?\"; \"First line.\nSecond, and last.\"; m\n")]
    public async Task A_blank_before_a_quote_does_not_cut_the_cell(string table)
    {
        var read = await Reading.OfAsync(table, "t.csv");

        Assert.Equal(("loaded", 1L), (read.Batch.State, read.Batch.Read));
        Assert.EndsWith("First line.\nSecond, and last.", Assert.Single(read.Answers), StringComparison.Ordinal);
        Assert.EndsWith("Q?", Assert.Single(read.Prompts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_behind_the_quotes_of_a_cell_is_refused_also_where_a_blank_stands_before_them() =>
        Assert.Contains("behind the closing quote", (await Reading.OfAsync("prompt,response\nQ?, \"Stop\" he said\n", "t.csv")).Batch.Errors.Single().Reason,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("prompt,response,response_2\nQ?,The first one.,The second one.\n", "The first one. | The second one.")]
    [InlineData("question,answer,answer.1\nQ?,The first one.,The second one.\n", "The first one. | The second one.")]
    [InlineData("""{"prompt":"Q?","model":"m","response":"The first one.","response_2":"The second one."}""", "m: The first one. | The second one.")]
    [InlineData("prompt,model,response_1,response_2\nQ?,m,The first one.,The second one.\n", "m: The first one. | m: The second one.")]
    [InlineData("prompt,Response #1,Response #2\nQ?,The first one.,The second one.\n", "The first one. | The second one.")]
    public async Task The_first_of_several_answers_may_have_no_number_and_their_model_may_be_named_once(string content, string answers)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("loaded", answers), (read.Batch.State, Assert.Single(read.Answers)));
        Assert.Contains(" + ", read.Batch.Mapping["response"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompt,response_1,prompt_2,response_2\nHow much of it?,One.,And for a child?,Half.\n", "prompt_2")]
    [InlineData("""{"prompt":"How much of it?","response":"One.","question_2":"And for a child?","response_2":"Half."}""", "question_2")]
    public async Task Answers_to_other_questions_are_no_rivals(string content, string path)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("failed", path), (read.Batch.State, read.Batch.Errors[0].Path));
        Assert.Contains("list of messages", read.Batch.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("question,answer,answer_chatgpt\nQ?,What is right.,What it said.\n", "chatgpt: What it said.")]
    [InlineData("question,answer,GPT-4o\nQ?,What is right.,What it said.\n", "GPT-4o: What it said.")]
    [InlineData("prompt,answer,response_a,response_b\nQ?,What is right.,This one.,That one.\n", "This one. | That one.")]
    public async Task An_answer_without_a_name_beside_one_of_a_model_is_what_is_right(string table, string answers)
    {
        var read = await Reading.OfAsync(table, "t.csv");

        Assert.Equal(answers, Assert.Single(read.Answers));
        Assert.Equal("What is right.", Assert.Single(read.Items).Reference!.Value.GetString());
    }

    [Theory]
    [InlineData("question,answer,answer_de\nQ?,The answer itself.,Die Antwort selbst.\n")]
    [InlineData("""{"prompt":"Q?","response":"The answer itself.","answer_1":"A choice of it.","answer_2":"Another choice."}""")]
    [InlineData("""{"prompt":"Q?","response":"The answer itself.","GPT-4":"What another said."}""")]
    [InlineData("""{"prompt":"Q?","response":"The answer itself.","edited_response":"What somebody made of it."}""")]
    public async Task One_answer_in_two_languages_and_choices_are_no_rivals_and_what_stays_behind_is_said(string content)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal("The answer itself.", Assert.Single(read.Answers));
        Assert.Contains("another_answer_kept_as_metadata", read.Notes);
    }

    [Theory]
    [InlineData("""{"prompt":"Answer as a physician.","question":"How much of it is safe?","response":"One."}""", "another_question_kept_as_metadata")]
    [InlineData("""{"prompt":"How much of it?","instruction":"Answer in one word.","response":"One."}""", "another_question_kept_as_metadata")]
    [InlineData("question,answer,follow_up\nHow much of it?,One.,And for a child?\n", "another_question_kept_as_metadata")]
    [InlineData("question,context,answer\nMay he take it?,A boy of three years.,No.\n", "context_kept_as_metadata")]
    [InlineData("""{"user_input":"May he take it?","retrieved_contexts":["A leaflet about children."],"response":"No."}""", "context_kept_as_metadata")]
    public async Task What_was_asked_or_given_and_is_not_shown_is_said(string content, string note) =>
        Assert.Contains(note, (await Reading.OfAsync(content)).Notes);

    [Fact]
    public async Task What_the_prompt_is_made_of_is_shown_and_nothing_is_said_of_it() => Assert.Empty((await Reading.OfAsync(
        """{"prompt":"A boy of three years. May he take it?","question":"May he take it?","context":"A boy of three years.","response":"No."}""")).Notes);

    [Theory]
    [InlineData("prompt,response,error\nQ?,,429 too many requests\n", "error")]
    [InlineData("""{"prompt":"Q?","response":"","error":{"code":"timeout","message":"took too long"}}""", "error")]
    public async Task A_call_that_failed_is_no_empty_answer(string content, string path)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("failed", path), (read.Batch.State, read.Batch.Errors[0].Path));
        Assert.Contains("instead of an answer", read.Batch.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"Q?","response":"","error":null}""", "empty_response")]
    [InlineData("prompt,response,error\nQ?,,None\n", "empty_response")]
    [InlineData("""{"prompt":"Q?","response":"Take it for","finish_reason":"length"}""", "answer_cut_off")]
    [InlineData("""{"prompt":"Q?","response":"Take it for","truncated":true}""", "answer_cut_off")]
    [InlineData("""{"prompt":"Q?","response":"Rest.\\n\\nDrink."}""", "escapes_shown_as_they_are_written")]
    [InlineData("prompt,response\nQ?,Rest._x000D_Drink.\n", "escapes_shown_as_they_are_written")]
    [InlineData("question,answer\nHow many?,3\n", "answer_is_a_number")]
    [InlineData("question,answer\nIs it safe?,True\n", "answer_is_true_or_false")]
    [InlineData("question,answer\nIs it <b>safe</b>?,Yes.\n", "html_shown_as_it_is_written")]
    [InlineData("""{"system_prompt":"Be brief and kind.","messages":[{"role":"system","content":"Be long."},{"role":"user","content":"Q?"},{"role":"assistant","content":"A."}]}""", "another_system_prompt_kept_as_metadata")]
    [InlineData("""{"prompt":"How much of it is safe for me?","generated_text":"How much of it is safe for me? One a day."}""", "answer_repeats_the_question")]
    public async Task What_is_wrong_with_an_answer_is_said(string content, string note) => Assert.Contains(note, (await Reading.OfAsync(content)).Notes);

    [Theory]
    [InlineData("""{"prompt":"Q?","response":"The frequency $\\nu$ and \\neq."}""")]
    [InlineData("""{"prompt":"Q?","response":"Take it.","finish_reason":"stop","truncated":false}""")]
    public async Task What_is_right_with_it_is_not(string content) => Assert.Empty((await Reading.OfAsync(content)).Notes);

    [Theory]
    [InlineData("""{"prompt":{"system":"Be kind.","user":"Q?"},"response":"A."}""")]
    [InlineData("""{"prompt":[{"system":"Be kind."},{"user":"Q?"}],"response":"A."}""")]
    [InlineData("""{"messages":[{"system":"Be kind."},{"human":"Q?"},{"ai":"A."}]}""")]
    [InlineData("prompt,response\n\"[{\"\"system\"\": \"\"Be kind.\"\"}, {\"\"user\"\": \"\"Q?\"\"}]\",A.\n")]
    [InlineData("prompt,response\n\"{'system': 'Be kind.', 'user': 'Q?'}\",A.\n")]
    public async Task A_turn_may_stand_under_the_name_of_who_speaks(string content)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("system: Be kind. | user: Q?", "A."), (Assert.Single(read.Prompts), Assert.Single(read.Answers)));
    }

    [Theory]
    [InlineData("What is this? ![scan](https://example.org/ct.png)")]
    [InlineData("What is this? <img src=\"ct.png\">")]
    [InlineData("What is this? data:image/png;base64,iVBORw0KGgo=")]
    public async Task A_picture_inside_of_a_question_is_refused(string prompt) => Assert.Contains("cannot be shown",
        (await Reading.OfAsync(JsonSerializer.Serialize(new { prompt, response = "A rash." }))).Batch.Errors[0].Reason, StringComparison.Ordinal);

    [Fact]
    public async Task Points_in_a_table_are_numbers_though_they_are_written_as_texts() => Assert.Equal([5, -2.5],
        Assert.Single((await Reading.OfAsync("""{"prompt":"Q?","response":"A.","rubric":[{"criterion":"One","points":"5"},{"criterion":"Two","points":"-2.5"}]}"""))
            .Items).Rubric.Select(criterion => criterion.Points));

    [Theory]
    [InlineData("""{"gpt-4":{"results":[{"question":"Q?","answer":"One."}]},"claude-3":{"results":[{"question":"Q?","answer":"Two."}]}}""")]
    [InlineData("""{"gpt-4":[{"question":"Q?","answer":"One."}],"claude-3":[{"question":"Q?","answer":"Two."}]}""")]
    public async Task Lists_named_after_models_are_all_read_and_their_answers_are_those_models(string content) =>
        Assert.Equal(["claude-3: Two.", "gpt-4: One."], (await Reading.OfAsync(content)).Answers.Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_list_of_another_kind_that_is_not_read_is_said()
    {
        var read = await Reading.OfAsync("""{"one":[{"prompt":"Q1?","response":"A1."}],"two":[{"instruction":"Q2?","completions":["A2.","B2."]}]}""");

        Assert.Equal("A1.", Assert.Single(read.Answers));
        Assert.Contains("another_list_was_not_read", read.Notes);
    }

    [Fact]
    public async Task The_model_that_a_document_names_beside_or_around_its_list_is_that_of_the_answers() => Assert.Equal(
        ["m1: One.", "m2: Two."],
        (await Reading.OfAsync(
            """{"a":{"model":"m1","results":[{"question":"Q?","answer":"One."}]},"b":{"results":[{"question":"Q?","answer":"Two."}],"model_name":"m2"}}"""))
            .Answers.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("""{"metadata":{"model":"m"},"data":[{"question":"Q?","answer":"One."}]}""", "m: One.")]
    [InlineData("""{"model":"m","prompt":"Q?","responses":["One.","Two."]}""", "m: One. | m: Two.")]
    [InlineData("""{"model":"m","instruction":"Q?","completions":[{"text":"One."},{"text":"Two."}]}""", "m: One. | m: Two.")]
    public async Task A_model_that_is_named_once_is_that_of_all_the_answers(string content, string answers) =>
        Assert.Equal(answers, Assert.Single((await Reading.OfAsync(content)).Answers));

    [Fact]
    public async Task Runs_in_a_list_are_read_as_those_inside_of_a_document_are() => Assert.Equal(
        ["m1: One.", "m2: Two."],
        (await Reading.OfAsync("""[{"model":"m1","results":[{"question":"Q?","answer":"One."}]},{"model":"m2","results":[{"question":"Q?","answer":"Two."}]}]"""))
            .Answers.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("gpt-4o.csv", "gpt-4o: A.")]
    [InlineData("answers-2.csv", "A.")]
    [InlineData("phi.csv", "A.")]
    public async Task A_file_that_is_called_after_a_model_holds_its_answers(string name, string answer)
    {
        var read = await Reading.OfAsync("prompt,response\nQ?,A.\n", name);

        Assert.Equal(answer, Assert.Single(read.Answers));
        Assert.Equal(answer.Length > 2, read.Batch.Mapping.ContainsKey("model"));
    }

    [Fact]
    public async Task Every_file_of_an_archive_may_be_another_model_s() => Assert.Equal(["claude-3: B.", "gpt-4: A."], (await Reading.OfAsync(
        PackedFileTests.Zip(("gpt-4.csv", "prompt,response\nQ?,A.\n"u8.ToArray()), ("claude-3.csv", "prompt,response\nQ?,B.\n"u8.ToArray())), "all.zip"))
        .Answers.Order(StringComparer.Ordinal));

    [Fact]
    public async Task What_a_table_has_for_nothing_is_nothing()
    {
        var read = await Reading.OfAsync("prompt,response,system,rubric,reference,model,prompt_id\nQ?,A.,nan,nan,None,nan,nan\n", "t.csv");

        Assert.Equal(("user: Q?", "A."), (Assert.Single(read.Prompts), Assert.Single(read.Answers)));
        Assert.Equal((0, null), (read.Items[0].Rubric.Count, read.Items[0].Reference));
        Assert.StartsWith("p", read.Items[0].PromptId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_per_rater_is_one_answer()
    {
        var read = await Reading.OfAsync("question,answer,rater,rating\nQ?,The answer.,r1,4\nQ?,The answer.,r2,5\n", "t.csv");

        Assert.Equal((1L, 1L), (read.Batch.Accepted, read.Batch.Duplicate));
    }

    [Fact]
    public async Task Attributes_of_several_answers_are_not_those_of_the_first()
    {
        var read = await Reading.OfAsync("""<qas><qa><question>Q?</question><answer model="a">One.</answer><answer model="b">Two.</answer></qa></qas>""", "q.xml");

        Assert.Equal("One. | Two.", Assert.Single(read.Answers));
    }

    [Theory]
    [InlineData(1251, "Сильная головная боль, что делать?")]
    [InlineData(1253, "Έχω πονοκέφαλο, τι να κάνω;")]
    public async Task Another_script_is_not_read_as_western_letters(int codePage, string question)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;

        Assert.Contains("not UTF-8", (await Reading.OfAsync(encoding.GetBytes($"prompt,response\n{question},{question}\n"), "t.csv")).Batch.Errors[0].Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Western_letters_still_are() => Assert.Equal(["Größere Übelkeit – für Ältere «schädlich» und naïv."], (await Reading.OfAsync(
        Encoding.Latin1.GetBytes("prompt,response\nWas tun bei Übelkeit?,Größere Übelkeit \u0096 für Ältere «schädlich» und naïv.\n"), "t.csv")).Answers);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hidden_rows_are_loaded_and_counted(bool compares)
    {
        using var book = new XLWorkbook();
        var sheet = book.AddWorksheet("s");
        sheet.Cell(1, 1).InsertData(new object[][] { ["prompt", "response"], ["Q1?", "A1."], ["Q2?", "A2."], ["Q3?", "A3."] });
        sheet.Rows(3, 4).Hide();
        using var file = new MemoryStream();
        book.SaveAs(file);
        using var rig = new IngestRig();
        rig.Project = rig.Project with { Comparison = compares };
        var batch = (await rig.IngestAsync(file.ToArray(), "b.xlsx")).Batch;

        Assert.Equal((3L, 2L), (batch.Accepted, batch.Warnings.Single(warning => warning.Class is "row_hidden_in_the_sheet").Count));
    }
}
