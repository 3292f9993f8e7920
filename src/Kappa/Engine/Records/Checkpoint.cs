namespace Kappa.Engine.Records;

/// <summary>
/// The state of an instance at one version, kept in the history file so that any version can be re-folded from near by:
/// <code>kind = 2 · offset of the checkpoint before it + 1 · version · 1 if there is a state · state as JSON, to the end</code>
/// </summary>
internal readonly record struct Checkpoint(long Before, long Version, byte[]? State)
{
    public const byte Kind = 2;

    /// <summary>A checkpoint is made each time an instance's version is a multiple of this.</summary>
    public const int Every = 4096;

    /// <summary>Writes all but the state, which the caller then adds.</summary>
    public static void WriteHead(RecordWriter to, long before, long version, bool hasState)
    {
        to.Byte(Kind);
        to.Varint(before + 1);
        to.Varint(version);
        to.Byte(hasState ? (byte)1 : (byte)0);
    }

    /// <summary>The offset of the checkpoint before it (-1 if there is none), and the version.</summary>
    public static (long Before, long Version) ReadHead(ReadOnlySpan<byte> chunk)
    {
        if (chunk[0] != Kind)
            throw new InvalidDataException($"A checkpoint was expected, but the chunk's kind is {chunk[0]}.");
        var reader = new RecordReader(chunk[1..]);
        return (reader.Varint() - 1, reader.Varint());
    }

    public static Checkpoint Read(ReadOnlySpan<byte> chunk)
    {
        if (chunk[0] != Kind)
            throw new InvalidDataException($"A checkpoint was expected, but the chunk's kind is {chunk[0]}.");
        var reader = new RecordReader(chunk[1..]);
        var (before, version, hasState) = (reader.Varint() - 1, reader.Varint(), reader.Byte() == 1);
        return new Checkpoint(before, version, hasState ? reader.Rest.ToArray() : null);
    }
}
