using Kappa.Log;

namespace Kappa.Engine.Records;

/// <summary>
/// An event held at the view itself because it could not be routed: one record each, rewritten once, when it is released.
/// <code>kind = 2 · partition · sequence · 1 if still held · reason</code>
/// </summary>
internal readonly record struct UnroutableRecord(Position Position, bool Held, string Reason)
{
    public const byte Kind = 2;

    public void Write(RecordWriter to)
    {
        to.Byte(Kind);
        to.Varint(Position.Partition);
        to.Varint(Position.Sequence);
        to.Byte(Held ? (byte)1 : (byte)0);
        to.Text(Reason);
    }

    public static UnroutableRecord Read(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record[1..]);
        return new UnroutableRecord(new Position((int)reader.Varint(), reader.Varint()), reader.Byte() == 1, reader.Text());
    }
}
