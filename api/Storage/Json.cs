using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace HealthEval.Storage;

/// <summary>The one JSON configuration of API, storage and exports.</summary>
internal static class Json
{
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // text is stored and shown as it came; responses are served as JSON, never inside HTML
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 64; // twice what is taken in, so that whatever was kept can be handed out wrapped in an answer
        options.Converters.Add(new UtcConverter());
        options.Converters.Add(new ObjectConverter());
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NullableMayBeAbsent, ListsHaveNoNulls } };
        return options;
    }

    /// <summary>For what others have written: a name that is there twice is a fault, not a choice.</summary>
    public static readonly JsonDocumentOptions Unique = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>A time as it is stored: UTC with a fixed width, so that text order is time order.</summary>
    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>For many values one after the other.</summary>
    public static void Write<T>(T value, IBufferWriter<byte> into)
    {
        var writer = _writer ??= new Utf8JsonWriter(into, new JsonWriterOptions { Encoder = Options.Encoder, SkipValidation = true });
        writer.Reset(into);
        JsonSerializer.Serialize(writer, value, Options);
        writer.Flush();
    }

    public static T Parse<T>(ReadOnlySpan<byte> utf8)
        where T : class => JsonSerializer.Deserialize<T>(utf8, Options) ?? throw new JsonException($"'null' is not a {typeof(T).Name}.");

    /// <summary>What is written only when it isn't null may be missing when it is read.</summary>
    private static void NullableMayBeAbsent(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.AssociatedParameter is { IsNullable: true }))
        {
            property.IsRequired = false;
        }
    }

    /// <summary>The serializer checks properties against their nullability, but not what is inside a list.</summary>
    private static void ListsHaveNoNulls(JsonTypeInfo type)
    {
        if (type.Kind is JsonTypeInfoKind.Enumerable && type.Type.IsGenericType && type.Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && !type.Type.GetGenericArguments()[0].IsValueType)
        {
            type.OnDeserialized = list =>
            {
                foreach (var entry in (System.Collections.IEnumerable)list)
                {
                    _ = entry ?? throw new JsonException("A list has an entry that is null.");
                }
            };
        }
    }

    /// <summary>The serializer's own finds a name that is there twice only when the object is first used.</summary>
    private sealed class ObjectConverter : JsonConverter<JsonObject>
    {
        public override JsonObject? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                throw new JsonException("An object is expected.");
            }

            var made = JsonObject.Create(JsonElement.ParseValue(ref reader))!;
            try
            {
                Touch(made);
                return made;
            }
            catch (ArgumentException twice)
            {
                throw new JsonException("A name is there twice.", twice);
            }
        }

        public override void Write(Utf8JsonWriter writer, JsonObject value, JsonSerializerOptions options) => value.WriteTo(writer, options);

        private static void Touch(JsonNode? node)
        {
            foreach (var inner in node switch { JsonObject fields => fields.Select(field => field.Value), JsonArray list => list, _ => [] })
            {
                Touch(inner);
            }
        }
    }

    private sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Stamp(value));
    }
}
