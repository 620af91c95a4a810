using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using HealthEval.Intake;
using HealthEval.Intake.Formats;

namespace HealthEval.Batches.Pairing;

/// <summary>A request in eight bytes for its id and eight for what it asks, whichever model it asks.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RequestKey(ulong Id, ulong Ask)
{
    private static readonly string[] Asks = ["messages", "prompt", "input", "instructions", "system"];

    /// <summary>Null for what is no request; its own receipt says why.</summary>
    public static RequestKey? Of(RawRecord raw)
    {
        using var document = raw.Problem is null ? JsonRecord.Parse(raw.Json, out _) : null;
        if (document is null || !(OpenAiBatch.Input.Recognises(document.RootElement) || AnthropicBatch.Input.Recognises(document.RootElement)) || !document.RootElement.Has("custom_id", JsonValueKind.String))
        {
            return null;
        }

        var body = document.RootElement.Has("body") ? document.RootElement.GetProperty("body") : document.RootElement.GetProperty("params");
        var ask = new XxHash3();
        foreach (var name in Asks)
        {
            ask.Append(body.Has(name) ? System.Text.Encoding.UTF8.GetBytes(body.GetProperty(name).GetRawText()) : []);
            ask.Append([0xFF]);
        }

        return new RequestKey(IdOf(document.RootElement.GetProperty("custom_id").GetString()!), ask.GetCurrentHashAsUInt64());
    }

    /// <summary>The id of an answer, by looking at its outermost fields only; null when there is none or the line is no JSON.</summary>
    public static ulong? AnswerId(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    var isId = reader.ValueTextEquals("custom_id"u8);
                    reader.Read();
                    if (isId)
                    {
                        return reader.TokenType is JsonTokenType.String ? IdOf(reader.GetString()!) : null;
                    }

                    reader.Skip();
                }
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }

        return null;
    }

    /// <summary>The first bytes of a SHA-256, so that nobody can choose ids that collide.</summary>
    private static ulong IdOf(string customId) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(customId)));
}
