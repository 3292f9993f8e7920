namespace Kappa.Capture;

/// <summary>One block of a capture file, as its index knows it.</summary>
/// <param name="Offset">Where in the file it begins, with its count.</param>
/// <param name="Bytes">How many bytes it takes, with count, size and sync marker.</param>
/// <param name="Crc">CRC-32C of these bytes.</param>
/// <param name="FirstTicks">The append time of its first event, UTC ticks.</param>
internal readonly record struct CaptureBlock(long First, int Count, long Offset, int Bytes, uint Crc, long FirstTicks, long LastTicks)
{
    public long Next => First + Count;
    public long End => Offset + Bytes;
}
