using HealthEval.Intake.Formats;

namespace HealthEval.Intake;

/// <summary>Section <c>Ingest</c> of the settings: what one file may cost. Every refusal names the limit it met.</summary>
internal sealed record IngestOptions
{
    /// <summary>Not a setting: the formats that are tried.</summary>
    internal FormatCatalog Formats { get; init; } = FormatCatalog.Default;

    /// <summary>The largest file that the upload route takes.</summary>
    public long MaxUploadBytes { get; set; } = 2L << 30;

    /// <summary>The largest line, row or array element.</summary>
    public int MaxRecordBytes { get; set; } = 4 << 20;

    /// <summary>Records in one file, or in one file of an archive: what each costs is bounded below, so this bounds what a file costs.</summary>
    public long MaxRecords { get; set; } = 5_000_000;

    /// <summary>Fields and list entries in one record, those inside others included.</summary>
    public int MaxValues { get; set; } = 100_000;

    /// <summary>The largest item as it is stored; a document database takes 2 MB.</summary>
    public int MaxItemBytes { get; set; } = 1_500_000;

    /// <summary>How long a file in the drop folder must have kept its size and time before it is taken to be whole, where files can be seen growing.</summary>
    public TimeSpan SettleFor { get; set; } = TimeSpan.FromSeconds(5);

    public string TextTooLong => $"Too large: a text of more than {MaxItemBytes:N0} bytes, the most that an item may have with all its texts. Shorten it, or split the conversation.";

    /// <summary>What a record with more responses than people compare at once becomes in all: each of its items has the prompt again.</summary>
    public int MaxExpandedBytes { get; set; } = 8 << 20;

    public int MaxResponses { get; set; } = 1_000;

    public int MaxMessages { get; set; } = 1_000;

    public int MaxIdCharacters { get; set; } = 8_192;

    /// <summary>Fields that no format defines are kept up to this size per item, smallest first.</summary>
    public int MaxMetaBytes { get; set; } = 65_536;

    public long MaxUnpackedBytes { get; set; } = 4L << 30;

    /// <summary>How many times larger a file may become when unpacked, once it is past <see cref="FreeUnpackedBytes"/>.</summary>
    public int MaxUnpackRatio { get; set; } = 100;

    public long FreeUnpackedBytes { get; set; } = 64L << 20;

    public int MaxArchiveEntries { get; set; } = 1_000;

    /// <summary>Lines of one file that may be grouped by their prompt, in a project that compares; each takes about 100 bytes of memory.</summary>
    public int MaxGroupedLines { get; set; } = 500_000;

    /// <summary>How long the output of an OpenAI batch waits for its input file.</summary>
    public TimeSpan WaitForInput { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Requests in one input file; the provider takes 50,000.</summary>
    public int MaxRequests { get; set; } = 500_000;

    /// <summary>Records that are stored in one transaction, and after which a step may end.</summary>
    public int RecordsAtOnce { get; set; } = 4_000;

    public const int MostErrorsListed = 2_000;

    /// <summary>Rejected records that are written out; the rest are counted.</summary>
    public int MaxErrorsListed { get; set; } = 1_000;

    public int MaxErrorsInReceipt { get; set; } = 100;
}
