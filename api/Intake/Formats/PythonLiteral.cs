using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// What Python prints of lists and dictionaries of texts, as pandas leaves it in a cell: <c>[{'role': 'user', 'content': "What's up?"}]</c>, also with
/// <c>array([...], dtype=object)</c> around or without commas between, as numpy prints it.
/// </summary>
internal sealed class PythonLiteral
{
    private const int MaxDepth = 32;
    private static readonly System.Buffers.SearchValues<char> Structure = System.Buffers.SearchValues.Create("[]{}'\"");
    private readonly string _text;
    private readonly StringBuilder _json = new();
    private int _at;

    private PythonLiteral(string text) => _text = text;

    /// <summary>Null when it is not one from its first character to its last.</summary>
    public static string? ToJson(string text)
    {
        var literal = new PythonLiteral(text);
        return literal.Value(0) && literal.IsAtEnd() && IsJson(literal._json.ToString()) ? literal._json.ToString() : null;
    }

    private static bool IsJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool IsAtEnd()
    {
        Blank();
        return _at == _text.Length;
    }

    private bool Value(int depth)
    {
        Blank();
        if (_at >= _text.Length || depth > MaxDepth)
        {
            return false;
        }

        return _text[_at] switch
        {
            '[' => Items(']', depth),
            '(' => Items(')', depth),
            '{' => Pairs(depth),
            '\'' or '"' => Text(),
            _ => Word(depth),
        };
    }

    private bool Items(char close, int depth)
    {
        _at++;
        _json.Append('[');
        for (var first = true; ; first = false)
        {
            Blank();
            if (Takes(close))
            {
                _json.Append(']');
                return true;
            }

            var hasComma = !first && Takes(',');
            Blank();
            if (hasComma && Takes(close))
            {
                _json.Append(']');
                return true;
            }

            if (!first)
            {
                _json.Append(',');
            }

            if (!Value(depth + 1))
            {
                return false;
            }
        }
    }

    private bool Pairs(int depth)
    {
        _at++;
        _json.Append('{');
        for (var first = true; ; first = false)
        {
            Blank();
            if (Takes('}'))
            {
                _json.Append('}');
                return true;
            }

            if (!first && !Takes(','))
            {
                return false;
            }

            Blank();
            if (!first && Takes('}'))
            {
                _json.Append('}');
                return true;
            }

            _json.Append(first ? "" : ",");
            if (_at >= _text.Length || _text[_at] is not ('\'' or '"') || !Text())
            {
                return false;
            }

            Blank();
            if (!Takes(':'))
            {
                return false;
            }

            _json.Append(':');
            if (!Value(depth + 1))
            {
                return false;
            }
        }
    }

    private bool Text()
    {
        var quote = _text[_at++];
        var text = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] != '\\')
            {
                text.Append(_text[_at++]);
            }
            else if (++_at >= _text.Length || !Escape(text))
            {
                return false;
            }
        }

        _json.Append(JsonSerializer.Serialize(text.ToString()));
        return Takes(quote);
    }

    private bool Escape(StringBuilder text)
    {
        var escape = _text[_at++];
        var digits = escape switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (_at + digits > _text.Length || !int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
            {
                return false;
            }

            _at += digits;
            text.Append(new Rune(code).ToString());
            return true;
        }

        text.Append(escape switch { 'n' => "\n", 't' => "\t", 'r' => "\r", '\\' or '\'' or '"' => escape.ToString(), _ => $"\\{escape}" });
        return true;
    }

    private bool Word(int depth)
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '.' or '-' or '+' or '_'))
        {
            _at++;
        }

        var word = _text[start.._at];
        if (word is "array" && Takes('('))
        {
            return Value(depth + 1) && Rest();
        }

        var json = word switch { "True" or "true" => "true", "False" or "false" => "false", "None" or "null" or "nan" => "null", _ => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? word : null };
        _json.Append(json);
        return json is not null;
    }

    /// <summary>Of an array: its type.</summary>
    private bool Rest()
    {
        var close = _text.IndexOf(')', _at);
        if (close < 0 || _text.AsSpan(_at, close - _at).IndexOfAny(Structure) >= 0)
        {
            return false;
        }

        _at = close + 1;
        return true;
    }

    private bool Takes(char c)
    {
        var takes = _at < _text.Length && _text[_at] == c;
        _at += takes ? 1 : 0;
        return takes;
    }

    private void Blank()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }
}
