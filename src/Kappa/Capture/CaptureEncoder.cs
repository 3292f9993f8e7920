using System.Globalization;
using System.Text;
using Kappa.Capture.Avro;
using Kappa.Events;

namespace Kappa.Capture;

/// <summary>
/// Writes recorded events in the schema of Event Hubs Capture. The properties stand in the order of the fields of a record,
/// so that the record is put together again in one pass (<see cref="CaptureDecoder"/>). Used by one thread.
/// </summary>
internal sealed class CaptureEncoder(AvroBuffer into)
{
    private const int TextBranch = 2, BytesBranch = 1;

    private long _ticks = -1;
    private byte[] _second = [], _time = [];

    public void Add(in RecordedEvent recorded)
    {
        Tell(recorded.AppendedTicks);
        into.Long(recorded.Position.Sequence);
        Span<byte> offset = stackalloc byte[20];
        recorded.Position.Sequence.TryFormat(offset, out var digits, default, CultureInfo.InvariantCulture);
        into.Bytes(offset[..digits]);
        into.Bytes(_second);
        var kind = Kind(recorded, out var contentType);
        if (!contentType.IsEmpty)
        {
            into.Long(1);
            Property("content-type"u8, contentType);
        }
        into.Long(0);
        Properties(recorded, kind);
        if (recorded.DataKind == EventDataKind.None)
        {
            into.Long(0);
            return;
        }
        into.Long(BytesBranch);
        into.Bytes(recorded.Data.Span);
    }

    private void Properties(in RecordedEvent recorded, ReadOnlySpan<byte> kind)
    {
        Span<byte> kinds = stackalloc byte[EventExtensions.CountMax];
        var (extensions, isAnyTyped) = (0, false);
        foreach (var extension in recorded.Extensions)
        {
            kinds[extensions++] = (byte)('0' + (int)extension.Kind);
            isAnyTyped |= extension.Kind != EventExtensionKind.Text;
        }
        // Specification version, id, source, type and append time are always there.
        into.Long(5 + One(recorded.Subject) + One(recorded.TimeText) + One(recorded.DataSchema) + extensions + One(kind) + (isAnyTyped ? 1 : 0));
        Property("cloudEvents:specversion"u8, "1.0"u8);
        Property("cloudEvents:id"u8, recorded.Id);
        Property("cloudEvents:source"u8, recorded.Source);
        Property("cloudEvents:type"u8, recorded.Type);
        Optional("cloudEvents:subject"u8, recorded.Subject);
        Optional("cloudEvents:time"u8, recorded.TimeText);
        Optional("cloudEvents:dataschema"u8, recorded.DataSchema);
        foreach (var extension in recorded.Extensions)
        {
            into.Long(12 + extension.Name.Length);
            into.Raw("cloudEvents:"u8);
            into.Raw(extension.Name);
            into.Long(TextBranch);
            into.Bytes(extension.Value);
        }
        Property("kappa:time"u8, _time);
        Optional("kappa:data"u8, kind);
        if (isAnyTyped)
            Property("kappa:kinds"u8, kinds[..extensions]);
        into.Long(0);

        static int One(ReadOnlySpan<byte> value) => value.IsEmpty ? 0 : 1;
    }

    /// <summary>What must be said about the data besides its content type; empty if that says it.</summary>
    internal static ReadOnlySpan<byte> Kind(in RecordedEvent recorded, out ReadOnlySpan<byte> contentType)
    {
        contentType = recorded.DataContentType;
        var isJson = !contentType.IsEmpty && MediaType.IsJson(contentType);
        if (recorded.DataKind == EventDataKind.Json && contentType.IsEmpty)
        {
            contentType = "application/json"u8;
            return "json-implied"u8;
        }
        return recorded.DataKind switch
        {
            EventDataKind.Json when !isJson => "json"u8,
            EventDataKind.Binary when isJson => "binary"u8,
            _ => default,
        };
    }

    private void Optional(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
            Property(name, value);
    }

    private void Property(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        into.Bytes(name);
        into.Long(TextBranch);
        into.Bytes(value);
    }

    /// <summary>Many events in a row were appended at one time.</summary>
    private void Tell(long ticks)
    {
        if (ticks == _ticks)
            return;
        _ticks = ticks;
        var time = new DateTime(ticks, DateTimeKind.Utc);
        _second = Encoding.UTF8.GetBytes(time.ToString("M/d/yyyy h:mm:ss tt", CultureInfo.InvariantCulture));
        _time = Encoding.UTF8.GetBytes(time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
    }
}
