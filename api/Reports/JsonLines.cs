using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>Export files: one JSON value per line (or one per file), UTF-8, LF, in the program's one JSON configuration.</summary>
internal static class JsonLines
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static FileStream Create(string path) => Open(path, append: false);

    public static FileStream Open(string path, bool append) => new(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);

    public static async Task WriteAsync<T>(Stream stream, T value, CancellationToken cancellation)
    {
        await stream.WriteAsync(Json.Bytes(value), cancellation);
        await stream.WriteAsync(NewLine, cancellation);
    }

    public static async Task WriteFileAsync<T>(string path, T value, CancellationToken cancellation)
    {
        await using var stream = Create(path);
        await WriteAsync(stream, value, cancellation);
    }

    public static async Task WriteAllAsync<T>(string path, IEnumerable<T> values, CancellationToken cancellation)
    {
        await using var stream = Create(path);
        foreach (var value in values)
        {
            await WriteAsync(stream, value, cancellation);
        }
    }

    public static T ReadFile<T>(string path)
        where T : class => Json.Parse<T>(File.ReadAllBytes(path).AsSpan().TrimEnd((byte)'\n'));

    /// <summary>The lines of a file as values, one in memory at a time. A line that cannot be read names its file and number.</summary>
    public static IEnumerable<T> Read<T>(string path)
        where T : class
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        var lines = new LineReader(stream);
        for (var number = 1; lines.Next() is { } line; number++)
        {
            yield return Parse<T>(line.Span, path, number);
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> line, string path, int number)
        where T : class
    {
        try
        {
            return Json.Parse<T>(line);
        }
        catch (JsonException unreadable)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)}, line {number}: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Splits a stream at LF without making strings.</summary>
    private sealed class LineReader(Stream stream)
    {
        private byte[] _buffer = new byte[1 << 16];
        private int _start;
        private int _end;

        public ReadOnlyMemory<byte>? Next()
        {
            for (var searched = _start; ;)
            {
                var at = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
                if (at >= 0)
                {
                    var line = _buffer.AsMemory(_start, searched + at - _start);
                    _start = searched + at + 1;
                    return line;
                }

                searched = MakeRoom();
                var read = stream.Read(_buffer, _end, _buffer.Length - _end);
                if (read == 0)
                {
                    if (_start == _end)
                    {
                        return null;
                    }

                    ReadOnlyMemory<byte> rest = _buffer.AsMemory(_start, _end - _start);
                    _start = _end;
                    return rest;
                }

                _end += read;
            }
        }

        private int MakeRoom()
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }
            else if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            return _end;
        }
    }
}
