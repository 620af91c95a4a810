using HealthEval.Intake;
using HealthEval.Intake.Containers;
using HealthEval.Intake.Formats;
using HealthEval.Storage;

namespace HealthEval.Batches.Pairing;

/// <summary>Brings the two files of an OpenAI batch together, in whichever order and in however many pieces they arrive.</summary>
internal sealed class BatchPairs(IDocumentStore documents, IFileStore files, IngestOptions options, TimeProvider clock)
{
    /// <summary>
    /// Readers of what can be loaded: answers joined with their requests, everything else as it was. Keeps requests that come alone.
    /// Incomplete when answers have to wait.
    /// </summary>
    public async Task<Pairs> PairAsync(Batch batch, BatchSource source, List<RecordReader> readers, CancellationToken cancellation)
    {
        var answers = readers.FindAll(reader => reader.Format?.Side is PairSide.Answer);
        var requests = readers.FindAll(reader => reader.Format?.Side is PairSide.Request);
        if (answers.Count == 0)
        {
            return requests.Count == 0 ? new Pairs(readers) : await Task.Run(() => KeepAsync(batch, readers, cancellation), cancellation);
        }

        var choice = await Task.Run(() => PairChoice.For(answers.SelectMany(reader => reader.Part.Read()).Select(raw => RequestKey.AnswerId(raw.Json)).OfType<ulong>()), cancellation);
        var pairs = new Pairs([]) { Choice = choice, Index = new RequestIndex() };
        try
        {
            if (requests.Count > 0)
            {
                await Task.Run(() => requests.ForEach(reader => Add(pairs.Index, reader.Part.Read(), _ => true)), cancellation);
            }
            else
            {
                await ChooseAsync(batch, source, pairs, cancellation);
            }

            pairs.Readers.AddRange(readers.Select(reader => answers.Contains(reader) ? reader.Over(Joining.Of(reader.Part, pairs.Index)) : requests.Contains(reader) ? reader.Aside() : reader));
            return pairs;
        }
        catch
        {
            pairs.Dispose();
            throw;
        }
    }

    /// <summary>Notes that these requests have been answered, and that nothing waits any longer.</summary>
    public async Task FinishedAsync(Pairs pairs, Batch batch, CancellationToken cancellation)
    {
        for (var i = 0; i < pairs.Files.Count; i++)
        {
            var keys = await pairs.Files[i].KeysAsync(files, cancellation);
            while (await documents.FindAsync<RequestFile>(pairs.Files[i].Key(), cancellation) is { } stored)
            {
                var answered = (byte[])stored.Value.Answered.Clone();
                for (var request = 0; request < keys.Length; request++)
                {
                    answered[request / 8] |= (byte)(pairs.Choice!.Has(keys[request].Id) ? 1 << (request % 8) : 0);
                }

                if ((await documents.CommitAsync(new Write.Replace(stored.Value.Key(), stored.Value with { Answered = answered }, stored.ETag), cancellation)).Succeeded)
                {
                    break;
                }
            }
        }

        await ForgetAsync(batch, cancellation);
    }

    public async Task ForgetAsync(Batch batch, CancellationToken cancellation)
    {
        var key = Pending.Key(batch.ProjectId, batch.BatchId);
        if (await documents.FindAsync<Pending>(key, cancellation) is { } pending)
        {
            await documents.CommitAsync(new Write.Delete(key), cancellation);
            await files.EraseAsync(pending.Value.ContentPath, cancellation);
        }
    }

    /// <summary>Keeps the content of answers until their requests come.</summary>
    public async Task<Batch> WaitAsync(Batch batch, BatchSource source, string reason, CancellationToken cancellation)
    {
        var longest = clock.GetUtcNow() + options.WaitForInput;
        var until = batch.WaitsUntil < longest ? batch.WaitsUntil.Value : longest; // one that was set by a clock far ahead would never come
        var pending = new Pending(batch.ProjectId, batch.BatchId, source.Name, until, source.Encoding, IsWoken: false);
        if (await files.FindAsync(pending.ContentPath, cancellation) is null)
        {
            await files.WriteAsync(pending.ContentPath, CopyAsync, FileCondition.None, cancellation);
        }

        await documents.CommitAsync(new Write.Put(Pending.Key(batch.ProjectId, batch.BatchId), pending), cancellation);
        return batch with { State = BatchState.Waiting, WaitsUntil = until, Reason = $"{reason} Until {until:yyyy-MM-dd HH:mm} UTC it then loads by itself." };

        async Task CopyAsync(Stream target, CancellationToken token)
        {
            await using var content = source.Open();
            await content.CopyToAsync(target, token);
        }
    }

