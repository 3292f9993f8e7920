using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kappa.Log;

/// <summary>
/// Small JSON files that are replaced in one step and carry their own checksum as the last member,
/// <c>"check":"1a2b3c4d"</c>: the CRC-32C of everything before it.
/// </summary>
internal static class CheckedJson
{
    private const string CheckMember = ",\"check\":\"";
    private const int BytesMax = 1 << 20;

    /// <summary>Replaces the file; a crash leaves the old or the new one. Durable when it returns.</summary>
    public static void Write(IDisk disk, string path, Action<Utf8JsonWriter> members)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        var body = Encoding.UTF8.GetString(memory.ToArray())[..^1];
        var bytes = Encoding.UTF8.GetBytes($"{body}{CheckMember}{Check(body)}\"}}\n");
        var temporary = path + ".new";
        using (var file = disk.Open(temporary))
        {
            file.SetLength(0);
            file.Write(0, bytes);
            file.Flush();
        }
        disk.Rename(temporary, path);
        disk.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Reads the file; false if its bytes are not those that were written.</summary>
    public static bool TryRead(IDisk disk, string path, out JsonElement members)
    {
        members = default;
        using var file = disk.Open(path);
        var bytes = new byte[Math.Min(file.Length, BytesMax)];
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, file.Read(0, bytes)));
        var at = text.LastIndexOf(CheckMember, StringComparison.Ordinal);
        if (at < 0 || text[at..] != $"{CheckMember}{Check(text[..at])}\"}}\n")
            return false;
        using var document = JsonDocument.Parse(text);
        members = document.RootElement.Clone();
        return true;
    }

    private static string Check(string body) => Crc32C.Of(Encoding.UTF8.GetBytes(body)).ToString("x8", CultureInfo.InvariantCulture);
}
