using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kappa.Log;

namespace Kappa.Engine.Builds;

/// <summary>Small files about what is derived from the log: replaced whole and durably, and of no value when damaged, since the log has it all.</summary>
internal static class DerivedJson
{
    public static TValue? Read<TValue>(IDisk disk, string path, JsonTypeInfo<TValue> type) where TValue : class
    {
        if (!disk.Exists(path))
            return null;
        using var opened = disk.Open(path);
        var bytes = new byte[opened.Length];
        opened.Read(0, bytes);
        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException)
        {
            // Torn or flipped: as if it were not there.
            return null;
        }
    }

    public static void Write<TValue>(IDisk disk, string path, TValue value, JsonTypeInfo<TValue> type)
    {
        var temporary = Path.ChangeExtension(path, ".tmp");
        using (var opened = disk.Open(temporary))
        {
            opened.SetLength(0);
            opened.Write(0, JsonSerializer.SerializeToUtf8Bytes(value, type));
            opened.Flush();
        }
        disk.Rename(temporary, path);
        disk.FlushDirectory(Path.GetDirectoryName(path)!);
    }
}
