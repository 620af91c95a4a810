using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using HealthEval.Reports;

namespace HealthEval.Tests.Reports;

/// <summary>Signing with a key that stays in a vault, against a vault of a few lines that answers as the real one's REST interface does.</summary>
public sealed class VaultSignerTests
{
    [Fact]
    public async Task What_a_vault_signs_verifies_with_the_published_key_also_after_a_rotation()
    {
        using var vault = new Vault();
        var signer = new VaultSigner(new Uri("https://v.vault.azure.net/keys/reports"), new Token(), new VaultOptions { Transport = new HttpClientTransport(new HttpClient(vault)) });
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 4));
        await signer.SignAsync(week.Folder, default);
        vault.Rotate();
        var keys = await signer.KeysAsync(default);

        Assert.Equal(2, keys.Count);
        var verified = await Verification.OfAsync(week.Folder, default, keys);
        Assert.Empty(verified.Differences);
        Assert.Contains(keys[1].KeyId, verified.Origin, StringComparison.Ordinal);
        Assert.All(vault.Asked, request => Assert.Equal("Bearer token", request));

        var manifest = Path.Combine(week.Folder, ReportFiles.Manifest);
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("\"open\":false", "\"open\":true", StringComparison.Ordinal));
        Assert.Contains((await Verification.OfAsync(week.Folder, default, keys)).Differences, d => d.Contains("changed after it was signed", StringComparison.Ordinal));
        File.Delete(Path.Combine(week.Folder, ReportFiles.Signature));
        Assert.Contains((await Verification.OfAsync(week.Folder, default, keys)).Differences, d => d.Contains("missing: nobody vouches", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vault_that_refuses_stops_the_signing_and_says_what_it_answered()
    {
        using var vault = new Vault { Refuses = true };
        var signer = new VaultSigner(new Uri("https://v.vault.azure.net/keys/reports"), new Token(), new VaultOptions { Transport = new HttpClientTransport(new HttpClient(vault)) });
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 2));
        var refused = await Assert.ThrowsAsync<Azure.RequestFailedException>(() => signer.SignAsync(week.Folder, default));
        Assert.Equal(403, refused.Status);
        Assert.Contains("no permission to sign", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(week.Folder, ReportFiles.Signature)));
    }

    [Fact]
    public void A_key_file_is_an_answer_of_the_server_or_a_pem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(PublicKey.Of(key), Assert.Single(PublicKey.Parse(key.ExportSubjectPublicKeyInfoPem())!));
        Assert.Null(PublicKey.Parse("nothing of the kind"));
        Assert.Null(PublicKey.Parse("{ \"keys\": 3 }"));
    }

    private sealed class VaultOptions : ClientOptions;

    private sealed class Token : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }

    private sealed class Vault : HttpMessageHandler
    {
        private const string Name = "https://v.vault.azure.net/keys/reports";
        private readonly List<ECDsa> _versions = [ECDsa.Create(ECCurve.NamedCurves.nistP256)];

        public List<string> Asked { get; } = [];

        public bool Refuses { get; init; }

        public void Rotate() => _versions.Add(ECDsa.Create(ECCurve.NamedCurves.nistP256));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.Headers.Authorization!.ToString());
            Assert.Contains("api-version=", request.RequestUri!.Query, StringComparison.Ordinal);
            if (Refuses)
            {
                return new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("""{"error":{"code":"Forbidden","message":"no permission to sign"}}""") };
            }

            var parts = request.RequestUri.AbsolutePath.Split('/'); // "", keys, reports, version, sign
            JsonNode answer = parts switch
            {
                [_, _, _] => Key(_versions.Count - 1),
                [_, _, _, "versions"] => Versions(request.RequestUri.Query.Contains("skiptoken=1", StringComparison.Ordinal) ? 1 : 0),
                [_, _, _, var version, "sign"] => Signed(int.Parse(version.AsSpan(1)), JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!),
                _ => Key(int.Parse(parts[3].AsSpan(1))),
            };
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer.ToJsonString()) };
        }

        protected override void Dispose(bool disposing)
        {
            _versions.ForEach(key => key.Dispose());
            base.Dispose(disposing);
        }

        /// <summary>One version a page, as a vault with many of them answers, and one that was switched off.</summary>
        private JsonObject Versions(int page)
        {
            var on = new JsonObject { ["kid"] = $"{Name}/v{page}", ["attributes"] = new JsonObject { ["enabled"] = true } };
            var off = new JsonObject { ["kid"] = $"{Name}/v9", ["attributes"] = new JsonObject { ["enabled"] = false } };
            return page + 1 < _versions.Count
                ? new JsonObject { ["value"] = new JsonArray(on), ["nextLink"] = $"{Name}/versions?api-version=7.4&$skiptoken=1" }
                : new JsonObject { ["value"] = new JsonArray(on, off), ["nextLink"] = null };
        }

        private JsonObject Key(int version)
        {
            var point = _versions[version].ExportParameters(includePrivateParameters: false).Q;
            return new JsonObject { ["key"] = new JsonObject { ["kid"] = $"{Name}/v{version}", ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) } };
        }

        private JsonObject Signed(int version, JsonNode asked)
        {
            Assert.Equal("ES256", (string?)asked["alg"]);
            return new JsonObject { ["kid"] = $"{Name}/v{version}", ["value"] = Base64Url.EncodeToString(_versions[version].SignHash(Base64Url.DecodeFromChars((string)asked["value"]!))) };
        }
    }
}
