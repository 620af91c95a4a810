using System.Buffers;

namespace HealthEval.Intake.Containers;

/// <summary>Finds where a JSON value ends by counting brackets outside of strings; can go on over any number of buffers.</summary>
internal sealed class ValueScan
{
    private static readonly SearchValues<byte> Structural = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> InString = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Ends = SearchValues.Create(" \t\r\n,]}"u8);
    private int _at;
    private long _depth;
    private bool _inString;
    private bool _started;
    private bool _isScalar;

    /// <summary>Bytes of the value in the buffer.</summary>
    public int Length { get; set; }

    public bool IsClosed { get; private set; }

    public bool IsTooLong { get; set; }

    public long DiscardedLines { get; private set; }

    /// <summary>Looks at what is new in the buffer; true when the end has been found.</summary>
    public bool Find(ReadOnlySpan<byte> text)
    {
        if (!_started && text.Length > 0)
        {
            _started = true;
            _isScalar = !Structural.Contains(text[0]) || text[0] is (byte)'}' or (byte)']';
            _at = _isScalar ? 1 : 0;
        }

        while (_at < text.Length)
        {
            if (_inString)
            {
                var end = text[_at..].IndexOfAny(InString);
                if (end < 0 || (text[_at + end] == '\\' && _at + end + 1 >= text.Length))
                {
                    _at = end < 0 ? text.Length : _at + end;
                    return false;
                }

                _inString = text[_at + end] == '\\';
                _at += end + (_inString ? 2 : 1);
                if (!_inString && _depth == 0)
                {
                    return Close();
                }
            }
            else if (!Step(text))
            {
                return IsClosed;
            }
        }

        return false;
    }

    /// <summary>Drops what has been looked at: the value is too long to keep.</summary>
    public void Discard(RecordBuffer buffer)
    {
        DiscardedLines += buffer.Unread[.._at].Count((byte)'\n');
        buffer.Consume(_at);
        _at = 0;
    }

    private bool Step(ReadOnlySpan<byte> text)
    {
        var next = _isScalar ? text[_at..].IndexOfAny(Ends) : text[_at..].IndexOfAny(Structural);
        if (next < 0)
        {
            _at = text.Length;
            return false;
        }

        _at += next;
        switch (text[_at])
        {
            case (byte)'"':
                _inString = true;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            default:
                if (_depth <= 1)
                {
                    _at += _isScalar ? 0 : 1;
                    Close();
                    return false;
                }

                _depth--;
                break;
        }

        _at++;
        return true;
    }

    private bool Close()
    {
        Length = _at;
        IsClosed = true;
        return true;
    }
}
