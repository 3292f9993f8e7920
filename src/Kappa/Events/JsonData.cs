using System.Text.Json;
using System.Text.Unicode;

namespace Kappa.Events;

/// <summary>JSON as data of events: what is well-formed, and where a malformed text goes wrong.</summary>
internal static class JsonData
{
    /// <summary>How deep the data of an event may nest: what readers of JSON take by default, so that any of them can read it back.</summary>
    public const int DepthMax = 64;

    /// <summary>Cuts the bytes to the one JSON value in them; false, with the reason, if they are something else.</summary>
    public static bool TryTrim(ref ReadOnlySpan<byte> json, out string problem)
    {
        problem = "";
        if (!Utf8.IsValid(json))
        {
            problem = $"must be UTF-8, but is not at byte {ValidLength(json)}";
            return false;
        }
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            reader.Read();
            json = json[start..end];
            return true;
        }
        catch (JsonException e)
        {
            problem = Explain(json, e, DepthMax - reader.CurrentDepth);
            return false;
        }
    }

    /// <summary>Where and why reading stopped, given how many levels were left.</summary>
    public static string Explain(ReadOnlySpan<byte> json, JsonException e, int levelsLeft)
    {
        var offset = 0;
        for (var line = e.LineNumber ?? 0; line > 0 && json[offset..].IndexOf((byte)'\n') is var length and >= 0; line--)
            offset += length + 1;
        offset = (int)Math.Min(offset + (e.BytePositionInLine ?? 0), json.Length);
        // The level of an opening bracket counts only once the reader has moved on.
        return levelsLeft <= 1 && offset < json.Length && (json[offset] is (byte)'{' or (byte)'[')
            ? $"nests deeper than {DepthMax} levels at byte {offset}; flatten it"
            : $"is malformed JSON at byte {offset}: {Sentence(e)}";
    }

    /// <summary>What the reader says is wrong, less the place, which it gives by line and column.</summary>
    public static string Sentence(JsonException e)
    {
        var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (end < 0)
            end = e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    /// <summary>How many bytes are valid UTF-8, from the start.</summary>
    public static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        Span<char> chars = stackalloc char[256];
        var length = 0;
        while (length < bytes.Length)
        {
            var status = Utf8.ToUtf16(bytes[length..], chars, out var read, out _, replaceInvalidSequences: false);
            length += read;
            if (status is System.Buffers.OperationStatus.InvalidData or System.Buffers.OperationStatus.NeedMoreData)
                break;
        }
        return length;
    }
}
