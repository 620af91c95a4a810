using System.Xml;
using HealthEval.Batches.Formats;
using HealthEval.Batches.Grouping;
using HealthEval.Batches.Intake;
using HealthEval.Batches.Pairing;
using HealthEval.Batches.Privacy;
using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>Loads one file into a project and leaves a receipt, whatever the file holds. Safe to repeat at any point.</summary>
internal sealed class IngestBatch(IDocumentStore documents, IFileStore files, OpenTask openTask, IngestOptions options, HeldItems held, TimeProvider clock, ILogger<IngestBatch> log) : IDisposable
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _atOnce = new(2);
    private readonly BatchPairs _pairs = new(documents, files, options, clock);

    /// <summary>A file that has been dropped; null when it, or the project, is not there.</summary>
    public async Task<Batch?> FromDropAsync(Dropped dropped, CancellationToken cancellation)
    {
        var path = DropFolder.Path(dropped.ProjectId, dropped.Name);
        var project = await documents.FindAsync<Project>(Project.Key(dropped.ProjectId), cancellation);
        if (project is null || await files.FindAsync(path, cancellation) is null)
        {
            return null;
        }

        var source = new BatchSource(dropped.ShownAs, () => files.OpenAsync(path, cancellation).GetAwaiter().GetResult() ?? throw new UnreadableFileException("The file was removed while it was read."));
        return (await RunAsync(project.Value, source, _ => { }, again: false, cancellation)).Batch;
    }

    /// <param name="again">Read a file that was loaded before once more, and report what is there as duplicates; its receipt stays.</param>
    public async Task<IngestResult> RunAsync(Project project, BatchSource source, Action<Batch> progress, bool again, CancellationToken cancellation)
    {
        var result = await RunOneAsync(project, source, progress, again, cancellation);
        if (result.Batch.Format?.Contains(OpenAiBatch.Input.Name, StringComparison.Ordinal) == true)
        {
            await FinishAsync(await _pairs.WakeAsync(project.ProjectId, cancellation), cancellation);
        }

        return result;
    }

    /// <summary>Loads the outputs whose input has come, and gives up those whose time is over. Returns how many there were.</summary>
    public async Task<int> FinishWaitingAsync(CancellationToken cancellation)
    {
        var due = await _pairs.DueAsync(cancellation);
        await FinishAsync(due, cancellation);
        return due.Count;
    }

    private async Task FinishAsync(List<Pending> waiting, CancellationToken cancellation)
    {
        foreach (var pending in waiting)
        {
            if (await documents.FindAsync<Project>(Project.Key(pending.ProjectId), cancellation) is { } project)
            {
                await RunOneAsync(project.Value, _pairs.SourceOf(pending, cancellation), _ => { }, again: false, cancellation);
            }
        }
    }

    private async Task<IngestResult> RunOneAsync(Project project, BatchSource source, Action<Batch> progress, bool again, CancellationToken cancellation)
    {
        await _atOnce.WaitAsync(cancellation);
        try
        {
            var (sha256, bytes) = await Task.Run(() => source.Hash(cancellation), cancellation);
            var begun = Batch.Begin(project.ProjectId, source.Name, bytes, sha256, clock.GetUtcNow());
            var before = await documents.FindAsync<Batch>(Batch.Key(project.ProjectId, begun.BatchId), cancellation);
            var isDone = before is not null && BatchState.IsFinal(before.Value.State) && before.Value.State is not BatchState.Failed && before.Value.WaitsUntil is null;
            if (isDone && !again)
            {
                return new IngestResult(before!.Value, before.Value.Errors);
            }

            var first = before?.Value ?? begun; // it may have been received, or begun, before
            var batch = begun with { File = first.File, ReceivedAt = first.ReceivedAt, Attested = first.Attested ?? source.Attested, WaitsUntil = first.WaitsUntil, Inputs = first.Inputs, State = BatchState.Reading, StartedAt = clock.GetUtcNow() };
            var run = new Run(project, source, batch, IsRepeat: isDone, progress);
            return await RunAsync(run, cancellation);
        }
        finally
        {
            _atOnce.Release();
        }
    }

    /// <summary>Whether this is the output of an OpenAI batch, which had better be loaded after its input.</summary>
    public bool HoldsAnswers(BatchSource source)
    {
        try
        {
            return Unpacking.Inspect(source, options).Any(part => RecordReader.FormatOf(part) == OpenAiBatch.Output);
        }
        catch (Exception failure) when (failure is UnreadableFileException or XmlException or System.Text.DecoderFallbackException)
        {
            return false; // loading it will say why
        }
    }

    public void Dispose() => _atOnce.Dispose();

    private sealed record Run(Project Project, BatchSource Source, Batch Batch, bool IsRepeat, Action<Batch> Progress);

    private async Task<IngestResult> RunAsync(Run run, CancellationToken cancellation)
    {
        using var span = Telemetry.Activities.StartActivity("healtheval.ingest");
        await SaveAsync(run, run.Batch, cancellation);
        var tally = new BatchTally(options);
        Batch finished;
        try
        {
            finished = Finished(await LoadAsync(run, tally, cancellation), tally);
        }
        catch (Exception failure) when (failure is UnreadableFileException or XmlException or System.Text.DecoderFallbackException)
        {
            finished = Failed(tally.On(run.Batch, 0), failure);
        }

        catch (Exception failure) when (failure is not (OperationCanceledException or StorageUnavailableException or IOException or UnauthorizedAccessException))
        {
            log.LogError(failure, "Batch {BatchId} of {ProjectId} met a fault of the program", run.Batch.BatchId, run.Batch.ProjectId);
            finished = Failed(tally.On(run.Batch, 0), new UnreadableFileException("The program failed on this file; the fault has been logged. What was accepted so far is kept, and the file can be sent again."));
        }

        if (finished.WaitsUntil is not null && finished.State is BatchState.Failed)
        {
            finished = finished with { WaitsUntil = null };
            await _pairs.ForgetAsync(finished, cancellation);
        }

        finished = finished with { BytesRead = finished.Bytes, FinishedAt = clock.GetUtcNow() };
        await LeaveReceiptAsync(run, finished, tally, cancellation);
        if (finished.Held > 0 && !run.IsRepeat)
        {
            finished = await held.SettleAsync(finished.ProjectId, finished.BatchId, cancellation) ?? finished; // leads may have decided meanwhile
        }

        Telemetry.IngestLines.Add(finished.Accepted, Telemetry.Outcome("accepted"));
        Telemetry.IngestLines.Add(finished.Duplicate, Telemetry.Outcome("duplicate"));
        Telemetry.IngestLines.Add(finished.Rejected, Telemetry.Outcome("rejected"));
        span?.SetTag("healtheval.outcome", finished.State);
        log.LogInformation("Batch {BatchId} of {ProjectId}: {State}, {Accepted} accepted, {Duplicate} duplicate, {Rejected} rejected", finished.BatchId, finished.ProjectId, finished.State, finished.Accepted, finished.Duplicate, finished.Rejected);
        return new IngestResult(finished, finished.Errors.Count > tally.Errors.Count ? finished.Errors : tally.Errors);
    }

    private async Task<Batch> LoadAsync(Run run, BatchTally tally, CancellationToken cancellation)
    {
        var bytesRead = 0L;
        var source = run.Source with { Open = () => new CountingStream(run.Source.Open(), read => bytesRead += read) };
        var readers = await Task.Run(() => Readers(run, source), cancellation);
        var batch = run.Batch with { Format = Describe(readers), Mapping = readers[0].Mapping };
        using var pairs = await _pairs.PairAsync(batch, source, readers, cancellation);
        if (pairs.IsIncomplete)
        {
            return await _pairs.WaitAsync(batch, run.Source, pairs.Note!, cancellation);
        }

        bytesRead = 0;
        batch = batch with { WaitsUntil = null, Inputs = pairs.Inputs, Reason = pairs.Note };
        await SaveAsync(run, batch, cancellation);
        var lastSaved = clock.GetTimestamp();
        var loader = new BatchLoader(documents, openTask, run.Project, batch.BatchId, run.IsRepeat);
        readers.Select(reader => reader.Part.Warning).OfType<string>().ToList().ForEach(tally.Warn);
        using var groups = run.Project.Comparison ? new LineGroups(documents, run.Project, batch, run.IsRepeat, options) : null;
        await loader.LoadAsync(groups?.Read(pairs.Readers) ?? pairs.Readers.SelectMany(reader => reader.Read()), tally, AfterChunkAsync, cancellation);
        await _pairs.FinishedAsync(pairs, batch, cancellation);
        return tally.On(batch, bytesRead);

        async Task AfterChunkAsync()
        {
            if (clock.GetElapsedTime(lastSaved) >= ProgressEvery)
            {
                lastSaved = clock.GetTimestamp();
                await SaveAsync(run, tally.On(batch, bytesRead), cancellation);
            }
        }
    }

    private List<RecordReader> Readers(Run run, BatchSource source)
    {
        var parts = Unpacking.Inspect(source, options);
        var builder = new ItemBuilder(run.Project, run.Batch.BatchId, options);
        var readers = parts.Select(part => new RecordReader(part, parts.Count == 1, builder, run.Project.Privacy is "reject")).ToList();
        readers.ForEach(reader => reader.Detect());
        return readers;
    }

    private static string Describe(List<RecordReader> readers) =>
        string.Join("; ", readers.Select(reader => $"{(reader.Format ?? Canonical.Format).Name}, {reader.Container}").Distinct());

    private static Batch Finished(Batch batch, BatchTally tally) => batch.State is BatchState.Waiting ? batch : tally switch
    {
        { Read: 0 } => batch with { State = BatchState.Failed, Reason = "The file has no records.", Errors = [new RecordError(0, null, "The file has no records.")] },
        { Accepted: 0, Duplicate: 0 } => batch with { State = BatchState.Failed, Reason = $"None of the {tally.Read:N0} records could be loaded. The first: line {tally.Errors[0].Line}: {tally.Errors[0].Reason}" },
        { Held: > 0 } => batch with { State = BatchState.Waiting, Reason = Batch.WaitsForDecisions(tally.Held) },
        { Rejected: 0 } => batch with { State = BatchState.Loaded },
        _ => batch with { State = BatchState.LoadedWithRejects },
    };

    private static Batch Failed(Batch batch, Exception failure)
    {
        var reason = failure switch
        {
            XmlException xml => Worksheet.Describe(xml).Message,
            System.Text.DecoderFallbackException => "The text does not fit the encoding it claims to be in. Save it as UTF-8.",
            _ => failure.Message,
        };
        return batch with { State = BatchState.Failed, Reason = reason, Errors = [new RecordError(0, null, reason), .. batch.Errors] };
    }

    private async Task LeaveReceiptAsync(Run run, Batch batch, BatchTally tally, CancellationToken cancellation)
    {
        if (run.IsRepeat)
        {
            return; // the receipt of the first time stands
        }

        if (batch.Rejected > 0)
        {
            await files.WriteBytesAsync(Batch.RejectsPath(batch.ProjectId, batch.BatchId), tally.RejectsFile(), FileCondition.None, cancellation);
        }

        if (tally.HasSuspicions)
        {
            await files.WriteBytesAsync(Batch.SuspicionsPath(batch.ProjectId, batch.BatchId), tally.SuspicionsFile(), FileCondition.None, cancellation);
        }

        await files.WriteBytesAsync(Batch.ReceiptPath(batch.ProjectId, batch.BatchId), Json.Bytes(batch), FileCondition.None, cancellation);
        await SaveAsync(run, batch, cancellation);
    }

    private async Task SaveAsync(Run run, Batch batch, CancellationToken cancellation)
    {
        if (!run.IsRepeat)
        {
            await documents.CommitAsync(new Write.Put(Batch.Key(batch.ProjectId, batch.BatchId), batch), cancellation);
        }

        run.Progress(batch);
    }
}

/// <param name="Errors">More of them than the receipt holds, when there are many.</param>
internal sealed record IngestResult(Batch Batch, IReadOnlyList<RecordError> Errors);
