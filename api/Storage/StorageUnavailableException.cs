namespace HealthEval.Storage;

/// <summary>The store cannot answer now. Nothing half-done is left behind and a repeat is safe; <paramref name="message"/> is for the operator, not for users.</summary>
internal sealed class StorageUnavailableException(StorageTrouble trouble, string message, TimeSpan retryAfter, Exception? inner = null) : Exception(message, inner)
{
    public StorageTrouble Trouble => trouble;

    public TimeSpan RetryAfter => retryAfter;
}

internal enum StorageTrouble
{
    DiskFull,
    ReadOnly,

    /// <summary>Throttled, locked, or the network is gone: it will pass.</summary>
    Busy,
}
