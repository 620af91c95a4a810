using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace HealthEval.Intake.Containers;

/// <summary>
/// Unpacks gzip of any number of members and insists that each is whole. The framework's GZipStream reads a file that was cut off, or
/// that goes on with something else, without a complaint; here every member's length and checksum must follow its data.
/// </summary>
internal sealed class GzipMembers(Stream packed) : ReadOnlyStream
{
    private readonly Window _window = new(packed);
    private readonly Crc32 _crc = new();
    private DeflateStream? _member;
    private uint _length;
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        while (!_ended && !buffer.IsEmpty)
        {
            if (_member is null && !Begin())
            {
                break;
            }

            var read = Inflate(buffer);
            if (read > 0)
            {
                _crc.Append(buffer[..read]);
                _length += (uint)read;
                return read;
            }

            End();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        _member?.Dispose();
        packed.Dispose();
        base.Dispose(disposing);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _member!.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    private bool Begin()
    {
        _window.Forget();
        Span<byte> head = stackalloc byte[10];
        var got = _window.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (got == 0 || head[..got].IndexOfAnyExcept((byte)0) < 0)
        {
            RequireOnlyPadding();
            _ended = true;
            return false;
        }

        if (got < head.Length || head[0] != 0x1F || head[1] != 0x8B || head[2] != 8)
        {
            throw new UnreadableFileException("The gzip file goes on with something that is not gzip. Pack it again.");
        }

        SkipOptionalFields(head[3]);
        _window.Forget();
        _member = new DeflateStream(_window, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    /// <summary>The inflater reads ahead, so the member's trailer is looked for in what was read last: checksum and length, as computed.</summary>
    private void End()
    {
        _member!.Dispose();
        _member = null;
        Span<byte> trailer = stackalloc byte[8];
        _crc.GetCurrentHash(trailer);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
        if (!_window.RewindBehind(trailer))
        {
            throw Damaged();
        }

        _crc.Reset();
        _length = 0;
    }

    private void SkipOptionalFields(byte flags)
    {
        if ((flags & 4) != 0)
        {
            Span<byte> size = stackalloc byte[2];
            Skip(_window.ReadAtLeast(size, 2, throwOnEndOfStream: false) == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : throw Damaged());
        }

        for (var texts = (flags & 8) / 8 + (flags & 16) / 16; texts > 0; texts--)
        {
            while (_window.ReadByte() is not 0 and var b)
            {
                if (b < 0)
                {
                    throw Damaged();
                }
            }
        }

        Skip((flags & 2) != 0 ? 2 : 0);
    }

    private void Skip(int count)
    {
        for (; count > 0; count--)
        {
            if (_window.ReadByte() < 0)
            {
                throw Damaged();
            }
        }
    }

    private void RequireOnlyPadding()
    {
        Span<byte> rest = stackalloc byte[512];
        while (_window.Read(rest) is > 0 and var read)
        {
            if (rest[..read].IndexOfAnyExcept((byte)0) >= 0)
            {
                throw new UnreadableFileException("The gzip file goes on with something that is not gzip. Pack it again.");
            }
        }
    }

    private static UnreadableFileException Damaged() => new("The gzip file is damaged or was cut off: its data do not match its checksum. Pack and send it again.");

    /// <summary>Remembers what was read last, so that one can go back to the end of a member.</summary>
    private sealed class Window(Stream source) : ReadOnlyStream
    {
        private const int Size = 1 << 16;
        private readonly byte[] _bytes = new byte[2 * Size];
        private int _start;
        private int _at;
        private int _end;

        public override int Read(Span<byte> buffer)
        {
            if (_at == _end)
            {
                Fill();
            }

            var count = Math.Min(buffer.Length, _end - _at);
            _bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public void Forget() => _start = _at;

        public bool RewindBehind(ReadOnlySpan<byte> trailer)
        {
            while (true)
            {
                var found = _bytes.AsSpan(_start, _end - _start).IndexOf(trailer);
                if (found >= 0)
                {
                    _at = _start + found + trailer.Length;
                    return true;
                }

                if (_at + trailer.Length <= _end || !Fill())
                {
                    return false;
                }
            }
        }

        /// <summary>Keeps at least the last <see cref="Size"/> / 2 bytes that were read.</summary>
        private bool Fill()
        {
            if (_end + (Size / 2) > _bytes.Length)
            {
                var keep = Math.Max(_start, _at - (Size / 2));
                _bytes.AsSpan(keep, _end - keep).CopyTo(_bytes);
                (_start, _at, _end) = (0, _at - keep, _end - keep);
            }

            var read = source.Read(_bytes.AsSpan(_end));
            _end += read;
            return read > 0;
        }
    }
}
