using System.Runtime.CompilerServices;
using System.Text;

namespace Kappa.Json;

/// <summary>
/// Goes over well-formed JSON of the usual shape byte by byte, at a fraction of what a reader of tokens costs. Each step
/// says false where it meets anything less usual (an escape, a letter beyond ASCII, a number that does not fit), and
/// the caller starts again with a reader, which knows all of JSON.
/// </summary>
internal ref struct JsonScan(ReadOnlySpan<byte> json)
{
    private const int DigitsMax = 18;

    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;

    /// <summary>Where the next byte stands.</summary>
    public readonly int At => _at;

    public readonly ReadOnlySpan<byte> From(int start) => _json[start.._at];

    /// <summary>Goes past this character, and white space before it, if it comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Take(byte character)
    {
        if ((uint)_at < (uint)_json.Length && _json[_at] == character)
        {
            _at++;
            return true;
        }
        return TakeAfterSpace(character);
    }

    /// <summary>The first letter of the member's name that comes next, past white space and its quote; 0 if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte FirstOfName() => Take((byte)'"') && (uint)_at < (uint)_json.Length ? _json[_at] : (byte)0;

    /// <summary>Goes past the rest of a name with its quote and colon, as in <c>total":</c>, if it is just this.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TakeName(ReadOnlySpan<byte> name)
    {
        if (!_json[_at..].StartsWith(name))
            return false;
        _at += name.Length;
        return true;
    }

    /// <summary>Goes past a string without escapes, ASCII only.</summary>
    public bool TakeText(out ReadOnlySpan<byte> text) => TakeRaw(out text) && Ascii.IsValid(text);

    /// <summary>Goes past a string without escapes, whatever its letters.</summary>
    public bool SkipText() => TakeRaw(out _);

    /// <summary>Goes past a number as it stands.</summary>
    public bool SkipNumber()
    {
        if (Take((byte)'"') || Take((byte)'[') || Take((byte)'{'))
            return false;
        while ((uint)_at < (uint)_json.Length && _json[_at] is not ((byte)',' or (byte)'}'))
            _at++;
        return true;
    }

    /// <summary>Goes past a whole number of up to 9 digits.</summary>
    public bool TakeInteger(out int value)
    {
        var isGood = TakeNumber(out var mantissa, out var scale, out var isNegative) && scale == 0 && mantissa <= 999_999_999;
        value = isNegative ? -(int)mantissa : (int)mantissa;
        return isGood;
    }

    /// <summary>Goes past a number of up to 18 digits without an exponent.</summary>
    public bool TakeMoney(out decimal value)
    {
        var isGood = TakeNumber(out var mantissa, out var scale, out var isNegative);
        value = isGood ? new decimal((int)mantissa, (int)(mantissa >> 32), 0, isNegative, (byte)scale) : 0;
        return isGood;
    }

    private bool TakeNumber(out long mantissa, out int scale, out bool isNegative)
    {
        isNegative = Take((byte)'-');
        (mantissa, scale) = (0, 0);
        var json = _json;
        var (first, point, at) = (_at, -1, _at);
        for (; (uint)at < (uint)json.Length; at++)
        {
            var digit = (uint)(json[at] - '0');
            if (digit <= 9)
                mantissa = mantissa * 10 + digit;
            else if (json[at] == '.' && point < 0)
                point = at;
            else
                break;
        }
        _at = at;
        scale = point < 0 ? 0 : at - point - 1;
        var digits = at - first - (point < 0 ? 0 : 1);
        // What ends it must be what ends a value: an exponent is for the reader.
        return digits is > 0 and <= DigitsMax && (uint)at < (uint)json.Length && json[at] is (byte)',' or (byte)'}' or <= (byte)' ';
    }

    private bool TakeRaw(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!Take((byte)'"'))
            return false;
        var rest = _json[_at..];
        var end = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || rest[end] == '\\')
            return false;
        text = rest[..end];
        _at += end + 1;
        return true;
    }

    private bool TakeAfterSpace(byte character)
    {
        while ((uint)_at < (uint)_json.Length && _json[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            _at++;
        if ((uint)_at >= (uint)_json.Length || _json[_at] != character)
            return false;
        _at++;
        return true;
    }
}
