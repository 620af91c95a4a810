using System.Text;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using HealthEval.Guidelines;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Reports;

/// <summary>A sample week, stored, gathered and compiled into a folder of its own.</summary>
internal sealed class CompiledWeek : IDisposable
{
    private readonly TempFolder _store = new();
    private readonly TempFolder _output = new();

    public static readonly IsoWeek Week = IsoWeek.Parse("2026-W47")!.Value;

    public string Folder => _output.Path;

    public Manifest Manifest { get; private set; } = null!;

    public string this[string file] => _output[file];

    public static async Task<CompiledWeek> OfAsync(WeekSample sample, bool backwards = false, DateTimeOffset? now = null, IsoWeek? week = null)
    {
        var compiled = new CompiledWeek();
        using (var documents = new SqliteDocumentStore(compiled._store["healtheval.db"]))
        {
            var files = new FolderFileStore(compiled._store["files"]);
            await Neighbour.MoveInAsync(documents, files);
            await documents.CommitAsync(new Write.Put(Guideline.Key("healtheval", 2), GuidelineLibrary.Default with { Version = 2 }), default);
            await sample.StoreAsync(documents, backwards);
            var gathering = new Gathering(documents, new GuidelineLibrary(documents), new ManualTime(now ?? Week.End.AddHours(6)));
            await gathering.WriteAsync(WeekSample.Project, week ?? Week, compiled.Folder, default);
        }

        compiled.Manifest = await Report.CompileAsync(compiled.Folder, default);
        Neighbour.AssertAbsentFromFolder(compiled.Folder);
        return compiled;
    }

    public byte[] Bytes(string file) => File.ReadAllBytes(this[file]);

    public OpenedWorkbook Open() => new(SpreadsheetDocument.Open(this[ReportFiles.Workbook], isEditable: false));

    /// <summary>The rows of the same store's judgements in a format of the dataset.</summary>
    public async Task<List<JsonNode>> ExportAsync(string format)
    {
        using var documents = new SqliteDocumentStore(_store["healtheval.db"]);
        using var written = new MemoryStream();
        await new DatasetExport(documents).WriteAsync(WeekSample.ProjectId, format, new ExportOptions(), _ => written, default);
        var text = Encoding.UTF8.GetString(written.ToArray());
        return format == DatasetExport.OneArray ? [.. JsonNode.Parse(text)!.AsArray().Select(row => row!)] : [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    public void Dispose()
    {
        _store.Dispose();
        _output.Dispose();
    }
}
