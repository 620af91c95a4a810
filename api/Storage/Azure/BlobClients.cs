using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace HealthEval.Storage.Azure;

internal static class BlobClients
{
    /// <summary>The published account and key of every emulator. They open nothing but an emulator.</summary>
    private static readonly StorageSharedKeyCredential Emulator =
        new("devstoreaccount1", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");

    /// <summary>On Azure the program's identity; keys are accepted only by an emulator on this machine.</summary>
    public static BlobServiceClient Create(Uri endpoint, TokenCredential? credential = null) => endpoint.IsLoopback
        ? new BlobServiceClient(endpoint, Emulator, Options())
        : new BlobServiceClient(endpoint, credential ?? new DefaultAzureCredential(), Options());

    private static BlobClientOptions Options() => new() { Retry = { MaxRetries = 4, Delay = TimeSpan.FromSeconds(0.5), MaxDelay = TimeSpan.FromSeconds(5), NetworkTimeout = TimeSpan.FromSeconds(60) } };
}
