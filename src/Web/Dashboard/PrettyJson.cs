using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kappa.Web.Dashboard;

/// <summary>
/// JSON as people read it: whatever fits on a line stays on one, lists of plain values fill lines, everything else gets
/// a line each. Numbers keep their digits. At most <see cref="LinesMax"/> lines.
/// </summary>
internal static class PrettyJson
{
    public const int LinesMax = 400;
    private const int WidthMax = 76;

    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>No lines for an empty state; the text as it is where it is no JSON.</summary>
    public static IReadOnlyList<string> Lines(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
            return [];
        var lines = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(json);
            WriteTop(document.RootElement, lines);
        }
        catch (JsonException)
        {
            return [Encoding.UTF8.GetString(json.Span)];
        }
        return lines.Count <= LinesMax ? lines : [.. lines.Take(LinesMax), $"… {lines.Count - LinesMax} more lines"];
    }

    /// <summary>A state's fields stand below each other, however few they are.</summary>
    private static void WriteTop(JsonElement value, List<string> lines)
    {
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any())
        {
            lines.Add("{");
            WriteProperties(value, "  ", lines);
            lines.Add("}");
        }
        else
            Write(value, "", "", "", lines);
    }

    private static void Write(JsonElement value, string indent, string name, string comma, List<string> lines)
    {
        // Past the bound lines are only counted, and one of them is as good as another.
        if (lines.Count > LinesMax * 25)
            return;
        var inline = value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && !IsShort(value) ? null : Inline(value);
        if (inline is not null && (indent.Length + name.Length + inline.Length <= WidthMax || IsScalar(value)))
        {
            lines.Add(indent + name + inline + comma);
            return;
        }
        var isArray = value.ValueKind == JsonValueKind.Array;
        lines.Add(indent + name + (isArray ? '[' : '{'));
        if (!isArray)
            WriteProperties(value, indent + "  ", lines);
        else if (value.EnumerateArray().All(IsScalar))
            Fill(value, indent + "  ", lines);
        else
            WriteItems(value, indent + "  ", lines);
        lines.Add(indent + (isArray ? ']' : '}') + comma);
    }

    private static void WriteProperties(JsonElement value, string indent, List<string> lines)
    {
        var left = value.EnumerateObject().Count();
        foreach (var property in value.EnumerateObject())
            Write(property.Value, indent, $"{Quote(property.Name)}: ", --left > 0 ? "," : "", lines);
    }

    private static void WriteItems(JsonElement value, string indent, List<string> lines)
    {
        var left = value.GetArrayLength();
        foreach (var item in value.EnumerateArray())
            Write(item, indent, "", --left > 0 ? "," : "", lines);
    }

    private static void Fill(JsonElement value, string indent, List<string> lines)
    {
        var line = new StringBuilder(indent);
        var left = value.GetArrayLength();
        foreach (var item in value.EnumerateArray())
        {
            var text = Inline(item) + (--left > 0 ? "," : "");
            if (line.Length > indent.Length && line.Length + 1 + text.Length > WidthMax)
            {
                lines.Add(line.ToString());
                line.Clear().Append(indent);
            }
            line.Append(line.Length > indent.Length ? " " : "").Append(text);
        }
        lines.Add(line.ToString());
    }

    private static string Inline(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when value.EnumerateObject().Any() =>
            $"{{ {string.Join(", ", value.EnumerateObject().Select(p => $"{Quote(p.Name)}: {Inline(p.Value)}"))} }}",
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Inline))}]",
        JsonValueKind.String => Quote(value.GetString()!),
        _ => value.GetRawText(),
    };

    /// <summary>Spares writing what cannot fit anyway.</summary>
    private static bool IsShort(JsonElement value) => value.GetRawText().Length <= WidthMax;

    private static bool IsScalar(JsonElement value) => value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);

    private static string Quote(string text) => JsonSerializer.Serialize(text, _plain);
}
