using System.Text;
using ClosedXML.Excel;

namespace HealthEval.Tests.Intake;

/// <summary>Files that could be read as something else than they say, without anybody noticing.</summary>
public sealed class SilentMisreadingTests
{
    [Theory]
    [InlineData("""{"question":"Q?","answer":"What is right.","model_answer":"A of a model."}""", "A of a model.")]
    [InlineData("question,answer,prediction\nQ?,What is right.,A of a model.\n", "A of a model.")]
    [InlineData("""{"instruction":"Q?","output":"What is right.","generated_text":"A of a model."}""", "A of a model.")]
    [InlineData("question;answer;answer_m1;answer_m2\nQ?;What is right.;A one.;A two.\n", "m1: A one. | m2: A two.")]
    [InlineData("question,answer,GPT-4 response,claude_3_answer\nQ?,What is right.,A one.,A two.\n", "GPT-4: A one. | claude_3: A two.")]
    public async Task An_answer_beside_those_of_models_is_what_is_right_and_not_what_is_judged(string content, string answers)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("loaded", answers), (read.Batch.State, Assert.Single(read.Answers)));
        Assert.Equal("What is right.", Assert.Single(read.Items).Reference!.Value.GetString());
        Assert.Contains("answer_beside_those_of_models_is_the_reference", read.Notes);
    }

    [Theory]
    [InlineData("Question,GPT-4o,Claude 3.5 Sonnet,Llama-3.1-70B\nQ?,One.,Two.,Three.\n", "GPT-4o: One. | Claude 3.5 Sonnet: Two. | Llama-3.1-70B: Three.")]
    [InlineData("""{"prompt":"Q?","answer_b":"Two.","model_b":"y","answer_a":"One.","model_a":"x"}""", "x: One. | y: Two.")]
    public async Task No_column_of_answers_is_left_behind(string content, string answers)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(answers, Assert.Single(read.Answers));
        Assert.Contains(" + ", read.Batch.Mapping["response"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_may_have_any_number()
    {
        var read = await Reading.OfAsync("prompt,response_1,response_2,response_3,response_4,response_5,response_11\nQ?,One.,Two.,Three.,Four.,Five.,Eleven.\n");

        Assert.Equal(["Eleven.", "Five.", "Four.", "One.", "Three.", "Two."], read.Answers.Order(StringComparer.Ordinal)); // too many to be compared at once
    }

    [Theory]
    [InlineData("question,gpt4_score,claude_score\nQ?,4,5\n")]
    [InlineData("""{"question":"Q?","gpt4":4,"claude":5}""")]
    public async Task A_score_of_a_model_is_no_answer(string content) => Assert.Equal("failed", (await Reading.OfAsync(content)).Batch.State);

    [Fact]
    public async Task Another_answer_that_stays_behind_is_said()
    {
        var read = await Reading.OfAsync("""{"prompt":"Q?","response":"The one.","answer":"Another one entirely."}""");

        Assert.Equal("The one.", Assert.Single(read.Answers));
        Assert.Contains("another_answer_kept_as_metadata", read.Notes);
    }

    [Theory]
    [InlineData("""{"instruction":"And for a child?","output":"Half.","history":[["How much?","One."]]}""")]
    [InlineData("""{"prompt":"And for a child?","response":"Half.","history":[{"role":"user","content":"How much?"},{"role":"assistant","content":"One."}]}""")]
    [InlineData("""{"query":"And for a child?","response":"Half.","conversation_history":"[[\"How much?\", \"One.\"]]"}""")]
    [InlineData("""{"question":"And for a child?","answer":"Half.","chat_history":[{"type":"human","content":"How much?"},{"type":"ai","content":"One."},{"type":"human","content":"And for a child?"}]}""")]
    [InlineData("question,answer,history\nAnd for a child?,Half.,\"[['How much?', 'One.']]\"\n")]
    public async Task What_was_said_before_the_question_stands_before_it(string content)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal("user: How much? | assistant: One. | user: And for a child?", Assert.Single(read.Prompts));
        Assert.Contains("earlier_turns_put_in_front", read.Notes);
    }

    [Theory]
    [InlineData("""{"prompt":"And for a child?","response":"Half.","history":"They spoke of doses."}""", "earlier_turns_kept_as_metadata")]
    [InlineData("conversation_id,turn,question,answer\nc1,1,How much?,One.\nc1,2,And for a child?,Half.\n", "later_turn_without_those_before")]
    public async Task Where_it_cannot_stand_there_that_is_said(string content, string note) => Assert.Contains(note, (await Reading.OfAsync(content)).Notes);

    [Theory]
    [InlineData("""{"prompt":"What is this?","response":"A rash.","image":"rash.jpg"}""", "image")]
    [InlineData("""{"question":"What is this?","answer":"A rash.","image":{"src":"https://example.org/1","height":3}}""", "image")]
    [InlineData("""{"messages":[{"role":"user","content":"<image>\nWhat is this?"},{"role":"assistant","content":"A rash."}],"images":["a.png"]}""", "images")]
    [InlineData("""{"conversations":[{"from":"human","value":"What is this?\n<image>"},{"from":"gpt","value":"A rash."}]}""", "prompt[0]")]
    [InlineData("question,answer,image_path\nWhat is this?,A rash.,xray/7.dcm\n", "image_path")]
    public async Task A_question_about_a_picture_is_refused_since_nobody_would_see_it(string content, string path)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("failed", path), (read.Batch.State, read.Batch.Errors[0].Path));
        Assert.Contains("cannot be shown", read.Batch.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"Q?","response":"A.","images":[]}""")]
    [InlineData("""{"prompt":"Q?","response":"A.","image":"none"}""")]
    public async Task A_field_for_pictures_without_one_refuses_nothing(string content) => Assert.Equal("loaded", (await Reading.OfAsync(content)).Batch.State);

    [Theory]
    [InlineData("""{"question":"Which one?","options":{"A":"Salt","B":"Sugar"},"response":"B."}""")]
    [InlineData("""{"question":"Which one?","choices":["Salt","Sugar"],"response":"B."}""")]
    [InlineData("""{"question":"Which one?","options":[{"key":"A","value":"Salt"},{"key":"B","value":"Sugar"}],"model_answer":"B."}""")]
    [InlineData("question,opa,opb,opc,answer\nWhich one?,Salt,Sugar,,B.\n")]
    public async Task What_there_is_to_choose_from_is_shown_with_the_question(string content)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal("user: Which one? | user: A. Salt\nB. Sugar", Assert.Single(read.Prompts).Replace("\nC. ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"systemInstruction":{"role":"system","parts":[{"text":"Be kind."}]},"contents":[{"role":"user","parts":[{"text":"Q?"}]},{"role":"model","parts":[{"text":"A."}]}]}""")]
    [InlineData("""{"system":{"role":"system","content":"Be kind."},"prompt":"Q?","response":"A."}""")]
    [InlineData("""{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":{"value":"Q?","annotations":[]}}]},{"role":"assistant","content":[{"type":"text","text":{"value":"A.","annotations":[]}}]}]}""")]
    public async Task Rules_of_the_system_and_texts_are_found_one_level_down(string content)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("system: Be kind. | user: Q?", "A."), (Assert.Single(read.Prompts), Assert.Single(read.Answers)));
    }

    [Fact]
    public async Task Models_in_a_cell_are_those_of_the_answers_in_a_cell() => Assert.Equal(
        "m1: First answer. | m2: Second answer.",
        Assert.Single((await Reading.OfAsync("prompt,responses,models\nQ?,\"[\"\"First answer.\"\", \"\"Second answer.\"\"]\",\"[\"\"m1\"\", \"\"m2\"\"]\"\n"))
            .Answers));

    [Fact]
    public async Task A_question_that_has_its_choices_is_left_as_it_is() =>
        Assert.Equal("user: Which one? A) Salt B) Sugar", Assert.Single((await Reading.OfAsync("""{"question":"Which one? A) Salt B) Sugar","options":["Salt","Sugar"],"response":"B."}""")).Prompts));

    [Theory]
    [InlineData("<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nQ?<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe kind.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nQ?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nQ? [/INST]")]
    [InlineData("<|system|>\nBe kind.<|end|>\n<|user|>\nQ?<|end|>\n<|assistant|>")]
    [InlineData("Be kind.\n\n### Instruction:\nQ?\n\n### Response:\n")]
    public async Task The_marks_of_a_chat_template_are_no_part_of_what_was_said(string prompt)
    {
        var read = await Reading.OfAsync(System.Text.Json.JsonSerializer.Serialize(new { prompt, response = "A.<|im_end|>" }));

        Assert.Equal(("system: Be kind. | user: Q?", "A."), (Assert.Single(read.Prompts), Assert.Single(read.Answers)));
        Assert.Equal(["chat_template_decoded", "mark_of_the_end_taken_off"], read.Notes.Order());
    }

    [Theory]
    [InlineData("<|im_start|>narrator\nOnce.<|im_end|>")]
    [InlineData("What does <|im_start|> mean?")]
    [InlineData("# Heading\nWhat is [INST]?")]
    public async Task What_is_no_template_as_a_whole_is_what_was_said(string prompt) =>
        Assert.Equal($"user: {prompt}", Assert.Single((await Reading.OfAsync(System.Text.Json.JsonSerializer.Serialize(new { prompt, response = "A." })))
            .Prompts));

    [Theory]
    [InlineData("prompt,response,model\nQ1?,A1.,m\nprompt,response,model\nQ2?,A2.,m\n")]
    [InlineData("prompt,response,model\nQ1?,A1.,m\n\n\uFEFF\"prompt\",response,model\n\uFEFF\"Q2?\",A2.,m\n")]
    [InlineData("prompt,response,model\nQ1?,A1.,m\nModel,Prompt,Response\nm,Q2?,A2.\n")]
    public async Task The_names_of_the_columns_between_the_rows_are_no_record(string table)
    {
        var read = await Reading.OfAsync(table, "t.csv");

        Assert.Equal(("loaded", 2L), (read.Batch.State, read.Batch.Read));
        Assert.Equal(["m: A1.", "m: A2."], read.Answers);
        Assert.Equal(["user: Q1?", "user: Q2?"], read.Prompts);
    }

    [Fact]
    public async Task A_remark_between_the_rows_is_refused_and_said()
    {
        var read = await Reading.OfAsync("id,prompt,response\n1,Q1?,A1.\nSecond part,,\n2,Q2?,A2.\n", "t.csv");

        Assert.Equal(("loaded_with_rejects", 2L, 3L), (read.Batch.State, read.Batch.Accepted, Assert.Single(read.Batch.Errors).Line));
    }

    [Fact]
    public async Task All_parts_of_a_data_set_in_one_document_are_read()
    {
        var read = await Reading.OfAsync("""{"about":"x","train":[{"prompt":"Q1?","response":"A1."}],"notes":[{"n":1}],"test":[{"prompt":"Q2?","response":"A2."},{"prompt":"Q3?","response":"A3."}]}""");

        Assert.Equal((3L, "lists train, test"), (read.Batch.Accepted, read.Batch.Mapping["table"]));
    }

    [Theory]
    [InlineData("nan", "answer_looks_missing")]
    [InlineData("None", "answer_looks_missing")]
    [InlineData("Itâ€™s fine.", "text_looks_wrongly_decoded")]
    [InlineData("It is \uFFFD\uFFFD.", "text_looks_wrongly_decoded")]
    [InlineData("<p>Rest &amp; drink.</p>", "html_shown_as_it_is_written")]
    public async Task A_text_that_is_not_what_somebody_wrote_is_said(string answer, string note) =>
        Assert.Contains(note, (await Reading.OfAsync(System.Text.Json.JsonSerializer.Serialize(new { prompt = "Q?", response = answer }))).Notes);

    [Fact]
    public async Task A_question_that_is_nothing_is_refused() =>
        Assert.Contains("'nan'", (await Reading.OfAsync("prompt,response\nnan,A.\n")).Batch.Errors[0].Reason, StringComparison.Ordinal);

    [Fact]
    public async Task Cells_in_single_quotes_are_refused() =>
        Assert.Contains("single quotes", (await Reading.OfAsync("prompt,response\n'And you?','Fine.'\nAnd you?,'Fine.'\n")).Batch.Errors.Single().Reason,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_cell_that_Excel_cut_off_is_refused()
    {
        var read = await Reading.OfAsync($"prompt,response\nQ?,{new string('a', 32_767)}\nQ2?,A.\n");

        Assert.Equal((1L, 1L), (read.Batch.Accepted, read.Batch.Rejected));
        Assert.Contains("the most that a cell of Excel holds", read.Batch.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_are_read_as_a_spreadsheet_shows_them_and_a_second_sheet_is_not_passed_over_in_silence()
    {
        using var book = new XLWorkbook();
        foreach (var name in (string[])["March", "April"])
        {
            var sheet = book.AddWorksheet(name);
            sheet.Cell(1, 1).InsertData(new object[][] { ["item_id", "prompt", "response"], [7, $"Q of {name}?", "A."], [100_000, $"Q2 of {name}?", "A."] });
            sheet.Column(1).Style.NumberFormat.Format = "000";
        }

        using var file = new MemoryStream();
        book.SaveAs(file);
        var read = await Reading.OfAsync(file.ToArray(), "b.xlsx");

        Assert.Equal(["007", "100000"], read.Items.Select(item => item.ItemId));
        Assert.Equal("sheet 'March', header in row 1", read.Batch.Mapping["table"]);
        Assert.Contains("another_sheet_was_not_read", read.Notes);
    }

    [Fact]
    public async Task A_whole_number_with_a_power_of_ten_is_its_digits()
    {
        const string Sheet = """<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>item_id</t></is></c><c r="B1" t="inlineStr"><is><t>prompt</t></is></c><c r="C1" t="inlineStr"><is><t>response</t></is></c></row><row r="2"><c r="A2"><v>1E5</v></c><c r="B2" t="inlineStr"><is><t>Q?</t></is></c><c r="C2" t="inlineStr"><is><t>A.</t></is></c></row></sheetData></worksheet>""";
        const string Book = """<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" r:id="k"/></sheets></workbook>""";
        const string Relations = """<Relationships><Relationship Id="k" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/s.xml"/></Relationships>""";
        var file = Batches.PackedFileTests.Zip(
            ("xl/workbook.xml", Encoding.UTF8.GetBytes(Book)), ("xl/_rels/workbook.xml.rels", Encoding.UTF8.GetBytes(Relations)),
                ("xl/worksheets/s.xml", Encoding.UTF8.GetBytes(Sheet)));

        Assert.Equal("100000", Assert.Single((await Reading.OfAsync(file, "b.xlsx")).Items).ItemId);
    }
}
