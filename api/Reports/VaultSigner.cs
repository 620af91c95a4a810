using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace HealthEval.Reports;

/// <summary>A P-256 key that never leaves a Key Vault: the program's identity may ask for signatures. Every enabled version of the key is published, so that reports from before a rotation verify.</summary>
/// <param name="key">The key's address without a version: https://VAULT.vault.azure.net/keys/NAME.</param>
internal sealed class VaultSigner(Uri key, TokenCredential? credential = null, ClientOptions? options = null) : ReportSigner
{
    private const string Version = "api-version=7.4";
    private readonly HttpPipeline _pipeline = HttpPipelineBuilder.Build(
        options ?? new VaultOptions(), new BearerTokenAuthenticationPolicy(credential ?? new DefaultAzureCredential(), "https://vault.azure.net/.default"));

    public override async Task<IReadOnlyList<PublicKey>> KeysAsync(CancellationToken cancellation)
    {
        var current = await SendAsync(RequestMethod.Get, key.AbsoluteUri, null, cancellation);
        var keys = new List<PublicKey> { KeyOf(current) };
        for (var next = $"{key.AbsoluteUri}/versions?{Version}"; next is not null;)
        {
            var page = await SendAsync(RequestMethod.Get, next, null, cancellation);
            foreach (var version in page["value"]!.AsArray().Where(v => (bool?)v!["attributes"]?["enabled"] != false).Select(v => (string)v!["kid"]!))
            {
                keys.AddRange(version == Id(current) ? [] : [KeyOf(await SendAsync(RequestMethod.Get, version, null, cancellation))]);
            }

            next = (string?)page["nextLink"];
        }

        return keys;
    }

    protected override async Task<(string KeyId, byte[] Value)?> SignAsync(byte[] digest, CancellationToken cancellation)
    {
        var current = await SendAsync(RequestMethod.Get, key.AbsoluteUri, null, cancellation);
        var body = new JsonObject { ["alg"] = ManifestSignature.Es256, ["value"] = Base64Url.EncodeToString(digest) };
        var signed = await SendAsync(RequestMethod.Post, $"{Id(current)}/sign", body, cancellation);
        return (KeyOf(current).KeyId, Base64Url.DecodeFromChars((string)signed["value"]!));
    }

    private static string Id(JsonNode found) => (string)found["key"]!["kid"]!;

    private static PublicKey KeyOf(JsonNode found)
    {
        var at = new ECPoint { X = Base64Url.DecodeFromChars((string)found["key"]!["x"]!), Y = Base64Url.DecodeFromChars((string)found["key"]!["y"]!) };
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = at });
        return PublicKey.Of(key);
    }

    private async Task<JsonNode> SendAsync(RequestMethod method, string address, JsonObject? body, CancellationToken cancellation)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(address.Contains('?', StringComparison.Ordinal) ? address : $"{address}?{Version}"));
        if (body is not null)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(BinaryData.FromString(body.ToJsonString()));
        }

        await _pipeline.SendAsync(message, cancellation);
        return message.Response.IsError ? throw new RequestFailedException(message.Response) : JsonNode.Parse(message.Response.Content)!;
    }

    private sealed class VaultOptions : ClientOptions;
}
