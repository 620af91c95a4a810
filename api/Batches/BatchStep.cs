using System.Xml;
using HealthEval.Audit;
using HealthEval.Batches.Benchmarks;
using HealthEval.Batches.Grouping;
using HealthEval.Batches.Pairing;
using HealthEval.Batches.Privacy;
using HealthEval.Http;
using HealthEval.Intake;
using HealthEval.Intake.Containers;
using HealthEval.Intake.Formats;
using HealthEval.Intake.Profiles;
using HealthEval.Intake.Sheets;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <param name="Lease">None for a file that was loaded before: it is read once more, and nothing is noted.</param>
internal sealed record BatchRun(Project Project, BatchSource Source, Batch Batch, StepLease<LoadPosition>? Lease, StepTime Time, Action<Batch> Progress)
{
    public bool IsRepeat => Lease is null;
}

/// <summary>One step of a load: from where the last one ended to the end of the file, or of the time.</summary>
internal sealed class BatchStep(
    IDocumentStore documents, IFileStore files, OpenTask openTask, IngestOptions options, Quotas quotas, BatchPairs pairing, HeldItems held, AuditTrail trail, TimeProvider clock,
    ILogger log)
{
    private const string DroppedBy = "drop-folder";
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    public async Task<IngestResult> RunAsync(BatchRun run, CancellationToken cancellation)
    {
        using var span = Telemetry.Activities.StartActivity("healtheval.ingest");
        var tally = new BatchTally(options, run.Lease?.Position?.Tally);
        await SaveAsync(run, tally.On(run.Batch, 0), run.Lease?.Position, cancellation);
        Batch finished;
        try
        {
            var (batch, isWhole) = await LoadAsync(run, tally, cancellation);
            if (!isWhole)
            {
                return new IngestResult(batch, tally.Errors);
            }

            finished = Finished(batch, tally);
        }
        catch (Exception failure) when (failure is UnreadableFileException or XmlException or System.Text.DecoderFallbackException)
        {
            finished = Failed(tally.On(run.Batch, 0), failure);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or StepLostException or StorageUnavailableException or IOException or UnauthorizedAccessException))
        {
            log.LogError(failure, "Batch {BatchId} of {ProjectId} met a fault of the program", run.Batch.BatchId, run.Batch.ProjectId);
            finished = Failed(tally.On(run.Batch, 0), new UnreadableFileException("The program failed on this file; the fault has been logged. What was accepted so far is kept, and the file can be sent again."));
        }

        if (finished.WaitsUntil is not null && finished.State is BatchState.Failed)
        {
            finished = finished with { WaitsUntil = null };
            await pairing.ForgetAsync(finished, cancellation);
        }

        finished = finished with { BytesRead = finished.Bytes, FinishedAt = clock.GetUtcNow() };
        await NoteRunsAsync(run, finished, cancellation);
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

    /// <summary>Before the receipt, so that a load that ends in between is repeated: who has a receipt has the runs.</summary>
    private async Task NoteRunsAsync(BatchRun run, Batch batch, CancellationToken cancellation)
    {
        if (!run.IsRepeat && BenchmarkLibrary.HasAnswers(batch))
        {
            await new BenchmarkLibrary(documents, files, options, trail, clock).NoteAsync(run.Project, batch, cancellation);
        }
    }

    private async Task<(Batch Batch, bool IsWhole)> LoadAsync(BatchRun run, BatchTally tally, CancellationToken cancellation)
    {
        var bytesRead = 0L;
        var source = run.Source with { Open = () => new CountingStream(run.Source.Open(), read => bytesRead += read) };
        var formats = await FormatsAsync(run, cancellation);
        var benchmarks = await BenchmarkIndex.OfAsync(documents, files, run.Project.ProjectId, cancellation);
        var readers = await Task.Run(() => Readers(run, source, formats, benchmarks), cancellation);
        var batch = run.Batch with { Format = Describe(readers), Mapping = readers[0].Recognition.Mapping };
        using var pairs = await pairing.PairAsync(batch, source, readers, cancellation);
        if (pairs.IsIncomplete)
        {
            return (await pairing.WaitAsync(batch, run.Source, pairs.Note!, cancellation), true);
        }

        bytesRead = 0;
        batch = batch with { WaitsUntil = null, Inputs = pairs.Inputs, Reason = pairs.Note };
        var stored = run.Lease?.Position?.Records ?? 0;
        await SaveAsync(run, tally.On(batch, 0), run.Lease?.Position, cancellation);
        var lastSaved = clock.GetTimestamp();
        if (stored == 0)
        {
            readers.Select(reader => reader.Part.Warning).OfType<string>().ToList().ForEach(tally.Warn);
        }

        var loader = new BatchLoader(documents, quotas, run.Project, batch.BatchId, run.IsRepeat, replacesClaims: batch.Reading is not null);
        using var groups = run.Project.Comparison ? new LineGroups(documents, run.Project, batch, run.IsRepeat, options) : null;
        await using var chunks = new ChunkReader(Rest(groups, pairs.Readers, stored), () => new LoadChunk(openTask, run.Project, options.RecordsAtOnce));
        var isWhole = await loader.LoadAsync(chunks, tally, AfterChunkAsync, cancellation);
        if (isWhole)
        {
            await pairing.FinishedAsync(pairs, batch, cancellation);
        }

        return (tally.On(batch, bytesRead), isWhole);

        async Task<bool> AfterChunkAsync(int records)
        {
            stored += records;
            var isOver = run.Time.IsOver;
            if (isOver || clock.GetElapsedTime(lastSaved) >= ProgressEvery)
            {
                lastSaved = clock.GetTimestamp();
                await SaveAsync(run, tally.On(batch, bytesRead), new LoadPosition(stored, tally.Save()), cancellation);
            }

            return !isOver;
        }
    }

    /// <summary>Groups are only known when the whole file has been read, so in them nothing can be passed over unread.</summary>
    private static IEnumerable<RecordWork> Rest(LineGroups? groups, List<RecordReader> readers, long stored)
    {
        var done = new Remaining(stored);
        return groups is null ? readers.SelectMany(reader => reader.Work(done)) : groups.Read(readers).SkipWhile(_ => done.Take());
    }

    /// <summary>What the sender says, or what lies in the drop folder, goes before the project's profiles and those before what is known anyway.</summary>
    private async Task<FormatCatalog> FormatsAsync(BatchRun run, CancellationToken cancellation)
    {
        var said = run.Source.Profile;
        if (said is null && await ImportProfiles.DroppedAsync(files, run.Project.ProjectId, cancellation) is { } dropped)
        {
            said = (await ImportProfiles.KeepAsync(documents, trail, run.Project.ProjectId, dropped, DroppedBy, clock.GetUtcNow(), cancellation)).Profile;
        }

        var kept = await ImportProfiles.LatestAsync(documents, run.Project.ProjectId, cancellation);
        return kept.Select(profile => profile.Profile).Concat(said is null ? [] : [said]).Aggregate(options.Formats, (formats, profile) => formats.With(ProfileFormat.Of(profile, run.Source.Name)));
    }

    private List<RecordReader> Readers(BatchRun run, BatchSource source, FormatCatalog formats, BenchmarkIndex benchmarks)
    {
        var limits = options with { Formats = formats };
        var parts = Unpacking.Inspect(source.Name, source.Open, source.Encoding, limits, source.MayBeCut);
        var builder = new ItemBuilder(run.Project, run.Batch.BatchId, options, benchmarks, keepsOldIdentity: run.Batch.Identity is null,
            reading: run.Batch.Reading is { } reading ? $"{run.Batch.Sha256} {reading}" : null);
        var recognised = parts.Select(part => Recognition.Of(part, formats)).ToList();
        ProfileFormat.Require(source.Profile, recognised);
        return [.. parts.Zip(recognised, (part, one) => new RecordReader(part, one, parts.Count == 1, builder, run.Project.Privacy is "reject"))];
    }

    private static string Describe(List<RecordReader> readers) =>
        string.Join("; ", readers.Select(reader => $"{(reader.Format ?? Canonical.Format).Name}, {reader.Part.Container}").Distinct());

    private static Batch Finished(Batch batch, BatchTally tally) => batch.State is BatchState.Waiting ? batch : tally switch
    {
        { Read: 0 } => batch with { State = BatchState.Failed, Reason = "The file has no records.", Errors = [new RecordError(0, null, "The file has no records.")] },
        { Accepted: 0, Duplicate: 0 } => batch with { State = BatchState.Failed, Reason = $"None of the {tally.Read:N0} records could be loaded. The first: line {tally.Errors[0].Line}: {tally.Errors[0].Reason}" },
        { Held: > 0 } => batch with { State = BatchState.Waiting, Reason = Batch.WaitsForDecisions(tally.Held) },
        { Rejected: 0 } => batch with { State = BatchState.Loaded },
        _ => batch with { State = BatchState.LoadedWithRejects },
    };

    public static string ReasonOf(Exception failure) => failure switch
    {
        XmlException xml => Worksheet.Describe(xml).Message,
        System.Text.DecoderFallbackException => "The text does not fit the encoding it claims to be in. Save it as UTF-8.",
        _ => failure.Message,
    };

    private static Batch Failed(Batch batch, Exception failure)
    {
        var reason = ReasonOf(failure);
        return batch with { State = BatchState.Failed, Reason = reason, Errors = [new RecordError(0, null, reason), .. batch.Errors] };
    }

    private async Task LeaveReceiptAsync(BatchRun run, Batch batch, BatchTally tally, CancellationToken cancellation)
    {
        if (run.Lease is not { } lease)
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
        await lease.EndAsync([new Write.Put(Batch.Key(batch.ProjectId, batch.BatchId), batch)], cancellation);
        run.Progress(batch);
    }

    private static async Task SaveAsync(BatchRun run, Batch batch, LoadPosition? position, CancellationToken cancellation)
    {
        if (run.Lease is { } lease)
        {
            await lease.SaveAsync(position, [new Write.Put(Batch.Key(batch.ProjectId, batch.BatchId), batch)], cancellation);
        }

        run.Progress(batch);
    }
}
