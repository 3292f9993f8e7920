using System.Text;
using System.Text.Json;

namespace Kappa.Cli.Import;

/// <summary>
/// CloudEvents in a file: a JSON array of them, or one after the other (one a line, or just one). Each is handed on as it
/// stands; whether it is a good one, the log decides.
/// </summary>
internal static class CloudEventFile
{
    /// <exception cref="JsonException">The file is no JSON.</exception>
    /// <exception cref="FormatException">It holds something that is no object.</exception>
    public static IEnumerable<ImportedEvent> Events(Stream stream)
    {
        var buffered = new BufferedStream(stream, 1 << 16);
        var isArray = IsArray(buffered, out var rest);
        var number = 0;
        foreach (var element in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(rest, topLevelValues: !isArray).ToBlockingEnumerable())
        {
            number++;
            if (element.ValueKind != JsonValueKind.Object)
                throw new FormatException($"Event {number} is no JSON object.");
            var key = Text(element, "partitionkey") ?? Text(element, "subject") ?? Text(element, "id") ?? "";
            yield return new ImportedEvent(Encoding.UTF8.GetBytes(element.GetRawText()), key);
        }
    }

    /// <summary>Looks at the first character that counts, and puts back what it has read.</summary>
    private static bool IsArray(Stream stream, out Stream rest)
    {
        int first;
        do
            first = stream.ReadByte();
        while (first is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF);
        rest = first < 0 ? Stream.Null : new PrefixedStream((byte)first, stream);
        return first == '[';
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
