using System.Text.Json;
using System.Xml;
using HealthEval.Intake;
using HealthEval.Intake.Formats;
using HealthEval.Intake.Profiles;
using HealthEval.Storage;

namespace HealthEval.Batches.Benchmarks;

/// <summary>What a file holds of a benchmark: its prompts as they are stored, by id.</summary>
/// <param name="Fault">Why none of it can be used; null when it can.</param>
internal sealed record BenchmarkFile(SortedDictionary<string, byte[]> Prompts, int Criteria, int References, IReadOnlyDictionary<string, int> Themes,
    IReadOnlyList<RecordError> Errors, string? Fault)
{
    private const int MostPrompts = 100_000;
    private const long MostBytes = 128L << 20;

    /// <summary>Rows of HealthBench and K-QA, and whatever has a prompt: answers in it are left out, but for the one without a model that stands for a
    /// reference.</summary>
    public static BenchmarkFile Read(BatchSource source, IEnumerable<ImportProfile> kept, IngestOptions options, CancellationToken cancellation)
    {
        var formats = kept.Aggregate(options.Formats, (known, profile) => known.With(ProfileFormat.Of(profile, source.Name))).Then(PromptRows.Format);
        var reading = new Reading(options);
        try
        {
            foreach (var part in Unpacking.Inspect(source.Name, source.Open, source.Encoding, options with { Formats = formats }))
            {
                var recognition = Recognition.Of(part, formats);
                foreach (var raw in part.Read())
                {
                    cancellation.ThrowIfCancellationRequested();
                    reading.Add(raw, recognition);
                }
            }
        }
        catch (Exception failure) when (failure is UnreadableFileException or XmlException or System.Text.DecoderFallbackException)
        {
            return reading.End(BatchStep.ReasonOf(failure));
        }

        return reading.End(null);
    }

    private sealed class Reading(IngestOptions options)
    {
        private readonly SortedDictionary<string, byte[]> _prompts = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, int> _themes = new(StringComparer.Ordinal);
        private readonly List<RecordError> _errors = [];
        private int _criteria;
        private int _references;
        private long _bytes;

        public void Add(RawRecord raw, Recognition recognition)
        {
            var problem = raw.Problem;
            using var document = problem is null ? JsonRecord.Parse(raw.Json, out problem) : null;
            if (document is null)
            {
                _errors.Add(new RecordError(raw.Line, raw.Path, problem!));
                return;
            }

            var draft = recognition.Draft(document.RootElement);
            if (draft.Responses is [{ Model: null, Content: var answer }])
            {
                draft.Reference ??= JsonSerializer.SerializeToElement(answer);
            }

            draft.Problems.RemoveAll(found => draft.Messages.Count > 0 && found.Path is "response" or "responses"); // there need be none
            draft.Responses.Clear();
            draft.PromptOnly = true;
            DraftRules.Check(draft, options);
            if (draft.Problems.Count > 0)
            {
                _errors.Add(new RecordError(raw.Line, draft.Problems[0].Path, draft.Problems[0].Reason));
                return;
            }

            Keep(BenchmarkPrompt.Of(draft), raw.Line);
        }

        public BenchmarkFile End(string? fault) => new(
            _prompts, _criteria, _references, _themes, _errors,
            fault ?? (_prompts.Count > 0 ? null : _errors.Count > 0
                ? $"None of the records can be a prompt. The first: line {_errors[0].Line}: {_errors[0].Reason}" : "The file has no records."));

        private void Keep(BenchmarkPrompt prompt, long line)
        {
            var json = Json.Bytes(prompt);
            if (_prompts.TryGetValue(prompt.PromptId, out var known))
            {
                if (!known.AsSpan().SequenceEqual(json))
                {
                    _errors.Add(new RecordError(line, "prompt_id", "Another record of the file has this prompt_id, with other content. The first one counts."));
                }

                return;
            }

            _bytes += json.Length;
            if (_prompts.Count == MostPrompts || _bytes > MostBytes)
            {
                throw new UnreadableFileException($"A benchmark has at most {MostPrompts:N0} prompts and {MostBytes >> 20} MB. Split it.");
            }

            _prompts[prompt.PromptId] = json;
            _criteria += prompt.Rubric.Count;
            _references += prompt.Reference is null ? 0 : 1;
            if (prompt.Theme is { } theme)
            {
                _themes[theme] = _themes.GetValueOrDefault(theme) + 1;
            }
        }
    }
}

/// <summary>What came of adding one.</summary>
/// <param name="IsNew">False when the latest version has this very content.</param>
/// <param name="Errors">Records that are not in it, the first of them; <paramref name="Rejected"/> counts all.</param>
internal sealed record BenchmarkAdded(Benchmark Benchmark, bool IsNew, int Rejected, IReadOnlyList<RecordError> Errors);
