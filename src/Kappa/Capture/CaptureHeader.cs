using System.Globalization;
using System.Text;
using Kappa.Capture.Avro;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// How an Avro object container file begins: the magic <c>Obj 1</c>, a map of metadata (schema, codec; in our own files
/// also which log and partition), and 16 bytes that then stand behind every block.
/// </summary>
internal sealed class CaptureHeader
{
    public const int SyncBytes = 16;
    public const string Format = "1";

    /// <summary>The schema of our own files: to the letter what Event Hubs Capture writes.</summary>
    public const string OwnSchema = """
        {"type":"record","name":"EventData","namespace":"Microsoft.ServiceBus.Messaging","fields":[{"name":"SequenceNumber","type":"long"},{"name":"Offset","type":"string"},{"name":"EnqueuedTimeUtc","type":"string"},{"name":"SystemProperties","type":{"type":"map","values":["long","double","string","bytes"]}},{"name":"Properties","type":{"type":"map","values":["long","double","string","bytes","null"]}},{"name":"Body","type":["null","bytes"]}]}
        """;

    private CaptureHeader(Dictionary<string, byte[]> metadata, byte[] sync, int bytes) => (Metadata, Sync, Bytes) = (metadata, sync, bytes);

    public static ReadOnlySpan<byte> Magic => [(byte)'O', (byte)'b', (byte)'j', 1];

    public IReadOnlyDictionary<string, byte[]> Metadata { get; }
    public byte[] Sync { get; }

    /// <summary>How many bytes the header takes.</summary>
    public int Bytes { get; }

    public required CaptureSchema Schema { get; init; }
    public required bool IsDeflated { get; init; }

    /// <summary>Null for files by others.</summary>
    public required CaptureOrigin? Origin { get; init; }

    /// <summary>Writes the header of one of our files. The same log, partition and place give the same bytes.</summary>
    public static void Write(AvroBuffer into, CaptureOrigin origin)
    {
        into.Raw(Magic);
        into.Long(6);
        Entry("avro.codec", "null");
        Entry("avro.schema", OwnSchema);
        Entry("kappa.format", Format);
        Entry("kappa.log", Number(origin.LogId));
        Entry("kappa.partition", $"{Number(origin.Partition)}/{Number(origin.Partitions)}");
        Entry("kappa.first", Number(origin.First));
        into.Long(0);
        into.Raw(SyncOf(origin));

        void Entry(string name, string value)
        {
            into.Bytes(Encoding.UTF8.GetBytes(name));
            into.Bytes(Encoding.UTF8.GetBytes(value));
        }
    }

    /// <exception cref="CaptureCorruptException">The bytes begin no capture file, or end before the header does.</exception>
    public static CaptureHeader Read(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.IsEmpty)
            throw new CaptureCorruptException(file, 0, "it is empty, and even a capture without events has a header");
        var cursor = new AvroCursor(bytes, file, 0);
        if (!cursor.Fixed(Magic.Length).SequenceEqual(Magic))
            throw new CaptureCorruptException(file, 0, "it does not begin as an Avro object container file does");
        var metadata = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var count = cursor.BlockCount(); count != 0; count = cursor.BlockCount())
            for (; count > 0; count--)
            {
                var name = Encoding.UTF8.GetString(cursor.Bytes());
                metadata[name] = cursor.Bytes().ToArray();
            }
        var sync = cursor.Fixed(SyncBytes).ToArray();
        try
        {
            return new CaptureHeader(metadata, sync, cursor.At)
            {
                Schema = CaptureSchema.Of(AvroSchema.Parse(metadata.GetValueOrDefault("avro.schema") ?? throw new FormatException("the header holds no schema"))),
                IsDeflated = IsDeflate(metadata.GetValueOrDefault("avro.codec")),
                Origin = OriginOf(metadata),
            };
        }
        catch (FormatException e)
        {
            throw new CaptureCorruptException(file, 0, e.Message, e);
        }
    }

    private static bool IsDeflate(byte[]? codec) => (codec is null ? "null" : Encoding.UTF8.GetString(codec)) switch
    {
        "null" => false,
        "deflate" => true,
        var other => throw new FormatException($"its blocks are packed with '{other}'; null and deflate can be read"),
    };

    private static CaptureOrigin? OriginOf(Dictionary<string, byte[]> metadata)
    {
        if (!metadata.TryGetValue("kappa.format", out var format))
            return null;
        if (Encoding.UTF8.GetString(format) is not Format and var other)
            throw new FormatException($"it has format '{other}' of ours, and this program knows {Format} only; use a program of its time");
        return TryNumber("kappa.log", out var log) && TryNumber("kappa.first", out var first)
            && Position.TryParse(Text("kappa.partition").Replace('/', ':'), out var part) && part.Sequence <= LogOptions.PartitionsMax
            ? new CaptureOrigin(log, part.Partition, (int)part.Sequence, first)
            : throw new FormatException("the header does not say which part of which log it holds");

        string Text(string name) => metadata.TryGetValue(name, out var value) ? Encoding.UTF8.GetString(value) : "";
        bool TryNumber(string name, out long value) => long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Others draw these bytes at random; ours follow from the place, so that writing a file again gives the same file.</summary>
    private static byte[] SyncOf(CaptureOrigin origin)
    {
        var sync = new byte[SyncBytes];
        var place = Encoding.UTF8.GetBytes($"{Number(origin.LogId)}/{Number(origin.Partition)}/{Number(origin.First)}");
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(sync, StableHash.Of(place, 1));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(sync.AsSpan(8), StableHash.Of(place, 2));
        return sync;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
