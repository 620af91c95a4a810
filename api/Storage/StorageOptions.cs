namespace HealthEval.Storage;

internal enum StorageKind
{
    /// <summary>SQLite and a folder on this machine.</summary>
    Embedded,

    /// <summary>Cosmos DB and Blob Storage.</summary>
    Azure,
}

/// <summary>Section <c>Storage</c> of the settings.</summary>
internal sealed class StorageOptions
{
    public StorageKind Kind { get; set; } = StorageKind.Embedded;

    /// <summary>The embedded store's folder: <c>healtheval.db</c> and <c>files/</c>.</summary>
    public string DataFolder { get; set; } = ".data";

    /// <summary>An https address; http only for an emulator on this machine, which is then opened with the emulators' published key.</summary>
    public string? CosmosEndpoint { get; set; }

    public string CosmosDatabase { get; set; } = "healtheval";

    public string? BlobEndpoint { get; set; }

    public string BlobContainer { get; set; } = "healtheval";

    /// <summary>Whether browsers can reach the files' own addresses. In a private network they cannot: whatever goes in or out passes through the program.</summary>
    public bool Links { get; set; } = true;

    /// <summary>For how long every version of a finished report can neither be changed nor deleted, counted from its writing; the container must support it.</summary>
    public TimeSpan HoldReports { get; set; }

    /// <summary>Whether not even an administrator of the account may lift a hold.</summary>
    public bool HoldLocked { get; set; }
}
