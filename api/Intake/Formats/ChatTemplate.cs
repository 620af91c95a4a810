using System.Buffers;

namespace HealthEval.Intake.Formats;

/// <summary>
/// The marks of chat templates, in which inference programs log what they sent to a model: a prompt that is made of them as a whole becomes the turns it stands
/// for, and the mark with which a model ends its answer is taken off. Neither is anything that somebody said.
/// </summary>
internal static class ChatTemplate
{
    private const string SystemOpen = "<<SYS>>";
    private const string SystemClose = "<</SYS>>";
    private const string Instruction = "### Instruction:";
    private const string Response = "### Response:";

    /// <summary>What opens a turn up to the role, what ends the role, and what ends the turn.</summary>
    private static readonly (string Open, string RoleEnd, string[] Close)[] Marked =
    [
        ("<|im_start|>", "\n", ["<|im_end|>"]),
        ("<|start_header_id|>", "<|end_header_id|>", ["<|eot_id|>", "<|eom_id|>"]),
        ("<start_of_turn>", "\n", ["<end_of_turn>"]),
        ("<|", "|>", ["<|end|>", "<|endoftext|>", "</s>"]),
    ];

    private static readonly string[] Beginnings = ["<|begin_of_text|>", "<bos>", "<s>"];

    private static readonly string[] Endings =
        ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "<|return|>"];

    private static readonly SearchValues<char> Marks = SearchValues.Create("<[#\n");

    /// <summary>Null for what is a text and no template, or one in part only.</summary>
    public static List<EvalMessage>? Turns(string text)
    {
        var begin = text.AsSpan().TrimStart(' ');
        if (begin.IsEmpty || (!Marks.Contains(begin[0]) && !begin.TrimEnd().EndsWith(Response)))
        {
            return null;
        }

        var rest = text.Trim();
        foreach (var beginning in Beginnings)
        {
            rest = rest.StartsWith(beginning, StringComparison.Ordinal) ? rest[beginning.Length..].TrimStart() : rest;
        }

        var turns = HumanAssistant.Begins(text) ? HumanAssistant.Turns(text)
            : rest.StartsWith("[INST]", StringComparison.Ordinal) ? Bracketed(rest)
            : rest.EndsWith(Response, StringComparison.Ordinal) ? Headed(rest)
            : Array.Find(Marked, marks => rest.StartsWith(marks.Open, StringComparison.Ordinal)) is { Open: not null } found ? Between(rest, found)
            : null;
        if (turns is [.., { Role: "assistant", Content: "" }])
        {
            turns.RemoveAt(turns.Count - 1); // what the model goes on from
        }

        return turns is { Count: > 0 } && turns.Exists(turn => turn.Role is "user" && turn.Content.Length > 0) ? turns : null;
    }

    /// <summary>Null where there is no mark at the end.</summary>
    public static string? WithoutEnd(string answer)
    {
        var text = answer.AsSpan().TrimEnd();
        if (text.IsEmpty || text[^1] is not '>')
        {
            return null;
        }

        foreach (var ending in Endings)
        {
            if (text.EndsWith(ending, StringComparison.Ordinal))
            {
                return WithoutEnd(text[..^ending.Length].ToString()) ?? text[..^ending.Length].TrimEnd().ToString();
            }
        }

        return null;
    }

    private static List<EvalMessage>? Between(string text, (string Open, string RoleEnd, string[] Close) marks)
    {
        var turns = new List<EvalMessage>();
        for (var at = 0; at < text.Length;)
        {
            var roleEnd = string.CompareOrdinal(text, at, marks.Open, 0, marks.Open.Length) == 0 ? text.IndexOf(marks.RoleEnd, at, StringComparison.Ordinal)
                : -1;
            if (roleEnd < 0 && at > 0 && text.AsSpan(at).StartsWith(marks.Open) && Names.RoleOf(text[(at + marks.Open.Length)..]) is { } last)
            {
                turns.Add(new EvalMessage(last, "")); // the role that goes on, without its line break
                return turns;
            }

            if (roleEnd < 0 || Names.RoleOf(text[(at + marks.Open.Length)..roleEnd]) is not { } role)
            {
                return null;
            }

            var from = roleEnd + marks.RoleEnd.Length;
            var (end, close) = marks.Close.Append(marks.Open).Select(mark => (At: text.IndexOf(mark, from, StringComparison.Ordinal), Mark: mark))
                .Where(found => found.At >= 0).OrderBy(found => found.At).Append((text.Length, "")).First();
            turns.Add(new EvalMessage(role, text[from..end].Trim()));
            at = end + (close == marks.Open ? 0 : close.Length);
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
        }

        return turns;
    }

    /// <summary>Llama 2 and Mistral: <c>[INST] … [/INST] … </c>, the rules of the system inside of the first.</summary>
    private static List<EvalMessage>? Bracketed(string text)
    {
        var turns = new List<EvalMessage>();
        foreach (var (piece, index) in text.Split("[INST]").Select((piece, index) => (piece, index)))
        {
            if (index == 0)
            {
                continue; // what stands before the first mark: nothing
            }

            if (piece.Split("[/INST]") is not [var asked, var answered])
            {
                return null;
            }

            var system = asked.IndexOf(SystemOpen, StringComparison.Ordinal);
            var systemEnd = asked.IndexOf(SystemClose, StringComparison.Ordinal);
            if (system >= 0 && systemEnd > system)
            {
                turns.Add(new EvalMessage("system", asked[(system + SystemOpen.Length)..systemEnd].Trim()));
                asked = asked[(systemEnd + SystemClose.Length)..];
            }

            turns.Add(new EvalMessage("user", asked.Trim()));
            var said = answered.Replace("<s>", "", StringComparison.Ordinal).Replace("</s>", "", StringComparison.Ordinal).Trim();
            turns.Add(new EvalMessage("assistant", said));
        }

        return turns;
    }

    /// <summary>Alpaca: a sentence about the task, then what to do under its heading.</summary>
    private static List<EvalMessage>? Headed(string text)
    {
        var at = text.IndexOf(Instruction, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(Response, StringComparison.Ordinal) != text.Length - Response.Length)
        {
            return null;
        }

        var asked = text[(at + Instruction.Length)..^Response.Length].Replace("### Input:", "", StringComparison.Ordinal).Trim();
        var rules = text[..at].Trim();
        return rules.Length == 0 ? [new EvalMessage("user", asked)] : [new EvalMessage("system", rules), new EvalMessage("user", asked)];
    }
}
