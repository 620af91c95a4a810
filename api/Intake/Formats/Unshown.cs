using System.Buffers;
using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>Pictures, sounds and films beside a question, which no rater would see: whoever judges the answer has to know what it is about.</summary>
internal static class Unshown
{
    private static readonly string[] Names =
        ["image", "images", "img", "picture", "pictures", "photo", "photos", "audio", "video", "videos", "image_url", "image_urls", "image_path", "image_file",
            "image_paths", "audio_url", "audio_path", "video_url", "pixel_values"];

    private static readonly string[] Endings =
        [".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".dcm", ".svg", ".heic", ".wav", ".mp3", ".m4a", ".ogg", ".flac", ".mp4", ".mov",
            ".webm"];

    private static readonly string[] Inside = ["src", "url", "path", "bytes", "file_name", "filename", "data", "array"];

    private static readonly NameSet Fields = new(Names);

    /// <summary>Where templates put a picture into a text.</summary>
    private static readonly SearchValues<string> Places =
        SearchValues.Create(["<image>", "<|image|>", "<|image_pad|>", "<image_placeholder>", "<|vision_start|>", "<image_1>", "<img><ImageHere></img>",
            "<video>", "<audio>", "data:image/", "<img "], StringComparison.OrdinalIgnoreCase);

    public static void Refuse(Fields fields)
    {
        var draft = fields.Draft;
        if (fields.HasAny(Fields) && Array.Find(Names, name => fields.Look(name) is { } value && Is(value, depth: 0)) is { } found)
        {
            draft.Refuse(fields.At(found), "The question comes with a picture, sound or film, which cannot be shown: "
                + "only texts can be judged. Leave the record out, or describe it in words and leave the field out.");
        }
        else if (draft.Messages.FindIndex(message => HasPlace(message.Content)) is >= 0 and var at)
        {
            draft.Refuse($"prompt[{at}]", "The text has a place for a picture, sound or film, which cannot be shown: "
                + "only texts can be judged. Leave the record out, or describe it in words.");
        }
    }

    /// <summary>A template's, a browser's, or Markdown's: <c>![scan](https://…)</c>.</summary>
    private static bool HasPlace(string text) => text.AsSpan().ContainsAny(Places)
        || (text.IndexOf("![", StringComparison.Ordinal) is >= 0 and var at && text.IndexOf("](", at, StringComparison.Ordinal) > at);

    private static bool Is(JsonElement value, int depth) => value.ValueKind switch
    {
        JsonValueKind.String => IsFile(value.GetString()!),
        JsonValueKind.Object => Array.Exists(Inside, name => value.Has(name)),
        JsonValueKind.Array => depth < 2 && value.EnumerateArray().Any(one => Is(one, depth + 1)),
        _ => false,
    };

    private static bool IsFile(string text)
    {
        var name = text.AsSpan().Trim();
        name = name.IndexOf('?') is > 0 and var query && name.StartsWith("http") ? name[..query] : name;
        return name.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || (name is ['{', ..] && text.Contains("bytes", StringComparison.Ordinal))
            || (name.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !name.Contains(' ')) || EndsAsFile(name);
    }

    private static bool EndsAsFile(ReadOnlySpan<char> name)
    {
        foreach (var ending in Endings)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