    /// <summary>The outputs of this project that wait, marked so that none is forgotten if the program stops before they are loaded.</summary>
    public async Task<List<Pending>> WakeAsync(string projectId, CancellationToken cancellation)
    {
        var woken = new List<Pending>();
        await foreach (var pending in documents.AllAsync<Pending>(Pending.Of(projectId), cancellation))
        {
            woken.Add(pending.Value with { IsWoken = true });
            await documents.CommitAsync(new Write.Put(Pending.Key(projectId, pending.Value.BatchId), woken[^1]), cancellation);
        }

        return woken;
    }

    /// <summary>Outputs whose input has come, or whose time is over.</summary>
    public async Task<List<Pending>> DueAsync(CancellationToken cancellation)
    {
        var due = new List<Pending>();
        await foreach (var pending in documents.AllAsync<Pending>(Pending.Of(projectId: null), cancellation))
        {
            if (pending.Value.IsWoken || pending.Value.Until <= clock.GetUtcNow() || pending.Value.Until > clock.GetUtcNow() + options.WaitForInput + Clocks.Tolerance)
            {
                due.Add(pending.Value);
            }
        }

        return due;
    }

    public BatchSource SourceOf(Pending pending, CancellationToken cancellation) =>
        new(pending.Name, () => files.OpenAsync(pending.ContentPath, cancellation).GetAwaiter().GetResult() ?? throw new UnreadableFileException("The file was removed while it was read.")) { Encoding = pending.Encoding };

    private async Task<Pairs> KeepAsync(Batch batch, List<RecordReader> readers, CancellationToken cancellation)
    {
        var asks = new Dictionary<ulong, ulong>();
        var contradicting = new HashSet<(RecordReader, long)>();
        var file = new RequestFile(batch.ProjectId, batch.BatchId, batch.File, 0, clock.GetUtcNow(), []);
        await files.WriteAsync(file.ContentPath, WriteAsync, FileCondition.None, cancellation);
        var keys = asks.Select(pair => new RequestKey(pair.Key, pair.Value)).OrderBy(key => key.Id).ToArray();
        file = file with { Requests = keys.Length, Answered = new byte[(keys.Length + 7) / 8] };
        await file.WriteKeysAsync(files, keys, cancellation);
        await documents.CommitAsync(new Write.Create(file.Key(), file), cancellation); // one that is there knows what has been answered
        return new Pairs([.. readers.Select(Refusing)]) { Note = "Requests of an OpenAI batch: there is nothing to judge until its output file comes, with which they are loaded." };

        async Task WriteAsync(Stream target, CancellationToken token)
        {
            foreach (var reader in readers.Where(reader => reader.Format?.Side is PairSide.Request))
            {
                foreach (var raw in reader.Part.Read())
                {
                    if (RequestKey.Of(raw) is { } key)
                    {
                        Require(asks.Count);
                        if (!asks.TryAdd(key.Id, key.Ask) && asks[key.Id] != key.Ask)
                        {
                            contradicting.Add((reader, raw.Line));
                        }

                        await target.WriteAsync(OnOneLine(raw.Json), token);
                    }
                }
            }
        }

        RecordReader Refusing(RecordReader reader) => reader.Over(reader.Part with
        {
            Read = () => reader.Part.Read().Select(raw => contradicting.Contains((reader, raw.Line)) ? RawRecord.Bad(raw.Line, "An earlier line has the same id for another request, so neither can be told from its answer. Give each request an id of its own.", "custom_id") : raw),
        });
    }

