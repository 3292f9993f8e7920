using System.Globalization;
using System.Text;
using Kappa.Events;

namespace Kappa.Capture;

/// <summary>Reads a CloudEvent back from a captured event in the binary mode of the AMQP binding, by whomever it was sent.</summary>
internal static class CapturedAttributes
{
    /// <summary>The event; what it lacks is empty, and found when it is taken into a batch.</summary>
    public static CloudEvent Read(CapturedEvent captured, string? contentType)
    {
        var read = new CloudEvent { Id = "", Source = "", Type = "" };
        var extensions = new List<EventExtension>();
        var (data, kinds) = ("", "");
        foreach (var (property, value) in captured.Properties)
        {
            if (property == CaptureNames.Data)
                data = Text(value) ?? "";
            else if (property == CaptureNames.Kinds)
                kinds = Text(value) ?? "";
            if (!property.StartsWith(CaptureNames.Prefix, StringComparison.Ordinal) && !property.StartsWith(CaptureNames.OtherPrefix, StringComparison.Ordinal)
                || Text(value) is not { } text)
                continue;
            var name = property[CaptureNames.Prefix.Length..];
            read = name switch
            {
                "specversion" => read,
                "id" => read with { Id = text },
                "source" => read with { Source = text },
                "type" => read with { Type = text },
                "subject" => read with { Subject = text },
                "time" => read with { Time = value is long at && CaptureFile.Milliseconds(at) is { } time ? CloudEvent.TimeText(time) : text },
                "datacontenttype" => read with { DataContentType = text },
                "dataschema" => read with { DataSchema = text },
                _ => Extended(read, extensions, new EventExtension(name, text, value is long and >= int.MinValue and <= int.MaxValue ? EventExtensionKind.Integer
                    : value is bool ? EventExtensionKind.Boolean : EventExtensionKind.Text)),
            };
        }
        for (var i = 0; i < extensions.Count && i < kinds.Length; i++)
            extensions[i] = extensions[i] with { Kind = (EventExtensionKind)(kinds[i] - '0') };
        return WithData(read with { Extensions = extensions, DataContentType = data == CaptureNames.DataImplied ? null : contentType ?? read.DataContentType }, captured, data);
    }

    private static CloudEvent Extended(CloudEvent read, List<EventExtension> extensions, EventExtension extension)
    {
        extensions.Add(extension);
        return read;
    }

    private static CloudEvent WithData(CloudEvent read, CapturedEvent captured, string kind)
    {
        if (captured.Body is not { } body || kind == CaptureNames.DataNone)
            return read;
        var isJson = kind is CaptureNames.DataImplied or CaptureNames.DataJson
            || kind != CaptureNames.DataBinary && read.DataContentType is { } type && MediaType.IsJson(Encoding.UTF8.GetBytes(type));
        // A message always has a body; nothing at all is no JSON.
        if (isJson && body.IsEmpty)
            return read;
        return read with { DataKind = isJson ? EventDataKind.Json : EventDataKind.Binary, Data = body };
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
