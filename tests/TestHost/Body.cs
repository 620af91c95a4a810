using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.Storage;

namespace HealthEval.Tests.TestHost;

internal static class Body
{
    public static HttpContent Of(object value)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, Json.Options));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public static HttpContent Text(string json)
    {
        var content = new StringContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>A JSON merge patch of what is there now.</summary>
    public static async Task<HttpResponseMessage> PatchAsync(this HttpClient client, string path, string patch, string? etag = null)
    {
        etag ??= (string?)(path.StartsWith("people/", StringComparison.Ordinal)
            ? (await (await client.GetAsync("people")).JsonAsync())["people"]!.AsArray().FirstOrDefault(person => path.EndsWith((string)person!["personId"]!, StringComparison.Ordinal))?["etag"]
            : (await (await client.GetAsync(path)).JsonAsync())["etag"]);
        var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = new StringContent(patch) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/merge-patch+json");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{etag ?? "unknown"}\"");
        return await client.SendAsync(request);
    }

    public static async Task<HttpResponseMessage> DeleteAsync(this HttpClient client, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path) { Content = Of(body) };
        return await client.SendAsync(request);
    }

    /// <summary>The JSON of an answer.</summary>
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync()) ?? throw new InvalidOperationException("The answer is empty.");

    /// <summary>The <c>code</c> of a problem, after checking its status.</summary>
    public static async Task<string?> ProblemAsync(this HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.JsonAsync();
        Assert.False(string.IsNullOrWhiteSpace(problem["detail"]?.GetValue<string>()), "a problem says what to do");
        return problem["code"]?.GetValue<string>();
    }
}
