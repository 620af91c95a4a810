using System.Text;

namespace HealthEval.Intake.Formats;

/// <summary>Names that are asked for together, so that a record without any of them is not asked for each.</summary>
internal sealed class NameSet(params IEnumerable<string> names)
{
    private readonly HashSet<uint> _hashes = [.. names.Select(name => Names.HashOf(name))];

    /// <summary>By the hash of a name.</summary>
    public bool Has(uint name) => _hashes.Contains(name);
}

/// <summary>Under which names the files of the field have what we need. A name is the same in any case and with spaces, hyphens, underscores or none.</summary>
internal static class Names
{
    public static readonly string[] Prompts =
    [
        "prompt", "question", "query", "user_input", "input", "dialogue", "messages", "chat", "user_prompt", "user_message", "prompt_text", "question_text", "input_text", "input_prompt", "user_query", "patient_question",
        "conversation", "conversations", "user_question", "user_text", "patient_query", "patient_message", "customer_message", "full_prompt", "formatted_prompt", "question_content", "prompt_content", "question_body",
    ];

    public static readonly string[] Answers =
    [
        "response", "answer", "output", "completion", "actual_output", "model_output", "model_response", "model_answer", "ai_response", "assistant_response", "bot_response", "response_text", "answer_text", "output_text",
        "generated_text", "generated_answer", "generated_response", "generation", "prediction", "free_form_answer", "long_answer", "llm_output", "llm_response", "actual_response", "predicted_text", "bot_message", "assistant_message", "ai_message", "bot_answer",
        "ai_answer", "ai_output", "ai_reply", "bot_reply", "assistant_reply", "assistant_answer", "assistant_output", "chatbot_response", "chatbot_answer", "final_answer", "final_response", "response_content", "answer_content",
        "answer_body", "llm_answer", "llm_completion", "model_completion", "model_generation", "model_prediction", "generated_output", "predicted_answer",
    ];

    /// <summary>Those that say themselves that a model gave them.</summary>
    public static readonly string[] OfModels =
    [
        "actual_output", "model_output", "model_response", "model_answer", "ai_response", "assistant_response", "bot_response", "generated_text",
            "generated_answer", "generated_response", "generation", "prediction",
        "llm_output", "llm_response", "actual_response", "predicted_text", "bot_message", "assistant_message", "ai_message", "bot_answer", "ai_answer",
            "ai_output", "ai_reply", "bot_reply", "assistant_reply",
        "assistant_answer", "assistant_output", "chatbot_response", "chatbot_answer", "llm_answer", "llm_completion", "model_completion", "model_generation",
            "model_prediction", "generated_output", "predicted_answer",
    ];

    /// <summary>Those that do not say whose they are.</summary>
    public static readonly string[] PlainAnswers = ["answer", "output", "completion", "answer_text", "output_text", "free_form_answer", "long_answer"];

    /// <summary>Columns named after who speaks: only where both are, since a <c>user</c> alone is mostly somebody's id.</summary>
    public static readonly string[] Askers = ["user", "human", "patient", "instruction", "src"];

    public static readonly string[] Answerers = ["assistant", "ai", "bot", "gpt", "chatbot", "chatgpt", "model_reply", "reply", "doctor", "tgt"];

    /// <summary>What is written about a dialogue, where the dialogue is all that was given.</summary>
    public static readonly string[] Notes = ["note", "section_text", "summary"];

    public static readonly string[] Models = ["model", "model_name", "model_id", "generator", "model_version", "modelId", "model_slug", "llm", "llm_name", "deployment", "llm_model",
        "ai_model", "chat_model", "response_model", "answer_model", "completion_model", "generation_model", "assistant_model", "model_used", "model_label",
        "model_key", "model_tag", "model_alias", "model_path", "model_display_name", "deployment_name", "model_deployment", "served_model_name", "engine",
        "engine_name", "bot_name", "chatbot_name", "generated_by"];

    public static readonly string[] References =
    [
        "reference", "reference_answer", "reference_output", "expected_output", "expected_answer", "expected_response", "ground_truth", "gold_answer", "gold_response", "physician_answer", "physician_response", "doctor_answer",
        "doctor_response", "expert_answer", "expert_response", "human_answer", "correct_answer", "target_answer", "ideal", "ideal_answer", "ideal_response",
        "reference_response", "response_reference", "answer_reference", "answer_gold", "answer_expected", "answer_ground_truth", "golden_answer",
        "gold_standard_answer", "ground_truth_answer", "correct_response",
    ];

    public static readonly string[] Systems = ["system", "system_prompt", "system_message", "system_instruction"];

    public static readonly string[] Reasonings = ["reasoning_content", "reasoning", "thinking", "thoughts", "reasoning_text", "chain_of_thought"];

    public static readonly string[] Turns = ["messages", "contents", "conversation", "conversations", "chat", "dialogue", "turns", "chat_history", "user_input"];

    /// <summary>ASCII in lower case, and 0 for what separates words. A record has few fields and is asked for many, so names are hashed without a decision per character.</summary>
    private static readonly byte[] Folded = [.. Enumerable.Range(0, 128).Select(c => (byte)((char)c is ' ' or '_' or '-' or '\n' or '\r' or '\t' ? 0 : char.ToLowerInvariant((char)c)))];

