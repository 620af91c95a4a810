using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HealthEval.Intake;

/// <summary>What must hold for a record of any format before a person can judge it.</summary>
internal static class DraftRules
{
    /// <summary>Documents are stored and read with a depth of 32; metadata has to leave room for what surrounds it.</summary>
    private const int MaxMetaDepth = 20;

    public static void Check(Draft draft, IngestOptions options)
    {
        if (draft.Problems.Count > 0)
        {
            return;
        }

        CheckConversation(draft, options);
        CheckResponses(draft, options);
        Remarks.Add(draft);
        CheckId(draft, "item_id", draft.ItemId, options);
        CheckId(draft, "prompt_id", draft.PromptId, options);
        if (draft.Reference is { } reference && (Depth(reference) > MaxMetaDepth || Size(reference) > options.MaxItemBytes / 2))
        {
            draft.Refuse("reference", $"Too large or nested too deeply (more than {MaxMetaDepth} levels).");
        }

        KeepMetaWithin(draft, options.MaxMetaBytes);
    }

    private static void CheckConversation(Draft draft, IngestOptions options)
    {
        var messages = draft.Messages;
        if (messages.Count > options.MaxMessages)
        {
            draft.Refuse("prompt", $"{messages.Count:N0} messages; the limit is {options.MaxMessages:N0}.");
        }
        else if (!messages.Exists(message => message.Role is "user"))
        {
            draft.Refuse("prompt", "The conversation has no user turn.");
        }
        else if (messages[^1].Role is "assistant")
        {
            draft.Refuse($"prompt[{messages.Count - 1}].role", "The prompt ends with an assistant turn, so it is unclear what the response answers. End it with the user's turn.");
        }
        else if (messages.TrueForAll(message => message.Role is not "user" || IsEmpty(message.Content)))
        {
            draft.Refuse("prompt", "The user's text is empty.");
        }
        else if (messages.FindLast(message => message.Role is "user") is { } asked && Remarks.IsNothing(asked.Content))
        {
            draft.Refuse("prompt", $"The user's text is '{asked.Content.Trim()}', which programs write where there was none.");
        }
    }

    private static void CheckResponses(Draft draft, IngestOptions options)
    {
        if (draft.Responses.Count > options.MaxResponses)
        {
            draft.Refuse("responses", $"{draft.Responses.Count:N0} responses under one prompt; the limit is {options.MaxResponses:N0}.");
        }

        if (draft.Responses.Count == 0 && draft.PromptOnly)
        {
            draft.Warnings.Add("prompt_without_response");
        }
        else if (draft.Responses.Count == 0)
        {
            draft.Refuse("response", "There is no response to judge.");
        }

        if (draft.Responses.Exists(response => IsEmpty(response.Content)))
        {
            draft.Warnings.Add("empty_response");
        }

        foreach (var response in draft.Responses)
        {
            CheckId(draft, "response_id", response.ResponseId, options);
            CheckId(draft, "model", response.Model, options);
        }
    }

    private static void CheckId(Draft draft, string path, string? id, IngestOptions options)
    {
        if (id?.Length > options.MaxIdCharacters)
        {
            draft.Refuse(path, $"{id.Length:N0} characters; the limit is {options.MaxIdCharacters:N0}.");
        }
    }

    private static void KeepMetaWithin(Draft draft, int limit)
    {
        if (draft.Meta.Count == 0)
        {
            return;
        }

        var left = limit;
        foreach (var (name, value) in draft.Meta.OrderBy(field => Size(field.Value)).ToList())
        {
            left -= name.Length + Size(value);
            if (left < 0 || Depth(value) > MaxMetaDepth)
            {
                draft.Meta.Remove(name);
                draft.Warnings.Add("metadata_left_out");
            }
        }
    }

    /// <summary>Models do answer with nothing, or with characters that show nothing.</summary>
    private static bool IsEmpty(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control))
            {
                return false;
            }
        }

        return true;
    }

    private static int Size(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;

    private static int Depth(JsonElement value)
    {
        var inner = 0;
        if (value.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                inner = Math.Max(inner, Depth(property.Value));
            }
        }
        else if (value.ValueKind is JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                inner = Math.Max(inner, Depth(element));
            }
        }
        else
        {
            return 0;
        }

        return 1 + inner;
    }
}
