using System.Security.Cryptography;
using HealthEval.Intake.Profiles;

namespace HealthEval.Batches;

/// <summary>A customer's file, wherever it lies: it is opened several times, each time from the front.</summary>
internal sealed record BatchSource(string Name, Func<Stream> Open)
{
    /// <summary>How the customer says a text without a byte order mark is encoded; UTF-8 unless they say so.</summary>
    public string? Encoding { get; init; }

    /// <summary>How its sender says that it is to be read, before anything that is recognised.</summary>
    public ImportProfile? Profile { get; init; }

    /// <summary>Batches that came along and may hold the requests to these answers.</summary>
    public IReadOnlyList<string> Partners { get; init; } = [];

    /// <summary>By the person who hands it over, that it holds no personal data.</summary>
    public Attestation? Attested { get; init; }

    /// <summary>The file may have been taken while it was still being written.</summary>
    public bool MayBeCut { get; init; }

    /// <summary>Which reading of this content it is, from the second on.</summary>
    public int? Reading { get; init; }

    /// <summary>Of a file that was hashed in an earlier step.</summary>
    public (string Sha256, long Bytes)? Known { get; init; }

    public (string Sha256, long Bytes) Hash(CancellationToken cancellation)
    {
        if (Known is { } known)
        {
            return known;
        }

        using var stream = Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        var bytes = 0L;
        while (stream.Read(buffer) is > 0 and var read)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            bytes += read;
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }
}
