using System.Security.Cryptography;
using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>Who vouches for a manifest: ECDSA on P-256 over the SHA-256 of its bytes (ES256).</summary>
/// <param name="KeyId">Which of the published keys.</param>
/// <param name="Value">Base64 of r and s, 32 bytes each.</param>
internal sealed record ManifestSignature(string Algorithm, string KeyId, string ManifestSha256, string Value)
{
    public const string Es256 = "ES256";

    /// <summary>In a sentence; what speaks against it goes to <paramref name="differences"/>.</summary>
    public static string OriginOf(string folder, IReadOnlyList<PublicKey> keys, List<string> differences)
    {
        var path = Path.Combine(folder, ReportFiles.Signature);
        if (!File.Exists(path))
        {
            differences.Add($"{ReportFiles.Signature} is missing: nobody vouches for the manifest, so a key cannot show where it comes from.");
            return "Origin is not shown: the report is not signed.";
        }

        var bytes = File.ReadAllBytes(Path.Combine(folder, ReportFiles.Manifest));
        if (Read(path) is not { Algorithm: Es256 } signature)
        {
            differences.Add($"{ReportFiles.Signature} cannot be read as an {Es256} signature.");
        }
        else if (keys.FirstOrDefault(key => key.KeyId == signature.KeyId) is not { } key)
        {
            differences.Add($"The manifest is signed with key {signature.KeyId}; the given {(keys.Count == 1 ? "key is" : "keys are")} {string.Join(", ", keys.Select(k => k.KeyId))}.");
        }
        else if (!key.Verifies(bytes, signature.Value))
        {
            differences.Add($"The signature by key {key.KeyId} is not of this manifest: it was changed after it was signed.");
        }
        else
        {
            return $"Signed with key {key.KeyId}: the manifest is the publisher's, byte for byte.";
        }

        return "Origin is not shown.";
    }

    private static ManifestSignature? Read(string path)
    {
        try
        {
            return JsonLines.ReadFile<ManifestSignature>(path);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A key that reports are signed with, as it is published.</summary>
/// <param name="KeyId">First 16 hex digits of the SHA-256 of the key (SubjectPublicKeyInfo).</param>
/// <param name="Pem">SubjectPublicKeyInfo.</param>
internal sealed record PublicKey(string KeyId, string Algorithm, string Pem)
{
    public static PublicKey Of(ECDsa key) =>
        new(Sha.Of(key.ExportSubjectPublicKeyInfo())[..16], ManifestSignature.Es256, key.ExportSubjectPublicKeyInfoPem() + "\n");

    /// <summary>The keys in what <c>/api/keys</c> answers, or in a PEM file; null when it is neither.</summary>
    public static IReadOnlyList<PublicKey>? Parse(string text)
    {
        try
        {
            if (!text.TrimStart().StartsWith('{'))
            {
                using var key = ECDsa.Create();
                key.ImportFromPem(text);
                return [Of(key)];
            }

            return JsonSerializer.Deserialize<KeyList>(text, Json.Options)?.Keys;
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    public bool Verifies(ReadOnlySpan<byte> data, string signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(Pem);
            return Of(key).KeyId == KeyId && key.VerifyData(data, Convert.FromBase64String(signature), HashAlgorithmName.SHA256);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}

internal sealed record KeyList(IReadOnlyList<PublicKey> Keys);
