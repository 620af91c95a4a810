using System.Security.Cryptography;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>Signs manifests; the base is what runs where no key is set, and signs nothing.</summary>
internal class ReportSigner
{
    /// <summary>The keys that reports are or were signed with, the present one first.</summary>
    public virtual Task<IReadOnlyList<PublicKey>> KeysAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<PublicKey>>([]);

    /// <summary>Puts the signature beside the manifest of a compiled folder.</summary>
    public async Task SignAsync(string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, ReportFiles.Signature);
        File.Delete(path);
        var digest = SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, ReportFiles.Manifest), cancellation));
        if (await SignAsync(digest, cancellation) is var (key, value))
        {
            var signature = new ManifestSignature(ManifestSignature.Es256, key, Convert.ToHexStringLower(digest), Convert.ToBase64String(value));
            await JsonLines.WriteFileAsync(path, signature, cancellation);
        }
    }

    /// <summary>The signature of a SHA-256 and the id of its key; null without a key.</summary>
    protected virtual Task<(string KeyId, byte[] Value)?> SignAsync(byte[] digest, CancellationToken cancellation) => Task.FromResult<(string, byte[])?>(null);
}

/// <summary>A key in a file of the data folder that only its owner can read, made when it is first needed.</summary>
internal sealed class FileSigner(string path) : ReportSigner
{
    public const string FileName = "signing-key.pem";

    public override Task<IReadOnlyList<PublicKey>> KeysAsync(CancellationToken cancellation)
    {
        using var key = Key();
        return Task.FromResult<IReadOnlyList<PublicKey>>([PublicKey.Of(key)]);
    }

    protected override Task<(string KeyId, byte[] Value)?> SignAsync(byte[] digest, CancellationToken cancellation)
    {
        using var key = Key();
        return Task.FromResult<(string, byte[])?>((PublicKey.Of(key).KeyId, key.SignHash(digest)));
    }

    private ECDsa Key()
    {
        if (!File.Exists(path))
        {
            Make();
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new StoreDamagedException(path, "the signing key in it cannot be read. Put the right file there, or move it away: then a new key is made", wrong);
        }
    }

    /// <summary>Written whole beside its place first: of two programs that make a key at once, one's counts, and nobody reads half of it.</summary>
    private void Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var beside = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(beside, options))
        {
            writer.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
        }

        try
        {
            File.Move(beside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(beside);
        }
    }
}