    private async Task ChooseAsync(Batch batch, BatchSource source, Pairs pairs, CancellationToken cancellation)
    {
        var known = new List<RequestFile>();
        await foreach (var file in documents.AllAsync<RequestFile>(RequestFile.Of(batch.ProjectId), cancellation))
        {
            known.Add(file.Value);
        }

        known = [.. known.OrderByDescending(file => file.ReceivedAt).ThenBy(file => file.BatchId, StringComparer.Ordinal)];
        var given = batch.Inputs ?? source.Partners; // the same as last time, or those that came along
        var choice = pairs.Choice!;
        await OfferAsync(known, given.Contains, isGiven: true, choice, cancellation);
        if (!choice.Files.Any())
        {
            await OfferAsync(known, id => !given.Contains(id), isGiven: false, choice, cancellation);
            pairs.IsIncomplete = !choice.IsComplete;
        }

        if (pairs.IsIncomplete)
        {
            pairs.Note = Reason(choice, known);
            if (clock.GetUtcNow() >= batch.WaitsUntil)
            {
                throw new UnreadableFileException($"{pairs.Note} It did not come within {options.WaitForInput.TotalHours:N0} hours; when you have it, send both files in one zip.");
            }

            return;
        }

        foreach (var number in choice.Files)
        {
            await using var content = await files.OpenAsync(known[number].ContentPath, cancellation) ?? throw new StorageUnavailableException(StorageTrouble.Busy, "An input file is missing.", TimeSpan.FromSeconds(10));
            await Task.Run(() => Add(pairs.Index!, Lines.Read(content, options), id => choice.Takes(number, id)), cancellation);
        }

        pairs.Files = [.. choice.Files.Select(number => known[number])];
    }

    private async Task OfferAsync(List<RequestFile> known, Func<string, bool> isMeant, bool isGiven, PairChoice choice, CancellationToken cancellation)
    {
        for (var number = 0; number < known.Count; number++)
        {
            if (isMeant(known[number].BatchId))
            {
                choice.Offer(number, await known[number].KeysAsync(files, cancellation), request => !isGiven && known[number].IsAnswered(request));
            }
        }
    }

    private static string Reason(PairChoice choice, List<RequestFile> known) => choice switch
    {
        { Ambiguous: > 0 } => $"{choice.Ambiguous:N0} of the ids stand for different requests in several input files, so it is unclear what was asked. Send the output and its input file in one zip.",
        { Answered: > 0, Missing: 0 } => $"The requests with these ids ({choice.Answered:N0} of them) have been answered by an earlier output. Send the input file of this output; if it answers the same requests again, send both files in one zip.",
        _ => $"These are answers; the requests for {choice.Missing:N0} of them are in no input file that has arrived{(known.Count == 0 ? "" : $" ({known.Count:N0} so far)")}. Send the input file of this OpenAI batch.",
    };

    private void Add(RequestIndex index, IEnumerable<RawRecord> requests, Func<ulong, bool> isMeant)
    {
        foreach (var raw in requests)
        {
            if (RequestKey.Of(raw) is { } key && isMeant(key.Id))
            {
                Require(index.Count);
                index.Add(key, raw.Json.Span);
            }
        }
    }

    private void Require(int requests)
    {
        if (requests > options.MaxRequests)
        {
            throw new UnreadableFileException($"More than {options.MaxRequests:N0} requests in one input file. Split the batch.");
        }
    }

    /// <summary>Inside a text JSON allows no line break, so each of them is space between its parts.</summary>
    private static byte[] OnOneLine(ReadOnlyMemory<byte> json)
    {
        byte[] line = [.. json.Span, (byte)'\n'];
        line.AsSpan(0, json.Length).Replace((byte)'\n', (byte)' ');
        return line;
    }
}

/// <summary>What of a file can be loaded, with the requests that belong to it.</summary>
internal sealed class Pairs(List<RecordReader> readers) : IDisposable
{
    public List<RecordReader> Readers => readers;

    /// <summary>The answers are here, the questions are not, or it is not clear which: the file has to wait.</summary>
    public bool IsIncomplete { get; set; }

    /// <summary>For the receipt.</summary>
    public string? Note { get; set; }

    public PairChoice? Choice { get; init; }

    public RequestIndex? Index { get; init; }

    public IReadOnlyList<RequestFile> Files { get; set; } = [];

    public IReadOnlyList<string>? Inputs => Files.Count == 0 ? null : [.. Files.Select(file => file.BatchId)];

    public void Dispose() => Index?.Dispose();
}
