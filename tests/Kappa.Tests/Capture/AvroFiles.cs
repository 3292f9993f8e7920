using System.IO.Compression;
using System.Text;
using Kappa.Capture;
using Kappa.Capture.Avro;

namespace Kappa.Tests.Capture;

/// <summary>Makes Avro files of any schema, for tests of what others may write.</summary>
internal static class AvroFiles
{
    private static readonly byte[] _sync = [.. Enumerable.Range(100, 16).Select(i => (byte)i)];

    public static byte[] Make(string schema, string? codec, params Action<AvroBuffer>[] events)
    {
        using var file = new AvroBuffer();
        file.Raw(CaptureHeader.Magic);
        file.Long(codec is null ? 1 : 2);
        Entry(file, "avro.schema", schema);
        if (codec is not null)
            Entry(file, "avro.codec", codec);
        file.Long(0);
        file.Raw(_sync);
        using var block = new AvroBuffer();
        foreach (var write in events)
            write(block);
        var payload = codec == "deflate" ? Deflate(block.Written.ToArray()) : block.Written.ToArray();
        file.Long(events.Length);
        file.Long(payload.Length);
        file.Raw(payload);
        file.Raw(_sync);
        return file.Written.ToArray();
    }

    /// <summary>An event in the schema of our own files.</summary>
    public static Action<AvroBuffer> Event(long sequence, byte[]? body, (string Name, object? Value)[] system, params (string Name, object? Value)[] properties) => buffer =>
    {
        buffer.Long(sequence);
        Text(buffer, $"{sequence}");
        Text(buffer, "1/2/2026 3:04:05 AM");
        Map(buffer, system);
        Map(buffer, properties);
        buffer.Long(body is null ? 0 : 1);
        if (body is not null)
            buffer.Bytes(body);
    };

    public static void Text(AvroBuffer buffer, string text) => buffer.Bytes(Encoding.UTF8.GetBytes(text));

    private static void Map(AvroBuffer buffer, (string Name, object? Value)[] properties)
    {
        if (properties.Length > 0)
            buffer.Long(properties.Length);
        foreach (var (name, value) in properties)
        {
            Text(buffer, name);
            switch (value)
            {
                case long number: buffer.Long(0); buffer.Long(number); break;
                case double number: buffer.Long(1); buffer.Double(number); break;
                case string text: buffer.Long(2); Text(buffer, text); break;
                case byte[] bytes: buffer.Long(3); buffer.Bytes(bytes); break;
                default: buffer.Long(4); break;
            }
        }
        buffer.Long(0);
    }

    private static void Entry(AvroBuffer file, string name, string value)
    {
        Text(file, name);
        Text(file, value);
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(bytes);
        return packed.ToArray();
    }
}