    private static readonly Dictionary<string, string> Roles = By(
        ("system", "system systemmessage"), ("developer", "developer"),
        ("user", "user human humanmessage patient customer client prompter person usermessage"),
        ("assistant", "assistant ai gpt model bot chatbot chatgpt agent llm aimessage aimessagechunk assistantmessage doctor physician functioncall toolcall"),
        ("tool", "tool function observation toolresult toolresponse functionresponse functionresult toolmessage functionmessage ipython"));

    /// <summary>
    /// What changes without the record being another one: how long an answer took and what it cost, who looked at it and when, which filter of a harness it passed.
    /// </summary>
    private static readonly HashSet<string> Bookkeeping =
    [
        .. ("latency latencyms latencyseconds duration durationms elapsed elapsedms responsetime ttft timetofirsttoken cost costs totalcost responsecost price usage tokenusage tokens totaltokens prompttokens completiontokens "
        + "inputtokens outputtokens timestamp timestamps time date createdat updatedat insertedat modifiedat startedat finishedat completedat starttime endtime starttimems endtimems processedtime created updated exportedat annotator "
        + "annotatorid annotationid annotators completedby updatedby leadtime filter filters requestid runid traceid sessionid cached attempt attempts retry retries worker workerid systemfingerprint cachehit").Split(' '),
    ];

    private static readonly HashSet<uint> Words = [.. "latency cost costs price latencies timestamp timestamps duration elapsed usage ttft annotator annotators tokens runtime".Split(' ').Select(name => HashOf(name))];

    private static readonly HashSet<uint> WordsAtTheEnd = [.. "at ms time seconds secs sec".Split(' ').Select(name => HashOf(name))];

    /// <summary>Most names are none of these, which is seen without making another text of them.</summary>
    private static readonly HashSet<uint> BookkeepingHashes = [.. Bookkeeping.Select(name => HashOf(name))];

    private static readonly HashSet<uint> AnswerHashes = [.. Answers.Select(name => HashOf(name))];

    /// <summary>By the hash of a name.</summary>
    public static bool IsAnswer(uint name) => AnswerHashes.Contains(name);

    /// <summary>The role that a turn's speaker has in a conversation; null for one that we do not know.</summary>
    public static string? RoleOf(string speaker) => speaker is "user" or "assistant" or "system" ? speaker : Roles.GetValueOrDefault(Plain(speaker));

    /// <summary>Looks at the last part of a nested field's name: the whole of it, or a word in it that says so (<c>cost_usd</c>, <c>request_time</c>, <c>totalLatencyMs</c>).</summary>
    public static bool IsBookkeeping(string name)
    {
        var last = name.AsSpan(name.LastIndexOf('.') + 1);
        return (BookkeepingHashes.Contains(HashOf(last)) && Bookkeeping.Contains(Plain(last.ToString()))) || HasWordOfBookkeeping(last);
    }

    private static bool HasWordOfBookkeeping(ReadOnlySpan<char> name)
    {
        var begin = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i < name.Length && name[i] is not (' ' or '_' or '-') && !(char.IsUpper(name[i]) && char.IsLower(name[i - 1])))
            {
                continue;
            }

            var word = name[begin..i].Trim(" _-");
            var isOne = i == name.Length && begin > 0 && WordsAtTheEnd.Contains(HashOf(word));
            if (isOne || (word.Length < name.Length && Words.Contains(HashOf(word))))
            {
                return true;
            }

            begin = i;
        }

        return false;
    }

    public static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (c is not (' ' or '_' or '-' or '\n' or '\r' or '\t'))
            {
                plain.Append(char.ToLowerInvariant(c));
            }
        }

        return plain.ToString();
    }

    public static bool Same(string a, string b) => a == b || (HashOf(a) == HashOf(b) && Plain(a) == Plain(b));

    /// <summary>Equal for names that are the same; names with escapes or letters beyond ASCII are told apart by their bytes.</summary>
    public static uint HashOf(ReadOnlySpan<byte> name)
    {
        var hash = 2166136261u;
        foreach (var b in name)
        {
            var plain = b < 128 ? Folded[b] : b;
            hash = plain == 0 ? hash : (hash ^ plain) * 16777619u;
        }

        return hash;
    }

    public static uint HashOf(string name) => HashOf(name.AsSpan());

    private static uint HashOf(ReadOnlySpan<char> name)
    {
        var hash = 2166136261u;
        foreach (var c in name)
        {
            var plain = c < 128 ? Folded[c] : (uint)c;
            hash = plain == 0 ? hash : (hash ^ plain) * 16777619u;
        }

        return hash;
    }

    private static Dictionary<string, string> By(params (string Role, string Speakers)[] roles) =>
        roles.SelectMany(role => role.Speakers.Split(' ').Select(speaker => (speaker, role.Role))).ToDictionary(pair => pair.speaker, pair => pair.Role, StringComparer.Ordinal);
}
