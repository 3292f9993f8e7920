using System.Buffers;
using System.Text;
using System.Text.Json;
using Kappa.Events;

namespace Kappa.Cli.Import;

/// <summary>Events in the JSON format of CloudEvents: written for those that importers make, read where no host does it.</summary>
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

    /// <summary>Reads one event; what is wrong with it shows when it is taken into a batch.</summary>
    public static CloudEvent Read(ReadOnlySpan<byte> json)
    {
        var made = new CloudEvent { Id = "", Source = "", Type = "" };
        var extensions = new List<EventExtension>();
        foreach (var member in JsonElement.Parse(json).EnumerateObject())
        {
            var value = member.Value;
            made = member.Name switch
            {
                "specversion" => made,
                "id" => made with { Id = value.GetString()! },
                "source" => made with { Source = value.GetString()! },
                "type" => made with { Type = value.GetString()! },
                "subject" => made with { Subject = value.GetString() },
                "time" => made with { Time = value.GetString() },
                "datacontenttype" => made with { DataContentType = value.GetString() },
                "dataschema" => made with { DataSchema = value.GetString() },
                "data" => made with { DataKind = EventDataKind.Json, Data = Encoding.UTF8.GetBytes(value.GetRawText()) },
                "data_base64" => made with { DataKind = EventDataKind.Binary, Data = value.GetBytesFromBase64() },
                _ => made,
            };
            if (Extension(member) is { } extension)
                extensions.Add(extension);
        }
        return made with { Extensions = extensions };
    }

    private static EventExtension? Extension(JsonProperty member) => member.Name switch
    {
        "specversion" or "id" or "source" or "type" or "subject" or "time" or "datacontenttype" or "dataschema" or "data" or "data_base64" => null,
        _ => member.Value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.True => new EventExtension(member.Name, "true", EventExtensionKind.Boolean),
            JsonValueKind.False => new EventExtension(member.Name, "false", EventExtensionKind.Boolean),
            JsonValueKind.Number => new EventExtension(member.Name, member.Value.GetRawText(), EventExtensionKind.Integer),
            _ => new EventExtension(member.Name, member.Value.ToString()),
        },
    };
}
