namespace Kappa.Log;

/// <summary>Where a partition begins whose older segments were retired.</summary>
/// <param name="First">The sequence of the first event that is still there, with which a segment begins.</param>
/// <param name="Crc">The CRC of the frame before, which the first frame names.</param>
/// <param name="Ticks">The append time of the frame before: later ones do not lie before it.</param>
internal sealed record RetiredStart(int Partition, long First, uint Crc, long Ticks);
