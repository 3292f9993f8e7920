using System.Text.Json;

namespace Kappa.Cli.Commands;

/// <summary>A CloudEvent on one line: time, type, subject, id and data.</summary>
internal static class EventLine
{
    public static string Of(JsonElement cloudEvent) =>
        $"{Text(cloudEvent, "time") ?? Text(cloudEvent, "kappatime"),-20}  {Text(cloudEvent, "type")}  {Text(cloudEvent, "subject") ?? "-"}  "
        + $"{Text(cloudEvent, "id")}  {Text(cloudEvent, "data") ?? Text(cloudEvent, "data_base64")}".TrimEnd();

    private static string? Text(JsonElement of, string name) => !of.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.GetRawText();
}
