using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Kappa.Capture.Avro;
using Kappa.Events;

namespace Kappa.Capture;

/// <summary>
/// Reads the events of one capture file, ours or those of Event Hubs, in their order: as the file's own schema says, packed
/// or not. Memory is bounded by the largest block. Used by one reader at a time.
/// </summary>
public sealed class CaptureFile : IDisposable
{
    private static readonly string[] _timeFormats = ["M/d/yyyy h:mm:ss tt", "M/d/yyyy H:mm:ss"];

    private readonly CaptureBlocks _blocks;

    private CaptureFile(CaptureBlocks blocks) => _blocks = blocks;

    /// <summary>Which log the file is of, if it is one of ours; null otherwise.</summary>
    public CaptureOrigin? Origin => _blocks.Header.Origin;

    /// <summary>Reads the header. Takes over the stream.</summary>
    /// <param name="stream">The file, from its start.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <exception cref="CaptureCorruptException">This is no capture file.</exception>
    public static async ValueTask<CaptureFile> OpenAsync(Stream stream, string name, CancellationToken cancellationToken = default)
    {
        var blocks = new CaptureBlocks(stream, name);
        try
        {
            await blocks.OpenAsync(cancellationToken).ConfigureAwait(false);
            return new CaptureFile(blocks);
        }
        catch
        {
            blocks.Dispose();
            throw;
        }
    }

    /// <summary>The events, once. Of a file that is cut off or damaged those of the whole blocks before come first.</summary>
    /// <exception cref="CaptureCorruptException">The file is damaged; it names the byte.</exception>
    public async IAsyncEnumerable<CapturedEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _blocks.NextAsync(cancellationToken).ConfigureAwait(false))
            foreach (var captured in Block())
                yield return captured;
    }

    public void Dispose() => _blocks.Dispose();

    private List<CapturedEvent> Block()
    {
        var cursor = _blocks.Cursor();
        var events = new List<CapturedEvent>(Math.Min(_blocks.Count, 4096));
        for (var i = 0; i < _blocks.Count; i++)
        {
            if (cursor.IsAtEnd)
                throw cursor.Corrupt($"a block of {_blocks.Count} events ends after {i}");
            events.Add(Event(ref cursor, _blocks.Header.Schema));
        }
        return cursor.IsAtEnd ? events : throw cursor.Corrupt($"something stands behind the {_blocks.Count} events of a block");
    }

    private static CapturedEvent Event(ref AvroCursor cursor, CaptureSchema schema)
    {
        var captured = new CapturedEvent();
        for (var i = 0; i < schema.Fields.Count; i++)
        {
            var type = schema.Record.Parts[i];
            captured = schema.Fields[i] switch
            {
                CaptureField.SequenceNumber => captured with { Sequence = Value(ref cursor, type) is long sequence ? sequence : throw cursor.Corrupt("a sequence number is no number") },
                CaptureField.Offset => captured with { Offset = Convert.ToString(Value(ref cursor, type), CultureInfo.InvariantCulture) ?? "" },
                CaptureField.EnqueuedTimeUtc => captured with { Enqueued = Time(Value(ref cursor, type)) },
                CaptureField.SystemProperties => captured with { SystemProperties = Map(ref cursor, type) },
                CaptureField.Properties => captured with { Properties = Map(ref cursor, type) },
                CaptureField.Body => captured with { Body = Body(Value(ref cursor, type)) },
                _ => Skipped(ref cursor, type, captured),
            };
        }
        return captured.Properties.FirstOrDefault(property => property.Name == CaptureNames.Time).Value is string precise
            ? captured with { Enqueued = Time(precise) ?? captured.Enqueued }
            : captured;
    }

    private static CapturedEvent Skipped(ref AvroCursor cursor, AvroType type, CapturedEvent captured)
    {
        cursor.Skip(type);
        return captured;
    }

    private static List<CapturedProperty> Map(ref AvroCursor cursor, AvroType type)
    {
        var properties = new List<CapturedProperty>();
        if (type.Kind == AvroKind.Union)
            type = cursor.Branch(type);
        if (type.Kind != AvroKind.Map)
        {
            cursor.Skip(type);
            return properties;
        }
        for (var count = cursor.BlockCount(); count != 0; count = cursor.BlockCount())
            for (; count > 0; count--)
            {
                var name = Text(ref cursor);
                properties.Add(new CapturedProperty(name, Value(ref cursor, type.Parts[0])));
            }
        return properties;
    }

    private static object? Value(ref AvroCursor cursor, AvroType type)
    {
        switch (type.Kind)
        {
            case AvroKind.Union: return Value(ref cursor, cursor.Branch(type));
            case AvroKind.Int or AvroKind.Long: return cursor.Long();
            case AvroKind.Boolean: return cursor.Fixed(1)[0] != 0;
            case AvroKind.Float: return (double)cursor.Float();
            case AvroKind.Double: return cursor.Double();
            case AvroKind.Bytes: return cursor.Bytes().ToArray();
            case AvroKind.Fixed: return cursor.Fixed(type.FixedBytes).ToArray();
            case AvroKind.Text: return Text(ref cursor);
            default:
                cursor.Skip(type);
                return null;
        }
    }

    private static string Text(ref AvroCursor cursor)
    {
        var bytes = cursor.Bytes();
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw cursor.Corrupt("a text is no UTF-8");
    }

    private static ReadOnlyMemory<byte>? Body(object? value) => value switch
    {
        byte[] bytes => new ReadOnlyMemory<byte>(bytes),
        string text => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(text)),
        // An array that is null would become memory that is empty.
        _ => (ReadOnlyMemory<byte>?)null,
    };

    /// <summary>Real files say it in American: <c>12/9/2022 5:10:16 PM</c>.</summary>
    private static DateTimeOffset? Time(object? value) => value switch
    {
        long milliseconds => Milliseconds(milliseconds),
        string text when DateTimeOffset.TryParseExact(text, _timeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var time) => time,
        string text when Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var ticks) => new DateTimeOffset(ticks, TimeSpan.Zero),
        _ => null,
    };

    internal static DateTimeOffset? Milliseconds(long milliseconds) =>
        milliseconds is >= 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
