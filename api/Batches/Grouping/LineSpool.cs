using System.Runtime.InteropServices;
using HealthEval.Intake;
using HealthEval.Storage.Embedded;

namespace HealthEval.Batches.Grouping;

/// <summary>Lines that may belong together, in a temporary file; in memory is only where each lies and which prompt it is about.</summary>
internal sealed class LineSpool : IDisposable
{
    private readonly List<Place> _places = [];
    private readonly FileStream _file = TempFolders.CreateFile();

    private long _end;

    public int Count => _places.Count;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(ulong Prompt, int Reader, long Line, long Offset, int Length, string? Note);

    /// <summary>A line again, with the number of the reader that understands it.</summary>
    internal sealed record Spooled(int Reader, RawRecord Raw);

    public void Add(ulong prompt, int reader, RawRecord raw)
    {
        _file.Write(raw.Json.Span);
        _places.Add(new Place(prompt, reader, raw.Line, _end, raw.Json.Length, raw.Note));
        _end += raw.Json.Length;
    }

    /// <summary>The lines of one prompt after the other, in the order in which the prompts first appear.</summary>
    public IEnumerable<IReadOnlyList<Spooled>> ByPrompt()
    {
        _file.Flush();
        var begin = new Dictionary<ulong, long>();
        _places.ForEach(place => begin.TryAdd(place.Prompt, place.Offset));
        _places.Sort((a, b) => (begin[a.Prompt], a.Offset).CompareTo((begin[b.Prompt], b.Offset)));
        for (var first = 0; first < _places.Count;)
        {
            var end = first + 1;
            while (end < _places.Count && _places[end].Prompt == _places[first].Prompt)
            {
                end++;
            }

            yield return [.. _places[first..end].Select(Read)];
            first = end;
        }
    }

    public void Dispose() => _file.Dispose();

    private Spooled Read(Place place)
    {
        var json = new byte[place.Length];
        _file.Seek(place.Offset, SeekOrigin.Begin);
        _file.ReadExactly(json);
        return new Spooled(place.Reader, new RawRecord(place.Line, json, null) { Note = place.Note });
    }
}
