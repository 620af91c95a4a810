using HealthEval.Intake;
using HealthEval.Storage.Embedded;

namespace HealthEval.Batches.Pairing;

/// <summary>Requests by id. They lie in a temporary file; in memory is only where.</summary>
internal sealed class RequestIndex : IDisposable
{
    private readonly Dictionary<ulong, Place> _places = [];
    private readonly FileStream _spool = TempFolders.CreateFile();

    private byte[] _buffer = new byte[1 << 14];
    private long _end;

    private readonly record struct Place(long Offset, int Length, ulong Ask, bool IsAmbiguous);

    public int Count => _places.Count;

    public void Add(RequestKey key, ReadOnlySpan<byte> json)
    {
        if (_places.TryGetValue(key.Id, out var place))
        {
            _places[key.Id] = place with { IsAmbiguous = place.IsAmbiguous || place.Ask != key.Ask };
            return;
        }

        _spool.Seek(_end, SeekOrigin.Begin);
        _spool.Write(json);
        _places[key.Id] = new Place(_end, json.Length, key.Ask, IsAmbiguous: false);
        _end += json.Length;
    }

    /// <summary>The request; valid until the next one is looked for. Null when there is none with this id.</summary>
    public ReadOnlyMemory<byte>? Find(ulong id, out bool isAmbiguous)
    {
        isAmbiguous = false;
        if (!_places.TryGetValue(id, out var place))
        {
            return null;
        }

        isAmbiguous = place.IsAmbiguous;
        if (_buffer.Length < place.Length)
        {
            _buffer = new byte[Math.Max(place.Length, _buffer.Length * 2)];
        }

        _spool.Seek(place.Offset, SeekOrigin.Begin);
        _spool.ReadExactly(_buffer, 0, place.Length);
        return _buffer.AsMemory(0, place.Length);
    }

    public void Dispose() => _spool.Dispose();
}
