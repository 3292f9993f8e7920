using System.Globalization;
using System.Text.Json;

namespace Kappa.Events;

/// <summary>
/// Writes recorded events as CloudEvents 1.0 JSON: every attribute and the data as they were sent. What
/// <see cref="CloudEventReader"/> reads from it, without the position, is the same record byte by byte.
/// </summary>
public static class CloudEventWriter
{
    /// <summary>
    /// Writes one JSON object. <paramref name="withPosition"/> adds <c>kappapartition</c> and <c>kappasequence</c> (JSON
    /// numbers; a sequence may pass the 32 bits of a CloudEvents integer) and <c>kappatime</c>, the append time to 100 ns.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, in RecordedEvent recorded, bool withPosition)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("specversion"u8, "1.0"u8);
        writer.WriteString("id"u8, recorded.Id);
        writer.WriteString("source"u8, recorded.Source);
        writer.WriteString("type"u8, recorded.Type);
        WriteUnlessEmpty(writer, "subject"u8, recorded.Subject);
        WriteUnlessEmpty(writer, "time"u8, recorded.TimeText);
        WriteUnlessEmpty(writer, "datacontenttype"u8, recorded.DataContentType);
        WriteUnlessEmpty(writer, "dataschema"u8, recorded.DataSchema);
        foreach (var extension in recorded.Extensions)
            Write(writer, extension);
        if (withPosition)
            WritePosition(writer, recorded);
        WriteData(writer, recorded);
        writer.WriteEndObject();
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
            writer.WriteString(name, value);
    }

    private static void Write(Utf8JsonWriter writer, EventExtensions.Entry extension)
    {
        writer.WritePropertyName(extension.Name);
        if (extension.Kind == EventExtensionKind.Text)
            writer.WriteStringValue(extension.Value);
        else
            writer.WriteRawValue(extension.Value);
    }

    private static void WritePosition(Utf8JsonWriter writer, in RecordedEvent recorded)
    {
        writer.WriteNumber("kappapartition"u8, recorded.Position.Partition);
        writer.WriteNumber("kappasequence"u8, recorded.Position.Sequence);
        Span<byte> time = stackalloc byte[32];
        recorded.Appended.UtcDateTime.TryFormat(time, out var length, "O", CultureInfo.InvariantCulture);
        writer.WriteString("kappatime"u8, time[..length]);
    }

    private static void WriteData(Utf8JsonWriter writer, in RecordedEvent recorded)
    {
        switch (recorded.DataKind)
        {
            case EventDataKind.Json:
                writer.WritePropertyName("data"u8);
                // It was checked when it was taken.
                writer.WriteRawValue(recorded.Data.Span, skipInputValidation: true);
                break;
            case EventDataKind.Binary:
                writer.WriteBase64String("data_base64"u8, recorded.Data.Span);
                break;
        }
    }
}
