using System.Text;
using System.Text.Json;

namespace Kappa.Engine.Diffing;

/// <summary>A place in a JSON text, and the slices of it that stand there.</summary>
internal ref struct JsonCursor
{
    // Deeper than any state can be written with the usual options, and no danger to the stack.
    private const int DepthMax = 512;

    private readonly ReadOnlyMemory<byte> _json;
    private Utf8JsonReader _reader;

    public JsonCursor(ReadOnlyMemory<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = DepthMax });
    }

    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>The token as it is written; a string or a name without its quotes.</summary>
    public readonly ReadOnlySpan<byte> Span => _reader.ValueSpan;

    public void Read() => _reader.Read();

    /// <summary>The JSON of the value that starts here; then the cursor is at its last token.</summary>
    public ReadOnlyMemory<byte> TakeValue()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return _json[start..(int)_reader.BytesConsumed];
    }

    /// <summary>The name of the property that starts here, as it is written.</summary>
    public readonly ReadOnlyMemory<byte> Name() => _json.Slice((int)_reader.TokenStartIndex + 1, _reader.ValueSpan.Length);

    /// <summary>The characters of a string or name that is written with escapes; null if it has none.</summary>
    public readonly string? EscapedText() => _reader.ValueIsEscaped ? Text() : null;

    /// <summary>Whether the string or name here has the same characters as the other.</summary>
    public readonly bool HasTextOf(ref JsonCursor other) =>
        Span.SequenceEqual(other.Span)
        || ((_reader.ValueIsEscaped || other._reader.ValueIsEscaped) && Text() == other.Text());

    /// <summary>The properties from here to the end of their object; of two with one name the last counts.</summary>
    public OrderedDictionary<string, ReadOnlyMemory<byte>> TakeProperties()
    {
        var properties = new OrderedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        for (; Token != JsonTokenType.EndObject; Read())
        {
            var name = Text();
            Read();
            properties[name] = TakeValue();
        }

        return properties;
    }

    private readonly string Text()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text: it stands for itself, as it is written.
            return Encoding.UTF8.GetString(_reader.ValueSpan);
        }
    }
}
