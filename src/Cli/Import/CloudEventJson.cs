using System.Buffers;
using System.Text.Json;
using Kappa.Events;

namespace Kappa.Cli.Import;

/// <summary>Writes events made by importers in the JSON format of CloudEvents.</summary>
internal static class CloudEventJson
{
    public static ImportedEvent Of(CloudEvent made)
    {
        var buffer = new ArrayBufferWriter<byte>(made.Data.Length + 256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("specversion", "1.0");
        json.WriteString("id", made.Id);
        json.WriteString("source", made.Source);
        json.WriteString("type", made.Type);
        if (made.Subject is not null)
            json.WriteString("subject", made.Subject);
        if (made.Time is not null)
            json.WriteString("time", made.Time);
        json.WritePropertyName("data");
        json.WriteRawValue(made.Data.Span, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return new ImportedEvent(buffer.WrittenMemory, made.Subject ?? made.Id);
    }
}
